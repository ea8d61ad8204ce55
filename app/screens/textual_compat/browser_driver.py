"""The driver of a dashboard in a browser: packets on pipes, from and to the server of the page.

Textual's own web driver goes on without its server, stops reading at the first error of its input,
and ends on signals by handlers of its own.  A closed tab is a closed terminal here: end of input.
"""

import asyncio
import errno
import json
import os
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Any

from textual import events
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size

from app.screens.textual_compat.terminal_driver import log_dropped_input, renewed_parser
from app.system.platform_process import CLOSED_TERMINAL

READY = b"__GANGLION__\n"
"""The line that the server waits for; behind it there are only packets."""


class BrowserDriver(WebDriver):
    """Textual's web driver, which ends with its server and outlives what it cannot read."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._write = self._write_whole  # type: ignore[assignment]

    def _write_whole(self, data: bytes) -> None:
        # The end of input tells that the server is gone; the rest of the output is for nobody.
        with suppress(BrokenPipeError):
            while data:
                data = data[os.write(self.fileno, data) :]

    def start_application_mode(self) -> None:
        """Announce the dashboard to the server and begin to read input."""
        self._write_whole(READY)
        self.write("\x1b[?1049h")
        self._enable_mouse_support()
        self.write("\x1b[?25l")
        size = Size(*(self._size or (80, 24)))
        resized = self._app._post_message(events.Resize(size, size))
        asyncio.run_coroutine_threadsafe(resized, asyncio.get_running_loop())
        self._request_terminal_sync_mode_support()
        self._enable_bracketed_paste()
        self._key_thread.start()

    def run_input_thread(self) -> None:
        """Read and dispatch packets until the driver stops.

        Bytes that are not UTF-8 become U+FFFD; what cannot be parsed is dropped.

        Raises:
            OSError: the server has closed the input.
        """
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser, packets = XTermParser(self._debug), ByteStream()
        for data in self._input_reader:
            read_at = get_time()
            for kind, payload in packets.feed(data) if data else ():
                if kind != "D":
                    self._accept_meta(payload)
                    continue
                # One at a time, so that a sequence that fails takes nothing else with it.
                for character in decode(payload):
                    parser = self._dispatch(parser, character, read_at)
            parser = self._dispatch(parser, "", read_at)
        if not self.exit_event.is_set():
            self._app.call_from_anywhere(self._app.leave, CLOSED_TERMINAL)  # type: ignore[attr-defined]
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def _dispatch(self, parser: XTermParser, character: str, read_at: float) -> XTermParser:
        try:
            # An empty text would be the end of all input.
            for event in parser.feed(character) if character else parser.tick():
                event.time = read_at
                self.process_message(event)
        except Exception as error:
            log_dropped_input(error)
            return renewed_parser(parser, debug=self._debug)
        return parser

    def _accept_meta(self, payload: bytes) -> None:
        try:
            meta = json.loads(payload)
            if meta["type"] == "quit":
                self._app.call_from_anywhere(self._app.leave, CLOSED_TERMINAL)  # type: ignore[attr-defined]
            elif meta["type"] in ("resize", "focus", "blur"):
                self.on_meta(meta["type"], meta)
        except Exception as error:
            log_dropped_input(error)
