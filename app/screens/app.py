"""The dashboard: runs the feed on a thread of its own, and lays its batches on the boards."""

import contextlib
import threading
from functools import partial
from math import inf
from typing import get_args

from textual import on, work
from textual.content import Content

from app.feed import feed_loop as loop
from app.feed.batch import Batch, Counters, LinkState
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.link_news import link_news
from app.feed.recording import Recording
from app.feed.registrations import RegistrationState
from app.feed.rest.rest_events import RestPrice, RestTrouble
from app.feed.source import Source
from app.instruments.contracts import has_expired
from app.krx.calendar import MarketPhase, MarketState
from app.krx.stock_market import last_close
from app.krx.unexpected_session import UnexpectedSession
from app.market.auction_tracker import AuctionTracker
from app.market.stated_expiry import expiry_news
from app.screens import status_text as wording
from app.screens.exits import PATIENCE
from app.screens.messages import BatchArrived
from app.screens.page_actions import PageActions
from app.screens.services import Services
from app.screens.status_text import is_running
from app.system.errors import KisTuiError
from app.system.news import News
from app.tape.news import news
from specs.catalog import CATALOG, Channel, Session
from specs.market.theoretical import GreeksSource
from specs.market.ticker import Ticker
from specs.record import ExpectedRecord
from widgets.status import StatusPart
from widgets.texts import t

TICK = 0.5
KEEP_EVERY = 5.0
WHOSE: tuple[GreeksSource, ...] = get_args(GreeksSource)


class KisTui(PageActions):
    """The terminal dashboard."""

    def __init__(self, program: Services) -> None:
        super().__init__(program)
        self.clock = program.clock
        self.feed: Source = (
            program.source(self._deliver)
            if program.source is not None
            else Feed(program.feed, program.clock, self._deliver)
        )
        self.link = LinkState()
        self.counters = Counters()
        self.recording = Recording()
        self.batch: Batch | None = None
        self._feed_ended = threading.Event()
        self._feed_ended.set()
        self.schedule = program.feed.schedule
        self.unexpected = UnexpectedSession(self.schedule)
        self.auctions = AuctionTracker(program.auctions, self.schedule)
        self._kept = program.layout
        self._keep_due = 0.0
        self.wish = WatchRequest()
        self._expired: dict[str, bool] = {}
        self._said_expired = False
        self._open_since = inf
        endpoints = program.feed.endpoints
        self._plain = endpoints.ws.startswith("ws://") and not endpoints.local

    def on_mount(self) -> None:
        self.exits.install()
        self.auctions.restore(self.clock.now())
        self.open_layout(self.program.layout)
        self.tick()
        self.set_interval(TICK, self.tick)
        for notice in self.program.notices:
            self.show_toast(notice, warning=True)
        # Paint first: what is in sight is known then, and importing the network costs no wait.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.push_watch_request()
        self._feed_ended.clear()
        self._run_feed()

    def on_unmount(self) -> None:
        self.save_changes(leaving=True)
        if self.program.diagnostics is not None and self.batch is not None:
            with contextlib.suppress(KisTuiError):
                written = self.clock.now().isoformat(timespec="seconds")
                scales = self.valuation.scales.outcomes()
                differences = self.program.contracts.expiry_differences.values()
                self.program.diagnostics.save(self.batch, written, scales, differences)
        self.feed.stop()

    @work(thread=True, exit_on_error=True)
    def _run_feed(self) -> None:
        try:
            loop.run(self.feed.run())
        except Exception as error:
            # Without a feed the screen would show old prices as if they were new.
            self.fatal_error = error
            raise
        finally:
            self._feed_ended.set()

    def release_resources(self) -> None:
        self.feed.stop()
        self._feed_ended.wait(PATIENCE)

    def _deliver(self, batch: Batch) -> None:
        self.post_message(BatchArrived(batch))

    # --- what the feed brings

    @on(BatchArrived)
    def apply_batch(self, message: BatchArrived) -> None:
        """Lay a batch on the boards, and let the next one come."""
        try:
            self._apply(self.prepare(message.batch))
        finally:
            self.feed.acknowledge_batch()

    def _apply(self, batch: Batch) -> None:
        for one in self.news_of(batch):
            self.show_toast(one.text, warning=one.bad)
        self.batch, self.recording, before = batch, batch.recording, self.link.headline
        self.link, self.counters = batch.link, batch.counters
        self.attempt(self.unexpected.note, batch.sessions, self.clock.now())
        self._show_rows(self.attempt(self.book.apply, batch))
        for told in batch.rest_events:
            if isinstance(told, RestPrice):
                self._show_rows(self.attempt(self.book.ask, told.record, told.at))
            elif isinstance(told, RestTrouble):
                self.show_toast(told.message, warning=True)
        self._show_rows(self.attempt(self.valuation.apply, batch, self._valued))
        if self.link.headline != before:
            self.attempt(self._show_status)
        if self.page is not None:
            self.page.refresh_rows(live=self.link.is_live(self.clock.monotonic()))

    def news_of(self, batch: Batch) -> list[News]:
        """Return what a batch, which was not applied yet, has to say once."""
        of_link = link_news(self.link, self.counters, batch)
        of_expiries = expiry_news(batch.rest_events, self.program.contracts, self.book)
        return [*news(self.recording, batch.recording), *of_link, *of_expiries]

    def prepare(self, batch: Batch) -> Batch:
        """Make ready for what a batch brings; what of it is to be laid on the boards."""
        expected = [h.record for h in batch.received if isinstance(h.record, ExpectedRecord)]
        if expected and self.auctions.note(expected, self.clock.now()):
            self.book.forget_expected()
        return batch

    def watch_codes(self, codes: tuple[str, ...]) -> None:
        self.book.restore(self.auctions.records)
        self._show_expected(self.rows)
        self.show_greeks_title()
        self.push_watch_request()

    def push_watch_request(self) -> None:
        """Tell the feed what is watched, in focus and in sight, where that changed."""
        page = self.page
        also = page.shown_codes if page is not None else ()
        if also != self.also:
            self.also = also
            self.book.watch((*self.watched.codes, *also))
        wanted = (*(page.codes if page is not None else ()), *self.watched.codes)
        codes = tuple(c for c in dict.fromkeys(wanted) if c not in self._expired)
        if page is not None:
            wish = WatchRequest(codes, page.focus_code, page.visible_codes, page.books_first)
        else:
            sight = (board.visible_codes for board in self.boards().values())
            wish = WatchRequest(codes, self.board.code, frozenset().union(*sight))
        if codes != self.wish.codes:
            self.feed.name(self.program.contracts.names(codes))
        if wish != self.wish:
            self.wish = wish
            self.feed.watch(wish)

    @property
    def _valued(self) -> frozenset[str]:
        """What our own theory computes at every beat."""
        seen = self.wish.visible or frozenset()
        return seen | self.page.valued if self.page is not None else seen

    def _show_rows(self, changed: list[Ticker] | None) -> None:
        desk = self.desk
        panels = (desk.watchlist.update_rows, desk.greeks.update_rows, desk.ladder.update_rows)
        rows = changed or []
        for show in (*panels, self._show_expected) if rows else ():
            self.attempt(show, rows)

    def _show_expected(self, changed: list[Ticker]) -> None:
        board = self.desk.expected
        expecting = [row for row in self.rows if row.expected is not None]
        if {row.code for row in expecting} != set(board.codes):
            board.show(expecting)
        else:
            board.update_rows(changed)

    # --- time

    def tick(self) -> None:
        """Let time pass on every board and on the status line, and keep what would be missed."""
        now, moment = self.clock.monotonic(), self.clock.now()
        live, market = self.link.is_live(now), self.schedule.state_at(moment)
        trading = market.phase in (MarketPhase.CONTINUOUS, MarketPhase.CLOSING_AUCTION)
        if trading is (self._open_since == inf):
            opened = self.schedule.trading_since(moment) if trading else None
            self._open_since = now - (moment - opened).total_seconds() if opened else inf
        expired = (row.code for row in self.rows if has_expired(row.instrument, moment))
        self._expired = {code: self._rolls(code) for code in expired}
        if self._expired and not self._said_expired:
            self._said_expired = True
            self.show_toast(t("toast.expired", count=len(self._expired)), warning=True)
        attempt, desk, since = self.attempt, self.desk, self._open_since
        changed = attempt(self.book.tick, now, expired=self._expired, open_since=since)
        self._show_rows(changed)
        self._show_rows(attempt(self.valuation.tick, self.rows, self._valued))
        expects = live or not is_running(self.auctions.auction, market)
        attempt(desk.watchlist.tick, now, live=live)
        attempt(desk.expected.tick, now, live=expects)
        attempt(self.explain_greeks)
        close = f"{last_close(moment):%H:%M}"
        attempt(desk.greeks.tick, moment.date(), now, live=live, close=close)
        desk.ladder.set_why(wording.why_no_book(self.book, self.board.code, market))
        attempt(desk.ladder.tick, now, live=live)
        if market.phase is MarketPhase.CONTINUOUS:
            attempt(self.watch_smiles, moment, now, since)
        if self.page is not None:
            attempt(self.page.refresh_rows, live=live)
        attempt(self.push_watch_request)
        self._show_status()
        if now >= self._keep_due:
            self._keep_due = now + KEEP_EVERY
            self.save_changes()

    def _rolls(self, code: str) -> bool:
        """Whether a later expiry of an expired contract is known."""
        if code in self._expired:
            return self._expired[code]
        return self.program.contracts.successor(code, self.clock.now().date()) is not None

    def save_changes(self, *, leaving: bool = False) -> None:
        """Write working layout, auction's result and smiles to disk, where they changed."""
        layout = self.present_layout()
        if layout != self._kept and self.save_or_say(self.program.save_session, layout):
            self._kept = layout
        self.save_or_say(self.auctions.save)
        if "smiles" in vars(self):
            self.save_or_say(partial(self.smiles.save, self.clock.monotonic(), leaving=leaving))

    def _show_status(self) -> None:
        now = self.clock.now()
        market, correction = self.schedule.state_at(now), self.unexpected.correction(now)
        badge, right = self.program.badge, self.link_parts()
        left = wording.session_parts(market, now, badge, correction)
        self.main.status.show(left, right)
        if self.page is not None:
            self.page.status.show(left, right)
        self._show_auction(market, market.session or market.next_session)

    def link_parts(self) -> list[StatusPart]:
        """The right of the status line."""
        now = self.clock.monotonic()
        return wording.link_parts(
            self.link, self.counters, now, plain=self._plain, recording=self.recording
        )

    def _show_auction(self, market: MarketState, session: Session) -> None:
        """Say above and below the expected executions what they are, or why there are none."""
        board = self.desk.expected
        board.border_title = Content(f"3 {wording.auction_title(self.auctions.auction, market)}")
        families = {row.instrument.family for row in self.rows}
        board.border_subtitle = Content(wording.no_expected(families, session))
        full = self.batch is not None and any(
            CATALOG[key.tr_id].channel is Channel.EXPECTED
            and place.state is RegistrationState.NO_SLOT
            for key, place in self.batch.registrations.items()
        )
        board.set_empty("expected.no_slot" if full else "expected.empty")

    # --- keys

    def action_slots(self) -> None:
        """Show who has the registrations, and what waits."""
        from app.screens.dialogs.slots_dialog import SlotsDialog, slots_text

        self.push_screen(SlotsDialog(lambda: slots_text(self.book, self.link)))

    def action_greeks_source(self) -> None:
        """Show KIS' greeks and volatilities, our own, or our own where there are any."""
        whose = WHOSE[(WHOSE.index(self.valuation.whose) + 1) % len(WHOSE)]
        self._show_rows(self.valuation.choose(whose))
        self.show_toast(t(f"chosen.{whose}"))

    def action_record(self) -> None:
        """Record what comes, or record it no longer."""
        if self.program.feed.recorder is None or self.program.source is not None:
            self.show_toast(t("record.no_recorder"), warning=True)
        else:
            self.feed.record(not self.recording.on)

    def action_reconnect(self) -> None:
        """Connect now, or anew."""
        self.feed.retry()
        self.show_toast(t("toast.reconnecting"))

    async def action_quit(self) -> None:
        """Leave, with everything kept."""
        self.leave(0)
