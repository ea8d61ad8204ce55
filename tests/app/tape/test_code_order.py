"""Codes of a tape are listed as they were watched, otherwise in the exchange's order."""

from pathlib import Path
from random import Random

import pytest
from harness.tape_samples import BEGIN, BOOTED, HEADER, entry, trade

from app.tape.code_order import in_order
from app.tape.keyframe import KeyframeBuilder
from app.tape.reader import Tape
from app.tape.tape_index import TapeIndex
from app.tape.times import nanoseconds
from app.tape.writer import TapeWriter

LISTED = [
    *("A01612", "A01703", "A05612", "A11612"),
    *("B01612990", "C01612990", "B01612A18", "C01612A18", "B01612A20", "B01701A15", "B09FMWA34"),
    "B11612A10",
]


def test_futures_come_first_then_product_expiry_strike_and_calls_before_puts() -> None:
    for seed in range(5):
        mixed = Random(seed).sample(LISTED, len(LISTED))
        assert in_order(mixed, ()) == LISTED


def test_what_the_recording_named_keeps_its_order_before_all_others() -> None:
    named = ["C01612A18", "A05612", "B01612A99"]
    found = in_order(LISTED, named)
    assert found[:2] == named[:2]
    assert found[2:] == [code for code in LISTED if code not in named]
    assert "B01612A99" not in found


@pytest.mark.parametrize(
    "listed",
    [
        # 2029 before 2030, though the digit is larger.
        ["A01912", "A01003"],
        # A spread has no month.
        ["A01612", "A01703", "D0112V5S"],
        # So has a weekly option, whose code sorts before those of monthly ones.
        ["B09612A34", "C09612A34", "B091AWA34"],
        # Stocks come after all indices, whatever their products are.
        ["A01612", "AA0612", "A11612", "B01612A18", "BAF612A18", "B11612A10"],
        ["A01612", "B01612A18", "", "???"],
    ],
)
def test_codes_are_listed_by_kind_product_expiry_and_no_codes_last(listed: list[str]) -> None:
    for seed in range(4):
        assert in_order(Random(seed).sample(listed, len(listed)), ()) == listed


def test_a_tape_lists_its_codes_as_they_were_watched(tmp_path: Path) -> None:
    heads = KeyframeBuilder()
    heads.name({"B01612A18": "C 202612 1,045.0", "A01612": "F 202612"})
    writer = TapeWriter(tmp_path / "a.ktape", HEADER)
    writer.begin_segment(heads.pack(), BOOTED, nanoseconds(BEGIN))
    for number, code in enumerate(("A05612", "A01612", "B01612A18")):
        writer.write(entry(number, trade(code, number, 10)))
    writer.close()
    with Tape(tmp_path / "a.ktape") as tape:
        assert TapeIndex(tape).codes == ["B01612A18", "A01612", "A05612"]
