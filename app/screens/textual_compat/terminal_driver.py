"""The input of the terminal, read so that no bytes end the program.

Textual's own driver ends the app on the first byte that is not UTF-8, which is what a terminal set
to EUC-KR sends for a Hangul key, and on a sequence that its parser fails at: a key code beyond
Unicode, or a mouse position after a window size of no pixels.
"""

import errno
import logging
import os
import selectors
from codecs import getincrementaldecoder

from textual import events
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from app.screens.textual_compat.partial_paint import paint_all
from app.screens.textual_compat.sign_width import QUESTION, ROW, accept_width, asks_width

PIECE = 4096
WAIT = 0.1
"""Seconds after which a single ESC is the escape key, and an end is noticed."""

_log = logging.getLogger(__name__)


class TerminalDriver(LinuxDriver):
    """Textual's driver, whose input thread outlives what it cannot read."""

    def _sigcont_application(self, *_: object) -> None:
        if self._must_signal_resume:
            super()._sigcont_application()
        elif self._auto_restart:
            # Textual would start a second input thread beside the one that runs, and wait for one
            # of them for ever at the end.
            self._loop.call_soon_threadsafe(self._start_again)

    def _start_again(self) -> None:
        if self._key_thread is not None and self._app.is_running:
            self.suspend_application_mode()
            self.resume_application_mode()

    def resume_application_mode(self) -> None:
        """Start again after a stop; the terminal shows nothing of what was there before."""
        super().resume_application_mode()
        self._loop.call_soon_threadsafe(paint_all, self._app)

    def _run_input_thread(self) -> None:
        # Textual prints a traceback to the terminal; the hook for threads writes a report.
        self.run_input_thread()

    def run_input_thread(self) -> None:
        """Read and dispatch input until the driver stops.

        Bytes that are not UTF-8 become U+FFFD; a sequence that the parser fails at is dropped.

        Raises:
            OSError: the terminal is gone.
        """
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                text = decode(self._read()) if selector.select(WAIT) else ""
                read_at = get_time()
                # One at a time, so that a sequence that fails takes nothing else with it.
                for character in text or ("",):
                    try:
                        self._dispatch(parser, character, read_at)
                    except Exception as error:
                        log_dropped_input(error)
                        parser = renewed_parser(parser, debug=self._debug)

    def _read(self) -> bytes:
        piece = os.read(self.fileno, PIECE)
        if not piece:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return piece

    def _dispatch(self, parser: XTermParser, character: str, read_at: float) -> None:
        # An empty text would be the end of all input.
        for event in parser.feed(character) if character else parser.tick():
            # Keys of one read were typed together, however long those before them take.
            event.time = read_at
            if isinstance(event, events.CursorPosition):
                self._accept_position(event)
            else:
                self.process_message(event)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if asks_width(self._app.console):
            self.write(QUESTION)
            self.flush()

    def _accept_position(self, position: events.CursorPosition) -> None:
        if position.y == ROW - 1 and position.x in (1, 2):
            self._loop.call_soon_threadsafe(accept_width, self._app, position.x)
        else:
            self.process_message(position)


def log_dropped_input(error: Exception) -> None:
    """Log that a piece of input was dropped, and why; nothing of it."""
    _log.debug("input dropped: %s", type(error).__name__)


def renewed_parser(parser: XTermParser, *, debug: bool) -> XTermParser:
    """Return a parser in the place of one that failed, with what it knew of the window."""
    renewed = XTermParser(debug)
    pixels = parser.terminal_pixel_size
    renewed.terminal_size, renewed.terminal_pixel_size = parser.terminal_size, pixels
    renewed.mouse_pixels = parser.mouse_pixels and pixels is not None and all(pixels)
    return renewed
