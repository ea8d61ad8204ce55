"""The message catalogue: both languages complete, every text used, every use answered."""

import ast
import re
import string
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from app.screens.key_scopes import all_commands
from widgets import times
from widgets.texts import LANGUAGES, catalogue, has, named_keys, speaking, t

ROOT = Path(__file__).parents[1]
AREAS = sorted((ROOT / "widgets" / "texts").glob("*.toml"))
ERRORS = {
    "KisTuiError", "UsageError", "ConnectionFailed", "CredentialsError", "OccupiedError",
    "TapeError", "RefusedFile", "NewerFile", "DamagedFile",
}  # fmt: skip
SOURCES = sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "widgets").rglob("*.py")])

SPEAKING = (ast.Call, ast.Constant, ast.Subscript, ast.JoinedStr, ast.BinOp)
"""Kinds of nodes that `asked`, `opening` and the tests look at."""


@cache
def entries() -> dict[str, dict[str, str]]:
    return {
        f"{area}.{key}": texts for area, keys in catalogue().items() for key, texts in keys.items()
    }


@cache
def nodes() -> tuple[tuple[Path, ast.AST], ...]:
    """Return the nodes of all modules that may speak of a text, each with its module's path."""
    return tuple(
        (name, node)
        for path in SOURCES
        for name in (path.relative_to(ROOT),)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, SPEAKING)
    )


def placeholders(text: str) -> set[str]:
    """The values that a text is given; it gets the names of keys by itself."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return {name for name in names if not name.startswith("key_")}


def asked(node: ast.AST) -> str | None:
    """The key of a call like ``t("area.key")``, where it is written out.

    Messages and errors take the key as their first argument, too.
    """
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Name):
        return None
    first = node.args[0]
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return None
    if node.func.id in ERRORS:
        return first.value
    # A fallback stands in for a key that is not there.
    made = node.func.id == "t" or (node.func.id == "UserMessage" and len(node.args) == 1)
    return first.value if made else None


def opening(node: ast.AST) -> str | None:
    """What a composed key begins with: ``area.`` of ``f"area.{x}"``, ``catalogue()["area"]``."""
    first: ast.AST | None = None
    if isinstance(node, ast.Subscript):
        if not isinstance(node.value, ast.Call) or ast.unparse(node.value) != "catalogue()":
            return None
        area = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return f"{area}." if isinstance(area, str) else None
    if isinstance(node, ast.JoinedStr) and node.values:
        first = node.values[0]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        first = node.left
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
        return first.value
    return None


def test_no_area_stands_in_two_files() -> None:
    files: dict[str, list[str]] = defaultdict(list)
    for path in AREAS:
        for area in tomllib.loads(path.read_text(encoding="utf-8")):
            files[area].append(path.name)
    assert {area: names for area, names in files.items() if len(names) > 1} == {}


def test_every_text_stands_in_korean_and_english() -> None:
    for key, texts in entries().items():
        assert set(texts) == set(LANGUAGES), key
        for text in texts.values():
            assert text.strip(), key
        assert len({(text[0] == " ", text[-1] == " ") for text in texts.values()}) == 1, key


def test_a_text_holds_nothing_that_a_terminal_would_obey() -> None:
    for key, texts in entries().items():
        for text in texts.values():
            assert all(line.isprintable() for line in text.splitlines()), key


def test_both_languages_put_in_the_same_values() -> None:
    for key, texts in entries().items():
        names = placeholders(texts["ko"])
        assert names == placeholders(texts["en"]), key
        assert all(name.isidentifier() for name in names), key


def test_every_key_that_a_text_names_is_that_of_a_command() -> None:
    commands = {command.id for _, command in all_commands()}
    for key, texts in entries().items():
        assert named_keys(texts["ko"]) == named_keys(texts["en"]), key
        assert named_keys(texts["ko"]) <= commands, key


def test_no_text_but_those_of_dialogs_names_a_key_that_the_user_may_change() -> None:
    named = re.compile(r"(?:^|[ (,;\n])[A-Za-z!?/.] (?:[a-z]+s|now|to undo)\b")
    dialogs = {
        "lists.hint",
        "lists.deleted",
        "open.hint",
        "open.deleted",
        "order.hint",
        "settings.pick",
        "what_if_sets.deleted",
        "what_if_sets.hint",
    }
    found = {key for key, texts in entries().items() if named.search(texts["en"])}
    assert found - {"chart.seconds"} <= dialogs


def test_every_text_that_is_asked_for_exists() -> None:
    missing = [
        f"{path}:{node.lineno} {key}"
        for path, node in nodes()
        if (key := asked(node)) is not None and isinstance(node, ast.Call) and not has(key)
    ]
    assert missing == []


def test_every_value_of_a_text_is_given_where_it_is_asked_for() -> None:
    wrong = []
    for path, node in nodes():
        key = asked(node)
        if key is None or not has(key) or not isinstance(node, ast.Call):
            continue
        given = {keyword.arg for keyword in node.keywords} - {"hint"}
        if None not in given and given != placeholders(entries()[key]["ko"]):
            wrong.append(f"{path}:{node.lineno} {key}")
    assert wrong == []


def test_no_text_is_left_that_nothing_asks_for() -> None:
    """A key counts as used where it is written out, or begins as a composed one does."""
    written = {
        node.value
        for _, node in nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    openings = tuple({begun for _, node in nodes() if (begun := opening(node)) is not None})
    unused = [key for key in entries() if key not in written and not key.startswith(openings)]
    assert unused == []


def test_an_unknown_text_is_a_mistake_that_is_seen() -> None:
    with pytest.raises(KeyError):
        t("no.such")
    assert not has("no.such")
    assert not has("no")


BANNED = {
    "ko": (
        "정규장", "장외", "장 닫힘", "자리 대기", "자리 없음", "비암호화", "쉬는 중", "갑자기",
        "예고 없이", "고르기", "한 쪽", "움직이기", "들여오", "되돌림", "빼기", "이웃 행사가",
        "호가중간", "롱", "숏",
        "빠진 행", "사건", "공백", "머리말", "맺음", "엉터리", "고장", "십시오",
        "예상체결 TR", "전의 것",
    ),
    "en": (
        "heard", "(?<!there )is no (?!longer)", "there already", "words to find", "asleep",
        "nobody", "worth", "left out", "to flat", "sooner", "first picture", "without a word",
        "get it with", "budget of tries", "brings the names", "this is no", "anew", "nought",
        "carried", "Ords",
    ),
}  # fmt: skip
"""Words that read translated, or mean something else to a trader: 장외 is OTC, 정규장 the day."""


@pytest.mark.parametrize("language", BANNED)
def test_no_text_has_a_banned_word(language: str) -> None:
    found = {
        (key, word)
        for key, texts in entries().items()
        for word in BANNED[language]
        if re.search(word, texts[language])
    }
    assert found == set()


def test_english_shows_no_hangul_but_for_terms_that_are_explained() -> None:
    hangul = re.compile("[가-힣]+")
    found = {key: hangul.findall(texts["en"]) for key, texts in entries().items()}
    assert {key: words for key, words in found.items() if words} == {"expected.empty": ["예상체결"]}


def test_durations_are_in_korean_seconds() -> None:
    with speaking("ko"):
        assert (times.span(0.1), times.countdown(58.2)) == ("0.1초", "59초")
    with speaking("en"):
        assert (times.span(0.1), times.countdown(58.2)) == ("0.1s", "59s")
