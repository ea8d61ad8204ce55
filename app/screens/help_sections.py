"""What the help says: keys by group, signs by kind, searched and laid out in one or two columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from textual.content import Content

from app.screens.keymap import COMMANDS, Command, grouped
from widgets import cells
from widgets.texts import catalogue, language, t, with_keys

SIGN = 16
"""Cells of the column of keys and signs."""

INDENT = 2
GAP = 2
"""Cells between two columns."""

RANKS = (0, 1, 2)

TWO_COLUMNS_FROM = 100
"""Cells of the text's room from which it has two columns."""


class HelpEntry(NamedTuple):
    """A key or sign, and what it does or means."""

    sign: str
    meaning: str


class HelpSection(NamedTuple):
    """Entries under a title."""

    title: str
    entries: tuple[HelpEntry, ...]


def help_sections(
    wanted: str = "", page: Sequence[Command] = (), table: Iterable[Command] = COMMANDS
) -> list[HelpSection]:
    """Return the entries that hold all words that are wanted; a page's own keys come first.

    Entries whose key or sign holds them come first, those with a meaning that does last.
    """
    words = wanted.casefold().split()
    groups = (("page", page), *grouped(table))
    every = [_keys(t(f"group.{group}"), found) for group, found in groups]
    every += [
        _legend(t("help.signs"), catalogue()["legend"]),
        _legend(t("help.link"), catalogue()["link_legend"]),
        _legend(t("help.drawing"), catalogue()["drawing_legend"]),
        _legend(t("help.auction"), catalogue()["auction_legend"]),
    ]
    ranked = [
        HelpSection(one.title, tuple(e for e in one.entries if _rank(e, words) == rank))
        for rank in RANKS
        for one in every
    ]
    return [one for one in ranked if one.entries]


def help_columns(sections: Sequence[HelpSection], width: int) -> list[Content]:
    """Return the columns of the help, one or two, in a room of some cells."""
    if not sections:
        return [Content(t("help.nothing"))]
    is_short = sum(len(section.entries) for section in sections) == 1
    if width < TWO_COLUMNS_FROM or is_short:
        return [_joined(_lines(sections, width))]
    lines = _lines(sections, (width - GAP) // 2)
    at = _cut(lines)
    if not (right := lines[at:]):
        return [_joined(lines)]
    if right[0].title:
        # A section that goes on in the right column is named there again.
        right = [HelpLine(Content.styled(right[0].title, "bold $accent"), starts=True), *right]
    return [_joined(lines[:at]), _joined(right)]


class HelpLine(NamedTuple):
    """A line of a column."""

    text: Content
    starts: bool
    """Whether a column may begin with it."""
    title: str = ""
    """The title of its section, for a line that is not the title itself."""


def _keys(title: str, commands: Iterable[Command]) -> HelpSection:
    """Return the commands of a group; one without a key is found in the palette."""
    by_palette = t("help.by_palette")
    entries = (HelpEntry(one.shown or by_palette, t(f"command.{one.id}")) for one in commands)
    return HelpSection(title, tuple(entries))


def _legend(title: str, area: Mapping[str, Mapping[str, str]]) -> HelpSection:
    texts = (with_keys(entry[language()]) for entry in area.values())
    parts = (text.partition("|") for text in texts)
    return HelpSection(title, tuple(HelpEntry(sign, meaning) for sign, _, meaning in parts))


def _rank(entry: HelpEntry, words: Sequence[str]) -> int:
    """Return 0 if the words stand alone in key or sign, 1 in parts of it, 2 in all; else 3."""
    sign, whole = entry.sign.casefold(), " ".join(entry).casefold()
    if all(_stands_alone(word, sign) for word in words):
        return 0
    if all(word in sign for word in words):
        return 1
    return 2 if all(word in whole for word in words) else 3


def _stands_alone(word: str, sign: str) -> bool:
    """Return whether no letter goes on before or behind a word: 예 does in 예23.40."""
    begin, end = (r"(?<![^\W\d_])", r"(?![^\W\d_])") if word.isalpha() else ("", "")
    return re.search(begin + re.escape(word) + end, sign) is not None


def _lines(sections: Sequence[HelpSection], width: int) -> list[HelpLine]:
    lines: list[HelpLine] = []
    for title, entries in sections:
        if lines:
            lines.append(HelpLine(Content(""), starts=False))
        lines.append(HelpLine(Content.styled(title, "bold $accent"), starts=True))
        for at, (sign, meaning) in enumerate(entries):
            room = max(8, width - INDENT - SIGN)
            for number, part in enumerate(Content(meaning).wrap(room)):
                key = cells.fit("" if number else sign, SIGN)
                text = Content.assemble(" " * INDENT, (key, "bold"), part.rstrip())
                lines.append(HelpLine(text, starts=not number and at > 0, title=title))
    return lines


def _cut(lines: Sequence[HelpLine]) -> int:
    """Return the line that the right column begins with, so that both are about as long."""
    starts = [at for at, line in enumerate(lines) if line.starts and at]
    return min(starts, key=lambda at: abs(2 * at - len(lines)), default=len(lines))


def _joined(lines: Sequence[HelpLine]) -> Content:
    return Content("\n").join(line.text for line in lines)
