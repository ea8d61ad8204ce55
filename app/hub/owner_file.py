"""Where the owner of an app key serves others: a file beside the key's lock, for this user alone.

A JSON object: process id, the two addresses and a random token, which opens what the gateway hands
to kis-tui beside KIS' protocol.
"""

import contextlib
import os
import re
from pathlib import Path

import msgspec
from msgspec import Struct

from app.storage.credentials import Endpoints
from app.system.errors import KisTuiError
from app.system.files import ProgramFolders, make_folder, read_bounded, write_atomically
from app.system.lock import is_held, lock_path
from app.system.secret import Secret

_ADDRESS = re.compile(r"(http|ws)://127\.0\.0\.1:[0-9]{1,5}")
_TOKEN_BYTES = 32


class OwnerAddress(Struct, frozen=True):
    """The process that owns an app key, and where it serves others."""

    pid: int
    rest: str
    ws: str
    token: str

    @property
    def endpoints(self) -> Endpoints:
        """The addresses in the place of KIS'."""
        return Endpoints(self.rest, self.ws)


class OwnerFile:
    """The file of one app key."""

    def __init__(self, places: ProgramFolders, app_key: Secret) -> None:
        self._lock = lock_path(places, app_key)
        self._path = self._lock.with_suffix(".hub")
        self.token = ""
        """The token of this process, once it serves."""

    @property
    def path(self) -> Path:
        """The path of the file."""
        return self._path

    def save(self, addresses: Endpoints) -> None:
        """Say that this process serves at these addresses.

        Raises:
            KisTuiError: the file cannot be written.
        """
        # Imported when first needed: it costs the start some milliseconds.
        from secrets import token_urlsafe

        self.token = self.token or token_urlsafe(_TOKEN_BYTES)
        make_folder(self._path.parent)
        owner = OwnerAddress(os.getpid(), addresses.rest, addresses.ws, self.token)
        write_atomically(self._path, msgspec.json.encode(owner))

    def copy(self, other: "OwnerFile") -> None:
        """Say that this process serves where the file of another of its keys says.

        Nothing is written while that file says nothing, or names another process.

        Raises:
            KisTuiError: the file cannot be written.
        """
        owner = other.find()
        if owner is not None and owner.pid == os.getpid():
            self.token = owner.token
            self.save(owner.endpoints)

    def delete(self) -> None:
        """Say that this process serves no longer; the file of a later owner stays."""
        if (owner := self._read()) is not None and owner.token == self.token:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def find(self) -> OwnerAddress | None:
        """Return where the key's owner serves, or None if nobody owns it or serves others.

        The lock says whether its owner lives: one that was killed leaves its file behind.
        """
        return self._read() if is_held(self._lock) else None

    def _read(self) -> OwnerAddress | None:
        try:
            owner = msgspec.json.decode(read_bounded(self._path), type=OwnerAddress)
        except (OSError, KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        # Secrets go to these addresses: they are this machine's or nobody's.
        safe = _ADDRESS.fullmatch(owner.rest) and _ADDRESS.fullmatch(owner.ws)
        return owner if safe and len(owner.token) >= _TOKEN_BYTES else None
