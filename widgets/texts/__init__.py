"""The message catalogue: every text that a user reads, in Korean and English.

Each ``*.toml`` file here is one area; an entry is ``[area.key]`` with ``ko`` and ``en``, and
``{name}`` where a value is put in, ``{name:을}`` with a particle behind it.
`widgets.texts.catalogue_file` reads them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import get_args

from specs.preferences import Language
from widgets.texts.catalogue_file import Catalogue, read_catalogue
from widgets.texts.particles import Particled, particle_names

LANGUAGES = get_args(Language)

_language = "ko"


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


def t(key: str, /, **values: object) -> str:
    """Return the text under ``area.key`` in the language in use, with values filled in.

    Raises:
        KeyError: unknown key; a test checks every key in the code.
    """
    area, _, name = key.partition(".")
    text = catalogue()[area][name][_language]
    if not values:
        return text
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
