"""Who gets an answer: who knows the token of this run, by this host's name, from its own page.

Any web page can call 127.0.0.1, and type into a dashboard over a websocket.  So the token is a part
of every path; a request whose Host is not loopback (DNS rebinding), or that comes from another
origin, is refused; and a websocket must name its origin, as every browser does.
"""

from hmac import compare_digest
from http import HTTPStatus
from secrets import token_urlsafe

from aiohttp.web import BaseRequest

from app.system.secret import Secret

HTTP_PORT = 80
"""The port that browsers leave out of Host and Origin."""

_TOKEN_BYTES = 32


class PageAccess:
    """The token of one run, and the check of each request."""

    def __init__(self) -> None:
        # A secret is masked in logs and crash reports.
        self._token = Secret(token_urlsafe(_TOKEN_BYTES))
        self._hosts: frozenset[str] = frozenset()
        self._address = ""

    def serve_at(self, host: str, port: int) -> None:
        """Accept the names of this address from now on."""
        suffix = "" if port == HTTP_PORT else f":{port}"
        self._hosts = frozenset((f"{host}{suffix}", f"localhost{suffix}"))
        self._address = f"{host}{suffix}"

    @property
    def url(self) -> str:
        """The address of the page, token included."""
        return f"http://{self._address}/{self._token.reveal()}/"

    @property
    def sockets(self) -> str:
        """The sources of websockets for a Content-Security-Policy."""
        return " ".join(f"ws://{host}" for host in sorted(self._hosts))

    def refusal(self, request: BaseRequest) -> HTTPStatus | None:
        """Return the status of a refused request, None for one that is to be answered."""
        hosts = request.headers.getall("Host", [])
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return HTTPStatus.MISDIRECTED_REQUEST
        origins = request.headers.getall("Origin", [])
        is_websocket = "Upgrade" in request.headers
        if (origins or is_websocket) and origins != [f"http://{hosts[0]}"]:
            return HTTPStatus.FORBIDDEN
        given = request.path.lstrip("/").partition("/")[0].encode("utf-8", "replace")
        if not compare_digest(given, self._token.reveal().encode()):
            return HTTPStatus.FORBIDDEN
        return None
