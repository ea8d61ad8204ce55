"""The dialog that shows who has the registrations, what waits for one, and why."""

from collections.abc import Callable, Iterator, Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from app.feed.batch import KeyState, LinkState
from app.feed.registrations import RegistrationState
from app.instruments.contracts import unknown_facts
from app.market.book import Book
from app.screens.dialogs.dialog import Dialog
from app.screens.key_text import key_lines, key_number
from specs.catalog import Channel
from specs.market.ticker import Ticker
from widgets import cells
from widgets.contract_names import contract_name
from widgets.message_text import message_text
from widgets.texts import t

UPDATE_EVERY = 0.5

_CODE, _NAME, _CHANNEL = 9, 31, 5
_MOST_CODES = 6
"""Codes that are named of another program."""
_MARKS = {
    RegistrationState.ACTIVE: ("●", "$success"),
    RegistrationState.SENT: ("◐", "$warning"),
    RegistrationState.UNCONFIRMED: ("◐", "$warning"),
    RegistrationState.RELEASING: ("◐", "$warning"),
    RegistrationState.STUCK: ("◐", "$warning"),
    RegistrationState.NONE: ("○", "$text-label"),
    RegistrationState.NO_SLOT: ("○", "$text-label"),
    RegistrationState.NOT_ON_TAPE: ("—", "$text-label"),
    RegistrationState.REFUSED: ("✕", "$error"),
}


class SlotsDialog(Dialog[None]):
    """Shows the text that `text` returns and updates it when it changes."""

    def __init__(self, text: Callable[[], Content]) -> None:
        super().__init__(t("slots.title"), "slots.hint")
        self._text = text

    def compose_body(self) -> list[Widget]:
        return [VerticalScroll(Static(self._text(), id="slots"), can_focus=True)]

    def on_mount(self) -> None:
        """Keep up with the feed."""
        self.set_interval(UPDATE_EVERY, self._update)

    def _update(self) -> None:
        self.query_one("#slots", Static).update(self._text())


def slots_text(book: Book, link: LinkState) -> Content:
    """Return the number of used slots, then a line for each code with its channels."""
    states = [
        book.registration_status(row.code, channel) for row in book.rows for channel in Channel
    ]
    waiting = sum(status.state is RegistrationState.NO_SLOT for status in states)
    lines = [
        Content.assemble(
            (t("slots.used", used=link.used, limit=link.limit), "bold"),
            (t("slots.waiting", count=waiting) if waiting else "", "$warning"),
        ),
        Content(""),
        Content.assemble((_heading(), "$text-label")),
    ]
    rows = (_line(book, row, link.keys) for row in book.rows)
    return Content("\n").join([*lines, *rows, *key_lines(link), *_sharer_lines(link)])


def _sharer_lines(link: LinkState) -> Iterator[Content]:
    """Yield a line for each other program that has registrations of the session."""
    if not link.sharers:
        return
    yield Content("")
    yield Content.assemble((t("slots.sharers"), "$text-label"))
    for one in link.sharers:
        codes = " ".join(one.codes[:_MOST_CODES]) + " …" * (len(one.codes) > _MOST_CODES)
        pieces: list[tuple[str, str] | str] = [
            cells.fit_name(one.name or t("slots.unnamed"), _NAME),
            " ",
            (t("slots.sharer", count=one.registrations), "$text-older"),
            f" {codes}",
        ]
        if one.waiting:
            pieces.append((t("slots.waiting", count=one.waiting), "$warning"))
        if one.dropped:
            pieces.append((t("slots.unread", count=one.dropped), "$warning"))
        yield Content.assemble(*pieces)


def _heading() -> str:
    titles = (cells.fit(t(f"slots.{channel}"), _CHANNEL) for channel in Channel)
    first = cells.fit(t("column.code"), _CODE), cells.fit(t("column.name"), _NAME)
    return " ".join((*first, *titles))


def _line(book: Book, row: Ticker, keys: Sequence[KeyState]) -> Content:
    pieces: list[tuple[str, str] | str] = [
        (cells.fit(row.code, _CODE), "$text-older"),
        " ",
        cells.fit_name(contract_name(row.instrument), _NAME),
    ]
    for channel in Channel:
        wanted = book.is_wanted(row.code, channel)
        status = book.registration_status(row.code, channel)
        mark, tone = _MARKS[status.state] if wanted else (cells.MISSING, "$text-old")
        mark += key_number(keys, status.app_key) if wanted else ""
        pieces += [" ", (cells.fit(mark, _CHANNEL), tone)]
    why = " · ".join(filter(None, (_why(book, row), message_text(unknown_facts(row.instrument)))))
    pieces += [" ", (why, "$text-label")]
    if row.missed:
        missed = t("slots.missed", count=cells.quantity(row.missed))
        pieces += [" · " if why else "", (missed, "$warning")]
    return Content.assemble(*pieces)


def _why(book: Book, row: Ticker) -> str:
    """Return why a code needs no slots, or why the first channel without a slot lacks one."""
    absent = book.asleep(row.code)
    if absent is not None:
        return t(f"absent.{absent}")
    return message_text(row.badge) or next(_reasons(book, row.code), "")


def _reasons(book: Book, code: str) -> Iterator[str]:
    for channel in (Channel.TRADE, Channel.EXPECTED, Channel.BOOK):
        status = book.registration_status(code, channel)
        if status.state is RegistrationState.REFUSED:
            yield t("row.refused", code=status.refusal)
        elif status.state is RegistrationState.NO_SLOT:
            yield t(f"slots.why_{channel}")
