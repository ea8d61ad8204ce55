"""The settings: ``config.toml``, with the environment above it and flags above both."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from app.krx.corrections import BadDate, Corrections, read_dates, weekends
from app.storage.palettes import DEFAULT_THEME, THEMES
from app.storage.profiles import check_profiles
from app.storage.toml_files import toml_reason
from app.system.errors import UsageError
from app.system.files import ProgramFolders, read_bounded
from specs.clean import clean
from specs.market.theoretical import GreeksSource
from specs.preferences import CustomerType, HubMode, Language, NotifyProtocol, Signs, Updown
from specs.user_message import MessageList, UserMessage, UserText


class TapeSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits on the age and the size of kept recordings; 0 means no limit."""

    keep_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    keep_gb: Annotated[float, Meta(ge=0, le=100_000)] = 10
    """Of 10⁹ bytes."""


class AlertSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How the dashboard tells of alerts beside its own notice."""

    bell: bool = True
    notify: NotifyProtocol = "auto"
    """How the terminal is asked for a desktop notification."""
    command: tuple[str, ...] = ()
    """A program and its arguments; empty for none."""


class TradesSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How time & sales shows trades."""

    large_percentile: Annotated[float, Meta(ge=50, le=99.9)] = 95
    """Percent of the last trades that are smaller than a large one, which is bold."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of the user with their defaults."""

    language: Language = "ko"
    updown: Updown = "kr"
    theme: str = DEFAULT_THEME
    """A built-in theme, or the name of a file in ``themes/`` beside this one."""
    signs: Signs = "auto"
    """Which signs the screen draws: all, or only those that every terminal draws one cell wide."""
    beat_ms: Annotated[int, Meta(ge=50, le=1000)] = 100
    registration_limit: Annotated[int, Meta(ge=1, le=41)] = 41
    custtype: CustomerType = "P"
    """Whose account the app key belongs to: a person's or a company's."""
    first_picture: bool = False
    """Ask REST for the last values of rows; its token brings the user a KakaoTalk message."""
    hub: HubMode = "on"
    """Whether a second start with the same app key shares the session of the first."""
    greeks: GreeksSource = "auto"
    rate: Annotated[float, Meta(ge=-1, le=20)] = 2.7
    """Percent a year that our own theory discounts with."""
    tape: TapeSettings = TapeSettings()
    trades: TradesSettings = TradesSettings()
    alerts: AlertSettings = AlertSettings()
    calendar: Corrections = Corrections()
    profiles: dict[str, str] = {}
    """Names of app keys and where they are found (`app.storage.profiles`), in order of use."""


PREFIX = "KIS_TUI_"

TABLES: dict[str, type[Struct]] = {
    "tape": TapeSettings,
    "trades": TradesSettings,
    "alerts": AlertSettings,
    "calendar": Corrections,
}
PROFILES = "profiles"
"""The one table whose names are the user's own; it is no setting that has a default."""

SETTING_NAMES = (
    *(name for name in Settings.__struct_fields__ if name not in (*TABLES, PROFILES)),
    *(f"{table}.{name}" for table, spec in TABLES.items() for name in spec.__struct_fields__),
)
"""Every setting; in a table with the table's name and a dot before."""


def config_path(places: ProgramFolders, path: Path | None = None) -> Path:
    """Return the path of the settings."""
    return path or places.config / "config.toml"


def setting_variable(name: str) -> str:
    """Return the environment's variable of a setting."""
    return PREFIX + name.upper().replace(".", "_")


def load(
    places: ProgramFolders,
    *,
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    **flags: Any,
) -> Settings:
    """The settings in force: flag, else environment, else file, else default.

    Raises:
        UsageError: file, key and value at fault, with the nearest key that there is.
    """
    where = config_path(places, path)
    values: dict[str, Any] = {}
    try:
        values |= flat_settings(read_file(where))
    except FileNotFoundError:
        if path is not None:
            raise UsageError("settings.no_file", path=where) from None
    environment = os.environ if environment is None else environment
    for name in SETTING_NAMES:
        variable = setting_variable(name)
        text = environment.get(variable, "").strip()
        if text:
            values[name] = _checked({name: text}, variable, strict=False)[name]
    if problems := _contradictions(values):
        raise _refused(str(where), problems)
    values |= {name: value for name, value in flags.items() if value is not None}
    return msgspec.convert(_deep(values), Settings)


def read_file(path: Path) -> dict[str, Any]:
    """The settings of a file, checked.

    Raises:
        FileNotFoundError: there is none.
        UsageError: it cannot be read, or something in it will not do.
    """
    try:
        text = read_bounded(path).decode("utf-8-sig")
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError("settings.no_toml", path=path, why=toml_reason(error)) from error
    return _deep(_checked(flat_settings(values), str(path), strict=True))


def check_setting(name: str, value: Any, others: Mapping[str, Any], where: str) -> Any:
    """Return a value as the setting has it; a text is read as one of the environment.

    `others` are settings that it must not contradict.

    Raises:
        UsageError: `where` and what is wrong, as for the file.
    """
    return _checked({**others, name: value}, where, strict=False)[name]


def flat_settings(values: dict[str, Any]) -> dict[str, Any]:
    """Return the settings by name; in a table as ``table.name``."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Struct):
            value = msgspec.structs.asdict(value)
        if name in TABLES and isinstance(value, dict):
            flat |= {f"{name}.{inner}": found for inner, found in value.items()}
        else:
            flat[name] = value
    return flat


def _deep(flat: dict[str, Any]) -> dict[str, Any]:
    """The settings as the file has them."""
    deep: dict[str, Any] = {}
    for name, value in flat.items():
        table, dot, inner = name.partition(".")
        if dot:
            deep.setdefault(table, {})[inner] = value
        else:
            deep[name] = value
    return deep


def _checked(values: dict[str, Any], where: str, *, strict: bool) -> dict[str, Any]:
    problems: list[UserText] = []
    problems += [
        UserMessage("settings.bad_value", name=name, allowed=f"[{name}]")
        for name in TABLES
        if name in values
    ]
    for name in [n for n in values if n not in (*SETTING_NAMES, *TABLES, PROFILES)]:
        near = get_close_matches(name, SETTING_NAMES, 1)
        hint = [UserMessage("settings.did_you_mean", name=near[0])] if near else []
        unknown = UserMessage("settings.unknown", name=clean(name, 40))
        problems.append(MessageList([unknown, *hint], ""))
    checked: dict[str, Any] = {}
    if PROFILES in values:
        problems += check_profiles(values[PROFILES])
        checked[PROFILES] = values[PROFILES]
    for name in SETTING_NAMES:
        if name not in values:
            continue
        table, _, inner = name.rpartition(".")
        if table == "calendar":
            problems += _check_dates(name, values[name], checked)
            continue
        spec = TABLES.get(table, Settings)
        try:
            settings = msgspec.convert({inner: values[name]}, spec, strict=strict)
        except msgspec.ValidationError:
            problems.append(
                UserMessage("settings.bad_value", name=name, allowed=allowed_values(name))
            )
            continue
        checked[name] = getattr(settings, inner)
    problems += _contradictions(checked)
    if problems:
        raise _refused(str(where), problems)
    return checked


def _check_dates(name: str, value: Any, checked: dict[str, Any]) -> list[UserMessage]:
    """Put the dates of a setting into `checked`; return what is wrong with them."""
    try:
        checked[name] = read_dates(value)
    except BadDate as error:
        return [UserMessage("settings.bad_date", name=name, value=str(error))]
    return [
        UserMessage("settings.weekend", name=name, value=day) for day in weekends(checked[name])
    ]


def _contradictions(values: Mapping[str, Any]) -> list[UserMessage]:
    """Return a message for each day that is both closed and open."""
    closed, opened = (values.get(f"calendar.{name}", ()) for name in ("closed_days", "open_days"))
    return [
        UserMessage("settings.closed_and_open", value=day)
        for day in sorted(set(closed) & set(opened))
    ]


def _refused(where: str, problems: Sequence[UserText]) -> UsageError:
    hint = UserMessage("settings.hint")
    return UsageError("settings.refused", where=where, problems=MessageList(problems), hint=hint)


def allowed_values(name: str) -> str:
    """Return the choices or the bounds of a setting, as its type has them."""
    table, _, inner = name.rpartition(".")
    kind = get_type_hints(TABLES.get(table, Settings), include_extras=True)[inner]
    if get_origin(kind) is Annotated:
        bounds: Meta = get_args(kind)[1]
        separator = "-" if bounds.ge is not None and bounds.ge >= 0 else " … "
        return f"{bounds.ge}{separator}{bounds.le}"
    if name == "theme":
        return " | ".join(THEMES)
    if get_origin(kind) is tuple:
        return '["program", "argument"]'
    return " | ".join(("true", "false") if kind is bool else get_args(kind))
