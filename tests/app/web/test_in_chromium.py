"""The page of ``kis-tui serve`` in a Chromium: the board is drawn, and keys reach the dashboard."""

import signal
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from harness.chromium_page import CHROMIUM, ChromiumPage, run_chromium
from harness.served_page import serve_page, wait_ended, wait_until

DEMO = ("--demo", "--start", "20:00")
BOARD = "A01612"
ADDED = "B01612A37"
GROUND = "14,18,22"
"""#0e1216, the background of the dark theme."""

LEAST_COLORS = 50
"""Colors of a picture with text, whose edges are smoothed; a blank one has a few."""

ENTER, ESCAPE, F1 = ("Enter", 13), ("Escape", 27), ("F1", 112)
_OPENED = """new Promise((told) => {
  const socket = new WebSocket("%s");
  socket.onopen = () => told("opened");
  socket.onerror = () => told("refused");
})"""

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
    pytest.mark.skipif(
        CHROMIUM is None, reason="there is no Chromium here; install one to try the page in it"
    ),
]


@pytest_asyncio.fixture
async def foreign_page() -> AsyncIterator[str]:
    """Return the address of a page of another server of this machine."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="another page", content_type="text/html")

    application = web.Application()
    application.router.add_get("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def check_drawn(browser: ChromiumPage) -> None:
    """Fail unless the page is painted, as text on the background of the dashboard."""
    colors = await browser.colors()
    assert max(colors, key=colors.__getitem__) == GROUND
    assert len(colors) > LEAST_COLORS


async def test_the_board_is_drawn_and_a_key_adds_a_code() -> None:
    async with serve_page(*DEMO) as page, run_chromium() as browser:
        await browser.open(page.url)
        assert ADDED not in "\n".join(await browser.wait_for(BOARD))
        await check_drawn(browser)

        await browser.press("a")
        await browser.wait_for("Add contracts")
        await browser.insert("콜 1090 12월")
        await browser.wait_for(ADDED)
        await browser.press(*ENTER)
        await browser.wait_for("Add contracts", shown=False)
        await browser.wait_for(ADDED)

        # A text that no server takes is dropped, and the dashboard goes on.
        await browser.evaluate("tested.terminal.paste('x'.repeat(3e7))")
        await browser.press("?")
        await browser.wait_for("Signs on the screen")
        await browser.press(*ESCAPE)
        await browser.wait_for("Signs on the screen", shown=False)

        await browser.press(*F1)
        await browser.wait_for("Getting started")

        assert browser.requested[0] == page.url
        own = (page.url, page.url.replace("http", "ws", 1))
        assert [url for url in browser.requested if not url.startswith(own)] == []


async def test_a_page_without_webgl_takes_the_size_of_its_window_until_its_server_ends() -> None:
    async with serve_page(*DEMO) as page, run_chromium("--disable-3d-apis") as browser:
        await browser.resize(800, 500)
        await browser.open(page.url)
        narrow = await browser.wait_for(BOARD)
        assert narrow[1].endswith("╮")
        await check_drawn(browser)
        # Without a canvas box lines do not meet.
        assert await browser.evaluate("document.querySelector('.xterm-text-layer').width") > 700
        await browser.resize(1600, 900)
        # Lines are as long as the window is wide; the corner follows when the board is drawn.
        wide = await browser.wait_until(
            lambda lines: len(lines[1]) > 1.8 * len(narrow[1]) and lines[1].endswith("╮")
        )
        assert len(wide) > 1.6 * len(narrow)
        await check_drawn(browser)

        processes = page.tab_processes()
        await page.end(signal.SIGTERM)
        await browser.wait_for_notice("kis-tui serve has ended")
        await browser.wait_for_notice("Open again")
        await wait_ended(processes)


async def test_a_page_of_another_origin_opens_no_websocket(foreign_page: str) -> None:
    async with serve_page(*DEMO) as page, run_chromium() as browser:
        address = page.url.replace("http", "ws", 1) + "ws"
        await browser.open(foreign_page)
        await browser.wait_for_notice("another page")
        assert await browser.evaluate(_OPENED % address) == "refused"
        assert page.tab_processes() == []
        # It is not the script that fails: in the page itself it opens a second tab.
        await browser.open(page.url)
        await browser.wait_for(BOARD)
        assert await browser.evaluate(_OPENED % address) == "opened"
        await wait_until(lambda: len(page.tab_processes()) == 2)
