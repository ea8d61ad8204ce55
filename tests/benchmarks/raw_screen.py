"""A screen without Textual: the least that a Python program does for the same rows.

The same client, event loop and decoder as the program; the newest record of each code, ten beats a
second, one line of text for each row that changed, and keys that move a cursor.
"""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Callable

import aiohttp

from app.feed import feed_loop
from specs.frame import decode
from specs.record import OptionTradeRecord

BEAT = 0.1
TRADES = {"A": "H0MFCNT0"}
OPTION_TRADES = "H0EUCNT0"
_CURSOR, _PLAIN = "\x1b[48;2;34;48;58m", "\x1b[0m"


class RawScreen:
    """Rows of texts on the terminal, and the feed that fills them."""

    def __init__(self, codes: list[str], columns: tuple[str, ...]) -> None:
        self.codes, self.columns = codes, columns
        self.frames = 0
        self._newest: dict[str, OptionTradeRecord] = {}
        self._texts = {code: " ".join([f"{code:>9}", *["         "] * 13]) for code in codes}
        self._places = {code: line for line, code in enumerate(codes, 1)}
        self._cursor = 0

    async def run(self, probe: Callable[[], "asyncio.Task[None]"]) -> None:
        """Show the rows until the key q."""
        self._ended = asyncio.Event()
        if sys.platform == "win32":
            raise NotImplementedError
        before = termios.tcgetattr(0)
        tty.setraw(0)
        asyncio.get_running_loop().add_reader(0, self._read_keys)
        self._write(self.codes)
        tasks = [probe(), asyncio.create_task(self._receive()), asyncio.create_task(self._paint())]
        try:
            await self._ended.wait()
        finally:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            for task in tasks:
                task.cancel()

    async def _receive(self) -> None:
        async with aiohttp.ClientSession() as client:
            body = {"grant_type": "client_credentials", "appkey": "k", "secretkey": "s"}
            address = os.environ["KIS_URL_REST"] + "/oauth2/Approval"
            async with client.post(address, json=body) as response:
                key = (await response.json())["approval_key"]
            async with client.ws_connect(os.environ["KIS_URL_WS"], compress=0) as socket:
                for code in self.codes:
                    header = {"approval_key": key, "custtype": "P", "tr_type": "1"}
                    pair = {"tr_id": TRADES.get(code[0], OPTION_TRADES), "tr_key": code}
                    await socket.send_json({"header": header, "body": {"input": pair}})
                async for message in socket:
                    await self._accept(message.data, socket)

    async def _accept(self, text: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        if text.startswith("0|"):
            self.frames += 1
            for record in decode(text).records:
                self._newest[record.code] = record  # type: ignore[assignment]
        elif "PINGPONG" in text:
            await socket.send_str(text)

    async def _paint(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            changed, self._newest = self._newest, {}
            for code, record in changed.items():
                self._texts[code] = " ".join(
                    f"{value:9,.2f}" if isinstance(value, float) else f"{value:>9}"
                    for value in (getattr(record, name, "") for name in self.columns)
                )
            if changed:
                self._write(changed)

    def _write(self, codes: "list[str] | dict[str, OptionTradeRecord]") -> None:
        at = self.codes[self._cursor]
        sys.stdout.write(
            "".join(
                f"\x1b[{self._places[code]};1H{_CURSOR if code == at else _PLAIN}"
                f"{self._texts[code]}{_PLAIN}"
                for code in codes
            )
        )
        sys.stdout.flush()

    def _read_keys(self) -> None:
        for key in os.read(0, 1024).decode():
            if key == "q":
                self._ended.set()
            elif key in "jk":
                left = self.codes[self._cursor]
                self._cursor = (self._cursor + (1 if key == "j" else -1)) % len(self.codes)
                self._write([left, self.codes[self._cursor]])


def run(
    codes: list[str], columns: tuple[str, ...], probe: Callable[[], "asyncio.Task[None]"]
) -> int:
    """Show the rows on the program's own event loop, and return the frames that came."""
    screen = RawScreen(codes, columns)
    feed_loop.run(screen.run(probe))
    return screen.frames
