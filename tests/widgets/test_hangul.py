"""Keys typed with the Hangul input method on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.instruments.hangul import is_hangul, keys_of


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("ㅁ", "a"),
        ("ㅇ", "d"),
        ("ㅂ", "q"),
        ("ㄲ", "R"),
        ("마", "ak"),
        ("앚", "dkw"),
        ("없", "djqt"),
        ("쀍", "Qnpfr"),
        ("ㅘ", "hk"),
        ("ㅠ01612ㅁ31", "b01612a31"),
        ("a1-~", "a1-~"),
    ],
)
def test_letters_and_syllables_are_taken_apart_into_keys(typed: str, keys: str) -> None:
    assert keys_of(typed) == keys


@given(st.integers(0xAC00, 0xD7A3).map(chr))
def test_every_syllable_is_typed_with_latin_letters(syllable: str) -> None:
    assert is_hangul(syllable)
    assert keys_of(syllable).isascii()
    assert 2 <= len(keys_of(syllable)) <= 5
