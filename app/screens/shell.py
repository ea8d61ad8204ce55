"""The shell: the main screen and everything that a key does to it, without a feed."""

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, get_args

from textual import events, on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from app.instruments.hangul import is_hangul, keys_of
from app.market.book import Book
from app.market.watchlist import Watchlist
from app.pricing.history import PATHS
from app.pricing.live_greeks import LiveGreeks
from app.screens import keymap as commands
from app.screens import status_text as wording
from app.screens.boards_screen import BoardsScreen
from app.screens.market_screen import MarketScreen
from app.screens.services import Services
from app.screens.textual_compat import SafeApp
from app.screens.theme import THEME
from app.storage.layouts import Layout, Updown
from app.system.errors import KisTuiError
from specs.clean import clean
from specs.market.ticker import Ticker
from widgets.board import Board
from widgets.hints import KeyHints
from widgets.messages import CursorMoved, HeaderClicked
from widgets.panel_grid import PanelGrid
from widgets.texts import t

if TYPE_CHECKING:
    from app.instruments.search import Search
    from app.portfolio.current import CurrentPositions
    from app.pricing.smile_tracker import SmileTracker

LONGEST_PASTE = 4000
UPDOWN: tuple[Updown, ...] = get_args(Updown)


class DashboardShell(SafeApp):
    """Panels, dialogs, layouts and the watched codes."""

    CSS_PATH = Path(__file__).with_name("kis.tcss")
    TITLE = "kis-tui"
    BINDINGS: ClassVar[list[BindingType]] = [*commands.bindings()]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    TABLE: ClassVar[tuple[commands.Command, ...]] = commands.COMMANDS
    """The keys, as help, hints and palette show them."""

    def __init__(self, program: Services) -> None:
        super().__init__()
        self.program = program
        self.reports = program.reports
        self.layout_name = program.layout.name
        self.updown: Updown = program.layout.updown
        self.watched = Watchlist(program.layout.codes)
        self.book = Book(program.contracts.instrument, named=program.contracts.named)
        self.valuation = LiveGreeks(
            self.book,
            program.contracts.instrument,
            program.clock,
            program.settings,
            program.feed.schedule,
        )
        self.chain_columns = list(program.layout.columns.get("chain", ()))
        self._said: set[str] = set()
        self.also: tuple[str, ...] = ()
        """What the page that is open wants besides."""
        self.main = BoardsScreen(self.TABLE, self.below())
        self.register_theme(THEME)
        self.theme = THEME.name

    def below(self) -> Iterable[Widget]:
        """What stands between the panels and the key hints."""
        return ()

    def get_default_screen(self) -> BoardsScreen:
        return self.main

    @cached_property
    def search(self) -> "Search":
        """The search among the contracts."""
        from app.instruments.search import Search

        return Search(self.program.contracts)

    @cached_property
    def positions(self) -> "CurrentPositions":
        """The positions."""
        from app.portfolio.current import CurrentPositions

        return CurrentPositions(self.program.positions, partial(self.show_toast, warning=True))

    @cached_property
    def smiles(self) -> "SmileTracker":
        """The smiles of the session."""
        from app.pricing.smile_tracker import SmileTracker

        schedule = self.program.feed.schedule
        return SmileTracker(self.program.smiles, partial(self.show_toast, warning=True), schedule)

    @property
    def desk(self) -> PanelGrid:
        """The panels."""
        return self.main.desk

    @property
    def board(self) -> Board:
        """The board that keys act on: the focused one, else the watchlist."""
        focused = self.main.focused
        return focused if isinstance(focused, Board) else self.desk.watchlist

    @property
    def page(self) -> MarketScreen | None:
        """The page that covers the boards, if one does."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, MarketScreen)), None)

    @property
    def rows(self) -> list[Ticker]:
        """The rows of the watched codes, in their order."""
        watched = (self.book.row(code) for code in self.watched.codes)
        return [row for row in watched if row is not None]

    def watch_codes(self, codes: tuple[str, ...]) -> None:
        """Called when other codes are watched."""

    def show_toast(self, text: str, *, warning: bool = False) -> None:
        """A short word in the corner; never parsed as markup."""
        if warning:
            self.notify(text, severity="warning", timeout=6, markup=False)
        else:
            self.notify(text, timeout=3, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the terminal's clipboard; an empty one leaves it as it is.

        A field's ``ctrl+x`` copies its selection even where nothing is selected.
        """
        if text:
            super().copy_to_clipboard(text)

    def save_or_say(self, save: Callable[..., None], *what: object) -> bool:
        """Save something; a failure is said once, not each time that it is tried again."""
        try:
            save(*what)
        except KisTuiError as error:
            if error.message not in self._said:
                self._said.add(error.message)
                self.show_toast(error.message, warning=True)
            return False
        return True

    # --- layouts

    def open_layout(self, layout: Layout) -> None:
        """Put everything where a layout says."""
        self.layout_name = layout.name
        self.program.contracts.remember(layout.names)
        self.watched.replace(layout.codes)
        self.desk.apply_arrangement(layout.panels, layout.arrangement, layout.sizes)
        for board_id, board in self.boards().items():
            board.set_columns(layout.columns.get(board_id, ()))
            sort = layout.sort.get(board_id, "")
            if board is not self.desk.expected:
                board.sort_by(sort.removeprefix("-") or None, descending=sort.startswith("-"))
        self.chain_columns[:] = layout.columns.get("chain", ())
        self.colour(layout.updown)
        self.show_codes()

    def present_layout(self) -> Layout:
        """How everything stands now."""
        desk = self.desk
        boards = self.boards()
        return Layout(
            name=self.layout_name,
            codes=list(self.watched.codes),
            names=self.program.contracts.names(self.watched.codes),
            panels=list(desk.panels),
            arrangement=desk.arrangement,
            sizes=dict(desk.sizes),
            columns={key: b.requested_columns for key, b in boards.items() if not b.shows_all}
            | ({"chain": list(self.chain_columns)} if self.chain_columns else {}),
            sort={
                key: ("-" if b.sort[1] else "") + b.sort[0]
                for key, b in boards.items()
                if b.sort is not None and b is not desk.expected
            },
            updown=self.updown,
        )

    def boards(self) -> dict[str, Board]:
        """The boards by the names that layouts know them by."""
        desk = self.desk
        return {
            "watchlist": desk.watchlist,
            "greeks": desk.greeks.board,
            "expected": desk.expected,
        }

    def colour(self, updown: Updown) -> None:
        """Colour ups and downs the Korean, American, colour-blind or plain way."""
        self.updown = updown
        for name in UPDOWN:
            self.main.set_class(name == self.updown, f"updown-{name}")

    def show_codes(self) -> None:
        """Bring all boards in line with the watched codes."""
        self.book.watch((*self.watched.codes, *self.also))
        rows = self.rows
        self.desk.watchlist.show(rows)
        self.desk.greeks.show(rows)
        self.desk.ladder.show(rows)
        self.desk.ladder.select(self.board.code)
        self.desk.expected.show(row for row in rows if row.expected is not None)
        self.desk.watchlist.border_title = Content(
            f"1 {t('panel.watchlist')}" + (f" ─ {self.layout_name}" if self.layout_name else "")
        )
        self.watch_codes(self.watched.codes)

    # --- keys

    async def on_event(self, event: events.Event) -> None:
        """Read keys typed with the Hangul input method as the Latin letters they stand on."""
        if event.is_forwarded:
            # It comes back from a widget that has no use for it; a new one would go there again.
            await super().on_event(event)
            return
        if (
            isinstance(event, events.Key)
            and event.character is not None
            and is_hangul(event.character)
            and not isinstance(self.focused, Input)
        ):
            for key in keys_of(event.character):
                await super().on_event(events.Key(key, key))
            return
        if isinstance(event, events.Paste):
            # Fields take a paste as it comes, escape characters included, and its first line alone.
            event = events.Paste(clean(" ".join(event.text.split()), LONGEST_PASTE))
        await super().on_event(event)

    def beside(self, page: MarketScreen) -> tuple[commands.Command, ...]:
        """What works on a page besides its own keys."""
        return (*page.lent, *commands.on_pages(self.TABLE))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        page = screen if isinstance(screen, MarketScreen) else None
        for command in page.table if page is not None else ():
            if not command.action.startswith("move("):
                run = partial(self.call_later, screen.run_action, command.action)
                yield SystemCommand(t(f"command.{command.id}"), command.shown, run)
        for command in self.TABLE if page is None else self.beside(page):
            if command.group != "move" and command.id != "palette":
                run = partial(self.call_later, self.run_action, command.action)
                yield SystemCommand(t(f"command.{command.id}"), command.shown, run)

    @on(KeyHints.Chosen)
    async def run_hint(self, message: KeyHints.Chosen) -> None:
        """A hint was clicked: do what its key does."""
        await self.run_action(message.action)

    @on(CursorMoved)
    def follow(self, message: CursorMoved) -> None:
        """Greeks and order book follow the cursor of whichever board it moved on."""
        if message.board is self.board:
            self.desk.greeks.select(message.code)
            self.desk.ladder.select(message.code)
            self.show_greeks_title()

    @on(HeaderClicked)
    def sort_by_title(self, message: HeaderClicked) -> None:
        """A column's title was clicked: order by it, or the other way round."""
        board, column = message.board, message.column
        again = board.sort is not None and board.sort[0] == column
        board.sort_by(column, descending=not (again and board.sort and board.sort[1]))

    def show_greeks_title(self) -> None:
        """Name the option above the greeks."""
        row = self.desk.greeks.selected
        name = (row.instrument.name or row.code) if row is not None else ""
        self.desk.greeks.border_title = Content(
            f"2 {t('panel.greeks')}" + (f" ─ {name}" if name else "")
        )
        self.explain_greeks()

    def explain_greeks(self) -> None:
        """Say what our own greeks of that option rest on, and how it came to where it is."""
        row, history = self.desk.greeks.selected, self.valuation.history
        if row is not None:
            basis = self.valuation.basis(row.code)
            paths = {which: history.path(row.code, which) for which in PATHS}
            self.desk.greeks.explain(wording.basis_words(basis) if basis else "", paths)
