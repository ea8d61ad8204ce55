"""Damaged and hostile tapes by the hundred thousand, read as the program reads them.

``PYTHONPATH=tests python -m rig.tape_fuzz [--tapes 200000] [--seed 0]``

Half of them are recordings with bits flipped, bytes cut out, put in, doubled, and segments swapped:
what is read of them must be entries of the recording.  The others are made to hurt: lengths that
lie, segments that unpack to gigabytes, windows beyond the bound, keyframes of hostile JSON, times
at the ends of what 64 bits hold.  Nothing but `TapeError` may be raised, no tape may take a second
of the processor, and all of them together no more than 64 MiB.
"""

import os
import resource
import struct
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from time import process_time

import msgspec
import zstandard
from harness.tape_samples import HEADER, entry, expectations, link, trades, with_end, write_tape
from rig.figures import Stopwatch, arguments

from app.cli.tape_text import summary_lines
from app.feed.phase import LinkPhase
from app.tape.check import check
from app.tape.entry import LONGEST as LONGEST_PAYLOAD
from app.tape.entry import (
    MARKER,
    WINDOW_LOG,
    EntryKind,
    Header,
    TapeEntry,
    TapeError,
    pack,
    pack_header,
    pack_segment,
)
from app.tape.keyframe import KeyframeBuilder, read
from app.tape.reader import Tape
from app.tape.summary import summarise

MOST_BYTES = 64 * 1024 * 1024
LONGEST = 1.0
TIMES = (0, 1, -1, 2**63 - 1, -(2**63), 10**18, 4_102_444_800 * 10**9, 946_684_799 * 10**9)
BOMB = 1 << 30


class Fuzz:
    """Makes tapes and reads them."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = Random(seed)
        self.path = folder / "x.ktape"
        self.kinds: Counter[str] = Counter()
        self.refused = self.damaged = self.entries = 0
        self.slowest = (0.0, "")
        self.kept = [_recording(folder / f"{number}.ktape", number) for number in range(4)]
        self.known = [frozenset(self._entries(content)) for content in self.kept]
        # The last ones take long, and are made more seldom.
        self.hostile: dict[Callable[[], bytes], int] = {
            self._lengths: 10, self._window: 10, self._keyframe: 10, self._times: 10,
            self._header: 10, self._frames: 10, self._heads: 2, self._bomb: 1,
        }  # fmt: skip
        self._read()
        self.floor = peak()

    @property
    def grown(self) -> int:
        """Bytes that the process has grown by at its peak."""
        return peak() - self.floor

    def one(self) -> None:
        """Make a tape and read it.

        Raises:
            AssertionError: it was read wrong, or took too long.
        """
        if self.random.random() < 0.5:
            number = self.random.randrange(len(self.kept))
            self._is_read("mutated", self._mutated(self.kept[number]), self.known[number])
        else:
            [make] = self.random.choices([*self.hostile], [*self.hostile.values()])
            self._is_read(make.__name__, make(), None)

    def _is_read(self, kind: str, content: bytes, known: frozenset[TapeEntry] | None) -> None:
        self.kinds[kind] += 1
        self.path.write_bytes(content)
        begun = process_time()
        try:
            found = self._read()
        except TapeError:
            self.refused += 1
            found = []
        self.slowest = max(self.slowest, (process_time() - begun, kind))
        assert self.slowest[0] < LONGEST, f"{kind} took {self.slowest[0]:.1f} s"
        self.entries += len(found)
        assert known is None or known.issuperset(found), "an entry that never was"

    def _read(self) -> list[TapeEntry]:
        """All that the program ever asks of a tape."""
        if not self.path.exists():
            self.path.write_bytes(self.kept[0])
        heads = KeyframeBuilder()
        with Tape(self.path) as tape:
            found = list(tape.entries())
            for one in found:
                if one.kind == EntryKind.KEYFRAME:
                    heads.restore(read(one.payload))
                heads.apply(one)
            heads.pack()
            tape.torn()
            self.damaged += bool(check(tape))
            for _ in summary_lines(summarise(tape)):
                pass
        return found

    def _entries(self, content: bytes) -> list[TapeEntry]:
        self.path.write_bytes(content)
        with Tape(self.path) as tape:
            return list(tape.entries())

    def _mutated(self, content: bytes) -> bytes:
        for _ in range(1 + self.random.getrandbits(2)):
            content = self._once(bytearray(content))
        return content

    def _once(self, content: bytearray) -> bytes:
        draw, size = self.random, len(content)
        at, length = draw.randrange(size + 1), 1 << draw.randrange(12)
        match draw.randrange(8):
            case 0 | 1 | 2 if size:
                content[at % size] ^= 1 << draw.randrange(8)
            case 3:
                del content[at:]
            case 4:
                content[at:at] = draw.randbytes(length)
            case 5:
                del content[at : at + length]
            case 6:
                content[at:at] = content[draw.randrange(size + 1) :][:length]
            case _:
                head, *segments = bytes(content).split(MARKER)
                draw.shuffle(segments)
                content = bytearray(MARKER.join([head, *segments]))
        return bytes(content)

    def _tape(self, *contents: bytes, before: bytes | None = None) -> bytes:
        """A tape whose segments hold these bytes, rightly framed."""
        parts = [pack_header(HEADER) if before is None else before]
        for number, content in enumerate(contents):
            parts += pack_segment(number, *self._drawn()), zipped(content, WINDOW_LOG)
        return b"".join(parts)

    def _drawn(self) -> tuple[int, int]:
        return self.random.choice(TIMES), self.random.choice(TIMES)

    def _lengths(self) -> bytes:
        whole = b"".join(map(pack, trades(5)))
        length = self.random.choice((0, 1, 2**20, 2**20 + 1, 2**31, 2**32 - 1))
        crc = self.random.choice((0, zlib.crc32(bytes(17)), 2**32 - 1))
        return self._tape(whole + struct.pack("<II", length, crc) + bytes(17) + whole, whole)

    def _bomb(self) -> bytes:
        return pack_header(HEADER) + pack_segment(0, 0, 0) + bomb(self.random.randrange(3))

    def _window(self) -> bytes:
        log = self.random.randrange(WINDOW_LOG + 1, 31)
        content = b"".join(map(pack, trades(5)))
        wide = zipped(content, log) if log < 24 else _wide(log)
        return self._tape(content) + pack_segment(6, *self._drawn()) + wide + self._tape(content)

    def _keyframe(self) -> bytes:
        draw = self.random
        # One of the largest now and then: they take their time.
        size = draw.choice((1, 10, 1000, 150_000 if draw.random() < 0.02 else 1000))
        frame = msgspec.json.encode([*self._drawn(), draw.choice(("0|", "\u202e\x1b[2J", "x"))])
        payload = draw.choice(
            (
                b"[" * size,
                b'{"a":' * size,
                b'{"frames":[%b]}' % b",".join([frame] * min(size, 20_000)),
                b'{"names":{%b}}' % b",".join(b'"%d":""' % n for n in range(min(size, 75_000))),
                b'{"missed":{"A01612":%b}}' % draw.choice((b"1e999", b"-5", b"nan", b"1e308")),
                b'{"link":%b}' % (b"[" * size + b"]" * size),
                b"\xff" * size,
                draw.randbytes(size),
            )
        )
        return self._tape(
            *[pack(TapeEntry(EntryKind.KEYFRAME, *self._drawn(), payload[:LONGEST_PAYLOAD]))] * 2
        )

    def _times(self) -> bytes:
        entries = [
            TapeEntry(draw, *self._drawn(), one.payload)
            for one in trades(20, seed=self.random.randrange(100))
            for draw in (self.random.choice((*EntryKind, 0, 255)),)
        ]
        steps = [link(n, phase) for n, phase in enumerate(LinkPhase)]
        moved = [TapeEntry(one.kind, *self._drawn(), one.payload) for one in steps]
        return self._tape(b"".join(map(pack, entries)), b"".join(map(pack, moved)))

    def _header(self) -> bytes:
        date = self.random.choice(
            ("", "x", "9999-12-31", "0000-00-00", "\x1b[2J" * 9, "2026-11-23")
        )
        session = self.random.choice(("", "day", "night", "\u202e", "x" * 1000))
        version = self.random.choice((1, 1, 1, 0, -1, 2, 10**9))
        head = pack_header(Header(date, session, program="\x07", version=version))
        return self._tape(b"".join(map(pack, trades(3))), before=head)

    def _frames(self) -> bytes:
        """Messages that are none of KIS', and steps that no connection takes."""
        draw = self.random
        payloads = [
            *(b"0|H0EUCNT0|999|" + b"B01612A18^" * draw.randrange(2000), b"0|" * 500),
            *(b'{"phase":"\x1b[2J"}', b'{"phase":"live","epoch":1e400}', b"[" * 2000, b""),
            *(b'{"why":"record.why_x","seconds":1e999}', b'{"why":"\\u202e","missed":-1}'),
        ]
        entries = [
            entry(n, draw.choice(payloads), draw.choice(tuple(EntryKind))) for n in range(40)
        ]
        return self._tape(b"".join(map(pack, entries)))

    def _heads(self) -> bytes:
        """Heads of segments by the hundred, with nothing or nonsense behind them."""
        count = 1 << self.random.randrange(10)
        rest = self.random.choice((b"", b"\x28\xb5\x2f\xfd", bytes(3), b"\x50\x2a\x4d\x18" * 3))
        head = b"".join(pack_segment(n, *self._drawn()) + rest for n in range(count))
        return pack_header(HEADER) + head


def zipped(content: bytes, window_log: int) -> bytes:
    """One zstd frame with a window of so many bits."""
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=window_log)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packer.compress(content) + packer.flush()


def _wide(window_log: int) -> bytes:
    """The head of a frame that asks for a huge window, and a block of nothing."""
    return b"\x28\xb5\x2f\xfd\x00" + bytes([(window_log - 10) << 3]) + b"\x01\x00\x00"


@cache
def bomb(kind: int) -> bytes:
    """A frame that unpacks to a GiB: of zeros, of empty entries, or of noise that repeats."""
    unit = (
        bytes(1 << 20),
        pack(TapeEntry(EntryKind.FRAME, 0, 0, b"")) * 40_000,
        os.urandom(1 << 19) * 2,
    )
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=WINDOW_LOG)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    parts = [packer.compress(unit[kind]) for _ in range(BOMB >> 20)]
    return b"".join((*parts, packer.flush()))


def _recording(path: Path, number: int) -> bytes:
    entries = [*trades(40, seed=number), link(41, LinkPhase.BACKOFF, "closed"), *expectations(20)]
    write_tape(path, with_end(entries) if number % 2 else entries, every=(7, 15, 100, 30)[number])
    return path.read_bytes()


def peak() -> int:
    """The most memory that this process ever had, in bytes."""
    if sys.platform == "win32":
        raise NotImplementedError
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> int:
    """Read so many tapes, and say how it went."""
    options = arguments(__doc__, tapes=200_000, seed=0)
    watch = Stopwatch()
    for kind in range(3):
        bomb(kind)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        fuzz = Fuzz(options.seed, Path(name))
        for number in range(1, options.tapes + 1):
            fuzz.one()
            if number % 20_000 == 0:
                print(f"{number:,} tapes, peak +{fuzz.grown >> 20} MiB, {watch}", flush=True)
    print(
        f"{options.tapes:,} tapes: {fuzz.refused:,} refused, {fuzz.damaged:,} damaged, "
        f"{fuzz.entries:,} entries read; slowest {fuzz.slowest[0]:.2f} s ({fuzz.slowest[1]}); "
        f"peak +{fuzz.grown / (1 << 20):.0f} MiB; {watch}"
    )
    print(dict(fuzz.kinds))
    return 0 if fuzz.grown <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
