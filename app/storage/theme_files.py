"""Themes of the user: TOML files whose colours replace those of a built-in theme.

``themes/NAME.toml`` in the folder of the settings::

    base = "dark"            # the built-in theme whose colours hold where none is given

    [colors]
    background = "#101418"
    red = "#ff8070"

The names of the colours are the fields of `specs.palette.Palette`.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from app.storage.palettes import DEFAULT_THEME, THEMES, ColorTheme, terminal_theme
from app.storage.toml_files import toml_reason
from app.system.errors import UsageError
from app.system.files import ProgramFolders, read_bounded
from specs.clean import clean
from specs.palette import COLOR_NAMES, Palette
from specs.user_message import MessageList, UserMessage, UserText

BASES = tuple(name for name in THEMES if name != "terminal")
"""The themes that a file can change; the terminal's own colours are none of ours."""

_KEYS = ("base", "colors")
_NAME = re.compile(r"[A-Za-z0-9가-힣_-]{1,64}")
_LEVELS = (0, 95, 135, 175, 215, 255)
_GREYS = tuple(range(8, 239, 10))


class ThemeStore:
    """The built-in themes and those of the user."""

    def __init__(self, places: ProgramFolders, environment: Mapping[str, str] = os.environ) -> None:
        self._folder = places.config / "themes"
        self._environment = environment

    def names(self) -> list[str]:
        """Return the built-in names, then those of the user's files, sorted."""
        try:
            files = sorted(p.stem for p in self._folder.iterdir() if p.suffix == ".toml")
        except OSError:
            files = []
        return [*THEMES, *(name for name in files if _NAME.fullmatch(name) and name not in THEMES)]

    def load(self, name: str) -> ColorTheme:
        """Return a theme by its name; a file does not replace a built-in theme.

        Raises:
            UsageError: there is none of this name, or what is wrong with its file.
        """
        if name == "terminal":
            return terminal_theme(self._environment)
        if name in THEMES:
            return THEMES[name]
        path = self._folder / f"{name}.toml"
        try:
            if not _NAME.fullmatch(name):
                raise FileNotFoundError
            content = read_bounded(path)
        except FileNotFoundError:
            hint = UserMessage("theme.there", names=", ".join(self.names()), folder=self._folder)
            raise UsageError("theme.none", name=clean(name, 40), hint=hint) from None
        return read_theme(content, name, str(path))


def read_theme(content: bytes, name: str, where: str) -> ColorTheme:
    """Return the theme that the content of a file describes.

    Raises:
        UsageError: everything that is wrong with it, in one sentence.
    """
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError("settings.no_toml", path=where, why=toml_reason(error)) from error
    problems = [*_unknown(values, _KEYS, "")]
    base = values.get("base", DEFAULT_THEME)
    if base not in BASES:
        problems.append(UserMessage("settings.bad_value", name="base", allowed=" | ".join(BASES)))
    colors = values.get("colors", {})
    if isinstance(colors, dict):
        problems += [*_unknown(colors, COLOR_NAMES, "colors."), *_bad_colors(colors)]
    else:
        problems.append(UserMessage("settings.bad_value", name="colors", allowed="[colors]"))
    if problems:
        raise UsageError("theme.refused", where=where, problems=MessageList(problems))
    start = THEMES[base]
    return ColorTheme(
        name=name,
        many=replace(start.many, **colors),
        eight_bit=replace(start.eight_bit, **{key: nearest_256(c) for key, c in colors.items()}),
        sixteen=start.sixteen,
        is_dark=start.is_dark,
    )


def theme_example(theme: ColorTheme) -> str:
    """Return a file that says what a built-in theme says, to be changed."""
    colors = "\n".join(f'{name} = "{color}"' for name, color in asdict(theme.many).items())
    return f'base = "{theme.name}"\n\n[colors]\n{colors}\n'


def nearest_256(color: str) -> str:
    """Return the colour of the 256 that is nearest to one, as #rrggbb."""
    wanted = tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
    cube = tuple(min(_LEVELS, key=lambda level: abs(level - part)) for part in wanted)
    mean = sum(wanted) / 3
    grey = (min(_GREYS, key=lambda level: abs(level - mean)),) * 3
    best = min(
        (cube, grey), key=lambda one: sum((a - b) ** 2 for a, b in zip(one, wanted, strict=True))
    )
    return "#{:02x}{:02x}{:02x}".format(*best)


def _unknown(values: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> list[UserText]:
    """Return a message for each name that there is not, with the nearest one."""
    problems: list[UserText] = []
    for name in values:
        if name in known:
            continue
        near = get_close_matches(name, known, 1)
        hint = [UserMessage("settings.did_you_mean", name=near[0])] if near else []
        unknown = UserMessage("theme.unknown", name=clean(f"{prefix}{name}", 60))
        problems.append(MessageList([unknown, *hint], ""))
    return problems


def _bad_colors(colors: Mapping[str, Any]) -> list[UserText]:
    """Return a message for each value that is no colour."""
    problems: list[UserText] = []
    for name in COLOR_NAMES:
        if name in colors:
            try:
                msgspec.convert({**asdict(THEMES[DEFAULT_THEME].many), name: colors[name]}, Palette)
            except msgspec.ValidationError:
                problems.append(
                    UserMessage("settings.bad_value", name=f"colors.{name}", allowed="#rrggbb")
                )
    return problems
