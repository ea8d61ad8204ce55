"""The web server of ``kis-tui serve``: a page, its script, and a dashboard for each websocket.

textual-serve's server answers everybody: its websocket accepts any page, its page asks another host
for a font, and its logs hold every address.  Of it this keeps the terminal in the page (xterm.js)
and the way of its messages.
"""

import asyncio
import html
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from string import Template

import msgspec
import textual_serve
from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler
from textual_serve.app_service import AppService
from textual_serve.server import Server

from app.system.errors import UsageError
from app.system.event_log import log_event
from app.system.os_errors import os_reason
from app.web.browser_messages import LARGEST_MESSAGE, read_browser_message, requested_size
from app.web.page_access import PageAccess
from app.web.page_texts import PageTexts
from app.web.tab_process import LONGEST_END, TabProcess, TabStalled
from specs.user_message import UserMessage

LOOPBACK = "127.0.0.1"
HEARTBEAT = 120.0
"""Seconds between pings; a page that answers none within half of it is gone.

A browser that ends closes its websocket; one that freezes a tab in the background answers later.
"""

MOST_MALFORMED = 100
"""Malformed messages after which a page is closed: it is not ours."""

CLOSE_TIMEOUT = 1.0
_TERMINAL = Path(next(iter(textual_serve.__path__))) / "static"
_SCRIPT = _TERMINAL / "js" / "textual.js"
_PAGE = Path(__file__).parent / "page"
_FILES = {
    "page.js": (_PAGE / "page.js", "text/javascript"),
    "page.css": (_PAGE / "page.css", "text/css"),
    "terminal.js": (_SCRIPT, "text/javascript"),
    "terminal.css": (_TERMINAL / "css" / "xterm.css", "text/css"),
    "latin.ttf": (_TERMINAL / "fonts" / "RobotoMono-VariableFont_wght.ttf", "font/ttf"),
}
"""Every file that the page asks for, with its media type."""

_WEBGL = "this.terminal.loadAddon(this.webglAddon),"
"""A part of the terminal's script that is left out.

The canvas, which the script loads next, replaces WebGL.  Where a browser has no WebGL the script
loads neither, and draws with elements, whose box lines do not meet.
"""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src {sockets}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class DashboardServer(Server):
    """Serves a page on loopback; each websocket of it has a dashboard of its own."""

    def __init__(
        self, program: Sequence[str], port: int, texts: PageTexts, *, most_tabs: int
    ) -> None:
        super().__init__("kis-tui", host=LOOPBACK, port=port, title="kis-tui")
        self.access = PageAccess()
        self._program = program
        self._texts = texts
        self._most_tabs = most_tabs
        self._tabs: set[TabProcess] = set()
        self._stopping = asyncio.Event()

    async def serve_until(
        self, ended: asyncio.Event, opened: Callable[[str], Awaitable[None]]
    ) -> None:
        """Serve until an event is set; `opened` is called with the address of the page.

        Raises:
            UsageError: the port is not available.
        """
        runner = web.AppRunner(
            await self._make_app(), access_log=None, shutdown_timeout=CLOSE_TIMEOUT
        )
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, LOOPBACK, self.port).start()
            except OSError as error:
                raise UsageError(
                    "serve.port_taken",
                    port=self.port,
                    reason=os_reason(error),
                    hint=UserMessage("serve.port_hint"),
                ) from error
            self.port = int(runner.addresses[0][1])
            self.access.serve_at(LOOPBACK, self.port)
            log_event("web", "open", self.port)
            await opened(self.access.url)
            await ended.wait()
        finally:
            await runner.cleanup()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._check_access], client_max_size=1024)
        app.router.add_get("/{token}/", self.handle_index)
        app.router.add_get("/{token}/ws", self.handle_websocket)
        app.router.add_get("/{token}/static/{name}", self.handle_static)
        app.on_response_prepare.append(self._add_headers)
        app.on_shutdown.append(self.on_shutdown)
        return app

    @web.middleware
    async def _check_access(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = self.access.refusal(request)
        if refused is None:
            return await handler(request)
        log_event("web", "refused", refused.value)
        return web.Response(text=f"{self._texts.refused}\n", status=refused.value)

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(_HEADERS)
        policy = _POLICY.format(sockets=self.access.sockets)
        response.headers["Content-Security-Policy"] = policy

    async def handle_index(self, request: web.Request) -> web.Response:
        """Answer with the page."""
        shown = {
            name: html.escape(text) for name, text in msgspec.structs.asdict(self._texts).items()
        }
        address = html.escape(f"ws://{request.host}{request.path}ws")
        template = Template((_PAGE / "page.html").read_text(encoding="utf-8"))
        return web.Response(
            text=template.substitute(shown, websocket=address), content_type="text/html"
        )

    async def handle_static(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file of the page."""
        found = _FILES.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        path, kind = found
        if path == _SCRIPT:
            script = await asyncio.to_thread(path.read_text, "utf-8")
            return web.Response(text=script.replace(_WEBGL, ""), content_type=kind)
        return web.FileResponse(path, headers={"Content-Type": kind})

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a dashboard for a page, until one of both ends."""
        websocket = web.WebSocketResponse(
            heartbeat=HEARTBEAT, max_msg_size=LARGEST_MESSAGE, compress=False, timeout=CLOSE_TIMEOUT
        )
        await websocket.prepare(request)
        await self._wait_for_ending_tabs()
        running = sum(tab.exit_code is None for tab in self._tabs)
        if self._stopping.is_set() or running >= self._most_tabs:
            full = self._texts.too_many.format(count=self._most_tabs)
            await _end(websocket, self._texts.stopped if self._stopping.is_set() else full)
            return websocket
        tab = TabProcess(self._program, websocket)
        self._tabs.add(tab)
        try:
            query = request.query
            await tab.start(*requested_size(query.get("width", ""), query.get("height", "")))
            text = await self._attend(websocket, tab)
        except OSError as error:
            text = str(error)
        finally:
            await tab.stop()
            self._tabs.discard(tab)
        await _end(websocket, text)
        return websocket

    async def _wait_for_ending_tabs(self) -> None:
        # A page that is loaded again has closed its tab, whose dashboard still saves its layout.
        ending = [asyncio.create_task(tab.wait()) for tab in self._tabs if tab.is_ending]
        if ending:
            await asyncio.wait(ending, timeout=LONGEST_END)

    async def _attend(self, websocket: web.WebSocketResponse, tab: TabProcess) -> str:
        """Return the sentence with which the page ends, once page, dashboard or server have."""
        reading = asyncio.create_task(self._process_messages(websocket, tab))
        running = asyncio.create_task(tab.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        tasks = (reading, running, stopping)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if reading.done() and isinstance(reading.exception(), TabStalled):
                return self._texts.stalled
            if stopping.done():
                return self._texts.stopped
            await tab.stop()
            return self._last_words(tab)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _last_words(self, tab: TabProcess) -> str:
        if tab.exit_code == 0:
            return self._texts.left
        return tab.report or self._texts.ended.format(code=tab.exit_code)

    async def _process_messages(
        self, websocket: web.WebSocketResponse, app_service: AppService
    ) -> None:
        assert isinstance(app_service, TabProcess)
        malformed = 0
        async for message in websocket:
            read = read_browser_message(message.data) if message.type is WSMsgType.TEXT else None
            if read is not None:
                await app_service.accept(read)
                continue
            malformed += 1
            if malformed > MOST_MALFORMED:
                log_event("web", "malformed", malformed)
                return

    async def on_shutdown(self, app: web.Application) -> None:
        """End every tab, and wait for its process."""
        self._stopping.set()
        await asyncio.gather(*(tab.stop() for tab in self._tabs))


async def _end(websocket: web.WebSocketResponse, text: str) -> None:
    """Have the page show a sentence, and close it."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT):
            await websocket.send_str(msgspec.json.encode(["ended", text]).decode())
            await websocket.close()
    except (ConnectionError, TimeoutError, RuntimeError):
        # The page is gone, or reads nothing.
        await websocket.close(drain=False)
