"""The message catalogue: every text that a user reads, in Korean and English.

Each ``*.toml`` file here is one area; an entry is ``[area.key]`` with ``ko`` and ``en``, and
``{name}`` where a value is put in, ``{name:을}`` with a particle behind it.  ``{key_add}`` is the
key of the action ``add``, as the user has it.
`widgets.texts.catalogue_file` reads them.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import get_args

from specs.preferences import Language
from widgets.texts.catalogue_file import Catalogue, read_catalogue
from widgets.texts.particles import Particled, particle_names

LANGUAGES = get_args(Language)

_language = "ko"

_KEY = re.compile(r"\{key_(\w+?)(?=[:}])")


def use(language: str) -> None:
    """Choose the language of every text from here on; called once, before the screen is built."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(language)
    _language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Have every text in another language while the block runs."""
    before = _language
    use(language)
    try:
        yield
    finally:
        use(before)


def language() -> str:
    """Return the language in use."""
    return _language


def name_keys(word: Callable[[str], str]) -> None:
    """Choose how texts name the key of an action, which they ask for as ``{key_ACTION}``.

    Where it is empty, as it always is on the command line, they name the action itself.
    """
    global _key_word
    _key_word = word


def _no_key(action: str) -> str:
    return ""


_key_word: Callable[[str], str] = _no_key


def with_key(action: str, title: str) -> str:
    """Return a title behind the key of an action; alone if the action has none."""
    return f"{_key_word(action)} {title}".lstrip()


def named_keys(text: str) -> frozenset[str]:
    """Return the actions whose keys a text of the catalogue names."""
    return frozenset(_KEY.findall(text))


def with_keys(text: str) -> str:
    """Return a text of the catalogue that needs no other values, with its keys named."""
    return _filled(text, {}) if "{key_" in text else text


def t(key: str, /, **values: object) -> str:
    """Return the text under ``area.key`` in the language in use, with values filled in.

    Raises:
        KeyError: unknown key; a test checks every key in the code.
    """
    area, _, name = key.partition(".")
    text = catalogue()[area][name][_language]
    return _filled(text, values) if values or "{key_" in text else text


def _filled(text: str, values: dict[str, object]) -> str:
    for action in named_keys(text):
        named = _key_word(action) or f"'{t(f'command.{action}')}'"
        values.setdefault(f"key_{action}", named)
    for one in particle_names(text):
        values[one] = Particled(values[one])
    return text.format(**values)


def has(key: str) -> bool:
    """Return whether there is a text under a key."""
    area, _, name = key.partition(".")
    return name in catalogue().get(area, {})


@cache
def catalogue() -> Catalogue:
    """Return the catalogue: area, key, language."""
    return read_catalogue(Path(__file__).parent)
