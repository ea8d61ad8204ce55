"""The market as the dashboard knows it: book, watched codes, auctions, and values beside them.

What values options (`app.pricing`) is one room above this one and is handed in as a `Valuation`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from math import inf, nan
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from app.feed.batch import Batch
from app.feed.demand import GRACE, WatchRequest, rank_registrations, turn_at
from app.feed.rest.rest_events import RestBars, RestExpectedPrice, RestPrice
from app.feed.trade_lane import Quotes
from app.instruments.contracts import Contracts, has_expired
from app.krx.calendar import MarketPhase, MarketState, Schedule
from app.krx.hours import last_trade_moment
from app.krx.unexpected_session import Correction, UnexpectedSession
from app.market.auction_tracker import AuctionTracker
from app.market.book import Book
from app.market.combinations import Combinations
from app.market.row_changes import contained, newest
from app.market.row_views import RowViews
from app.market.session_memory import MINUTE, SessionMemory
from app.market.watchlist import Watchlist
from app.system.clock import Clock
from specs.codes import is_spread
from specs.combination_code import contract_codes, is_combination
from specs.market.instrument import Instrument
from specs.market.price_path import path_edges, path_levels
from specs.market.ticker import OLD_AFTER, Ticker, underlying
from specs.record import ExpectedRecord

if TYPE_CHECKING:
    from app.instruments.search import Search, SearchHit


class Valuation(Protocol):
    """Computes values of rows, writes them into the book and returns the rows that changed."""

    def apply(self, batch: Batch, valued: Collection[str], /) -> list[Ticker]:
        """Value these codes after a batch."""

    def tick(self, watched: Sequence[Ticker], valued: Collection[str], /) -> list[Ticker]:
        """Value these codes and the watched rows after time has passed."""


class Market:
    """Everything that is known of the market; lives on the screen's thread.

    An error in one part, such as the values, is reported as an item error and the others go on.
    """

    def __init__(
        self,
        book: Book,
        valuation: Valuation,
        auctions: AuctionTracker,
        contracts: Contracts,
        clock: Clock,
        schedule: Schedule,
        codes: Iterable[str] = (),
    ) -> None:
        self.book = book
        self.auctions = auctions
        self.contracts = contracts
        self.watchlist = Watchlist(codes)
        self.combinations = Combinations(book.row, contracts.instrument)
        self.row_views = RowViews()
        self.memory = SessionMemory()
        self.earlier_quotes: list[Quotes] = []
        """Best quotes of before this start that no smile was made of yet."""
        self.page_codes: tuple[str, ...] = ()
        """Codes that the page on top shows besides the watched ones."""
        self.expired: dict[str, bool] = {}
        """Watched codes whose last trading day is over, and whether a later expiry is known."""
        self.open_since = inf
        """Start of trading in seconds of the monotonic clock; infinite while it is closed."""
        self._valuation = valuation
        self._clock = clock
        self._schedule = schedule
        self._unexpected = UnexpectedSession(schedule)
        self._path_minute = -1
        """The minute for which the paths of prices were drawn."""

    # --- what is known

    @property
    def rows(self) -> list[Ticker]:
        """The rows of the open list, in its order."""
        watched = map(self.row, self.watchlist.codes)
        return [row for row in watched if row is not None]

    @property
    def all_rows(self) -> list[Ticker]:
        """The rows of the contracts of all lists, those of the open one first."""
        watched = map(self.book.row, self.contract_codes)
        return [row for row in watched if row is not None]

    @property
    def contract_codes(self) -> tuple[str, ...]:
        """The contracts of all lists, the legs of combinations among them."""
        return contract_codes(self.watchlist.all_codes)

    @property
    def open_contracts(self) -> tuple[str, ...]:
        """The contracts of the open list, the legs of combinations in their place."""
        return contract_codes(self.watchlist.codes)

    def row(self, code: str) -> Ticker | None:
        """Return the row of a contract or of a combination, or None if it is not held."""
        return self.book.row(code) if code.isalnum() else self.combinations.row(code)

    @cached_property
    def search(self) -> "Search":
        """The search among the contracts; loaded when it is first asked for."""
        from app.instruments.search import Search

        return Search(self.contracts)

    def instrument(self, code: str) -> Instrument:
        """Return what is known of a code, or of a combination."""
        if is_combination(code):
            return self.combinations.instrument(code)
        return self.contracts.instrument(code)

    def find(self, typed: str) -> "list[SearchHit]":
        """Return the contracts that a text means, those nearest to their underlying's price first.

        The price is the one that the last trade of a watched contract names.
        """
        near = {
            row.instrument.underlying: underlying(row.trade)
            for row in self.all_rows
            if row.trade is not None and not is_spread(row.code)
        }
        return self.search.find(typed, today=self._clock.now().date(), near=near)

    def registrations_of(self, code: str) -> int:
        """Return how many registrations a code takes in the session that is on; 0 if expired.

        A combination takes those of its legs.
        """
        session, auction = turn_at(self._clock.now(), self._schedule)
        codes = self.unexpired(contract_codes((code,)))
        request, reader = WatchRequest(codes), self.contracts.code
        ranked = rank_registrations(request, session, auction=auction, reader=reader)
        return len(ranked.registrations)

    def first_end(self, now: datetime) -> datetime | None:
        """Return when the first of the watched contracts ends today, or None if none does."""
        known = (row.instrument for row in self.all_rows)
        ends = [
            last_trade_moment(one.expiry, one.product) for one in known if one.expiry == now.date()
        ]
        return min((end for end in ends if end > now), default=None)

    def correction(self, now: datetime) -> Correction | None:
        """Return the calendar setting to correct if data come in a session that it has closed."""
        return self._unexpected.correction(now)

    def unexpired(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return the codes that may still be traded, to be registered.

        The last prints come late: a contract counts for `GRACE` after its last trading moment.
        """
        before, by_code = self._clock.now() - GRACE, self.book.by_code
        rows = ((code, by_code.get(code)) for code in codes)
        return tuple(
            code
            for code, row in rows
            if not has_expired(self.instrument(code) if row is None else row.instrument, before)
        )

    def is_in_session(self, now: datetime) -> bool:
        """Return whether a session is on, by the calendar or because its data come all the same."""
        return self._schedule.state_at(now).session is not None or self.correction(now) is not None

    # --- what changes it

    def watch(self) -> None:
        """Have the book hold the watched codes and the page's codes."""
        self.book.watch((*self.contract_codes, *contract_codes(self.page_codes)))
        self.book.restore(self.auctions.records)
        self.book.apply_indications(self.auctions.indications.known(self._clock.now()))
        self.combinations.watch(self.watchlist.all_codes)

    def apply(self, batch: Batch, valued: Callable[[], Collection[str]]) -> list[Ticker]:
        """Apply a batch and return the rows that changed.

        `valued` returns the codes to be valued; it is called when the batch is in the book.
        """
        now, cleared = self._clock.now(), list[Ticker]()
        if batch.is_reset:
            # A tape was wound to another place, and this batch is all that is known there.
            self.book.clear()
            self.memory.clear()
            self.row_views.reset()
            self.open_since, self._path_minute = inf, -1
            received = self.auctions.reset(batch.received, now, self._clock.monotonic())
            batch = replace(batch, received=tuple(received))
        else:
            expected = [
                one.record for one in batch.received if isinstance(one.record, ExpectedRecord)
            ]
            if expected and self.auctions.note(expected, now):
                cleared = self.book.clear_expected()
        contained(self._note_sessions, batch, now)
        contained(self._remember, batch)
        changed = cleared + contained(self.book.apply, batch)
        changed += contained(self._indicate, batch, now)
        for event in batch.rest_events:
            if isinstance(event, RestExpectedPrice):
                if self.auctions.note([event.record], now):
                    changed += self.book.clear_expected()
                changed += contained(self.book.apply_rest_expected, event.record)
                found = self.auctions.note_rest(event.record, now)
                changed += contained(self.book.apply_indications, found)
            if isinstance(event, RestBars):
                self.memory.fill(event.code, event.bars)
            if isinstance(event, RestPrice):
                self.row_views.note_close(event.record.code, event.previous_close)
                changed += contained(self.book.apply_rest_trade, event.record, event.at)
        valued_rows = contained(self._value_batch, batch, valued)
        self._keep_values(valued_rows)
        return self._with_combinations(newest(changed, valued_rows))

    def tick(self, state: MarketState, valued: Callable[[], Collection[str]]) -> list[Ticker]:
        """Let time pass and return the rows that changed; `state` is the calendar's."""
        now, moment = self._clock.monotonic(), self._clock.now()
        trading = state.phase in (MarketPhase.CONTINUOUS, MarketPhase.CLOSING_AUCTION)
        if trading is (self.open_since == inf):
            opened = self._schedule.trading_since(moment) if trading else None
            self.open_since = now - (moment - opened).total_seconds() if opened else inf
        if state.session is not None:
            self.row_views.start_session(state.trade_date, state.session, self.all_rows, moment)
        self.book.views = self.row_views.views(self.book.rows)
        over = (row.code for row in self.all_rows if has_expired(row.instrument, moment))
        self.expired = {code: self._rolls(code, moment) for code in over}
        expired, since = self.expired, self.open_since
        paths = contained(self._update_paths, moment)
        changed = contained(self.book.tick, now, expired=expired, open_since=since)
        changed += contained(self.book.apply_indications, self.auctions.tick(moment))
        valued_rows = contained(self._value_time, valued)
        self._keep_values(valued_rows)
        return self._with_combinations(newest(paths, changed, valued_rows))

    def _with_combinations(self, changed: list[Ticker]) -> list[Ticker]:
        return [*changed, *self.combinations.update(changed)]

    def show_views(self) -> list[Ticker]:
        """Show what the user has set for rows; return the rows that changed."""
        views = self.row_views.views((*self.book.rows, *self.combinations.rows))
        changed = self._with_combinations(self.book.apply_views(views))
        return newest(changed, self.combinations.apply_views(views))

    def _rolls(self, code: str, moment: datetime) -> bool:
        """Return whether a later expiry of an expired contract is known."""
        if code in self.expired:
            return self.expired[code]
        return self.contracts.successor(code, moment.date()) is not None

    def _note_sessions(self, batch: Batch, now: datetime) -> list[Ticker]:
        self._unexpected.note(batch.sessions, now)
        return []

    def _remember(self, batch: Batch) -> list[Ticker]:
        self.memory.apply(batch.trades, self._own_price)
        for records in batch.earlier:
            self.memory.prepend(records.trades)
            self.earlier_quotes += [records.quotes] if records.quotes else []
        return []

    def _update_paths(self, moment: datetime) -> list[Ticker]:
        """Draw the prices of the session anew when a minute is over."""
        minute = int(moment.timestamp()) // MINUTE
        if minute == self._path_minute:
            return []
        self._path_minute, since = minute, self._schedule.trading_since(moment)
        if since is None:
            return []
        edges = path_edges(int(since.timestamp()), minute * MINUTE)
        codes = self.contract_codes
        return self.book.apply_paths(
            {code: path_levels(self.memory.closes(code, edges)) for code in codes}
        )

    def _own_price(self, code: str) -> float:
        """Return our own theory's price of an option as a batch comes; nan if old or missing."""
        row = self.book.row(code)
        own = row.theoretical if row is not None else None
        if own is None or self._clock.monotonic() - own.at >= OLD_AFTER:
            return nan
        return own.price

    def _indicate(self, batch: Batch, now: datetime) -> list[Ticker]:
        return self.book.apply_indications(self.auctions.apply(batch, self.book.by_code, now))

    def _keep_values(self, rows: Sequence[Ticker]) -> None:
        """Keep our own values at expected prices with the auction that they belong to."""
        for row in rows:
            if row.indication is not None:
                self.auctions.indications.value(row.code, row.indication.values)

    def _value_batch(self, batch: Batch, valued: Callable[[], Collection[str]]) -> list[Ticker]:
        return self._valuation.apply(batch, valued())

    def _value_time(self, valued: Callable[[], Collection[str]]) -> list[Ticker]:
        return self._valuation.tick(self.all_rows, valued())
