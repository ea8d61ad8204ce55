"""Korean particles after every kind of value, in the function and in every message.

The forms are those of the Standard Korean rules (한글 맞춤법, 표준어 규정): by the last sound as it
is read aloud; digits are read 영 일 이 삼 사 오 육 칠 팔 구, Latin letters by their Korean names.
"""

import re

import pytest

from widgets.texts import catalogue, speaking, t
from widgets.texts.particles import PARTICLES, with_particle

FORMS = (
    # value, 은/는, 이/가, 을/를, 과/와, 으로/로
    ("앱키", "는", "가", "를", "와", "로"),
    ("앱시크릿", "은", "이", "을", "과", "으로"),
    ("콜", "은", "이", "을", "과", "로"),
    ("12월", "은", "이", "을", "과", "로"),
    ("0", "은", "이", "을", "과", "으로"),
    ("1", "은", "이", "을", "과", "로"),
    ("2", "는", "가", "를", "와", "로"),
    ("3", "은", "이", "을", "과", "으로"),
    ("4", "는", "가", "를", "와", "로"),
    ("5", "는", "가", "를", "와", "로"),
    ("6", "은", "이", "을", "과", "으로"),
    ("7", "은", "이", "을", "과", "로"),
    ("8", "은", "이", "을", "과", "로"),
    ("9", "는", "가", "를", "와", "로"),
    ("C 202612 1,075.0", "은", "이", "을", "과", "으로"),
    ("2026-11-28", "은", "이", "을", "과", "로"),
    ("KIS", "는", "가", "를", "와", "로"),
    ("REST", "는", "가", "를", "와", "로"),
    ("TOML", "은", "이", "을", "과", "로"),
    ("JSON", "은", "이", "을", "과", "으로"),
    ("HMM", "은", "이", "을", "과", "으로"),
    ("TR", "은", "이", "을", "과", "로"),
    ("/home/a/config.toml", "은", "이", "을", "과", "로"),
    ("'야간'", "은", "이", "을", "과", "으로"),
    ("삼성전자(주)", "는", "가", "를", "와", "로"),
    ("0.39%", "는", "가", "를", "와", "로"),
    ("B01612A31", "은", "이", "을", "과", "로"),
    ("A11612", "는", "가", "를", "와", "로"),
)

_BARE = re.compile(r"\}['\"”’]?\s?(?:은|는|이|가|을|를|과|와|으로|로)(?=[\s.,;:—·]|$)")
_COUNTED = re.compile(r"\{(\w+):(?:" + "|".join(PARTICLES) + r")\}")


@pytest.mark.parametrize("row", FORMS, ids=[row[0] for row in FORMS])
def test_a_particle_follows_the_last_sound_of_a_value(row: tuple[str, ...]) -> None:
    value, *forms = row
    assert [with_particle(value, one) for one in PARTICLES] == [value + form for form in forms]


@pytest.mark.parametrize("value", ["", "—", "東京", "…"])
def test_both_forms_stand_where_no_reading_is_known(value: str) -> None:
    assert with_particle(value, "을") == f"{value}을(를)"
    assert with_particle(value, "으로") == f"{value}으로(로)"


def asked() -> list[tuple[str, str]]:
    """Return key and text of every Korean message that asks for a particle."""
    return [
        (f"{area}.{key}", texts["ko"])
        for area, keys in catalogue().items()
        for key, texts in keys.items()
        if _COUNTED.search(texts["ko"])
    ]


def test_every_message_has_the_right_particle_for_every_kind_of_value() -> None:
    assert len(asked()) > 10
    with speaking("ko"):
        for key, text in asked():
            names = set(re.findall(r"\{(\w+)", text))
            for value, *forms in FORMS:
                made = t(key, **dict.fromkeys(names, value))
                for match in _COUNTED.finditer(text):
                    particle = match[0][len(match[1]) + 2 : -1]
                    form = forms[list(PARTICLES).index(particle)]
                    assert f"{value}{form}" in made, (key, value)


def test_no_korean_text_has_a_fixed_particle_behind_a_value() -> None:
    bare = [
        (f"{area}.{key}", texts["ko"])
        for area, keys in catalogue().items()
        for key, texts in keys.items()
        if _BARE.search(texts["ko"])
    ]
    assert bare == []


def test_english_texts_ask_for_no_particle() -> None:
    texts = (one["en"] for keys in catalogue().values() for one in keys.values())
    assert [text for text in texts if _COUNTED.search(text)] == []
