"""The process of one tab: a dashboard that reads and writes packets on pipes.

Of textual-serve's service this keeps the environment and the packets to the dashboard.  What the
dashboard needs none of is closed: a shell, files that are downloaded, addresses that are opened.
"""

import asyncio
import contextlib
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

import msgspec
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from app.system.event_log import log_event
from app.web.browser_messages import (
    BrowserFocus,
    BrowserInput,
    BrowserMessage,
    BrowserPing,
    BrowserResize,
)

CLOSING_TIME = 3.0
"""Seconds in which a dashboard may end by itself, once its input has ended."""

KILL_TIME = 2.0
"""Seconds in which it may end after the signal SIGTERM."""

REPORT_TIME = 1.0
"""Seconds to wait for the rest of its standard error."""

LONGEST_END = CLOSING_TIME + KILL_TIME + REPORT_TIME
"""Seconds in which every tab ends."""

STALLED = 10.0
"""Seconds after which a dashboard that does not read its input is ended."""

LARGEST_PACKET = 16 << 20
_READY = b"__GANGLION__\n"
_LONGEST_REPORT = 8192
_PRELUDE_LINES = 100


class TabStalled(Exception):
    """A dashboard does not read what is typed."""


class TabProcess(AppService):
    """A dashboard in a process of its own, from the start of its tab to the end of both."""

    def __init__(self, program: Sequence[str], websocket: web.WebSocketResponse) -> None:
        super().__init__(
            program[0],
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=websocket.close,  # type: ignore[arg-type]
            download_manager=DownloadManager(),
        )
        self._program = program
        self._websocket = websocket
        self._report = b""
        self._forwarding: asyncio.Task[None] | None = None

    @property
    def report(self) -> str:
        """The last lines that the process wrote to standard error."""
        return self._report.decode("utf-8", "replace").strip()

    @property
    def exit_code(self) -> int | None:
        """The exit code of the process; None while it runs."""
        return self._process.returncode if self._process is not None else None

    @property
    def is_ending(self) -> bool:
        """Whether its page is gone, or the process sends nothing any more."""
        return self._websocket.closed or (self._forwarding is not None and self._forwarding.done())

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        # Ten batches a second are drawn as well by Textual's own rate.
        environment.pop("TEXTUAL_FPS")
        return environment

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        # A session of its own: Ctrl-C on the server's terminal is the server's alone.
        self._process = process = await asyncio.create_subprocess_exec(
            *self._program,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._stdin = process.stdin
        log_event("web", "tab_open", pid=process.pid, width=width, height=height)
        return process

    async def accept(self, message: BrowserMessage) -> None:
        """Pass a message of the page on to the dashboard.

        Raises:
            TabStalled: the dashboard has read nothing for a while.
        """
        try:
            async with asyncio.timeout(STALLED):
                match message:
                    case BrowserInput(data):
                        await self.send_bytes(data)
                    case BrowserResize(width, height):
                        await self.set_terminal_size(width, height)
                    case BrowserFocus(True):
                        await self.focus()
                    case BrowserFocus():
                        await self.blur()
                    case BrowserPing(text):
                        await self.remote_write_str(msgspec.json.encode(["pong", text]).decode())
        except TimeoutError:
            raise TabStalled from None

    async def start(self, width: int, height: int) -> None:
        """Start the process, in a terminal of this size.

        Raises:
            OSError: it cannot be started.
        """
        await self._open_app_process(width, height)
        self._forwarding = asyncio.create_task(self._forward())
        self._task = asyncio.create_task(self.run())

    async def run(self) -> None:
        """Wait until the dashboard ends or its page is gone, and end the process."""
        assert self._forwarding is not None
        reading = asyncio.create_task(self._read_report())
        await asyncio.wait((self._forwarding,))
        await self._end()
        # What the process has started may hold its standard error open.
        await asyncio.wait((reading,), timeout=REPORT_TIME)
        reading.cancel()

    async def wait(self) -> None:
        """Wait until the process has ended."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """End the process and wait for it: by the end of its input, a signal, and by force."""
        if self._forwarding is not None:
            self._forwarding.cancel()
        await self.wait()

    async def _is_ready(self) -> bool:
        stdout = self._stdout
        for _ in range(_PRELUDE_LINES):
            line = await stdout.readline()
            if line == _READY:
                return True
            if not line:
                break
        return False

    async def _forward(self) -> None:
        try:
            if await self._is_ready():
                while (packet := await self._read_packet()) is not None:
                    # Others ask the page to open an address or to download a file.
                    if packet[:1] == b"D":
                        await self.on_data(packet[5:])
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            # The end of the pipe or of the websocket, or lines of another program.
            pass

    async def _read_packet(self) -> bytes | None:
        head = await self._stdout.readexactly(5)
        size = int.from_bytes(head[1:], "big")
        return head + await self._stdout.readexactly(size) if size <= LARGEST_PACKET else None

    @property
    def _stdout(self) -> asyncio.StreamReader:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout

    async def _read_report(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        while piece := await self._process.stderr.read(4096):
            self._report = (self._report + piece)[-_LONGEST_REPORT:]

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if self._stdin is not None:
            self._stdin.close()
        for patience, end in ((CLOSING_TIME, process.terminate), (KILL_TIME, process.kill)):
            draining = asyncio.create_task(self._drain())
            try:
                async with asyncio.timeout(patience):
                    await process.wait()
                break
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    end()
            finally:
                draining.cancel()
        await process.wait()
        log_event("web", "tab_closed", process.returncode, pid=process.pid)

    async def _drain(self) -> None:
        # A dashboard that waits for room in its pipe would not end in order.
        with contextlib.suppress(RuntimeError):
            while await self._stdout.read(65536):
                pass
