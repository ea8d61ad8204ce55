"""Writes one tape: a new file, some entries a write, segments that can be read by themselves."""

import errno
import os
from pathlib import Path

import zstandard

from app.system.platform_files import PRIVATE
from app.tape.entry import (
    SEGMENT_BYTES,
    SEGMENT_ENTRIES,
    WINDOW_LOG,
    EntryKind,
    Header,
    TapeEntry,
    pack,
    pack_header,
    pack_segment,
)

LEVEL = 5
"""zstd's level while recording: at a flush per beat 5 % smaller than level 3, for 4 µs an entry."""

SEGMENT_SPAN = 300_000_000_000
"""Nanoseconds after which a segment ends: a seek reads one of them."""


class TapeWriter:
    """One file; what could not be written is taken back, and a new segment begun after it.

    Entries are in the file after `flush`, which `begin_segment` and `close` call too.
    """

    def __init__(self, path: Path, header: Header, level: int = LEVEL) -> None:
        """Make the file, in a folder that is there.

        Raises:
            OSError: it cannot be made, or is there already.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | PRIVATE
        self.path = path
        self._level = level
        self._file = os.open(path, flags, 0o600)
        self._packer: zstandard.ZstdCompressionObj | None = None
        self._began = 0
        self._left = 0
        self._room = 0
        self._buffer = bytearray()
        self._buffered = 0
        self.size = 0
        """Bytes that the file holds."""
        self.entries = 0
        """Entries that were written, keyframes and those to be flushed included."""
        try:
            self._put(pack_header(header))
        except OSError:
            os.close(self._file)
            path.unlink(missing_ok=True)
            raise

    def is_due(self, monotonic: int) -> bool:
        """Whether a new segment is to be begun before an entry of this time."""
        spent = monotonic - self._began > SEGMENT_SPAN
        return self._packer is None or self._left <= 0 or self._room <= 0 or spent

    def begin_segment(self, keyframe: bytes, monotonic: int, wall: int) -> None:
        """Begin a segment with the state before it.

        Raises:
            OSError: it cannot be written; the file is as it was.
            ValueError: the keyframe is longer than any that is read.
        """
        self.flush()
        head = pack_segment(self.entries, monotonic, wall)
        self._end_segment()
        parameters = zstandard.ZstdCompressionParameters.from_level(
            self._level, window_log=WINDOW_LOG, write_checksum=True
        )
        self._packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
        self._began, self._left, self._room = monotonic, SEGMENT_ENTRIES, SEGMENT_BYTES
        self._buffer += head
        try:
            self.write(TapeEntry(EntryKind.KEYFRAME, monotonic, wall, keyframe))
        except ValueError:
            # No head was written: nothing may follow it.
            self._discard()
            raise

    def write(self, entry: TapeEntry) -> None:
        """Add an entry to the segment that was begun; it is in the file after the next `flush`.

        Raises:
            ValueError: its payload is longer than any that is read.
        """
        packer = self._packer
        assert packer is not None, "no segment was begun"
        content = pack(entry)
        self._buffer += packer.compress(content)
        self._buffered += 1
        self.entries += 1
        self._left -= 1
        self._room -= len(content)

    def flush(self) -> None:
        """Write the entries that were added, as whole zstd blocks in one write.

        Raises:
            OSError: they cannot be written; the file is as it was, and a segment is due.
        """
        if self._packer is None or not self._buffered:
            return
        self._buffer += self._packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        try:
            self._put(self._buffer)
        except OSError:
            # The compressor has gone on without the file: nothing may follow it.
            self._discard()
            raise
        self._buffer.clear()
        self._buffered = 0

    def sync(self) -> None:
        """Have the disk hold what was written.

        Raises:
            OSError: it does not.
        """
        os.fsync(self._file)

    def is_lost(self) -> bool:
        """Return whether the file was deleted or replaced."""
        try:
            there, own = os.stat(self.path), os.fstat(self._file)
        except OSError:
            return True
        return (there.st_dev, there.st_ino) != (own.st_dev, own.st_ino)

    def is_deleted(self) -> bool:
        """Whether the file has no name any more, and goes when it is closed."""
        try:
            return os.fstat(self._file).st_nlink == 0
        except OSError:
            return False

    def close(self) -> None:
        """Flush, end the segment and close the file, whether or not that can be written."""
        try:
            self.flush()
            self._end_segment()
        finally:
            os.close(self._file)

    def _discard(self) -> None:
        """Drop the segment and the entries that are not in the file."""
        self._packer = None
        self.entries -= self._buffered
        self._buffered = 0
        self._buffer.clear()

    def _end_segment(self) -> None:
        if self._packer is not None:
            last = self._packer.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)
            self._packer = None
            self._put(last)

    def _put(self, content: bytes | bytearray) -> None:
        written = os.write(self._file, content)
        try:
            if written != len(content):
                # A disk that fills up takes a part of a write without an error; the next says why.
                written += os.write(self._file, content[written:])
            if written != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(self._file, os.fstat(self._file).st_size - written)
            raise
        self.size += written
