"""A page in a headless Chromium, driven over its DevTools protocol on loopback.

The protocol: https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)

PATIENCE = 90.0
_STEP = 0.1
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--remote-debugging-port=0",
)

# The terminal's script keeps its objects to itself.  It sets `fitAddon` on the one that has all.
_FIND_TERMINAL = """
Object.defineProperty(Object.prototype, "fitAddon", {
  configurable: true,
  set(value) {
    Object.defineProperty(this, "fitAddon", {value, writable: true, configurable: true});
    window.tested = this;
  },
});
"""
_SCREEN = """(() => {
  const buffer = window.tested?.terminal?.buffer.active;
  if (!buffer) return [];
  return Array.from({length: buffer.length}, (_, at) => buffer.getLine(at).translateToString());
})()"""
_COLORS = """(async () => {
  const image = new Image();
  image.src = "data:image/png;base64,%s";
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const counts = {};
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  for (const pixel of pixels) counts[pixel] = (counts[pixel] ?? 0) + 1;
  return Object.entries(counts).map(([pixel, count]) => [
    [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].join(), count,
  ]);
})()"""


class ChromiumPage:
    """One page: its terminal, what it has requested, and keys that are pressed in it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._calls = 0
        self.requested: list[str] = []
        """Addresses of every request and websocket of the page, data: aside."""

    async def call(self, method: str, **values: object) -> Any:
        """Call a method of the protocol and return its result."""
        self._calls += 1
        await self._socket.send_json({"id": self._calls, "method": method, "params": values})
        async with asyncio.timeout(PATIENCE):
            while (message := await self._socket.receive_json()).get("id") != self._calls:
                self._note(message)
        assert "error" not in message, (method, message["error"])
        return message["result"]

    def _note(self, message: dict[str, Any]) -> None:
        match message:
            case {"method": "Network.requestWillBeSent", "params": {"request": {"url": url}}}:
                self.requested += [url] if not url.startswith("data:") else []
            case {"method": "Network.webSocketCreated", "params": {"url": url}}:
                self.requested.append(url)

    async def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page, of a promise once it is kept."""
        told = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def open(self, url: str) -> None:
        """Go to an address."""
        await self.call("Page.navigate", url=url)

    async def resize(self, width: int, height: int) -> None:
        """Give the window a size, in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **size)

    async def wait_for(self, text: str, *, shown: bool = True) -> list[str]:
        """Wait until the terminal shows a text, or no longer does; return its lines."""
        return await self.wait_until(
            lambda lines: bool(lines) and (text in "\n".join(lines)) is shown
        )

    async def wait_until(self, holds: Callable[[list[str]], bool]) -> list[str]:
        """Wait until something holds for the lines of the terminal; return them."""
        return await self._wait(_SCREEN, holds)

    async def wait_for_notice(self, text: str) -> None:
        """Wait until the page shows a text outside of its terminal."""
        await self._wait("[document.body?.innerText ?? '']", lambda shown: text in shown[0])

    async def _wait(self, expression: str, holds: Callable[[list[str]], bool]) -> list[str]:
        shown: list[str] = []
        for _ in range(int(PATIENCE / _STEP)):
            if holds(shown := await self.evaluate(expression)):
                return shown
            await asyncio.sleep(_STEP)
        raise AssertionError("\n".join(shown))

    async def press(self, name: str, number: int = 0) -> None:
        """Press a key: a character, or the name and the Windows code of another one."""
        key: dict[str, object] = {"key": name, "windowsVirtualKeyCode": number}
        text = {} if number else {"text": name}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **key, **text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    async def insert(self, text: str) -> None:
        """Enter a text at once, as an input method or a paste does."""
        await self.call("Input.insertText", text=text)

    async def colors(self) -> dict[str, int]:
        """Return how many pixels of the painted page have a color: ``{"14,18,22": 812345}``."""
        picture = (await self.call("Page.captureScreenshot", format="png"))["data"]
        return dict(await self.evaluate(_COLORS % picture))


@asynccontextmanager
async def run_chromium(*options: str) -> AsyncIterator[ChromiumPage]:
    """Run a Chromium with an empty profile, and kill all of it at the end."""
    assert CHROMIUM is not None
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            CHROMIUM, *_OPTIONS, *options, f"--user-data-dir={profile}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            async with aiohttp.ClientSession() as client:
                address = await _page_address(client, Path(profile))
                page = ChromiumPage(await client.ws_connect(address, max_msg_size=0))
                for domain in ("Page", "Runtime", "Network"):
                    await page.call(f"{domain}.enable")
                await page.call("Page.addScriptToEvaluateOnNewDocument", source=_FIND_TERMINAL)
                await page.resize(1280, 800)
                yield page
        finally:
            with suppress(ProcessLookupError):
                if sys.platform == "win32":
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _page_address(client: aiohttp.ClientSession, profile: Path) -> str:
    """Return the address of the first page's websocket, once Chromium has written its port."""
    written = profile / "DevToolsActivePort"
    async with asyncio.timeout(PATIENCE):
        while True:
            if written.exists() and (port := written.read_text().partition("\n")[0]):
                async with client.get(f"http://127.0.0.1:{port}/json") as answer:
                    targets = await answer.json()
                if found := [one for one in targets if one["type"] == "page"]:
                    return str(found[0]["webSocketDebuggerUrl"])
            await asyncio.sleep(_STEP)
