"""Where a desk's NATS server is, and as whom a program connects to it.

Off this machine only TLS and credentials are accepted: market data and requests are nobody
else's.  Credentials are never part of a URL that is printed, logged or seen by other users.
"""

import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from app.storage.credentials import is_loopback
from app.system.errors import UsageError
from app.system.secret import Secret
from specs.clean import clean
from specs.user_message import UserMessage

VARIABLE = "KIS_TUI_NATS"
"""The environment variable of the URL, which may hold credentials, as an argument may not."""

AUTHORITY = "KIS_TUI_NATS_CA"
"""The environment variable of a file with the certificates that sign the server's."""

DEFAULT_PORT = 4222
_SCHEMES = ("nats", "tls", "ws", "wss")
_ENCRYPTED = ("tls", "wss")


class DeskAddress(Struct, frozen=True):
    """A server's URL without credentials, and the credentials."""

    url: str
    user: str = ""
    password: Secret | None = None
    token: Secret | None = None
    authority: str = ""
    """A file of certificates to verify the server's with; empty for those of the system."""

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def is_encrypted(self) -> bool:
        """Whether the URL asks for TLS."""
        return urlsplit(self.url).scheme in _ENCRYPTED

    @property
    def has_credentials(self) -> bool:
        """Whether there is something to log in with."""
        return self.token is not None or bool(self.user and self.password is not None)

    def tls(self) -> ssl.SSLContext | None:
        """Return how the server's certificate is verified, or None without TLS.

        Raises:
            UsageError: the file of certificates is unusable.
        """
        if not self.is_encrypted:
            return None
        try:
            return ssl.create_default_context(cafile=self.authority or None)
        except (OSError, ssl.SSLError) as error:
            raise UsageError("desk.bad_authority", path=self.authority, why=str(error)) from error


def read_address(
    typed: str, environment: Mapping[str, str], own: DeskAddress | None = None
) -> DeskAddress:
    """Return the address of a URL from the command line, with the credentials for it.

    They are those of the same URL in `VARIABLE`, or of `own`: the server that a hub of this user
    started.

    Raises:
        UsageError: it is no URL of NATS, it holds a password, which every user of the machine could
            read, or it is off this machine without TLS or credentials.
    """
    address = _parse(typed)
    if address.password is not None or address.token is not None:
        raise UsageError("desk.secret_in_argv", hint=UserMessage("desk.secret_hint"))
    given = environment.get(VARIABLE, "")
    for known in (_parse(given) if given else None, own):
        if known is not None and known.url == address.url:
            address = known
            break
    address = replace(address, authority=environment.get(AUTHORITY, ""))
    if not address.is_local and not (address.is_encrypted and address.has_credentials):
        missing = "desk.no_credentials" if address.is_encrypted else "desk.not_encrypted"
        raise UsageError(missing, url=address.url, hint=UserMessage("desk.remote_hint"))
    return address


def _parse(typed: str) -> DeskAddress:
    shown = clean(typed.rpartition("@")[2], 60)
    try:
        parts = urlsplit(typed if "://" in typed else f"nats://{typed}")
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.query or parts.fragment:
        raise UsageError("desk.bad_url", url=shown, hint=UserMessage("desk.url_hint"))
    if port is None and parts.scheme in ("nats", "tls"):
        port = DEFAULT_PORT
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    url = f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password:
        return DeskAddress(url, user, Secret(password))
    return DeskAddress(url, token=Secret(user) if user else None)
