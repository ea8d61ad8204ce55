"""A running ``kis-tui serve``, and the websocket of a tab as a browser opens it."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from harness.command_line import PROGRAM, ROOT

PATIENCE = 60.0
STEP = 0.05
_ESCAPES = re.compile(r"\x1b\[[0-9;?<]*[a-zA-Z]|\x1b\][^\x07]*\x07")


class ServedPage:
    """The address that the server printed, its process, and a client for requests."""

    def __init__(
        self, process: asyncio.subprocess.Process, url: str, client: aiohttp.ClientSession
    ) -> None:
        self.process = process
        self.url = url
        self.client = client
        self.origin = f"http://{urlsplit(url).netloc}"
        self.port = urlsplit(url).port or 80
        self.token = urlsplit(url).path.strip("/")

    async def status(self, path: str, **headers: str) -> int:
        """Return the status of a request for a path of the server."""
        async with self.client.get(f"{self.origin}{path}", headers=headers) as answer:
            await answer.read()
            return answer.status

    @asynccontextmanager
    async def tab(self, width: int = 120, height: int = 40) -> AsyncIterator["ServedTab"]:
        """Open a websocket as the page does, and close it at the end."""
        url = f"{self.url}ws?width={width}&height={height}".replace("http", "ws", 1)
        headers = {"Origin": self.origin}
        async with self.client.ws_connect(url, headers=headers, max_msg_size=0) as socket:
            yield ServedTab(socket)

    def tab_processes(self) -> list[int]:
        """Return the processes that the server has started and that still run."""
        task = Path(f"/proc/{self.process.pid}/task")
        children = " ".join((one / "children").read_text() for one in task.iterdir())
        return [int(pid) for pid in children.split() if is_running(int(pid))]

    async def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; return the exit code and what was written to standard error."""
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            _, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, err.decode()


class ServedTab:
    """One tab: what its terminal has been sent, and what it types."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.output = b""
        self.ended = ""
        """The sentence with which the page was closed."""

    @property
    def text(self) -> str:
        """What was drawn, without the sequences of the terminal."""
        return _ESCAPES.sub("", self.output.decode("utf-8", "replace"))

    async def wait_for(self, text: str) -> None:
        """Read until a text has been drawn from here on; the websocket must stay open."""
        self.output = b""
        async with asyncio.timeout(PATIENCE):
            while text not in self.text:
                assert await self._receive(), (self.ended, self.text[-400:])

    async def wait_for_bytes(self, piece: bytes) -> None:
        """Read until these bytes have been sent from here on."""
        self.output = b""
        async with asyncio.timeout(PATIENCE):
            while piece not in self.output:
                assert await self._receive(), self.ended

    async def wait_closed(self) -> str:
        """Read until the server closes; return its last sentence."""
        async with asyncio.timeout(PATIENCE):
            while await self._receive():
                pass
        return self.ended

    async def type(self, text: str) -> None:
        """Type keys or a text."""
        await self.socket.send_json(["stdin", text])

    async def _receive(self) -> bool:
        message = await self.socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            self.output += message.data
        elif message.type is aiohttp.WSMsgType.TEXT:
            name, value = message.json()
            if name == "ended":
                self.ended = value
        else:
            return False
        return True


@asynccontextmanager
async def serve_page(*words: str) -> AsyncIterator[ServedPage]:
    """Run ``kis-tui serve`` on a free port; kill it at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "--lang", "en", "serve", "--port", "0", *words,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            url = (await process.stdout.readline()).decode().strip()
        assert url, (await process.communicate())[1].decode()
        async with aiohttp.ClientSession() as client:
            yield ServedPage(process, url, client)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def is_running(pid: int) -> bool:
    """Return whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def wait_ended(pids: list[int]) -> None:
    """Wait until processes have ended; fail if one of them runs for too long."""
    await wait_until(lambda: not any(map(is_running, pids)))


async def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail if it does not for too long."""
    for _ in range(int(PATIENCE / STEP)):
        if holds():
            return
        await asyncio.sleep(STEP)
    raise TimeoutError


def memory_of(pid: int) -> bytes:
    """Return the command line and the environment of a process, which others may read."""
    return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))


def kill(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process."""
    os.kill(pid, number)
