"""The user's folder of tapes, and the built-in tape."""

from pathlib import Path

from app.system.files import ProgramFolders
from app.tape.entry import TapeError
from specs.user_message import UserMessage

SUFFIX = ".ktape"
DEMO = "demo"
"""Name of the built-in tape; a file of this name is ``./demo``."""

_BUILT_IN = Path(__file__).with_name("demo" + SUFFIX)


def folder(places: ProgramFolders) -> Path:
    """The user's folder of tapes, which may not be there yet."""
    return places.data / "tapes"


def names(places: ProgramFolders) -> list[str]:
    """Return the sorted names of the user's tapes; empty if the folder cannot be read."""
    try:
        found = [path for path in folder(places).iterdir() if path.suffix == SUFFIX]
    except OSError:
        return []
    return sorted(path.stem for path in found if not path.name.startswith("."))


def find(text: str, places: ProgramFolders) -> Path:
    """Return the file for a text: ``demo``, a path, or the name of one of the user's tapes.

    Raises:
        TapeError: there is none.
    """
    if text == DEMO:
        return _BUILT_IN
    path = Path(text)
    if text and _is_there(path):
        return path
    if path.name == text != "":
        own = folder(places) / (text.removesuffix(SUFFIX) + SUFFIX)
        if _is_there(own):
            return own
    raise TapeError("tape.no_such", name=text, hint=UserMessage("tape.no_such_hint"))


def _is_there(path: Path) -> bool:
    # A link that leads nowhere is opened to hear why.
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True
