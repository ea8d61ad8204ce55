"""Shows what the terminal sends for each key, and what the key does on which screen."""

import sys
from collections import deque

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.driver import Driver
from textual.widgets import Static

from app.instruments.hangul import is_hangul, keys_of
from app.screens.key_list import bound_actions, screen_words
from app.screens.key_names import key_word
from app.screens.textual_compat import SafeApp
from app.storage.key_file import UserKeys
from specs.clean import clean
from widgets.texts import t

MOST_LINES = 500


class KeyProbe(SafeApp):
    """Shows a line for each key; Ctrl+C, or Esc twice in a row, ends it."""

    CSS = "#intro { height: auto; padding: 1 2; } #keys { padding: 0 2; } #lines { height: auto; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, user: UserKeys) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=MOST_LINES)
        self._user = user
        self._last = ""

    def compose(self) -> ComposeResult:
        yield Static(Content(t("keys_probe.intro")), id="intro")
        with VerticalScroll(id="keys", can_focus=False):
            yield Static(id="lines")

    def on_mount(self) -> None:
        self.exits.install()

    def get_driver_class(self) -> type[Driver]:
        if sys.platform == "win32":
            return super().get_driver_class()
        from app.screens.textual_compat.key_bytes import KeyBytesDriver

        return KeyBytesDriver

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            if not self.is_ending:
                self._show(event)
        elif not isinstance(event, events.Paste | events.MouseEvent):
            await super().on_event(event)

    def _show(self, event: events.Key) -> None:
        next_sent = getattr(self._driver, "next_sent", str)
        sent = next_sent() or event.character or ""
        self.lines.append(probe_line(self._user, event.key, event.character, sent))
        if event.key == "ctrl+c" or event.key == self._last == "escape":
            self.leave(0)
            return
        self._last = event.key
        self.query_one("#lines", Static).update(Content("\n".join(self.lines)))
        self.query_one("#keys", VerticalScroll).scroll_end(animate=False)


def probe_line(user: UserKeys, key: str, character: str | None, sent: str) -> str:
    """Return key, bytes and actions of a key press in one line.

    A jamo is followed by the Latin key that the dashboard reads it as.
    """
    word, name = key_word(key), key
    if character is not None and is_hangul(character):
        latin = keys_of(character)
        word, name = f"{character} → {latin}", latin
    actions = dict[str, list[str]]()
    for screen, action in bound_actions(user, name):
        actions.setdefault(action, []).append(screen)
    bound = " · ".join(f"{action} ({screen_words(where)})" for action, where in actions.items())
    code = sent.encode("utf-8", "replace").hex(" ") or "—"
    return clean(f"{word:<10} {name:<22} {code:<24} {bound or t('keys_probe.unbound')}", 400)
