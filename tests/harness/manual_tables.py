"""The parts of the manual that are generated: tables of keys, settings, signs and alerts.

A page has each between ``<!-- name -->`` and ``<!-- /name -->``.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from app.alerts.quantities import QUANTITIES, Subject
from app.manual.manual_pages import LANGUAGES, TOPICS
from app.screens.keymap import COMMANDS, REPLAY, Command, grouped
from app.screens.pages import PAGES, page_class
from app.storage.settings import PREFIX, SETTING_NAMES, Settings, allowed_values
from widgets.texts import catalogue, speaking, t, with_keys

_WORDS = {
    "key": {"en": "key", "ko": "키"},
    "does": {"en": "what", "ko": "하는 일"},
    "action": {"en": "in keys.toml", "ko": "keys.toml 이름"},
    "sign": {"en": "sign", "ko": "표시"},
    "meaning": {"en": "meaning", "ko": "뜻"},
    "setting": {"en": "setting", "ko": "설정"},
    "variable": {"en": "environment", "ko": "환경 변수"},
    "default": {"en": "default", "ko": "기본값"},
    "values": {"en": "values", "ko": "값"},
    "quantity": {"en": "quantity", "ko": "항목"},
    "korean": {"en": "in Korean", "ko": "한국어로"},
    "of": {"en": "of", "ko": "대상"},
    "contracts": {"en": "contracts", "ko": "모든 종목"},
    "options": {"en": "options", "ko": "옵션"},
    "positions": {"en": "positions", "ko": "포지션"},
    "link": {"en": "the connection", "ko": "연결"},
    "dates": {"en": "list of dates", "ko": "날짜 목록"},
    "theme": {"en": "or a name", "ko": "또는 이름"},
}


def fill(text: str, language: str) -> str:
    """Return a page with every generated part as the program has it now."""
    makers = {
        "keys": keys,
        "settings": settings,
        "setting help": setting_help,
        "signs": lambda spoken: legend("legend", spoken),
        "auction signs": lambda spoken: legend("auction_legend", spoken),
        "alert quantities": quantities,
    }
    for name, make in makers.items():
        part = re.compile(rf"(<!-- {name} -->\n)(.*?)(<!-- /{name} -->)", re.DOTALL)
        if part.search(text):
            made = make(language)
            text = part.sub(lambda match, made=made: match[1] + made + match[3], text)  # type: ignore[misc]
    return text


def generated_pages() -> Iterator[tuple[str, str]]:
    """Yield language and topic of every page."""
    yield from ((language, topic) for language in LANGUAGES for topic in TOPICS)


def keys(language: str) -> str:
    """Return the tables of all keys: boards, replay and each page."""
    with speaking(language):
        parts: list[tuple[str, Sequence[Command]]] = [
            (t(f"group.{group}"), commands) for group, commands in grouped(COMMANDS) if commands
        ]
        parts += [(_capital(t(f"command.{page}")), page_class(page).KEYS) for page in PAGES]
        parts += [(t("group.replay"), REPLAY)]
        return "\n".join(f"## {title}\n\n{_key_table(commands)}" for title, commands in parts)


def every_command() -> Iterator[Command]:
    """Return the commands of boards, pages and replay."""
    yield from COMMANDS
    for name in PAGES:
        yield from page_class(name).KEYS
    yield from REPLAY


def _key_table(commands: Iterable[Command]) -> str:
    rows = [
        (
            " ".join(map(_key, command.shown.split())) or "`Ctrl+P`",
            t(f"command.{command.id}"),
            f"`{command.id}`",
        )
        for command in commands
    ]
    return _table(("key", "does", "action"), rows)


def _key(shown: str) -> str:
    """A key as Markdown code; a backtick needs more of them around it."""
    return "`` ` ``" if shown == "`" else f"`{shown}`"


def settings(language: str) -> str:
    """Return the table of all settings."""
    with speaking(language):
        return _table(("setting", "variable", "default", "values"), map(_setting, SETTING_NAMES))


def setting_help(language: str) -> str:
    """Return the list of what each setting does."""
    with speaking(language):
        texts = ((name, t(f"setting_help.{name.replace('.', '_')}")) for name in SETTING_NAMES)
        return "".join(f"- `{name}`: {text}\n" for name, text in texts)


def _setting(name: str) -> tuple[str, ...]:
    value: Any = Settings()
    for part in name.split("."):
        value = getattr(value, part)
    default = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
    allowed = _word("dates") if name.startswith("calendar.") else f"`{allowed_values(name)}`"
    if name == "theme":
        allowed += f" {_word('theme')}"
    variable = PREFIX + name.upper().replace(".", "_")
    return f"`{name}`", f"`{variable}`", f"`{default}`", allowed.replace(" | ", "` `")


def legend(area: str, language: str) -> str:
    """Return the table of an area of signs."""
    with speaking(language):
        entries = (
            with_keys(texts[language]).partition("|") for texts in catalogue()[area].values()
        )
        return _table(("sign", "meaning"), ((sign, meaning) for sign, _, meaning in entries))


def quantities(language: str) -> str:
    """Return the table of what an alert can watch."""
    with speaking(language):
        rows = (
            (
                f"`{one.word}`",
                f"`{one.korean}`",
                t(f"alert_quantity.{one.name}"),
                _word(_subject(one.subject, of_options=one.of_options)),
            )
            for one in QUANTITIES
        )
        return _table(("quantity", "korean", "meaning", "of"), rows)


def _subject(subject: Subject, *, of_options: bool) -> str:
    match subject:
        case Subject.POSITION:
            return "positions"
        case Subject.LINK:
            return "link"
        case Subject.CONTRACT:
            return "options" if of_options else "contracts"


def _table(heading: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    titles = [_word(name) for name in heading]
    lines = [titles, ["---"] * len(titles), *(list(row) for row in rows)]
    return "".join("|" + "|".join(_cell(text) for text in line) + "|\n" for line in lines)


def _cell(text: str) -> str:
    return "---" if text == "---" else f" {text} "


def _word(name: str) -> str:
    from widgets.texts import language

    return _WORDS[name][language()]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
