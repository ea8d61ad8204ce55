"""Names of keys: as a user writes them, as Textual has them, and as they are shown."""

import unicodedata
from difflib import get_close_matches

from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys, key_to_character

from app.instruments.hangul import is_hangul, keys_of

_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "page_up": "pageup",
    "pgdn": "pagedown",
    "page_down": "pagedown",
    "⇧tab": "shift+tab",
    "spacebar": "space",
    "backtab": "shift+tab",
}
_WORDS = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "shift+tab": "⇧Tab",
}

_NAMED = frozenset(
    key.value
    for key in Keys
    if "+" not in key.value and not key.value.startswith(("<", "ctrl-", "return"))
)
"""Textual's keys that type no character: escape, up, f1, …"""

TWINS = {"grave_accent": "won_sign"}
"""Keys that type another sign with the Hangul input method on, and are bound with it."""


def key_name(written: str) -> str | None:
    """Return Textual's name of a key: of a character, a name, or a name behind modifiers.

    A jamo is the Latin letter on its key.  None means that there is no such key.
    """
    text = written.strip() or written
    if text.startswith("^") and len(text) == 2:
        text = f"ctrl+{text[1]}"
    # The last character is no separator: ctrl++ is ctrl and plus.
    before, _, last = text[:-1].rpartition("+")
    modifiers, base = before.casefold().split("+") if before else [], last + text[-1:]
    key = _key_of_character(base) if len(base) == 1 else _named(base.casefold())
    if key is None or not set(modifiers) <= set(_MODIFIERS):
        return None
    if modifiers == ["shift"] and len(key) == 1 and key.isalpha():
        # A terminal sends a shifted letter as the capital.
        return key.upper()
    if "ctrl" in modifiers:
        key = key.lower()
    return "+".join((*sorted(set(modifiers), key=_MODIFIERS.index), key))


def similar_key(written: str) -> str | None:
    """Return the name of a key that is most like one that does not exist; None if none is."""
    found = get_close_matches(written.casefold(), [*_NAMED, *_ALIASES], 1)
    return found[0] if found else None


def key_word(key: str) -> str:
    """Return a key as help and hints show it: Esc, PgUp, ^p, ⇧Tab, or its character."""
    if key in _WORDS:
        return _WORDS[key]
    modifiers, plus, base = key.rpartition("+")
    if plus:
        last = key_word(base)
        return f"^{last}" if modifiers == "ctrl" and len(last) == 1 else f"{modifiers}+{last}"
    if key in _NAMED:
        return key.capitalize()
    return _character_of(key) or key


def character_key(character: str) -> str:
    """Return Textual's name of the key that types a character, such as ``question_mark``."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _key_of_character(character: str) -> str | None:
    if character == " ":
        return "space"
    if is_hangul(character):
        # The screen never gets a jamo: input arrives as Latin keys.
        latin = keys_of(character)
        return latin if len(latin) == 1 else None
    return character_key(character) if character.isprintable() else None


def _named(name: str) -> str | None:
    name = _ALIASES.get(name, name)
    if name in _NAMED or name == "shift+tab":
        return name
    # The names that Textual has for signs: question_mark, plus, …
    character = _character_of(name)
    return name if character is not None and character_key(character) == name else None


def _character_of(key: str) -> str | None:
    return key_to_character(REPLACED_KEYS.get(key, key))
