"""A driver that keeps what the terminal sent for each key."""

from collections import deque
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from app.screens.textual_compat.terminal_driver import TerminalDriver


class KeyBytesDriver(TerminalDriver):
    """Textual's driver, with the characters of each key event in the order of the events."""

    def __init__(self, *options: Any, **more: Any) -> None:
        super().__init__(*options, **more)
        self._read_since = ""
        self._sent: deque[str] = deque()

    def _dispatch(self, parser: XTermParser, character: str, read_at: float) -> None:
        self._read_since += character
        super()._dispatch(parser, character, read_at)

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.Key):
            self._sent.append(self._read_since)
        self._read_since = ""
        super().process_message(message)

    def next_sent(self) -> str:
        """Return what was sent for the next key event; empty if it did not come from a terminal."""
        return self._sent.popleft() if self._sent else ""
