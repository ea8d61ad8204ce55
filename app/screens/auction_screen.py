"""The page of an auction: the expected prices of a whole chain, their smile, and their parity."""

from math import inf, isfinite, nan
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Resize
from textual.reactive import var
from textual.widget import Widget

from app.instruments.option_chain import Chain
from app.krx.calendar import NextAuction, next_auction
from app.pricing.expected_parity import ExpectedParity, expected_parity
from app.pricing.expected_smile import expected_smile
from app.pricing.forward import Forward
from app.pricing.smile_file import SavedSmile
from app.pricing.year_fraction import years_left
from app.screens import status_text
from app.screens.chain_filter import FILTER_KEY, ChainFilter
from app.screens.expiry_screen import CHAIN_CURSOR_KEYS, EVERY, EXPIRY_KEYS, ExpiryScreen
from app.screens.keymap import Command, page_bindings
from app.screens.layout_keeper import LayoutKeeper
from app.screens.messages import ContractChosen
from app.screens.workspace import Workspace
from specs.market.smile import Curve
from specs.market.ticker import Ticker, expected_price
from widgets import cells
from widgets.auction_chain import AuctionChain
from widgets.chain import ChainBoard
from widgets.contract_names import contract_name
from widgets.expected import COLUMNS
from widgets.smile import SmilePlot
from widgets.smile_numbers import NamedValue, SmileNumbers
from widgets.status import StatusLine, StatusPart
from widgets.texts import t

WIDE = 100
"""Columns of the screen from which on picture and numbers are beside the chain."""

HIGH = 30
"""Rows of a narrower screen from which on the picture is below the chain."""

FUTURE_TAKES = 2
"""Registrations of the future: its trades and its book."""

EACH_WATCHED = 2
"""Registrations that each watched contract keeps: its trades and its expected prices."""

_NO_PATHS: dict[str, tuple[float, ...]] = {}


class AuctionScreen(ExpiryScreen):
    """Chain, smile and parity of the expected prices, or the last auction's result."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("chain_add", ("enter", "a"), "Enter a", "add", "page", 1),
        *EXPIRY_KEYS,
        Command("chain_money", ("0", "full_stop"), "0 .", "money", "page", 5),
        FILTER_KEY,
        Command("chain_export", ("E", "x"), "E x", "export", "page"),
        *CHAIN_CURSOR_KEYS,
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)
    AUTO_FOCUS = "#chain"
    HORIZONTAL_BREAKPOINTS = [*ExpiryScreen.HORIZONTAL_BREAKPOINTS, (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [*ExpiryScreen.VERTICAL_BREAKPOINTS, (HIGH, "-high")]  # noqa: RUF012

    dead: var[bool] = var(False, toggle_class="dead")
    """Whether no data come: the picture shows the last ones."""

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        super().__init__(workspace, layouts, code)
        self._due = -inf
        self.parity = ExpectedParity()
        self.curve = Curve()
        self._head = StatusLine("auction_head")
        self.board = AuctionChain(workspace.market.book.row)
        self._filter = ChainFilter(self.board, workspace.market.book.row)
        self.plot = SmilePlot()
        self.numbers = SmileNumbers()

    def compose_body(self) -> Widget:
        beside = Vertical(self.plot, self.numbers, id="auction_beside")
        view = Container(self.board, beside, id="auction_view")
        return Vertical(self._head, view, id="auction_box")

    def on_mount(self) -> None:
        """Begin on the expiry of the contract that the boards' cursor is on."""
        self.plot.border_title = Content(t("auction.smile"))
        self.plot.border_subtitle = Content(t("chain.strike").strip())
        self.open_chain(self._chain, self.first_code)

    # --- what it wants

    @property
    def codes(self) -> tuple[str, ...]:
        if self._chain is None:
            return ()
        futures, watched = self.futures(), self.market.open_contracts
        room = self.program.feed.limit - FUTURE_TAKES - EACH_WATCHED * len(watched)
        # Watched options of the chain take no further registration.
        own = sum(code in watched for strike in self._chain.strikes for code in strike.codes)
        centre = self._money_index if self._money_index is not None else self.board.cursor_strike
        return (*futures, *self._chain.nearest(centre, max(2, room + own)))

    @property
    def visible_codes(self) -> frozenset[str]:
        return frozenset(self.codes) - frozenset(self.market.open_contracts)

    @property
    def focus_code(self) -> str:
        return next(iter(self.futures()), "")

    @property
    def subject_code(self) -> str:
        return self.board.code or super().subject_code

    @property
    def valued(self) -> frozenset[str]:
        return frozenset(self.codes)

    @property
    def expected_first(self) -> bool:
        return True

    # --- time

    def reset_history(self) -> None:
        self._due = -inf

    def refresh_rows(self, *, live: bool) -> None:
        chain, clock = self._chain, self.program.clock
        if chain is None:
            return
        now, moment = clock.monotonic(), clock.now()
        auctions, schedule = self.market.auctions, self.program.feed.schedule
        state = schedule.state_at(moment)
        stage = status_text.auction_stage(auctions.auction, state, moment)
        self.board.set_stage(stage)
        forward = self.update_forward(chain)
        level = self._level(forward)
        live = live or stage in ("opened", "closed")
        self.board.refresh_rows(now, self._money_index, level, live=live)
        self.dead = not live
        if now < self._due:
            return
        self._due = now + EVERY
        self._read(chain, forward)
        title = status_text.auction_title(auctions.auction, state, moment)
        begin = next_auction(schedule, moment) if stage in ("opened", "closed") else None
        self._head.show(self._heading(chain, forward, title, begin), ())
        close = self.workspace.smiles.close(chain.key, moment)
        words = t(self.curve.why) if self.curve.why else ""
        behind = close.curve if close is not None else None
        self.plot.show(self.curve, behind, words)
        self.numbers.show(self.curve, behind, _NO_PATHS, self._facts(chain, close, words))

    def _rows(self, chain: Chain) -> list[Ticker]:
        """Return the rows of the chain's contracts that have an expected price."""
        found = (self.market.book.row(code) for strike in chain.strikes for code in strike.codes)
        return [row for row in found if row is not None and expected_price(row) > 0]

    def _read(self, chain: Chain, forward: Forward | None) -> None:
        """Compute parity and smile of the expected prices; those of a result stay as they are."""
        rows, now = self._rows(chain), self.program.clock.now()
        auction = self.market.auctions.auction
        moment = min(now, auction.end) if auction is not None else now
        years = years_left(chain.expiry, moment)
        self.parity = expected_parity(rows, years, self.workspace.rate)
        self.curve = expected_smile(rows, self._level(forward), years, self.workspace.rate)

    def _level(self, forward: Forward | None) -> float:
        """Return the forward by parity, else the one of the theory."""
        if isfinite(self.parity.forward):
            return self.parity.forward
        return forward.price if forward is not None else nan

    # --- texts

    def _heading(
        self,
        chain: Chain,
        forward: Forward | None,
        title: str,
        begin: NextAuction | None,
    ) -> list[StatusPart]:
        name, *_ = self.heading(chain, forward)
        parts = [name, StatusPart(title.partition(" ─ ")[2] or title, 1)]
        future, level = self._implied_future(chain)
        if isfinite(level):
            places = self.market.instrument(chain.first).decimals
            text = cells.marked(cells.number(level, places), True)
            parts.append(StatusPart(text, 2, "bold", label=future))
        if begin is not None:
            parts.append(StatusPart(status_text.next_auction_text(begin), 3, "$text-label"))
        return parts

    def _facts(self, chain: Chain, close: SavedSmile | None, words: str) -> list[NamedValue]:
        """Return what is known of future, pairs and expected prices."""
        parity, rows = self.parity, self._rows(chain)
        facts = [NamedValue("", words, warning=True)] if words and rows else []
        if parity.strikes:
            facts += self._parity_facts(chain)
        elif rows:
            facts.append(NamedValue("", t("auction.no_pair"), warning=True))
        calls, puts = (
            sum(row.code in {strike.codes[side] for strike in chain.strikes} for row in rows)
            for side in (0, 1)
        )
        facts.append(NamedValue(t("auction.indicated"), t("auction.sides", calls=calls, puts=puts)))
        if close is not None:
            facts.append(
                NamedValue(t("smile.close"), f"{status_text.day(close.at)} {close.at:%H:%M}")
            )
        return facts

    def _implied_future(self, chain: Chain) -> tuple[str, float]:
        """Return the name of the future and the price that expected prices imply for it.

        The future of another month is as far from the forward as it is by our theory.
        """
        forward = self._theory.forward(self.market.instrument(chain.first))
        code = next(iter(self.futures()), "")
        name = contract_name(self.market.instrument(code)) or t("chain.forward")
        return name, self.parity.forward / (forward.factor if forward is not None else 1.0)

    def _parity_facts(self, chain: Chain) -> list[NamedValue]:
        """Return the future that the expected prices imply, its change, and its pairs."""
        parity, places = self.parity, self.market.instrument(chain.first).decimals
        name, future = self._implied_future(chain)
        code = next(iter(self.futures()), "")
        facts = [NamedValue(name, cells.marked(cells.number(future, places), True))]
        row = self.market.book.row(code)
        change = future - row.trade.price if row is not None and row.trade is not None else nan
        if isfinite(change):
            facts.append(NamedValue(t("auction.from_last"), cells.plus(change, places)))
        low, high = (cells.number(strike, 1) for strike in (parity.strikes[0], parity.strikes[-1]))
        pairs = t("auction.pairs", count=len(parity.strikes), low=low, high=high)
        facts.append(NamedValue(t("auction.parity"), pairs))
        facts.append(NamedValue(t("auction.dispersion"), cells.number(parity.dispersion, places)))
        return facts

    # --- keys and size

    @on(Resize)
    def fit_numbers(self) -> None:
        """Arrange the numbers for the new width."""
        self._due = -inf
        self.call_after_refresh(self.refresh_rows, live=not self.dead)

    def action_move(self, way: str) -> None:
        """Move the cursor."""
        self.board.move(way)

    def action_money(self) -> None:
        """Go to the strike at the money."""
        if self._money_index is not None:
            self.board.go_to(self._money_index)

    def action_filter(self) -> None:
        """Ask for an expression; strikes of which neither contract matches are left out."""
        self._filter.ask(self.app, self._chain, COLUMNS)

    def action_back(self) -> None:
        """Show all strikes again, or go back to the boards."""
        if not self._filter.clear():
            super().action_back()

    def action_export(self) -> None:
        """Write the strikes to a file, highest first, raw."""
        from app.market.panel_export import chain

        strikes = self._chain.strikes if self._chain is not None else ()
        now = self.program.clock.now()
        lines = chain(strikes, self.market.book.row, self.board.columns, now)
        self.write_export("auction", lines)

    @on(ChainBoard.Activated)
    def action_add(self) -> None:
        """Watch the contract under the cursor."""
        if self.board.code:
            self.post_message(ContractChosen(self.board.code))

    def open_chain(self, chain: Chain | None, code: str) -> None:
        super().open_chain(chain, code)
        self._due, self.parity = -inf, ExpectedParity()
        strikes = chain.strikes if chain is not None else ()
        self.board.show(strikes, code, t("chain.no_master"))
        if chain is not None and not code:
            self.board.go_to(len(chain.strikes) // 2)
        self.refresh_rows(live=not self.dead)
