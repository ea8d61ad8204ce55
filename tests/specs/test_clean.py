"""The cleaner: what a terminal would obey comes out masked, what a person reads as it was."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.clean import MASK, clean

HOSTILE = {
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "link": "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",
    "erase": "\x1b[2J\x1b[H",
    "colour": "\x1b[31mred",
    "cursor": "\x1b[?25l",
    "device": '\x1bP$q"p\x1b\\',
    "reset": "\x1bc",
    "c1 csi": "\x9b2J",
    "c1 osc": "\x9d0;x\x9c",
    "nul": "a\x00b",
    "bell": "\x07",
    "backspace": "abc\x08\x08\x08",
    "delete": "a\x7fb",
    "tab": "a\tb",
    "return": "good\rbad",
    "newline": "a\nb",
    "vertical": "a\x0b\x0cb",
    "override": "a\u202eb",
    "mark": "\u200e\u200f",
    "isolate": "\u2066x\u2069",
    "zero width": "A0\u200b16\u200d12",
    "bom": "\ufeffA01612",
    "separator": "a\u2028b\u2029c",
    "tags": "x\U000e0041\U000e007f",
    "surrogate": "a\ud800b",
    "private": "\ue000",
    "soft hyphen": "a\u00adb",
    "filler": "a\U0001d173b",
}
READABLE = [
    "코스닥150F 202609", "삼성전자   F 202607 (  10)", "위클리M C 2609W4   970.0", "[red]x[/red]",
    "[/]", "a\u0301e\u0302", "\u1112\u1161\u11ab", "−0.54 ▲▼ ×", "漢字 かな", "😀", "", " ",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_comes_out_printable(text: str) -> None:
    """L04, L05"""
    got = clean(text)
    assert got.isprintable()
    assert len(got) == len(text)
    assert got == "".join(c if c.isprintable() else MASK for c in text)
    assert MASK in got
    got.encode()


@pytest.mark.parametrize("text", READABLE)
def test_what_can_be_read_stays_as_it_was(text: str) -> None:
    assert clean(text) is text or clean(text) == text


def test_a_text_is_cut_to_its_limit() -> None:
    assert clean("가" * 5000, 20) == "가" * 20
    assert clean("x" * 121) == "x" * 120
    assert clean("a" + "\u0301" * 500, 8) == "a" + "\u0301" * 7
    assert clean("\x1b" * 10_000, 4) == MASK * 4
    assert clean("x", 0) == ""


@settings(deadline=None)
@given(st.text(st.characters(codec=None)), st.integers(0, 40))
def test_any_text_comes_out_printable_short_and_clean_for_good(text: str, limit: int) -> None:
    got = clean(text, limit)
    assert got.isprintable()
    assert len(got) == min(len(text), limit)
    assert not {unicodedata.category(c) for c in got} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert clean(got, limit) == got
