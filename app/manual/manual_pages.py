"""Topics, texts and sections of the manual.

The pages are ``<language>/<topic>.md`` beside this module.  A page begins with its title
(``# Title``); its sections begin with ``##``.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from app.system.errors import UsageError
from specs.clean import clean
from specs.user_message import UserMessage

TOPICS = (
    "start",
    "live",
    "screen",
    "keys",
    "contracts",
    "registrations",
    "greeks",
    "auctions",
    "pages",
    "alerts",
    "layouts",
    "tapes",
    "archive",
    "tape-format",
    "scripts",
    "hub",
    "browser",
    "calendar",
    "settings",
    "terminal",
    "troubleshooting",
)
"""Every topic in the order of the table of contents."""

LANGUAGES = ("ko", "en")

_MARK = re.compile(r"<!-- .* -->\n")
_FENCE = re.compile(r"^```")
_HEADING = re.compile(r"^(#{1,6}) (.+)$")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_LONGEST_NAME = 40


class ManualSection(Struct, frozen=True):
    """A heading of a page with the text up to the next heading."""

    topic: str
    title: str
    level: int
    text: str
    """Markdown, the heading included."""

    @property
    def anchor(self) -> str:
        """The fragment of a link to the section."""
        return anchor_of(self.title)


def anchor_of(title: str) -> str:
    """Return the anchor that Markdown readers make of a heading."""
    return _NOT_IN_ANCHOR.sub("", title.lower()).replace(" ", "-")


@cache
def page(topic: str, language: str) -> str:
    """Return the Markdown of a page, without the marks of generated parts."""
    text = (Path(__file__).parent / language / f"{topic}.md").read_text(encoding="utf-8")
    return _MARK.sub("", text)


@cache
def sections(topic: str, language: str) -> tuple[ManualSection, ...]:
    """Return the sections of a page in order; the first one has the title of the page."""
    return tuple(_split(topic, page(topic, language)))


def title_of(topic: str, language: str) -> str:
    """Return the title of a page."""
    return sections(topic, language)[0].title


def find_sections(words: str, language: str) -> list[ManualSection]:
    """Return the sections that hold all words; those with the words in their heading first."""
    wanted = words.casefold().split()
    every = [section for topic in TOPICS for section in sections(topic, language)]
    found = [one for one in every if all(word in one.text.casefold() for word in wanted)]
    return sorted(found, key=lambda one: not all(w in one.title.casefold() for w in wanted))


def section_linked(target: str, topic: str, language: str) -> ManualSection | None:
    """Return the section that a link on the page of a topic leads to; None if there is none."""
    file, _, fragment = unquote(target).partition("#")
    named = file.removesuffix(".md") or topic
    if named not in TOPICS:
        return None
    found = sections(named, language)
    return next((one for one in found if fragment in (one.anchor, "")), None)


def topic_named(name: str) -> str:
    """Return the topic of a name, which is the topic itself or a title in either language.

    Raises:
        UsageError: there is none; the nearest ones are named.
    """
    named = {topic: topic for topic in TOPICS}
    for language in LANGUAGES:
        named |= {title_of(topic, language).casefold(): topic for topic in TOPICS}
    wanted = name.casefold().removesuffix(".md")
    if wanted in named:
        return named[wanted]
    close = get_close_matches(wanted, named, 3)
    close += [known for known in named if wanted and wanted in known]
    near = dict.fromkeys(named[one] for one in close)
    raise UsageError(
        "manual.unknown",
        topic=clean(name, _LONGEST_NAME),
        hint=UserMessage("manual.nearest", topics=", ".join(near))
        if near
        else UserMessage("manual.topics", topics=", ".join(TOPICS)),
    )


def _split(topic: str, text: str) -> Iterator[ManualSection]:
    title, level, in_fence = "", 0, False
    lines: list[str] = []
    for line in text.splitlines():
        in_fence ^= bool(_FENCE.match(line))
        heading = None if in_fence else _HEADING.match(line)
        if heading:
            if level:
                yield ManualSection(topic, title, level, "\n".join(lines).strip())
            level, title, lines = len(heading[1]), heading[2], []
        lines.append(line)
    yield ManualSection(topic, title, level, "\n".join(lines).strip())
