"""Asks the owner of a session what it knows of codes that a joined kis-tui begins to watch."""

import asyncio
from collections.abc import Callable, Iterable

import aiohttp

from app.feed.socket import read_bounded
from app.hub.owner_file import OwnerAddress
from app.hub.screen_messages import MEMORY_PATH, TOKEN
from app.hub.trade_memory import Recalled, read_memory

ASK_AFTER = 0.5
"""Seconds from a registration to the request: what the owner's feed had not handed over when the
registration came is remembered by then, and what came twice is left out by whoever keeps it."""

LARGEST_MEMORY = 8 * 1024 * 1024
TIMEOUT = 10.0


class MemoryRequests:
    """Asks for one code after another, for each once."""

    def __init__(self, owner: OwnerAddress, deliver: Callable[[str, Recalled], None]) -> None:
        """`deliver` gets every code that was asked for, with nothing if there was no answer."""
        self._owner = owner
        self._deliver = deliver
        self._asked: set[str] = set()
        self._codes: asyncio.Queue[str] = asyncio.Queue()

    def ask(self, codes: Iterable[str]) -> None:
        """Ask for the codes that were not asked for before."""
        for code in codes:
            if code not in self._asked:
                self._asked.add(code)
                self._codes.put_nowait(code)

    async def run(self, http: aiohttp.ClientSession) -> None:
        """Ask until cancelled; without an answer a code has no earlier trades."""
        while True:
            code = await self._codes.get()
            await asyncio.sleep(ASK_AFTER)
            codes = [code]
            while not self._codes.empty():
                codes.append(self._codes.get_nowait())
            for one in codes:
                self._deliver(one, await self._recall(http, one) or Recalled())

    async def _recall(self, http: aiohttp.ClientSession, code: str) -> Recalled | None:
        try:
            async with http.get(
                f"{self._owner.rest}{MEMORY_PATH}",
                params={"code": code},
                headers={TOKEN: self._owner.token, "Accept-Encoding": "identity"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            ) as response:
                if response.status != 200:
                    return None
                return read_memory(code, await read_bounded(response, LARGEST_MEMORY))
        except (OSError, aiohttp.ClientError, TimeoutError):
            return None
