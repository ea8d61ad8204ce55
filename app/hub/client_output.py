"""What a gateway sends to one client: whole websocket frames, with a bound on what waits.

A client that reads nothing fills its buffer once; from then on the newest frame of each
registration waits for it, so that it wakes to the present.  Source of the frame's head: RFC 6455,
section 5.2 (a server does not mask).
"""

import asyncio

BUFFER = 256 * 1024
"""Bytes that wait for a client before its data frames replace each other."""

LARGEST_BUFFER = 1024 * 1024
"""Bytes, answers included, for which a client that does not read its answers is cut off."""

FLUSH_EVERY = 0.02
"""Seconds between two looks whether a client reads again."""


_TEXT, _BINARY = b"\x81", b"\x82"


def text_frame(raw: str) -> bytes:
    """Return a text as one websocket frame of a server."""
    return _frame(_TEXT, raw.encode())


def binary_frame(payload: bytes) -> bytes:
    """Return bytes as one websocket frame of a server."""
    return _frame(_BINARY, payload)


def _frame(kind: bytes, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return kind + size.to_bytes(1) + payload
    if size < 1 << 16:
        return kind + b"\x7e" + size.to_bytes(2) + payload
    return kind + b"\x7f" + size.to_bytes(8) + payload


class ClientOutput:
    """Writes to the transport of one client."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport = transport
        self._newest: dict[object, bytes] = {}
        self._flush: asyncio.TimerHandle | None = None
        self.dropped = 0
        """Data frames that newer ones replaced."""

    @property
    def is_stalled(self) -> bool:
        """Whether data frames wait because the client does not read."""
        return bool(self._newest)

    def forward(self, key: object, framed: bytes) -> None:
        """Send a data frame; while the client does not read, the newest of each `key` waits."""
        transport = self._transport
        if not self._newest and transport.get_write_buffer_size() < BUFFER:
            if not transport.is_closing():
                transport.write(framed)
            return
        if self._newest.pop(key, None) is not None:
            self.dropped += 1
        self._newest[key] = framed
        if self._flush is None:
            self._flush = self._loop.call_later(FLUSH_EVERY, self._send_newest)

    def answer(self, raw: str | bytes) -> None:
        """Send an answer; a client that leaves a megabyte unread is cut off."""
        if self._transport.get_write_buffer_size() > LARGEST_BUFFER:
            self._transport.abort()
        elif not self._transport.is_closing():
            self._transport.write(text_frame(raw) if isinstance(raw, str) else binary_frame(raw))

    def abort(self) -> None:
        """End the connection, whatever still waits."""
        self._transport.abort()

    def close(self) -> None:
        """Send nothing more."""
        self._newest.clear()
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None

    def _send_newest(self) -> None:
        self._flush = None
        transport = self._transport
        if transport.is_closing():
            self._newest.clear()
        while self._newest and transport.get_write_buffer_size() < BUFFER:
            key = next(iter(self._newest))
            transport.write(self._newest.pop(key))
        if self._newest:
            self._flush = self._loop.call_later(FLUSH_EVERY, self._send_newest)
