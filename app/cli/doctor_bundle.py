"""``kis-tui doctor --bundle FILE.zip``: what a bug report needs, with everything private masked.

Members: ``doctor.json``, ``versions.json``, ``platform.json``, ``contents.json`` (sizes in bytes),
and as far as they are there ``config.toml``, ``diagnostics.json``, ``logs/…``, ``crashes/…``.
Files with credentials and tokens are read to know what to mask; no content of theirs, of layouts,
positions or tapes is in it.
"""

import contextlib
import io
import os
import platform
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import msgspec

from app.cli.invocation import Invocation
from app.storage.credentials import KIS_FILE
from app.storage.profiles import profile_files
from app.system.errors import KisTuiError
from app.system.files import open_regular, read_bounded, write_exclusively
from app.system.logs import LogPaths
from app.system.masking import Masking, secret_values

MOST_LOG = 20 * 1024 * 1024
"""Bytes of logs that are taken, the newest first; of a longer file its end."""

MOST_CRASHES = 10

_VARIABLES = (
    "TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LANG", "LC_ALL", "LC_CTYPE",
    "NO_COLOR", "COLUMNS", "LINES", "PYTHONIOENCODING", "PYTHONUTF8", "SSH_TTY", "TMUX", "STY",
    "WSL_DISTRO_NAME", "XDG_SESSION_TYPE",
)  # fmt: skip


def write_bundle(path: Path, invocation: Invocation, doctor: dict[str, Any]) -> list[str]:
    """Write the bundle for its owner alone and return the names of its members.

    Raises:
        UsageError: the file is there already.
        KisTuiError: it cannot be written.
    """
    masking = Masking(_private_values(invocation), Path.home())
    members = dict(_members(invocation, doctor, masking))
    sizes = {name: len(content) for name, content in members.items()}
    members["contents.json"] = _json(sizes)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    write_exclusively(path, archive.getvalue())
    return list(members)


def _members(
    invocation: Invocation, doctor: dict[str, Any], masking: Masking
) -> Iterator[tuple[str, bytes]]:
    state = invocation.folders.state
    yield "doctor.json", _json(masking.tree(msgspec.to_builtins(doctor)))
    yield "versions.json", _json(_versions())
    yield "platform.json", _json(masking.tree(_platform()))
    for name, path in (
        ("config.toml", invocation.config_path),
        ("diagnostics.json", state / "diagnostics.json"),
    ):
        with contextlib.suppress(KisTuiError, OSError):
            content = read_bounded(path)
            is_json = name.endswith(".json")
            text = content.decode("utf-8", "replace")
            yield name, masking.json(content) if is_json else masking.text(text).encode()
    left = MOST_LOG
    for number, path in enumerate(_log_files(invocation)):
        content = _tail(path, left)
        left -= len(content)
        if content:
            text = masking.text(content.decode("utf-8", "replace"))
            yield f"logs/{number:02d}-{masking.text(path.name)}", text.encode()
    for path in sorted((state / "crashes").glob("crash-*.txt"))[-MOST_CRASHES:]:
        with contextlib.suppress(KisTuiError, OSError):
            text = masking.text(read_bounded(path).decode("utf-8", "replace"))
            yield f"crashes/{path.name}", text.encode()


def _log_files(invocation: Invocation) -> Iterator[Path]:
    """Yield the log files that are known, the newest of each rotation first."""
    for path in LogPaths(invocation.folders.state).load():
        yield path
        yield from sorted(path.parent.glob(f"{path.name}.[0-9]"))


def _tail(path: Path, most: int) -> bytes:
    """Return the end of a file, whole lines, at most so many bytes; nothing if there is none."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - most))
            content = file.read(most)
    except (OSError, KisTuiError):
        return b""
    return content if size <= most else content.partition(b"\n")[2]


def _private_values(invocation: Invocation) -> Iterator[str]:
    """Yield the texts to mask in the bundle."""
    yield from secret_values()
    files = [Path.home() / KIS_FILE]
    with contextlib.suppress(KisTuiError):
        files += profile_files(invocation.settings.profiles, Path.home())
    for path in files:
        with contextlib.suppress(Exception):
            # A damaged file of KIS must not prevent the bundle.
            import yaml

            found = yaml.safe_load(read_bounded(path))
            for value in found.values():
                if isinstance(value, str | int) and not str(value).startswith(("http", "ws")):
                    yield str(value)
    for path in invocation.folders.state.glob("token-*.json"):
        with contextlib.suppress(Exception):
            yield msgspec.json.decode(read_bounded(path), type=dict[str, Any])["token"]


def _versions() -> dict[str, str]:
    """Return the versions of this program and of what it depends on, as far as it is installed."""
    found: dict[str, str] = {}
    waiting = ["kis-tui", "uvloop", "pyarrow", "duckdb"]
    while waiting:
        name = waiting.pop().lower()
        if name in found:
            continue
        with contextlib.suppress(PackageNotFoundError):
            package = distribution(name)
            found[name] = package.version
            waiting += [
                re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
                for requirement in package.requires or ()
                # Requirements of extras may not be installed.
                if "extra ==" not in requirement
            ]
    return dict(sorted(found.items()))


def _platform() -> dict[str, Any]:
    columns, lines = shutil.get_terminal_size((0, 0))
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "python": sys.version,
        "libc": " ".join(platform.libc_ver()),
        "cpus": os.cpu_count(),
        "encoding": sys.getfilesystemencoding(),
        "terminal": {
            "stdin": sys.stdin.isatty(),
            "stdout": sys.stdout.isatty(),
            "columns": columns,
            "lines": lines,
        },
        "environment": {name: os.environ[name] for name in _VARIABLES if name in os.environ},
    }


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)
