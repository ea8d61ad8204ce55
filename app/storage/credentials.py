"""App key and secret: where they are found, and how they are kept from ever being printed.

Order: the environment (KIS' official names, then the aliases in use), then KIS' own
``~/KIS/config/kis_devlp.yaml``.  Nothing is written, and no account is ever read.  Several app keys
of one user are profiles (`app.storage.profiles`).
"""

import os
import re
import stat
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from app.storage.kis_devlp import KeyFile, find_key_file, read_key_file
from app.system.errors import CredentialsError, UsageError
from app.system.secret import Secret as Secret
from specs.clean import clean
from specs.user_message import UserMessage

KIS_REST = "https://openapi.koreainvestment.com:9443"
KIS_WS = "ws://ops.koreainvestment.com:21000"
PAPER_REST = "https://openapivts.koreainvestment.com:29443"
PAPER_WS = "ws://ops.koreainvestment.com:31000"
KIS_FILE = Path("KIS", "config", "kis_devlp.yaml")

MAIN = "main"
"""The name of the keys that are found without any profile."""

NUMBERS = tuple("23456789")
"""What a variable of another app key ends with, after an underscore."""

_KEYS = ("KIS_APP_KEY", "KIS_APPKEY", "KIS_API_KEY")
_SECRETS = ("KIS_APP_SECRET", "KIS_SECRET", "KIS_APPSECRET", "KIS_API_SECRET")
_PAPER = ("KIS_PAPER_APP_KEY", "KIS_PAPER_APP_SECRET")
_REAL_FIELDS, _PAPER_FIELDS = ("my_app", "my_sec"), ("paper_app", "paper_sec")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.koreainvestment\.com")
_SHAPE = re.compile(r"[A-Za-z0-9+/=_.\-]{8,512}")


class Credentials(Struct, frozen=True):
    """An app key with its secret, and where they were found."""

    app_key: Secret
    app_secret: Secret
    source: str
    profile: str = MAIN
    """The name that the user has for the key."""


class FoundCredentials(Struct, frozen=True):
    """Credentials and warnings about the file that holds them."""

    credentials: Credentials
    warnings: tuple[UserMessage, ...] = ()


class Endpoints(Struct, frozen=True):
    """The addresses of KIS' REST and websocket servers."""

    rest: str = KIS_REST
    ws: str = KIS_WS

    @property
    def local(self) -> bool:
        """Whether the websocket is on this machine."""
        return is_loopback(urlsplit(self.ws).hostname or "")


def find_credentials(
    environment: Mapping[str, str] | None = None,
    home: Path | None = None,
    *,
    paper: bool = False,
) -> FoundCredentials:
    """Return the credentials of this user: real ones, or those for paper trading.

    Raises:
        CredentialsError: none, half of them, only those for paper trading where real ones are
            asked for, or something that cannot be one.
    """
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    path = home / KIS_FILE
    found = credentials_in_environment(environment, home, paper=paper)
    if found is not None:
        return found
    file = find_key_file(path.parent)
    found, has_paper = _from_file(file, _PAPER_FIELDS if paper else _REAL_FIELDS)
    if found is not None:
        return found
    if paper:
        raise CredentialsError("credentials.no_paper", hint=_paper_hint(path))
    if has_paper or any(environment.get(name, "").strip() for name in _PAPER):
        raise CredentialsError("credentials.paper", hint=UserMessage("credentials.try_paper"))
    raise CredentialsError("credentials.none", hint=_hint(path))


def credentials_in_environment(
    environment: Mapping[str, str], home: Path, number: str = "", *, paper: bool = False
) -> FoundCredentials | None:
    """Return the credentials of the variables, or of those of another key that end with a number.

    None if no such variable is set.

    Raises:
        CredentialsError: half of them, or something that cannot be one.
    """
    keys, secrets = _variables(number, paper=paper)
    key, secret = _first(environment, keys), _first(environment, secrets)
    if key and secret:
        return FoundCredentials(Credentials(_secret(*key), _secret(*secret), key[0]))
    if key or secret:
        there, missing = (key, secrets[0]) if key else (secret, keys[0])
        raise CredentialsError(
            "credentials.half",
            there=there[0] if there else "",
            missing=missing,
            hint=_hint(home / KIS_FILE),
        )
    return None


def has_numbered_key(environment: Mapping[str, str], number: str, *, paper: bool = False) -> bool:
    """Return whether the environment has a variable of another app key."""
    keys, secrets = _variables(number, paper=paper)
    return _first(environment, (*keys, *secrets)) is not None


def credentials_in_file(path: Path, *, paper: bool = False) -> FoundCredentials:
    """Return the credentials of a file like KIS' own.

    Raises:
        CredentialsError: there is no such file, or no usable credentials in it.
    """
    try:
        file = read_key_file(path)
    except FileNotFoundError:
        raise CredentialsError("credentials.no_file", path=path) from None
    names = _PAPER_FIELDS if paper else _REAL_FIELDS
    found, _ = _from_file(file, names)
    if found is None:
        key, secret = names
        raise CredentialsError("credentials.not_in_file", path=path, key=key, secret=secret)
    return found


def find_endpoints(
    environment: Mapping[str, str] | None = None, *, paper: bool = False
) -> Endpoints:
    """Return KIS' addresses, or its mock servers', or those that the environment sets instead.

    Raises:
        UsageError: an address that is none, or of a host that is neither KIS' nor this machine.
    """
    environment = os.environ if environment is None else environment
    rest, ws = ("KIS_URL_REST", KIS_REST), ("KIS_URL_WS", KIS_WS)
    if paper:
        rest, ws = ("KIS_URL_REST_PAPER", PAPER_REST), ("KIS_URL_WS_PAPER", PAPER_WS)
    return Endpoints(
        *(
            _address(name, environment.get(name, "").strip() or known, secure)
            for (name, known), secure in ((rest, "https"), (ws, "wss"))
        )
    )


def _variables(number: str, *, paper: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the variables of app key and secret; `number` is that of another key."""
    keys, secrets = (_PAPER[:1], _PAPER[1:]) if paper else (_KEYS, _SECRETS)
    ending = f"_{number}" if number else ""
    return tuple(f"{one}{ending}" for one in keys), tuple(f"{one}{ending}" for one in secrets)


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str] | None:
    return next(((n, environment[n]) for n in names if environment.get(n, "").strip()), None)


def _secret(source: str, text: str) -> Secret:
    text = text.strip()
    if not _SHAPE.fullmatch(text):
        key = "credentials.placeholder" if not text.isascii() else "credentials.malformed"
        raise CredentialsError(key, source=source, hint=UserMessage("credentials.demo"))
    return Secret(text)


def _hint(path: Path) -> UserMessage:
    return UserMessage("credentials.hint", path=path)


def _paper_hint(path: Path) -> UserMessage:
    return UserMessage("credentials.paper_hint", path=path)


def _from_file(
    file: KeyFile | None, names: tuple[str, str]
) -> tuple[FoundCredentials | None, bool]:
    """Return the credentials of KIS' own file, and whether it has keys for paper trading.

    `names` are the fields of app key and secret.
    """
    if file is None:
        return None, False
    values = file.values
    key, secret, paper = (values.get(name, "") for name in (*names, _PAPER_FIELDS[0]))
    if not (key and secret):
        return None, bool(paper)
    if names is _REAL_FIELDS and not key.isascii() and paper.isascii() and paper:
        return None, True
    credentials = Credentials(
        _secret(f"{file.path}: {names[0]}", key),
        _secret(f"{file.path}: {names[1]}", secret),
        str(file.path),
    )
    return FoundCredentials(credentials, (*_open_to_others(file.path), *file.warnings)), False


def _open_to_others(path: Path) -> list[UserMessage]:
    mode = path.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [UserMessage("credentials.open", path=path)]
    return []


def _address(name: str, url: str, secure: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError("credentials.no_address", name=name) from error
    plain = secure.removesuffix("s")
    if (
        parts.scheme not in (secure, plain)
        or not host
        or port == 0
        or parts.username is not None
        or not url.isprintable()
        or parts.query
        or parts.fragment
    ):
        raise UsageError("credentials.no_address", name=name)
    loopback = is_loopback(host)
    if not loopback and not _HOST.fullmatch(host):
        raise UsageError("credentials.foreign", name=name, host=clean(host, 64))
    if secure == "https" and parts.scheme != "https" and not loopback:
        raise UsageError("credentials.not_secure", name=name)
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
