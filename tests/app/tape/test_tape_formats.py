"""Tapes of every form that was ever written: ``tests/data/tapes``, never made anew."""

import ast
from pathlib import Path

import pytest

from app.tape.check import check
from app.tape.entry import EntryKind, Header, TapeEntry
from app.tape.reader import Tape

TAPES = Path(__file__).parents[2] / "data" / "tapes"


def expected() -> list[TapeEntry]:
    rows = [line.split("\t") for line in (TAPES / "entries.tsv").read_text().splitlines()[1:]]
    return [
        TapeEntry(ord(kind), int(monotonic), int(wall), ast.literal_eval(payload))
        for kind, monotonic, wall, payload in rows
    ]


@pytest.mark.parametrize("name", ["flushed-by-entry", "flushed-by-beat", "packed"])
def test_a_tape_of_every_earlier_form_is_read_as_before(name: str) -> None:
    with Tape(TAPES / f"{name}.ktape") as tape:
        assert check(tape) == []
        assert tape.header == Header("2026-11-23", "night")
        assert [one.number for one in tape.segments] == [0, 13, 26]
        entries = list(tape.entries())
    assert [one for one in entries if one.kind != EntryKind.KEYFRAME] == expected()


def test_every_kept_tape_is_read_by_this_test() -> None:
    assert {path.stem for path in TAPES.glob("*.ktape")} == {
        "flushed-by-entry",
        "flushed-by-beat",
        "packed",
    }
