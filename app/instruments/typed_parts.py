"""The parts of a text typed for the add dialog: codes, and words to be searched for.

Commas part contracts (``c1110, 풋 1050 12월, A05701``); a comma within a strike, 1,125, does not.
"""

import re
import unicodedata

from msgspec import Struct

from app.instruments.hangul import keys_of
from app.instruments.search_words import FULL_WIDTH, GROUPED
from specs.code_input import code_of

_APART = re.compile(r"[ ,+*-]")
"""What stands before a code: a blank, a comma, or a sign of a combination."""

LONGEST_INPUT = 4000
"""Characters that are read of what was typed or pasted."""


class TypedPart(Struct, frozen=True):
    """One part: the codes in it, the words beside them, and its place among all parts."""

    codes: tuple[str, ...]
    words: str
    place: int = 0


def split_parts(typed: str) -> list[str]:
    """Return the texts between commas, blank ones included; a strike's commas are left out."""
    text = unicodedata.normalize("NFC", typed[:LONGEST_INPUT]).translate(FULL_WIDTH)
    pieces: list[str] = []
    end = 0
    for found in GROUPED.finditer(text):
        head = text[: found.start()] + found[0].partition(",")[0]
        if code_of(keys_of(_last_word(head))) is not None:
            continue
        pieces += [text[end : found.start()], found[0].replace(",", "")]
        end = found.end()
    return "".join([*pieces, text[end:]]).split(",")


def read_parts(typed: str) -> list[TypedPart]:
    """Return the parts of a text that are not blank; spaces part codes as commas do."""
    parts = []
    for place, text in enumerate(split_parts(typed)):
        read = [(word, code_of(keys_of(word))) for word in text.split()]
        codes = dict.fromkeys(code for _, code in read if code is not None)
        words = " ".join(word for word, code in read if code is None)
        if codes or words:
            parts.append(TypedPart(tuple(codes), words, place))
    return parts


def _last_word(text: str) -> str:
    return _APART.split(text)[-1]
