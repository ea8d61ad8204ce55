"""Korean particles that follow a value: 은/는, 이/가, 을/를, 과/와, 으로/로 by its last sound.

A text asks for one as ``{name:을}``.  The last sound is that of the last syllable, digit or Latin
letter, which are read by their Korean names (8 팔, L 엘); signs after it, such as quotes, do not
count.  Where no reading is known, both forms are given: 을(를).
"""

import re
from functools import cache

PARTICLES = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
}
"""The forms after a consonant and after a vowel, by the former."""

_ASKED = re.compile(r"\{(\w+):(?:" + "|".join(PARTICLES) + r")\}")
_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
_SOUNDS = {
    # 영 일 이 삼 사 오 육 칠 팔 구; a round number ends in 십, 백, 천 or 만.
    **dict(zip("0123456789", ("n", "l", "", "n", "", "", "n", "l", "l", ""), strict=True)),
    **dict.fromkeys("abcdefghijkopqstuvwxyz", ""),
    "l": "l",
    "r": "l",
    "m": "n",
    "n": "n",
    "%": "",
    "₩": "n",
}
"""The final sound of a reading: ``l`` for ㄹ, ``n`` for another consonant, empty for a vowel."""


def with_particle(value: str, particle: str) -> str:
    """Return a value with a particle of `PARTICLES` behind it."""
    after_consonant, after_vowel = PARTICLES[particle]
    sound = _last_sound(value)
    if sound is None:
        return f"{value}{after_consonant}({after_vowel})"
    # ㄹ is a vowel to 로.
    takes_vowel = not sound or (sound == "l" and particle == "으로")
    return value + (after_vowel if takes_vowel else after_consonant)


@cache
def particle_names(text: str) -> frozenset[str]:
    """Return the names of the values of a text that a particle follows."""
    return frozenset(_ASKED.findall(text))


class Particled:
    """A value of a text, formatted with a particle where the text asks for one."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        if spec in PARTICLES:
            return with_particle(str(self._value), spec)
        return format(self._value, spec)


def _last_sound(value: str) -> str | None:
    for character in reversed(value):
        code = ord(character)
        if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
            final = (code - _FIRST_SYLLABLE) % _FINALS
            return "" if not final else "l" if final == _RIEUL else "n"
        sound = _SOUNDS.get(character.lower())
        if sound is not None:
            return sound
        if character.isalpha():
            return None
    return None
