"""Keyframes: what they repeat, how large they get, and hostile ones."""

import pytest
from harness.sample_frames import frame, record
from harness.tape_samples import entry, trades

from app.tape import keyframe
from app.tape.entry import EntryKind
from app.tape.keyframe import MOST, Keyframe, KeyframeBuilder, ReceivedFrame, read


def test_a_keyframe_always_fits_and_keeps_the_newest() -> None:
    heads = KeyframeBuilder()
    for number in range(MOST + 100):
        body = f"B{number:08}^190000^" + "\x01" * 16_000
        heads.apply(entry(number, f"0|H0EUCNT0|001|{body}"))
    payload = heads.pack()
    assert len(payload) <= 1024 * 1024
    found = read(payload)
    assert found.frames[-1].frame[15:24] == f"B{MOST + 99:08}"
    heads.apply(entry(0, b'{"phase"', EntryKind.LINK))
    heads.apply(entry(0, "[" * 5000, EntryKind.LINK))
    assert read(heads.pack()).frames == found.frames
    heads.name({"B01612A18": "x" * 2_000_000})
    assert len(heads.pack()) <= 1024 * 1024


def test_a_keyframe_goes_on_from_another() -> None:
    heads = KeyframeBuilder()
    for one in trades(40):
        heads.apply(one)
    heads.apply(entry(41, '{"phase":"live"}', EntryKind.LINK))
    heads.name({"A01612": "F 202612"})
    heads.miss({"A01612": 7.0})
    again = KeyframeBuilder()
    again.restore(read(heads.pack()))
    assert again.pack() == heads.pack()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"frames":' + b"[" * 100_000,
        b'{"frames":[[0,0]]}',
        b'{"frames":[[18446744073709551616,0,""]]}',
        b'{"frames":[["a",0,""]]}',
        b'{"missed":{"A01612":1e999}}',
        b'{"names":{"A01612":7}}',
        b'{"link":{"phase":}}',
    ],
)
def test_a_hostile_keyframe_is_an_empty_one(payload: bytes) -> None:
    found = read(payload)
    assert (found.frames, found.names, found.missed) == ([], {}, {})


def test_times_of_a_keyframe_are_those_of_an_entry() -> None:
    told = ReceivedFrame(2**63 - 1, -(2**63), "0|")
    heads = KeyframeBuilder()
    heads.restore(Keyframe([told]))
    assert read(heads.pack()).frames == []


def test_a_keyframe_of_exactly_the_longest_payload_keeps_all_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heads = KeyframeBuilder()
    for number in range(9):
        heads.apply(entry(number, frame("H0IFCNT0", record("H0IFCNT0", f"A0{number}612"))))
    length = len(heads.pack())
    monkeypatch.setattr(keyframe, "LONGEST", length)
    assert len(read(heads.pack()).frames) == 9
    monkeypatch.setattr(keyframe, "LONGEST", length - 1)
    kept = read(heads.pack()).frames
    assert [one.frame.split("|")[3][:6] for one in kept] == ["A05612", "A06612", "A07612", "A08612"]
