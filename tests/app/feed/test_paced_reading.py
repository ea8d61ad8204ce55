"""Frames read together: pauses of a real transport on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.feed.paced_reading import BACKLOG, EARLY, PAUSE, PacedReading

FIRST_PING = 1000.0


class Reader(asyncio.Protocol):
    """Counts wake-ups and bytes, and reports data to a pace as the feed does."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.pace: PacedReading | None = None
        self.now = 0.0
        self.received = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.pace = PacedReading(transport)

    def data_received(self, data: bytes) -> None:
        self.pieces.append(data)
        self.received.set()
        assert self.pace is not None
        self.pace.data_received(self.now)


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[asyncio.StreamWriter, Reader]]:
    """A writer and the reader at its other end."""
    loop = asyncio.get_running_loop()
    accepted: asyncio.Future[asyncio.StreamWriter] = loop.create_future()
    server = await asyncio.start_server(
        lambda reader, writer: accepted.set_result(writer), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    transport, reader = await loop.create_connection(Reader, "127.0.0.1", port)
    writer = await accepted
    try:
        yield writer, reader
    finally:
        transport.abort()
        writer.close()
        server.close()


async def send(writer: asyncio.StreamWriter, count: int) -> None:
    """Send so many frames, and let the loop run between them."""
    for _ in range(count):
        writer.write(b"frame")
        await writer.drain()
        for _ in range(3):
            await asyncio.sleep(0)


async def test_the_first_frame_is_read_at_once_and_the_next_ones_together() -> None:
    async with connection() as (writer, reader):
        writer.write(b"frame")
        await reader.received.wait()
        await asyncio.sleep(0)
        assert not reader.transport.is_reading()
        await send(writer, 20)
        assert reader.pieces == [b"frame"]
        reader.received.clear()
        await reader.received.wait()
        assert reader.pieces == [b"frame", b"frame" * 20]


async def test_reading_goes_on_after_each_pause() -> None:
    async with connection() as (writer, reader):
        for _ in range(5):
            reader.received.clear()
            writer.write(b"frame")
            await reader.received.wait()
        assert b"".join(reader.pieces) == b"frame" * 5


async def test_nothing_waits_while_a_pingpong_is_due() -> None:
    async with connection() as (writer, reader):
        assert reader.pace is not None
        reader.pace.pingpong_received(FIRST_PING)
        reader.pace.pingpong_received(FIRST_PING + 10)
        reader.now = FIRST_PING + 20 - EARLY
        writer.write(b"frame")
        await reader.received.wait()
        await asyncio.sleep(0)
        assert reader.transport.is_reading()
        reader.pace.pingpong_received(FIRST_PING + 20)
        reader.received.clear()
        writer.write(b"frame")
        await reader.received.wait()
        await asyncio.sleep(0)
        assert not reader.transport.is_reading()


async def test_the_next_pingpong_is_unknown_until_there_were_two() -> None:
    async with connection() as (writer, reader):
        assert reader.pace is not None
        reader.pace.pingpong_received(FIRST_PING)
        reader.now = FIRST_PING + 1e6
        writer.write(b"frame")
        await reader.received.wait()
        await asyncio.sleep(0)
        assert not reader.transport.is_reading()


async def test_reading_goes_on_at_once_where_many_frames_came_together() -> None:
    async with connection() as (_, reader):
        assert reader.pace is not None
        for frames, pauses in ((BACKLOG, False), (BACKLOG - 1, True)):
            for _ in range(frames):
                reader.pace.data_received(0.0)
            await asyncio.sleep(0)
            assert reader.transport.is_reading() is not pauses


async def test_close_resumes_a_paused_transport() -> None:
    async with connection() as (writer, reader):
        assert reader.pace is not None
        writer.write(b"frame")
        await reader.received.wait()
        await asyncio.sleep(0)
        assert not reader.transport.is_reading()
        reader.pace.close()
        assert reader.transport.is_reading()


async def test_a_transport_that_was_lost_meanwhile_is_left_alone() -> None:
    async with connection() as (writer, reader):
        writer.write(b"frame")
        await reader.received.wait()
        reader.transport.abort()
        await asyncio.sleep(2 * PAUSE)
        assert not reader.transport.is_reading()


async def test_a_pause_of_zero_reads_every_frame_as_it_comes() -> None:
    async with connection() as (writer, reader):
        reader.pace = PacedReading(reader.transport, 0.0)
        writer.write(b"frame")
        await reader.received.wait()
        await asyncio.sleep(0)
        assert reader.transport.is_reading()


async def test_without_a_transport_nothing_is_paused() -> None:
    pace = PacedReading(None)
    pace.data_received(0.0)
    await asyncio.sleep(0)
    pace.close()
