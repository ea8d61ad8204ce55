"""What a keyframe keeps: of which frames, in which order, and from an earlier keyframe."""

import pytest
from harness.sample_frames import frame, record
from harness.tape_samples import FUTURE, OPTION, entry, trade

from app.tape.entry import EntryKind, TapeEntry
from app.tape.keyframe import (
    LONGEST_FRAME,
    MOST,
    Keyframe,
    KeyframeBuilder,
    ReceivedFrame,
    keys,
    read,
)

TR = b"H0EUCNT0"
NAME = OPTION.encode()


def single(body: str, tr_id: str = "H0EUCNT0") -> bytes:
    return f"0|{tr_id}|001|{body}".encode()


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (single(f"{OPTION}^190000^1"), [(TR, NAME)]),
        # A code of one character, of nine and of ten; without its end it is none.
        (single("B^190000"), [(TR, b"B")]),
        (single("B12345678^190000"), [(TR, b"B12345678")]),
        (single("B123456789^190000"), []),
        (single("^190000"), []),
        (single("B01612A18"), []),
        # Other TRs, other messages.
        (single(f"{OPTION}^190000", "H0XXXXX0"), []),
        (f"1|H0EUCNT0|001|{OPTION}^190000".encode(), []),
        (b'{"header":{}}', []),
        (b"", []),
        (b"0|H0EUCNT0|002|damaged^x", []),
        (b"0|H0EUCNT0|002|\xff^x", []),
    ],
)
def test_the_keys_of_a_frame_are_its_tr_and_codes(
    raw: bytes, found: list[tuple[bytes, bytes]]
) -> None:
    assert keys(raw) == found


def test_the_keys_of_a_frame_of_several_records_are_each_told_once() -> None:
    codes = ("B01612A18", "B01612A20", "B01612A18")
    raw = frame("H0EUCNT0", *(record("H0EUCNT0", code) for code in codes)).encode()
    assert keys(raw) == [(TR, b"B01612A18"), (TR, b"B01612A20")]


@pytest.mark.parametrize(("length", "is_kept"), [(LONGEST_FRAME, True), (LONGEST_FRAME + 1, False)])
def test_a_frame_of_up_to_16_kib_is_kept(length: int, is_kept: bool) -> None:
    assert LONGEST_FRAME == 16_384
    raw = single(f"{OPTION}^190000^")
    raw += b"1" * (length - len(raw))
    assert bool(keys(raw)) is is_kept
    heads = KeyframeBuilder()
    heads.apply(TapeEntry(EntryKind.FRAME, 1, 2, raw))
    assert len(read(heads.pack()).frames) == is_kept


@pytest.mark.parametrize(("length", "is_kept"), [(LONGEST_FRAME, True), (LONGEST_FRAME + 1, False)])
def test_a_step_of_up_to_16_kib_is_kept(length: int, is_kept: bool) -> None:
    heads = KeyframeBuilder()
    heads.apply(entry(0, '{"phase":"live"}', EntryKind.LINK))
    long = '"' + "x" * (length - 2) + '"'
    heads.apply(entry(1, long, EntryKind.LINK))
    assert bytes(read(heads.pack()).link) == (long.encode() if is_kept else b'{"phase":"live"}')


@pytest.mark.parametrize("damaged", ['{"phase"', "", b'"\xff"'])
def test_a_damaged_step_is_not_kept(damaged: str | bytes) -> None:
    heads = KeyframeBuilder()
    assert bytes(read(heads.pack()).link) == b"null"
    heads.apply(entry(0, '{"phase":"live"}', EntryKind.LINK))
    heads.apply(entry(1, damaged, EntryKind.LINK))
    assert bytes(read(heads.pack()).link) == b'{"phase":"live"}'


def test_the_newest_frame_of_each_registration_is_kept_as_they_came() -> None:
    heads = KeyframeBuilder()
    told = [(FUTURE, 0, 1), (OPTION, 1, 1), (FUTURE, 2, 2)]
    entries = [entry(at, trade(code, at, volume)) for code, at, volume in told]
    for one in (*entries, entry(3, "{}"), entry(4, trade(OPTION, 4, 5), EntryKind.BINARY)):
        heads.apply(one)
    assert read(heads.pack()).frames == [
        ReceivedFrame(one.monotonic, one.wall, one.payload.decode()) for one in entries[1:]
    ]


def test_a_frame_of_several_codes_is_told_once() -> None:
    both = frame("H0EUCNT0", *(record("H0EUCNT0", code) for code in ("B01612A18", "B01612A20")))
    heads = KeyframeBuilder()
    heads.apply(entry(0, both))
    assert [one.frame for one in read(heads.pack()).frames] == [both]
    later = frame("H0EUCNT0", record("H0EUCNT0", "B01612A18"))
    heads.apply(entry(1, later))
    assert [one.frame for one in read(heads.pack()).frames] == [both, later]


def test_the_newest_512_registrations_are_kept() -> None:
    heads = KeyframeBuilder()
    for number in range(MOST + 2):
        heads.apply(entry(number, single(f"B{number:08}^190000")))
        assert len(heads._newest) <= MOST == 512
    frames = read(heads.pack()).frames
    assert len(frames) == 512
    assert frames[0].frame.endswith("B00000002^190000")
    again = KeyframeBuilder()
    again.restore(Keyframe([ReceivedFrame(0, 0, single("B9^190000").decode()), *frames]))
    assert read(again.pack()).frames == frames


def test_a_keyframe_is_restored_with_all_or_some_codes() -> None:
    frames = [
        ReceivedFrame(1, 2, trade(FUTURE, 0, 1)),
        ReceivedFrame(3, 4, trade(OPTION, 1, 1)),
        ReceivedFrame(5, 6, "{}"),
    ]
    state = read(b'{"link":{"phase":"live"},"names":{"A01612":"F"},"missed":{"A01612":2.0}}')
    for codes, kept in (((), frames[:2]), ((NAME,), frames[1:2]), ((b"A05612",), [])):
        heads = KeyframeBuilder()
        heads.name({OPTION: "C"})
        heads.miss({OPTION: 1.0})
        heads.restore(Keyframe(frames, state.link, state.names, state.missed), codes)
        found = read(heads.pack())
        assert found.frames == kept
        assert bytes(found.link) == b'{"phase":"live"}'
        assert found.names == {OPTION: "C", FUTURE: "F"}
        assert found.missed == {FUTURE: 2.0}
    heads.restore(read(b'{"link":null}'))
    assert bytes(read(heads.pack()).link) == b"null"


def test_a_keyframe_that_is_too_long_loses_its_oldest_half_and_then_its_names() -> None:
    heads = KeyframeBuilder()
    for number in range(5):
        heads.apply(entry(number, single(f"B{number:08}^190000")))
    heads.apply(entry(6, '{"phase":"live"}', EntryKind.LINK))
    heads.name({FUTURE: "x" * (1024 * 1024 - 300)})
    found = read(heads.pack())
    assert [one.frame[15:24] for one in found.frames] == ["B00000003", "B00000004"]
    assert FUTURE in found.names
    heads.name({FUTURE: "x" * 1024 * 1024})
    found = read(heads.pack())
    assert (found.frames, found.names, bytes(found.link)) == ([], {}, b'{"phase":"live"}')


def test_what_is_missed_is_a_copy() -> None:
    heads, missed = KeyframeBuilder(), {FUTURE: 1.0}
    heads.miss(missed)
    missed[FUTURE] = 9.0
    assert read(heads.pack()).missed == {FUTURE: 1.0}
