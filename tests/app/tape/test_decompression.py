"""Unpacking of a zstd frame in a file: block by block, up to what is damaged, within bounds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
import zstandard

from app.tape import decompression
from app.tape.decompression import blocks, decompressor, pieces

MIB = 1024 * 1024
BEFORE, BEHIND = b"before", b"behind it"
NOISE = Random(1).randbytes(300_000)


def packed(*parts: bytes, checksum: bool = True, window: int = 20) -> bytes:
    """Return a frame whose parts were flushed one by one."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, window_log=window, write_checksum=checksum
    )
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    found = b""
    for part in parts:
        found += packer.compress(part) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return found + packer.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


@contextmanager
def opened(folder: Path, frame: bytes) -> Iterator[tuple[int, int, int]]:
    """Open a file with a frame in it; yield the file and the frame's offsets."""
    path = folder / "frame"
    path.write_bytes(BEFORE + frame + BEHIND)
    file = os.open(path, os.O_RDONLY)
    try:
        yield file, len(BEFORE), len(BEFORE) + len(frame)
    finally:
        os.close(file)


CONTENTS = {
    "empty": (b"",),
    "short": (b"a" * 10, b"b" * 20),
    "one byte repeated": (b"x" * 500_000,),
    "noise": (NOISE, NOISE[:5], NOISE[7:90_000]),
    "a piece": (bytes(65_536),),
    "two pieces": (NOISE[:65_536], NOISE[:65_536]),
}


@pytest.mark.parametrize("parts", CONTENTS.values(), ids=CONTENTS.keys())
@pytest.mark.parametrize("checksum", [True, False])
def test_a_frame_is_unpacked_whole_and_in_its_blocks(
    tmp_path: Path, parts: tuple[bytes, ...], checksum: bool
) -> None:
    frame = packed(*parts, checksum=checksum)
    with opened(tmp_path, frame) as at:
        assert b"".join(pieces(*at)) == b"".join(parts)
        found = list(blocks(*at))
    assert b"".join(found) == frame
    if checksum:
        assert len(found[-1]) == 4
    unpacker = decompressor().decompressobj()
    assert b"".join(unpacker.decompress(one) for one in found) == b"".join(parts)


def test_of_a_frame_that_is_cut_off_the_whole_blocks_are_given(tmp_path: Path) -> None:
    parts = (NOISE[:1000], NOISE[:65_536], b"x" * 70_000, b"end")
    whole = packed(*parts)
    with opened(tmp_path, whole) as at:
        ends = [0]
        for one in blocks(*at):
            ends.append(ends[-1] + len(one))
    head, *others = ends[1:-1]
    for size in (head, head + 1, *(end + by for end in others for by in (-1, 0, 1))):
        with opened(tmp_path, whole[:size]) as at:
            given = b"".join(pieces(*at))
            found = list(blocks(*at))
        held = max(end for end in ends if end <= size)
        assert b"".join(found) == whole[:held]
        unpacker = decompressor().decompressobj()
        assert given.startswith(b"".join(unpacker.decompress(one) for one in found))
        assert b"".join(parts).startswith(given)


def test_what_comes_before_a_damaged_block_is_given(tmp_path: Path) -> None:
    parts = (NOISE[:200], NOISE[:70_000], bytes(90_000), NOISE[:500])
    frame = bytearray(packed(*parts))
    with opened(tmp_path, bytes(frame)) as at:
        sizes = [len(one) for one in blocks(*at)]
    # The head of the last block but one claims a type that is reserved.
    place = sum(sizes[:-3])
    frame[place] |= 6
    given = bytearray()

    def unpack(file: int, start: int, end: int) -> None:
        for one in pieces(file, start, end):
            given.extend(one)

    with opened(tmp_path, bytes(frame)) as at, pytest.raises(zstandard.ZstdError):
        unpack(*at)
    whole = b"".join(parts)
    assert given
    assert whole.startswith(given)


@pytest.mark.parametrize(("size", "is_read"), [(99_999, True), (131_071, True), (131_072, False)])
def test_a_frame_that_unpacks_to_too_much_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, is_read: bool
) -> None:
    # Two segments of a writer, and an entry.
    assert decompression._MOST_BYTES == 33 * MIB
    monkeypatch.setattr(decompression, "_MOST_BYTES", 2 * 65_536)
    with opened(tmp_path, packed(bytes(size))) as at:
        if is_read:
            assert len(b"".join(pieces(*at))) == size
        else:
            with pytest.raises(ValueError, match=str(size)):
                list(pieces(*at))


@pytest.mark.parametrize(("window", "is_read"), [(19, True), (20, True), (21, False)])
def test_a_frame_may_ask_for_a_mebibyte_of_memory(
    tmp_path: Path, window: int, is_read: bool
) -> None:
    with opened(tmp_path, packed(NOISE, window=window)) as at:
        if is_read:
            assert b"".join(pieces(*at)) == NOISE
        else:
            with pytest.raises(zstandard.ZstdError):
                list(pieces(*at))


def test_what_is_no_frame_is_damaged_and_nothing_is_empty(tmp_path: Path) -> None:
    with opened(tmp_path, b"no frame at all") as at, pytest.raises(zstandard.ZstdError):
        list(pieces(*at))
    with opened(tmp_path, b"") as at:
        assert list(pieces(*at)) == list(blocks(*at)) == []
