"""The settings of a run: what holds, where it comes from, and changes that go into the file."""

import shlex
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from app.storage.settings import (
    SETTING_NAMES,
    TABLES,
    Settings,
    check_setting,
    flat_settings,
    read_file,
    setting_variable,
)
from app.storage.settings_file import remove_setting, write_setting
from app.system.errors import UsageError
from app.system.files import read_bounded, write_atomically

OriginKind = Literal["default", "file", "environment", "flag"]


class SettingOrigin(Struct, frozen=True):
    """Where a setting comes from."""

    kind: OriginKind
    source: str = ""
    """The variable or the option; empty for file and default."""

    @property
    def is_fixed(self) -> bool:
        """Whether the file does not decide in this run."""
        return self.kind in ("environment", "flag")


class _Change(NamedTuple):
    name: str
    before: bytes | None
    after: bytes


class SettingStore:
    """Settings in force, and the file that is changed; a value holds at once or at the next start.

    `flags` are the options of the command line that stand above settings, by the settings' names.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings,
        environment: Mapping[str, str] | None = None,
        flags: Mapping[str, tuple[str, Any]] | None = None,
    ) -> None:
        self.path = path
        self._environment = environment or {}
        self._flags = flags or {}
        self._values = flat_settings(msgspec.structs.asdict(settings))
        self._values |= {name: value for name, (_, value) in self._flags.items()}
        self._changes: list[_Change] = []
        self._in_file = self._read_names()

    def value(self, name: str) -> Any:
        """Return a setting as it is in force or was changed."""
        return self._values[name]

    def origin(self, name: str) -> SettingOrigin:
        """Return where a setting comes from."""
        if name in self._flags:
            return SettingOrigin("flag", self._flags[name][0])
        variable = setting_variable(name)
        if self._environment.get(variable, "").strip():
            return SettingOrigin("environment", variable)
        return SettingOrigin("file" if name in self._in_file else "default")

    def change(self, name: str, value: Any) -> None:
        """Write a setting; a text is read as one of the environment.

        Raises:
            UsageError: the value will not do, a flag or the environment holds, or the file is
                not valid.
            KisTuiError: the file cannot be written.
        """
        self._refuse_fixed(name)
        calendar = {
            other: sorted(day.isoformat() for day in self._values[other])
            for other in SETTING_NAMES
            if name.startswith("calendar.") and other.startswith("calendar.")
        }
        checked = check_setting(name, _parsed(name, value), calendar, self.path.name)
        before = self._content()
        write_setting(self.path, name, _as_toml(checked))
        self._note(name, before)

    def reset(self, name: str) -> None:
        """Remove a setting from the file, so that its default holds.

        Raises:
            UsageError: a flag or the environment holds, or the file is not valid.
            KisTuiError: the file cannot be written.
        """
        self._refuse_fixed(name)
        if name in self._in_file:
            before = self._content()
            remove_setting(self.path, name)
            self._note(name, before)

    def undo(self) -> str:
        """Undo the last change, and return its setting's name; empty if there is none.

        Raises:
            UsageError: the file was changed by another program since.
            KisTuiError: the file cannot be written.
        """
        if not self._changes:
            return ""
        name, before, after = self._changes[-1]
        if self._content() != after:
            raise UsageError("settings.changed_outside", path=self.path)
        del self._changes[-1]
        if before is None:
            self.path.unlink(missing_ok=True)
        else:
            write_atomically(self.path, before)
        self._reload(name)
        return name

    def _refuse_fixed(self, name: str) -> None:
        origin = self.origin(name)
        if origin.is_fixed:
            raise UsageError(f"settings.fixed_by_{origin.kind}", name=name, source=origin.source)

    def _note(self, name: str, before: bytes | None) -> None:
        self._changes.append(_Change(name, before, self._content() or b""))
        self._reload(name)

    def _reload(self, name: str) -> None:
        self._in_file = self._read_names()
        default = flat_settings(msgspec.structs.asdict(Settings()))[name]
        self._values[name] = self._in_file.get(name, default)

    def _content(self) -> bytes | None:
        try:
            return read_bounded(self.path)
        except FileNotFoundError:
            return None

    def _read_names(self) -> dict[str, Any]:
        try:
            return flat_settings(read_file(self.path))
        except (FileNotFoundError, UsageError):
            return {}


def setting_choices(name: str) -> tuple[Any, ...]:
    """Return the values that a setting can have; none for one that is typed."""
    table, _, inner = name.rpartition(".")
    kind = get_type_hints(TABLES.get(table, Settings))[inner]
    if kind is bool:
        return (False, True)
    return get_args(kind) if get_origin(kind) is Literal else ()


def setting_text(value: Any) -> str:
    """Return a value as a user types it: true, 2.7, dates and words with blanks between."""
    match value:
        case bool():
            return "true" if value else "false"
        case frozenset():
            return ", ".join(sorted(str(day) for day in value))
        case tuple():
            return shlex.join(value)
        case float():
            return f"{value:g}"
    return str(value)


def _parsed(name: str, value: Any) -> Any:
    if name != "alerts.command" or not isinstance(value, str):
        return value
    try:
        if value.lstrip().startswith("["):
            return tomllib.loads(f"command = {value}")["command"]
        return shlex.split(value)
    except ValueError:
        # An open quote; the check refuses a text.
        return value


def _as_toml(value: Any) -> Any:
    match value:
        case frozenset():
            return sorted(day.isoformat() for day in value if isinstance(day, date))
        case tuple():
            return [*value]
        case float() if value.is_integer():
            return int(value)
    return value
