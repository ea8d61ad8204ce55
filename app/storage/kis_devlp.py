"""KIS' own key file, ``kis_devlp.yaml``: its text, its values, and what is wrong with its lines.

The file is written by hand, often with a Korean editor: in cp949, with tabs, without a blank after
a colon, with typographic quotes.  PyYAML reports these in its own terms, often for a later line.
"""

import re
from pathlib import Path

from msgspec import Struct

from app.system.errors import CredentialsError
from app.system.files import read_bounded
from specs.user_message import UserMessage

NAMES = ("kis_devlp.yaml", "kis_devlp.yml")
"""The file's name, and the one that it has with an editor which shortens the ending."""

_ENCODINGS = ("utf-8-sig", "cp949")
_FIELD = re.compile(r"""\s*(?P<quote>["']?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P=quote)\s*""")
_TYPOGRAPHIC = "“”„‘’＂＇"


class KeyFile(Struct, frozen=True):
    """The values of a key file and the warnings for its user."""

    path: Path
    values: dict[str, str]
    warnings: tuple[UserMessage, ...] = ()


def find_key_file(folder: Path) -> KeyFile | None:
    """Read KIS' key file in a folder; return None without one.

    Raises:
        CredentialsError: it cannot be read; the message names the line and its cure.
    """
    for name in NAMES:
        try:
            return read_key_file(folder / name)
        except FileNotFoundError:
            continue
    return None


def read_key_file(path: Path) -> KeyFile:
    """Read a key file.

    Raises:
        FileNotFoundError: there is none.
        CredentialsError: it cannot be read; the message names the line and its cure.
    """
    content = read_bounded(path)
    text, encoding = _decoded(content, path)
    warnings: tuple[UserMessage, ...] = ()
    if encoding != _ENCODINGS[0]:
        line = _first_undecodable(content)
        warnings = (UserMessage("credentials.encoding", path=path, line=line, encoding=encoding),)
    import yaml

    try:
        values = yaml.safe_load(text)
    # PyYAML lets through what Python raises for a scalar that does not fit its tag.
    except (
        yaml.YAMLError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        mark = getattr(error, "problem_mark", None)
        raise _refused(path, text, None if mark is None else mark.line + 1) from error
    if not isinstance(values, dict):
        raise _refused(path, text, None)
    # Only scalars: a list of aliases grows without end as text.
    known = {
        name: str(value).strip()
        for name, value in values.items()
        if isinstance(name, str) and isinstance(value, str | int)
    }
    for name, value in known.items():
        if any(mark in value for mark in _TYPOGRAPHIC):
            raise _at(path, "quotes", _line_of(text, name))
    return KeyFile(path, known, warnings)


def _decoded(content: bytes, path: Path) -> tuple[str, str]:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise CredentialsError(
        "credentials.no_text",
        path=path,
        line=_first_undecodable(content),
        hint=UserMessage("credentials.save_utf8"),
    )


def _first_undecodable(content: bytes) -> int:
    """Return the number of the first line that is not UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return 1


def _refused(path: Path, text: str, line: int | None) -> CredentialsError:
    """Return the error of a file that PyYAML rejects, for its first line with a known fault."""
    for number, written in enumerate(text.splitlines(), 1):
        if fault := _fault(written):
            return _at(path, fault, number)
    if line is None:
        return CredentialsError(
            "credentials.yaml", path=path, hint=UserMessage("credentials.yaml_cure")
        )
    return CredentialsError(
        "credentials.yaml_line", path=path, line=line, hint=UserMessage("credentials.yaml_cure")
    )


def _fault(line: str) -> str:
    """Return the known fault of a line as a key of the catalogue, or an empty text."""
    if line.lstrip().startswith("#"):
        return ""
    if "\t" in line.split("#")[0]:
        return "tab"
    field = _FIELD.match(line)
    rest = line[field.end() :] if field is not None else ""
    if any(mark in line for mark in _TYPOGRAPHIC):
        return "quotes"
    if rest.startswith("="):
        return "equals"
    if rest.startswith("：") or (rest.startswith(":") and rest[1:2] not in ("", " ")):
        return "no_blank"
    value = rest[1:].strip()
    return "open_quote" if value[:1] in ("'", '"') and value.count(value[0]) % 2 else ""


def _at(path: Path, fault: str, line: int) -> CredentialsError:
    return CredentialsError(
        f"credentials.fault_{fault}",
        path=path,
        line=line,
        hint=UserMessage("credentials.yaml_cure"),
    )


def _line_of(text: str, name: str) -> int:
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if (m := _FIELD.match(line)) and m["name"] == name), 1)
