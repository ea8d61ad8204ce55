"""Sending of texts to a client: through aiohttp or, for some faults, byte by byte.

A server's text frame is 0x81, its length in 1, 3 or 9 bytes, and the text, unmasked (RFC 6455).
"""

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from app.simulator.faults import Faults

_WHOLE, _FIRST, _MIDDLE = 0x81, 0x01, 0x00
_FRAGMENT = "9" * 60_000
_FILLER = "A01612^180000^"


class FrameWriter:
    """Writes the frames of one websocket, one after another."""

    def __init__(
        self, transport: asyncio.Transport, socket: web.WebSocketResponse, faults: "Faults"
    ) -> None:
        self._transport = transport
        self._socket = socket
        self._faults = faults
        self._turn = asyncio.Lock()

    async def send(self, text: str, *, data: bool = False) -> None:
        """Send a text; a closed client is ignored, and faults in bytes only affect data frames."""
        if self._socket.closed or self._faults.mutes_texts:
            return
        try:
            async with self._turn:
                if data and self._faults.damages_bytes:
                    await self._damaged(text)
                else:
                    await self._socket.send_str(text)
        except ConnectionError:
            # The client left: the read loop notices the closed socket.
            return

    async def ping(self) -> None:
        """Send a control frame's ping."""
        if not self._socket.closed:
            try:
                await self._socket.ping()
            except ConnectionError:
                return

    def disconnect(self, *, reset: bool = False) -> None:
        """End the connection without a close frame: FIN, or RST."""
        if reset:
            self._transport.abort()
        else:
            self._transport.close()

    async def _damaged(self, text: str) -> None:
        faults = self._faults
        if faults.oversize:
            await self._socket.send_str(text + "^" + _FILLER * (faults.oversize // len(_FILLER)))
        elif faults.fragments:
            await self._endless()
        elif faults.cut_after:
            raw = framed(text)
            self._transport.write(raw[: min(faults.cut_after, len(raw) - 1)])
            faults.cut_after = 0
            self.disconnect()
        else:
            for byte in framed(text):
                self._transport.write(bytes((byte,)))
                await asyncio.sleep(faults.slow)

    async def _endless(self) -> None:
        opcode = _FIRST
        while self._faults.fragments and not self._transport.is_closing():
            self._transport.write(framed(_FRAGMENT, opcode))
            opcode = _MIDDLE
            await asyncio.sleep(0.01)


def framed(text: str, opcode: int = _WHOLE) -> bytes:
    """The bytes of a frame."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        head = bytes((opcode, size))
    elif size < 1 << 16:
        head = bytes((opcode, 126)) + size.to_bytes(2)
    else:
        head = bytes((opcode, 127)) + size.to_bytes(8)
    return head + payload
