"""The actions that open pages, and what the dashboard answers to each of them.

Pages are imported when they are first asked for: the first picture waits for none.
"""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from app.screens.actions import Actions
from app.screens.market_screen import MarketScreen
from specs.market.instrument import Instrument
from widgets.status import StatusPart
from widgets.texts import t

if TYPE_CHECKING:
    from app.screens.expiry_screen import ChainMarket


class PageActions(Actions):
    """The keys that lead to a page."""

    def link_parts(self) -> list[StatusPart]:
        """The right of the status line."""
        return []

    def action_log(self) -> None:
        """Show how the link stands, and the last lines of the log."""
        from app.screens.dialogs.log_dialog import LogDialog

        if not isinstance(self.screen, LogDialog):
            self.push_screen(LogDialog(self.program.log, self.link_parts))

    def action_positions(self) -> None:
        """Show the positions and what they come to."""
        from app.instruments.code_lookup import CodeLookup
        from app.screens.position_market import PositionMarket
        from app.screens.positions_screen import PositionsScreen

        if isinstance(self.page, PositionsScreen):
            return
        contracts, clock = self.program.contracts, self.program.clock
        market = PositionMarket(
            row=self.book.row,
            instrument=contracts.instrument,
            lookup=CodeLookup(contracts).find,
            find=lambda typed: [hit.instrument for hit in self.find(typed)],
            now=clock.now,
            monotonic=clock.monotonic,
            futures=self._futures_of,
            asleep=self.book.is_day_only,
            rate=self.program.settings.rate / 100,
        )
        colours = f"updown-{self.updown}"
        self.open_page(PositionsScreen(self.positions, market, self._subject, colours))

    def action_chain(self) -> None:
        """Show the option chain of the contract under the cursor."""
        from app.instruments.option_chain import Chains
        from app.screens.chain_screen import ChainScreen

        if isinstance(self.page, ChainScreen):
            return
        chains = Chains(self.program.contracts.series, self.program.clock.now())
        colours = f"updown-{self.updown}"
        market, columns = self._chain_market(), self.chain_columns
        self.open_page(ChainScreen(chains, market, self._subject, columns, colours))

    def action_smile(self) -> None:
        """Show the smile of the expiry of the contract under the cursor."""
        from app.instruments.option_chain import Chains
        from app.screens.smile_screen import SmileScreen

        if isinstance(self.page, SmileScreen):
            return
        chains = Chains(self.program.contracts.series, self.program.clock.now())
        rate, market = self.program.settings.rate / 100, self._chain_market()
        self.open_page(SmileScreen(chains, market, self.smiles, rate, self._subject))

    @property
    def _subject(self) -> str:
        """The contract that a page begins with: that of the page in whose place it comes."""
        page = self.page
        return (page.subject_code if page is not None else "") or self.board.code

    def open_page(self, page: MarketScreen) -> None:
        """Cover the boards with a page; one that covers them already makes room for it."""
        if isinstance(self.screen, MarketScreen):
            self.switch_screen(page)
        else:
            self.push_screen(page)

    def watch_smiles(self, moment: datetime, now: float, since: float) -> None:
        """Let the smiles of the session take what options are quoted at now."""
        rows = self.book.rows
        # Nothing of it is loaded before there is something to look at.
        if any(row.book is not None and row.instrument.right is not None for row in rows):
            rate = self.program.settings.rate / 100
            self.smiles.update(rows, self.valuation.theory.forward, rate, moment, now, since)

    def _chain_market(self) -> "ChainMarket":
        from app.screens.expiry_screen import ChainMarket

        contracts = self.program.contracts
        return ChainMarket(
            clock=self.program.clock,
            row=self.book.row,
            instrument=contracts.instrument,
            forward=self.valuation.theory.forward,
            futures=self._futures_of,
            add=self._add_from_page,
            export=partial(self.write_export, "chain"),
            limit=self.program.feed.limit,
        )

    def _futures_of(self, option: Instrument) -> tuple[str, ...]:
        from app.pricing.underlying_futures import futures_of

        contracts, now = self.program.contracts, self.program.clock.now()
        return futures_of(option, contracts.instrument, now, named=contracts.named)

    def _add_from_page(self, code: str) -> None:
        name = self.program.contracts.instrument(code).name or code
        fresh = code not in self.watched.codes
        self._add([code])
        if fresh:
            self.show_toast(t("chain.added", name=name))
