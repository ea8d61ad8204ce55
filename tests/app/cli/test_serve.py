"""``kis-tui serve`` with the real program: who gets in, what a tab does, and how all of it ends."""

import asyncio
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from harness.command_line import PROGRAM, ROOT, CommandLine
from harness.live_simulator import LiveSimulator
from harness.served_page import ServedPage, kill, memory_of, serve_page, wait_ended, wait_until

DEMO = ("--demo", "--start", "20:00")
BOARD = "A01612"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


async def refused_websocket(page: ServedPage, path: str, **headers: str) -> int:
    """Return the status with which a websocket is refused."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await page.client.ws_connect(f"{page.origin}{path}", headers=headers)
    return refused.value.status


async def test_only_the_token_opens_page_websocket_and_files() -> None:
    async with serve_page(*DEMO) as page:
        own = {"Origin": page.origin}
        wrong = page.token[:-1] + ("A" if page.token[-1] != "A" else "B")
        for token in (wrong, page.token[:-1], page.token + "x", "", "..", "%00", "가", "static"):
            for path in (f"/{token}/", f"/{token}/static/terminal.js", f"/{token}/static/page.css"):
                assert await page.status(path) in (403, 404), path
            assert await refused_websocket(page, f"/{token}/ws", **own) in (403, 404)
        for path in ("/", "/ws", "/static/js/textual.js", "/download/x", f"//{page.token}/", "/*"):
            assert await page.status(path) in (403, 404), path
        assert await page.status(f"/{page.token}/") == 200
        for name in ("page.js", "page.css", "terminal.js", "terminal.css", "latin.ttf"):
            assert await page.status(f"/{page.token}/static/{name}") == 200
        for name in ("", "page.html", "..%2fdashboard_server.py", "%2e%2e/page_access.py"):
            assert await page.status(f"/{page.token}/static/{name}") == 404
        assert page.tab_processes() == []


async def test_a_foreign_host_or_origin_is_refused() -> None:
    async with serve_page(*DEMO) as page:
        path, websocket = f"/{page.token}/", f"/{page.token}/ws"
        for host in (
            "evil.example", f"evil.example:{page.port}", "127.0.0.1", f"127.0.0.1:{page.port + 1}",
            f"127.0.0.1.evil.example:{page.port}", "", f"[::1]:{page.port}",
        ):  # fmt: skip
            assert await page.status(path, Host=host) in (400, 421), host
            named = {"Host": host, "Origin": f"http://{host}"}
            assert await refused_websocket(page, websocket, **named) in (400, 421), host
        assert await page.status(path, Host=f"localhost:{page.port}") == 200
        for origin in (
            "null", "", "https://evil.example", f"https://127.0.0.1:{page.port}",
            f"http://127.0.0.1:{page.port + 1}", f"http://localhost:{page.port}",
            page.origin + ".evil.example", page.origin.upper(),
        ):  # fmt: skip
            assert await page.status(path, Origin=origin) == 403, origin
            assert await refused_websocket(page, websocket, Origin=origin) == 403, origin
        assert await refused_websocket(page, websocket) == 403
        assert page.tab_processes() == []


async def test_the_page_asks_no_other_host_and_tells_none_its_address() -> None:
    async with serve_page(*DEMO) as page:
        for path in (f"/{page.token}/", f"/{page.token}/static/page.css", "/wrong/"):
            async with page.client.get(f"{page.origin}{path}") as answer:
                text, headers = await answer.text(), answer.headers
            addresses = text.replace(f"ws://127.0.0.1:{page.port}/", "")
            assert "//" not in addresses.replace("*/", "")
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Frame-Options"] == "DENY"
            policy = dict(
                part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
            )
            assert policy["default-src"] == "'none'"
            assert policy["frame-ancestors"] == "'none'"
            own = {f"ws://{host}:{page.port}" for host in ("127.0.0.1", "localhost")}
            assert set(policy["connect-src"].split()) == own
            sources = {source for value in policy.values() for source in value.split()} - own
            assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:"}
            assert policy["script-src"] == "'self'"


async def test_the_script_of_the_terminal_draws_on_a_canvas_and_leaves_webgl_out() -> None:
    async with (
        serve_page(*DEMO) as page,
        page.client.get(f"{page.url}static/terminal.js") as answer,
    ):
        script = await answer.text()
    assert "loadAddon(this.canvasAddon)" in script
    assert "loadAddon(this.webglAddon)" not in script


async def test_esc_alone_reaches_the_dashboard() -> None:
    async with serve_page(*DEMO) as page, page.tab() as tab:
        await tab.wait_for(BOARD)
        await tab.type("5")
        await tab.wait_for("Strike")
        await tab.type("\x1b")
        await tab.wait_for("Watchlist")


async def test_a_tab_shows_the_board_and_takes_keys_hangul_and_sizes() -> None:
    async with serve_page(*DEMO) as page, page.tab(100, 30) as tab:
        await tab.wait_for(BOARD)
        assert b"\x1b[38;2;" in tab.output
        await tab.socket.send_json(["resize", {"width": 160, "height": 50}])
        await tab.wait_for_bytes(b"\x1b[50;")
        await tab.type("y")
        await tab.wait_for_bytes(b"\x1b]52;c;")
        await tab.type("a")
        await tab.wait_for("Add")
        await tab.type("콜 1090")
        await tab.wait_for("B01612A36")
        await tab.type("\r")
        await tab.wait_for("A36")
        await tab.type("q")
        assert await tab.wait_closed() == "You left the dashboard."
        await wait_ended(page.tab_processes())


async def test_a_tab_survives_malformed_messages_and_is_closed_after_many() -> None:
    async with serve_page(*DEMO) as page, page.tab() as tab:
        await tab.wait_for(BOARD)
        for text in (
            "", "{", "[]", "null", "[" * 5000, '["stdin"]', '["stdin", 5]', '["resize", 5]',
            '["resize", {"width": "9", "height": 1e99}]', '["resize", {"width": -5, "height": 0}]',
            '["resize", {"width": 999999999, "height": 999999999}]', '["stdin", "\\ud800"]',
            '["ping", {}]', '["quit"]', '["deliver_chunk_request", "x"]', '[["stdin"], "q"]',
        ):  # fmt: skip
            await tab.socket.send_str(text)
        await tab.socket.send_bytes(b'["stdin", "q"]')
        await tab.type("\x00\x1b[999999999999999u\x1b[<0;0;0M\x1b]11;?\x07\ufffd")
        await tab.socket.send_json(["resize", {"width": 100, "height": 30}])
        await tab.wait_for(BOARD)
        await tab.socket.send_json(["ping", "17"])
        for _ in range(101):
            await tab.socket.send_str("[]")
        await tab.wait_closed()
        await wait_ended(page.tab_processes())
        async with page.tab() as another:
            await another.wait_for(BOARD)


async def test_more_tabs_than_allowed_are_told_so_and_a_closed_one_makes_room() -> None:
    async with serve_page("--tabs", "1", *DEMO) as page:
        async with page.tab() as first:
            await first.wait_for(BOARD)
            async with page.tab() as second:
                assert "--tabs allows more" in await second.wait_closed()
            processes = page.tab_processes()
            assert len(processes) == 1
        # At once, as a page does that is loaded again.
        async with page.tab() as third:
            await third.wait_for(BOARD)
            await wait_ended(processes)


async def test_a_second_tab_gets_its_data_through_the_first(
    live: LiveSimulator,
) -> None:
    async with serve_page("-w", BOARD) as page:
        async with page.tab() as first:
            await first.wait_for("LIVE")
            async with page.tab() as second:
                await second.wait_for("via the hub")
        await wait_ended(page.tab_processes())


async def test_a_dashboard_that_cannot_start_says_why_in_its_page() -> None:
    async with serve_page() as page, page.tab() as tab:
        assert "KIS_APP_KEY" in await tab.wait_closed()
    async with serve_page("--replay", "no-such-tape") as page, page.tab() as tab:
        assert "no-such-tape" in await tab.wait_closed()


ENDING = [signal.SIGTERM, signal.SIGINT]
if sys.platform != "win32":
    ENDING.append(signal.SIGKILL)


@pytest.mark.parametrize("number", ENDING)
async def test_every_dashboard_ends_with_the_server(number: signal.Signals) -> None:
    async with serve_page(*DEMO) as page, page.tab() as first, page.tab() as second:
        await first.wait_for(BOARD)
        await second.wait_for(BOARD)
        processes = page.tab_processes()
        assert len(processes) == 2
        ending = asyncio.create_task(page.end(number))
        words = [await tab.wait_closed() for tab in (first, second)]
        code, _ = await ending
        assert code == (-number if number.name == "SIGKILL" else 128 + number)
        if number.name != "SIGKILL":
            assert all(word.startswith("kis-tui serve has ended") for word in words)
        await wait_ended(processes)


async def test_a_stopped_dashboard_is_killed_with_its_tab() -> None:
    if sys.platform == "win32":
        pytest.skip("SIGSTOP is POSIX")
    async with serve_page(*DEMO) as page:
        async with page.tab() as tab:
            await tab.wait_for(BOARD)
            processes = page.tab_processes()
            for pid in processes:
                kill(pid, signal.SIGSTOP)
        await wait_ended(processes)


async def test_no_log_and_no_process_holds_the_token(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    words = ("--log-file", str(log), "--log-level", "debug")
    async with serve_page(*words, *DEMO) as page:
        for path in (f"/{page.token}", f"/{page.token}/", f"/{page.token}/none", "/wrong/"):
            await page.status(path)
        with socket.create_connection(("127.0.0.1", page.port)) as raw:
            raw.sendall(f"GET /{page.token}/ HTTP/9.9\r\nHost: {page.token}\r\n\r\n".encode())
            raw.recv(1000)
        async with page.tab() as tab:
            await tab.wait_for(BOARD)
            for pid in (*page.tab_processes(), page.process.pid):
                assert page.token.encode() not in memory_of(pid)
        _, err = await page.end(signal.SIGTERM)
    assert page.token not in err
    assert page.token not in log.read_text()


@pytest.mark.parametrize("name", ["none_such:Driver", "textual.driver:Nothing", "os:path", ":"])
def test_a_driver_that_is_none_is_refused_in_one_sentence(name: str) -> None:
    told = subprocess.run(
        [*PROGRAM, "--lang", "en", "--demo"],
        cwd=ROOT, env={**os.environ, "TEXTUAL_DRIVER": name}, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert told.returncode == 2
    assert f"TEXTUAL_DRIVER does not name a driver: {name}" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_busy_port_is_said_in_one_sentence(kis_tui: CommandLine) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        told = kis_tui("--lang", "en", "serve", "--port", port, "--demo")
    assert told.code == 2
    assert f"cannot listen on port {port}" in told.err
    assert "--port" in told.err
    assert told.out == ""


def test_options_that_do_not_go_together_are_refused_before_anything_is_served(
    kis_tui: CommandLine,
) -> None:
    told = kis_tui("serve", "--speed", "5")
    assert told.code == 2
    assert "--demo" in told.err
    assert kis_tui("serve", "--no-such-option").code == 2
    assert kis_tui("serve", "--app-key", "PSabcdef").code == 2


def test_without_the_extra_a_sentence_says_how_to_get_it(
    kis_tui: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in sys.modules if n.startswith(("textual_serve", "app.web"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    told = kis_tui("--lang", "en", "serve", "--demo")
    assert told.code == 2
    assert "pip install '.[web]'" in told.err


async def test_open_hands_the_address_to_a_browser_in_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, browser = tmp_path / "seen", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}.new && mv {seen}.new {seen}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    async with serve_page("--open", *DEMO) as page:
        await wait_until(seen.exists)
        opened = seen.read_text()
        assert page.token not in opened
        link = Path(opened.removeprefix("file://"))
        assert (f"url={page.url}", 0o600) == private_file(link)
        await page.end(signal.SIGTERM)
        await wait_until(lambda: not link.exists())


def private_file(link: Path) -> tuple[str, int]:
    """Return where a page leads to, and who may read it."""
    found = re.search(r'url=[^"]+', link.read_text())
    assert found is not None
    return found[0], stat.S_IMODE(link.stat().st_mode)


def test_help_names_its_own_options_and_those_of_the_dashboard(kis_tui: CommandLine) -> None:
    told = kis_tui("--lang", "en", "serve", "--help").out
    assert all(option in told for option in ("--port", "--tabs", "--open", "--replay", "--demo"))
