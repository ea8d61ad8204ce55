"""The dashboard: runs the feed on a thread of its own, and brings its batches to the screens.

Pages and dialogs are imported when they are first asked for: the first picture waits for none.
"""

from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget

from app.feed.batch import Batch, Counters, LinkState
from app.feed.demand import WatchRequest
from app.feed.recording import Recording
from app.feed.source import Source
from app.krx.calendar import MarketPhase
from app.screens import app_dialogs, keymap, status_text
from app.screens.alert_notices import AlertNotices
from app.screens.appearance import Appearance, toggle_mouse
from app.screens.batch_news import batch_news
from app.screens.boards_screen import BoardsScreen
from app.screens.bound_keys import bind_keys
from app.screens.clipboard import copy_shown
from app.screens.dashboard_screen import DashboardScreen
from app.screens.feed_thread import FeedThread
from app.screens.input_queue import as_typed
from app.screens.messages import BatchArrived, CodesChanged, ContractChosen
from app.screens.page_screen import PageScreen
from app.screens.pages import page_class
from app.screens.services import Services
from app.screens.textual_compat import SafeApp
from app.screens.workspace import Workspace, next_source
from specs.user_message import News
from widgets.status import StatusPart
from widgets.texts import t

TICK = 0.5
SAVE_EVERY = 5.0


class KisTui(SafeApp):
    """The terminal dashboard: what works on boards and pages alike, and what the feed brings."""

    CSS_PATH = Path(__file__).with_name("kis.tcss")
    TITLE = "kis-tui"
    BINDINGS: ClassVar[list[BindingType]] = [*keymap.app_bindings()]
    bind_keys, action_manual, action_mouse = bind_keys, app_dialogs.open_manual, toggle_mouse

    def __init__(self, program: Services) -> None:
        super().__init__()
        self.program = program
        self.table = self.bind_keys(program.keys)
        self.reports, self.clock = program.reports, program.clock
        self.link, self.counters, self.recording = LinkState(), Counters(), Recording()
        self.batch: Batch | None = None
        self.schedule = program.feed.schedule
        self.workspace = Workspace(program, partial(self.show_toast, warning=True))
        self.alerts = AlertNotices(self, self.workspace)
        self.feed: Source = program.make_feed(self._deliver, self.alerts.evaluate)
        self.feed_thread = FeedThread(self, self.feed)
        self.market = self.workspace.market
        self.appearance = Appearance(self, program)
        self.main = BoardsScreen(self.workspace, self.table, self.appearance.show_updown)
        self.main.below = tuple(self.below())
        self.request = WatchRequest()
        self._save_due = 0.0
        self._has_shown_expired = False

    def get_default_screen(self) -> BoardsScreen:
        return self.main

    def below(self) -> Iterable[Widget]:
        """Return widgets for a screen to show between its body and its key hints."""
        return ()

    @property
    def page(self) -> PageScreen | None:
        """The page that covers the boards, if one does."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, PageScreen)), None)

    @property
    def frozen_at(self) -> float | None:
        """Since when the screen stands still while data go on; None while it does not."""
        return self.main.grid.frozen_at

    @property
    def front(self) -> BoardsScreen | PageScreen:
        """The page that covers the boards, else the boards; a dialog may cover it."""
        page = self.page
        return page if page is not None else self.main

    # --- start and end

    def on_mount(self) -> None:
        self.exits.install()
        self.market.auctions.restore(self.clock.now())
        self.main.open_layout(self.program.layout)
        self.tick()
        self.set_interval(TICK, self.tick)
        for notice in self.program.notices:
            self.show_toast(notice, warning=True)
        # Paint first: what is in sight is known then, and importing the network costs no wait.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.alerts.start()
        self.push_watch_request()
        self.feed_thread.start()

    def on_unmount(self) -> None:
        self.save_changes(leaving=True)
        if self.batch is not None:
            self.workspace.save_diagnostics(self.batch)
        self.feed.stop()

    def release_resources(self) -> None:
        self.feed_thread.stop()

    def _deliver(self, batch: Batch) -> None:
        self.post_message(BatchArrived(batch))

    # --- what the feed brings

    @on(BatchArrived)
    def apply_batch(self, message: BatchArrived) -> None:
        """Apply a batch, and let the next one come."""
        try:
            self._apply(message.batch)
        finally:
            self.feed.acknowledge_batch()

    def _apply(self, batch: Batch) -> None:
        if batch.is_reset:
            self.reset_history()
        for one in self.news_of(batch):
            self.show_toast(one.message, warning=one.bad)
        self.batch, self.recording, before = batch, batch.recording, self.link.headline
        self.link, self.counters = batch.link, batch.counters
        self.main.grid.show_rows(self.market.apply(batch, self._valued))
        self.main.grid.show_rows(self.attempt(self.alerts.apply, batch) or [])
        if self.link.headline != before:
            self.attempt(self._show_status)
        if self.frozen_at is None:
            self.front.refresh_rows(live=self.link.is_live(self.clock.monotonic()))

    def news_of(self, batch: Batch) -> list[News]:
        """Return the news of a batch that was not applied yet; each is shown once."""
        return batch_news(self.link, self.counters, self.recording, batch, self.market)

    def reset_history(self) -> None:
        """Compare nothing with what was shown before: the tape was wound to another place."""
        self.main.grid.reset_history()
        self.workspace.reset_smiles()
        self.call_next(self._show_again)

    def _show_again(self) -> None:
        self.main.show_codes()
        self.front.reset_history()
        self.tick()

    @on(CodesChanged)
    def push_watch_request(self) -> None:
        """Tell the feed what is watched, in focus and in sight, where that changed."""
        front, market, alerted = self.front, self.market, self.alerts.codes
        if (shown := (*front.shown_codes, *alerted)) != market.page_codes:
            market.page_codes = shown
            market.watch()
        wanted = dict.fromkeys((*front.codes, *market.contract_codes, *alerted))
        codes = market.unexpired(wanted)
        others = frozenset(codes).difference(front.codes, market.open_contracts, alerted)
        request = front.watch_request(codes, others)
        if codes != self.request.codes:
            self.feed.name(self.program.contracts.names(codes))
        if request != self.request:
            self.request = request
            self.feed.watch(request)

    def _valued(self) -> Collection[str]:
        """Return what our own theory values at every beat."""
        return (self.request.visible or frozenset()) | self.front.valued | self.alerts.valued

    # --- time

    def tick(self) -> None:
        """Let time pass on every screen and save what would be missed after a crash."""
        now, moment = self.clock.monotonic(), self.clock.now()
        live, state = self.link.is_live(now), self.schedule.state_at(moment)
        self.main.grid.show_rows(self.market.tick(state, self._valued))
        if self.market.expired and not self._has_shown_expired:
            self._has_shown_expired = True
            self.show_toast(t("toast.expired", count=len(self.market.expired)), warning=True)
        self.main.grid.tick(state, live=live)
        if self.frozen_at is None:
            self.attempt(self.front.refresh_rows, live=live)
        if state.phase is MarketPhase.CONTINUOUS:
            self.attempt(self.workspace.update_smiles, self.market.book.rows, moment, now)
        self.main.grid.show_rows(self.attempt(self.alerts.tick) or [])
        self.attempt(self.push_watch_request)
        self._show_status()
        if now >= self._save_due:
            self._save_due = now + SAVE_EVERY
            self.save_changes()

    def save_changes(self, *, leaving: bool = False) -> None:
        """Write what has changed to disk."""
        self.workspace.save(self.main.capture_layout(), leaving=leaving)

    def _show_status(self) -> None:
        now = self.clock.now()
        state, correction = self.schedule.state_at(now), self.market.correction(now)
        end = self.market.first_end(now)
        left = status_text.session_parts(state, now, self.program.badge, correction, end)
        right = self.link_parts()
        frozen_for = self.frozen_at and self.clock.monotonic() - self.frozen_at
        left[:0] = status_text.badges(frozen_for, reports_mouse=self.reports_mouse)
        for screen in {self.main, self.front}:
            screen.status.show(left, right)
        registrations = self.batch.registrations if self.batch is not None else {}
        self.main.grid.show_auction_state(state, registrations)

    def link_parts(self) -> list[StatusPart]:
        """Return the right of the status line."""
        now, plain = self.clock.monotonic(), self.program.is_unencrypted
        recording, in_session = self.recording, self.market.is_in_session(self.clock.now())
        return status_text.link_parts(
            self.link, self.counters, now, plain=plain, recording=recording, in_session=in_session
        )

    # --- keys

    async def on_event(self, event: events.Event) -> None:
        for one in as_typed(event, self):
            await super().on_event(one)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        return (screen if isinstance(screen, DashboardScreen) else self.main).palette_commands()

    @on(ContractChosen)
    def add_contract(self, message: ContractChosen) -> None:
        """Watch a contract of a page."""
        self.main.add_from_page(message.code)

    def action_page(self, name: str) -> None:
        """Cover the boards with a page; one that covers them already makes room for it."""
        kind, front = page_class(name), self.front
        if isinstance(front, kind):
            return
        self._thaw()
        code = front.subject_code or self.main.board.code
        opened = kind(self.workspace, self.main.layouts, code)
        opened.show_app_commands(self.table, self.below())
        if isinstance(self.screen, PageScreen):
            self.switch_screen(opened)
        else:
            self.push_screen(opened)

    def action_settings(self) -> None:
        """Show all settings, and change them."""
        self.appearance.ask(self.main)

    def action_copy(self, what: str) -> None:
        """Copy the row under the cursor or the panel in focus as text, through the terminal."""
        copy_shown(self, self.screen.focused, self.main.board, what)

    def action_freeze(self) -> None:
        """Hold what the screen shows while data go on, or show the present again."""
        if self.frozen_at is None:
            self.main.grid.frozen_at = self.clock.monotonic()
            self.workspace.frozen_rows = dict(self.market.book.by_code)
            self._show_status()
        else:
            self._thaw()

    def _thaw(self) -> None:
        if self.frozen_at is not None:
            self.main.show_codes()
            self.tick()

    def action_log(self) -> None:
        """Show the state of the link and the last lines of the log."""
        app_dialogs.open_log(self, self.program.log, self.link_parts)

    def action_slots(self) -> None:
        """Show who has the registrations, and what waits."""
        app_dialogs.open_slots(self, self.market.book, lambda: self.link)

    def action_greeks_source(self) -> None:
        """Show KIS' greeks and volatilities, our own, or our own where there are any."""
        valuation = self.workspace.valuation
        self.main.grid.show_rows(valuation.choose(next_source(valuation.source)))
        self.show_toast(t(f"chosen.{valuation.source}"))

    def action_record(self) -> None:
        """Begin or end the recording of what comes."""
        if self.program.feed.recorder is None or self.program.source is not None:
            self.show_toast(t("record.no_recorder"), warning=True)
        else:
            self.feed.record(not self.recording.on)

    def action_reconnect(self) -> None:
        """Connect now, or close the session and connect again."""
        self.feed.retry()
        self.show_toast(t("toast.reconnecting"))

    def action_command_palette(self) -> None:
        """Find a command by its name."""
        app_dialogs.open_palette(self)

    def action_help(self) -> None:
        """Show every key and sign."""
        app_dialogs.open_help(self, self.front.screen_commands, self.front.shared_commands)

    async def action_quit(self) -> None:
        """Leave, with everything saved."""
        self.leave(0)
