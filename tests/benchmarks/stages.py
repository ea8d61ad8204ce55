"""What the screen's cases run and where: the program, a bare Textual app, codes, addresses."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.onlooker import COMMAND, PYTHON, Onlooker

FUTURE = "A01612"
CODES = (*(f"{right}01612A{strike:02}" for strike in range(10, 30) for right in "BC"), FUTURE)
"""As many contracts as KIS registers for one key; our own theory rests on the future."""

FIRST = CODES[0]
KEYS = {"KIS_APP_KEY": "k" * 36, "KIS_APP_SECRET": "s" * 180}
NOBODY = {"KIS_URL_REST": "http://127.0.0.1:9", "KIS_URL_WS": "ws://127.0.0.1:9"}
"""Addresses where nothing listens."""

PROGRAM = (COMMAND, "-w", ",".join(CODES))
BARE_SHOWS = "a bare app"
BARE = (
    PYTHON,
    "-c",
    f"""\
from textual.app import App
from textual.widgets import Static

class Bare(App):
    BINDINGS = [("q", "quit", "")]
    def compose(self):
        yield Static({BARE_SHOWS!r})

Bare().run()
""",
)

RAW = (
    PYTHON,
    "-c",
    f"""\
import asyncio, json, os, sys
import aiohttp
from specs.frame import decode

async def main():
    async with aiohttp.ClientSession() as client:
        body = {{"grant_type": "client_credentials", "appkey": "k", "secretkey": "s"}}
        async with client.post(os.environ["KIS_URL_REST"] + "/oauth2/Approval", json=body) as got:
            key = (await got.json())["approval_key"]
        async with client.ws_connect(os.environ["KIS_URL_WS"]) as socket:
            header = {{"approval_key": key, "custtype": "P", "tr_type": "1"}}
            wanted = {{"tr_id": "H0EUCNT0", "tr_key": {FIRST!r}}}
            await socket.send_json({{"header": header, "body": {{"input": wanted}}}})
            async for message in socket:
                if message.data.startswith("0|"):
                    price = decode(message.data).records[-1].price
                    sys.stdout.write(f"\\x1b[1;1H{{price:.2f}}")
                    sys.stdout.flush()

try:
    import uvloop
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(main())
except ImportError:
    asyncio.run(main())
""",
)
"""A program that shows the price of one code, with the same client, loop and decoder."""


@contextmanager
def shown(
    command: tuple[str, ...], wanted: str, env: Mapping[str, str] | None = None
) -> Iterator[tuple[Onlooker, float]]:
    """A command in a home of its own, and the seconds from its start until it showed a text."""
    with tempfile.TemporaryDirectory() as home, Onlooker(command, Path(home), env) as onlooker:
        yield onlooker, onlooker.wait_for(wanted) - onlooker.started
