"""The book: a row for each watched code with the newest record of every kind."""

from collections.abc import Callable, Collection, Iterable, Mapping
from math import inf
from types import MappingProxyType

from msgspec.structs import replace

from app.feed.batch import Batch
from app.feed.connection import SETTLED
from app.feed.registration_state import WITHOUT_BOOK
from app.feed.registrations import RegistrationState, RegistrationStatus
from app.instruments.contracts import unknown_facts
from app.market.row_note import silence
from specs.catalog import CATALOG, DAY_ONLY, Absent, Channel
from specs.item_errors import report_item_error
from specs.market.indication import Indication
from specs.market.instrument import Instrument
from specs.market.kis_greeks import judge
from specs.market.price_path import PricePath
from specs.market.row_view import PLAIN_VIEW, RowView
from specs.market.theoretical import GreeksSource, TheoreticalValues
from specs.market.ticker import Ticker, is_indicative
from specs.record import BookRecord, ExpectedRecord, OptionTradeRecord, TradeRecord
from specs.user_message import MessageList, UserMessage, UserText

MOST_DROPPED = 1000
"""Rows that are remembered after nobody watches them."""

_UNKNOWN = RegistrationStatus(RegistrationState.NONE)


class Book:
    """Rows by code; lives on the screen's thread and is written by batches and by time alone."""

    def __init__(self, instrument: Callable[[str], Instrument], *, named: bool = True) -> None:
        self._instrument = instrument
        self._named = named
        self._rows: dict[str, Ticker] = {}
        self._dropped: dict[str, Ticker] = {}
        self._places: dict[tuple[str, Channel], RegistrationStatus] = {}
        self._source: object = None
        self._asleep: dict[str, Absent] = {}
        self._missed: Mapping[str, float] = {}
        self._scales: Mapping[type, float] = {}
        self._whose: GreeksSource = "auto"
        self.views: Mapping[str, RowView] = {}
        """What the user has set for rows, shown from the next change on."""
        self._expired: Mapping[str, bool] = {}
        self._live = False
        self._now = 0.0
        self._open_since = inf
        self._renewed: set[str] = set()

    @property
    def rows(self) -> list[Ticker]:
        """All rows, in the order of the codes."""
        return list(self._rows.values())

    @property
    def by_code(self) -> Mapping[str, Ticker]:
        """All rows by their codes, as they are at any moment."""
        return MappingProxyType(self._rows)

    def row(self, code: str) -> Ticker | None:
        """Return the row of a code, or None if it is not held."""
        return self._rows.get(code)

    def registration_status(self, code: str, channel: Channel) -> RegistrationStatus:
        """Return the state of a code's registration on a channel."""
        return self._places.get((code, channel), _UNKNOWN)

    def is_wanted(self, code: str, channel: Channel) -> bool:
        """Return whether a code's channel is to be registered."""
        return (code, channel) in self._places

    def has_expired(self, code: str) -> bool:
        """Return whether a code's last trading day is over."""
        return code in self._expired

    def asleep(self, code: str) -> Absent | None:
        """Return why no TR carries a code in this session, or None if one does."""
        return self._asleep.get(code)

    def is_day_only(self, code: str) -> bool:
        """Return whether a code has no TR in this session because it does not trade at night."""
        return self._asleep.get(code) in DAY_ONLY

    def watch(self, codes: Iterable[str]) -> None:
        """Hold the rows of these codes, in this order."""
        # KIS sends no snapshot: a row that comes back must not have lost its last trade.
        self._dropped |= self._rows
        self._rows = {
            code: self._dropped.pop(code)
            if code in self._dropped
            else Ticker(self._instrument(code))
            for code in dict.fromkeys(codes)
        }
        while len(self._dropped) > MOST_DROPPED:
            del self._dropped[next(iter(self._dropped))]
        self._settle()

    def restore(self, expected: Iterable[ExpectedRecord]) -> None:
        """Restore saved expected executions where no newer ones are known."""
        for record in expected:
            row = self._rows.get(record.code)
            if row is not None and row.expected is None:
                self._rows[record.code] = replace(row, expected=record)

    def clear(self) -> None:
        """Discard every record; the codes stay."""
        self._dropped.clear()
        self._rows = {code: Ticker(self._instrument(code)) for code in self._rows}

    def clear_expected(self) -> list[Ticker]:
        """Discard expected executions, as a new auction begins; return the rows that changed."""
        old = [row for row in self._rows.values() if row.expected or row.indication]
        self._rows |= {row.code: replace(row, expected=None, indication=None) for row in old}
        return [self._rows[row.code] for row in old]

    def apply_indications(self, found: Mapping[str, Indication]) -> list[Ticker]:
        """Apply what an auction indicates by code and return the rows that changed."""
        changed = []
        for code, one in found.items():
            if (row := self._rows.get(code)) is not None and row.indication != one:
                row = self._rows[code] = self._noted(replace(row, indication=one))
                changed.append(row)
        return changed

    def apply_rest_trade(self, trade: TradeRecord, at: str) -> list[Ticker]:
        """Apply a REST trade of HHMMSS, unless one was streamed; return the rows that changed."""
        row = self._rows.get(trade.code)
        streamed = row is not None and row.trade is not None and not row.asked_at
        if row is None or streamed or trade.price != trade.price:
            return []
        row = self._noted(judge(replace(row, trade=trade, asked_at=at), first=True))
        self._rows[row.code] = row
        return [row]

    def apply_rest_expected(self, expected: ExpectedRecord) -> list[Ticker]:
        """Apply an expected execution from REST and return the rows that changed."""
        row = self._rows.get(expected.code)
        if row is None:
            return []
        row = self._rows[row.code] = replace(row, expected=expected, expected_at=self._now)
        return [row]

    def apply(self, batch: Batch) -> list[Ticker]:
        """Apply a batch and return the rows that changed."""
        changed: dict[str, Ticker] = {}
        stale, self._missed = batch.missed is not self._missed, batch.missed
        for heard in batch.received:
            record = heard.record
            row = self._rows.get(record.code)
            if row is None:
                continue
            try:
                if isinstance(record, BookRecord):
                    row = replace(row, book=record, book_at=heard.at)
                elif isinstance(record, TradeRecord):
                    first = type(row.trade) is not type(record)
                    row = replace(row, trade=record, trade_at=heard.at, asked_at="")
                    if isinstance(record, OptionTradeRecord):
                        row = judge(row, first=first)
                elif isinstance(record, ExpectedRecord):
                    row = replace(row, expected=record, expected_at=heard.at)
                else:
                    raise TypeError(f"no place on a row for {type(record).__name__}")
                changed[row.code] = self._rows[row.code] = self._noted(row)
            except Exception as error:
                report_item_error(error)
        source = (batch.registrations, batch.asleep, batch.link.phase in SETTLED)
        if stale or source != self._source:
            self._source = source
            self._places = {
                (key.code, CATALOG[key.tr_id].channel): place
                for key, place in batch.registrations.items()
            }
            self._asleep, self._live = batch.asleep, source[2]
            changed |= self._settle()
        return list(changed.values())

    def renew_instruments(self) -> None:
        """Look up each contract again; the next `tick` returns the rows that changed."""
        for rows in (self._rows, self._dropped):
            for code, row in rows.items():
                about = self._instrument(code)
                if about != row.instrument:
                    rows[code] = replace(row, instrument=about)
                    self._renewed.add(code)

    def mark_alerts(self, codes: Collection[str]) -> list[Ticker]:
        """Mark these rows, whose alerts fired, and no others; return the rows that changed."""
        changed = []
        for code, row in self._rows.items():
            if row.is_alerted is not (code in codes):
                row = self._rows[code] = replace(row, is_alerted=not row.is_alerted)
                changed.append(row)
        return changed

    def apply_paths(self, paths: Mapping[str, PricePath]) -> list[Ticker]:
        """Apply the paths of prices by code and return the rows that changed."""
        rows = (row for row in self._rows.values() if paths.get(row.code, row.path) != row.path)
        changed = [replace(row, path=paths[row.code]) for row in rows]
        self._rows |= {row.code: row for row in changed}
        return changed

    def apply_theoretical(self, found: Mapping[str, TheoreticalValues]) -> list[Ticker]:
        """Apply our own values by code and return the rows that changed."""
        changed = []
        for code, own in found.items():
            row = self._rows.get(code)
            if row is not None and row.theoretical is not own:
                first = row.theoretical is None
                row = replace(row, theoretical=own)
                if first and row.option is not None:
                    row = judge(row, first=True)
                self._rows[code] = row
                changed.append(row)
        return changed

    def choose(
        self, whose: GreeksSource, scales: Mapping[type, float] | None = None
    ) -> list[Ticker]:
        """Show greeks of a source, KIS' volatilities at scales; return the rows that changed."""
        self._whose = whose
        self._scales = self._scales if scales is None else scales
        return list(self._settle().values())

    def apply_views(self, views: Mapping[str, RowView]) -> list[Ticker]:
        """Show what the user has set for rows and return the rows that changed."""
        self.views = views
        return list(self._settle().values())

    def tick(self, now: float, *, expired: Mapping[str, bool], open_since: float) -> list[Ticker]:
        """Let time pass and return the rows that changed.

        `expired` are the codes whose last trading day is over, and whether a later expiry is known
        to roll them to; `open_since` is when trading began, infinite while there is none.
        """
        self._now, self._expired, self._open_since = now, expired, open_since
        return list(self._settle().values())

    def _settle(self) -> dict[str, Ticker]:
        """Update notes and books to the registrations and return the rows that changed."""
        changed = {code: self._rows[code] for code in self._renewed if code in self._rows}
        self._renewed.clear()
        for code, row in self._rows.items():
            try:
                noted = self._noted(row)
            except Exception as error:
                report_item_error(error)
                continue
            if noted is not row:
                changed[code] = self._rows[code] = noted
        return changed

    def _noted(self, row: Ticker) -> Ticker:
        code = row.code
        state = self.registration_status(code, Channel.BOOK).state
        if row.book is not None and state in WITHOUT_BOOK:
            row = replace(row, book=None)
        silent = row.trade is None and row.book is None and not is_indicative(row)
        note = self._note(row) if silent else None
        badge: UserMessage | None = None
        if code in self._expired:
            badge = UserMessage("badge.expired")
        elif self.is_day_only(code) and not note:
            badge = UserMessage("badge.asleep")
        missed = self._missed.get(code, 0.0)
        if (note, badge, missed) != (row.note, row.badge, row.missed):
            row = replace(row, note=note, badge=badge, missed=missed)
        if (view := self.views.get(code, PLAIN_VIEW)) is not row.view:
            row = replace(row, view=view)
        return row if row.option is None else self._of_option(row)

    def _of_option(self, row: Ticker) -> Ticker:
        """Return the row with the chosen source of greeks and scale of volatility."""
        scale = self._scales.get(type(row.trade))
        if (self._whose, scale) == (row.source, row.scale):
            return row
        return replace(row, source=self._whose, scale=scale)

    def _note(self, row: Ticker) -> UserText:
        if row.code in self._expired:
            day = row.instrument.expiry
            key = "row.expired_rolls" if self._expired[row.code] else "row.expired"
            return UserMessage(key, day=f"{day:%y/%m/%d}" if day else "")
        asleep = self._asleep.get(row.code)
        if asleep is not None:
            return self._with_why(row, UserMessage(f"absent.{asleep}"))
        place = self.registration_status(row.code, Channel.TRADE)
        if place.state is RegistrationState.NOT_ON_TAPE:
            return UserMessage("row.not_on_tape")
        if not self._live or place.state is RegistrationState.NONE:
            return UserMessage("row.waiting")
        if place.state in (RegistrationState.NO_SLOT, RegistrationState.REFUSED):
            # No data will show whether such a contract exists.
            refused = UserMessage(f"row.{place.state}", code=place.refusal)
            unknown = unknown_facts(row.instrument)
            if unknown is not None:
                return self._with_why(row, MessageList((refused, unknown), " · "))
            return self._with_why(row, refused)
        if place.state is not RegistrationState.ACTIVE:
            return UserMessage(f"row.{place.state}", code=place.refusal)
        if self._open_since == inf:
            return UserMessage("row.closed")
        seconds = self._now - max(place.since, self._open_since)
        note = silence(seconds, listed=row.instrument.listed)
        return note if note.key == "row.no_trade" else self._with_why(row, note)

    def _with_why(self, row: Ticker, message: UserText) -> UserText:
        """Return the message, with a remark if a master is loaded that does not list the code."""
        unlisted = self._named and not row.instrument.listed
        if not unlisted:
            return message
        return MessageList((message, UserMessage("row.unlisted")), " — ")
