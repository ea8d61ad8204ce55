"""The destination of a recording: a folder with one tape per session, or one file.

Tapes are named by a fixed pattern: ``20261123-night.ktape``, ``20261123-night-demo.ktape``, with
``-2``, ``-3`` and so on behind it where the name is taken.  No file is ever written over.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from app.krx.calendar import KRX, Schedule
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from app.tape.library import SUFFIX, folder
from app.tape.trade_session import TradeSession
from specs.user_message import UserMessage

MOST = 10_000
"""Names that are tried before it is given up."""

_OWN = re.compile(rf"\d{{8}}-(day|night)(-demo)?(-\d{{1,5}})?{re.escape(SUFFIX)}", re.ASCII)


class TapeDestination(Struct, frozen=True):
    """A folder, or one file in it, which then holds all sessions."""

    folder: Path
    file: Path | None = None
    demo: bool = False
    is_generated: bool = False
    """Whether it is the program's own folder, which is made, and where old tapes make room."""
    schedule: Schedule = KRX
    """The sessions that its tapes are named by."""

    def paths(self, label: TradeSession) -> Iterator[Path]:
        """The names to be tried, the one that is wanted first."""
        if self.file is not None:
            stem, suffix = self.file.stem, self.file.suffix
        else:
            demo = "-demo" if self.demo else ""
            stem, suffix = f"{label.trade_date:%Y%m%d}-{label.session}{demo}", SUFFIX
        yield self.folder / f"{stem}{suffix}"
        for number in range(2, MOST):
            yield self.folder / f"{stem}-{number}{suffix}"


def is_tape_name(name: str) -> bool:
    """Whether a file is named as this program names its tapes."""
    return _OWN.fullmatch(name) is not None


def resolve_destination(
    places: ProgramFolders, text: str = "", *, demo: bool = False
) -> TapeDestination:
    """Return the destination for ``[FILE|DIR]``: empty, a folder, or a file that does not exist.

    Raises:
        UsageError: something is there already, there is no such folder, or it is not a valid path.
    """
    if not text:
        return TapeDestination(folder(places), demo=demo, is_generated=True)
    path = Path(os.path.abspath(text)) if "\0" not in text else None
    if path is None or text == "-":
        raise UsageError("record.no_place", path=text, hint=UserMessage("record.place_hint"))
    is_folder = text.endswith("/") or os.path.isdir(path)
    there = path if is_folder else path.parent
    if not os.path.lexists(there):
        raise UsageError("record.no_folder", path=there, hint=UserMessage("record.place_hint"))
    if is_folder:
        return TapeDestination(path, demo=demo)
    if os.path.lexists(path):
        raise UsageError("record.taken", path=path, hint=UserMessage("record.place_hint"))
    if len(os.fsencode(path.name)) > 240:
        why = UserMessage("os_error.name_too_long")
        raise UsageError(
            "files.unwritable", path=path, why=why, hint=UserMessage("record.place_hint")
        )
    return TapeDestination(path.parent, path, demo)
