"""The actions that open pages, and what the dashboard answers to each of them.

Pages are imported when they are first asked for: the first picture waits for none.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from app.actions import Actions
from widgets.row import Instrument
from widgets.texts import t

if TYPE_CHECKING:
    from app.pages.expiry import ChainMarket


class PageActions(Actions):
    """The keys that lead to a page."""

    def action_positions(self) -> None:
        """Show the positions and what they come to."""
        from app.pages.positions import Market, PositionsPage

        contracts, clock = self.program.contracts, self.program.clock
        market = Market(
            row=self.book.row,
            instrument=contracts.instrument,
            find=lambda typed: [hit.instrument for hit in self.find(typed)],
            now=clock.now,
            futures=self._futures_of,
            rate=self.program.settings.rate / 100,
        )
        colours = f"updown-{self.updown}"
        self.push_screen(PositionsPage(self.positions, market, self.board.code, colours))

    def action_chain(self) -> None:
        """Show the option chain of the contract under the cursor."""
        from app.chain import Chains
        from app.pages.chain import ChainPage

        chains = Chains(self.program.contracts.series, self.program.clock.now())
        colours = f"updown-{self.updown}"
        market, columns = self._chain_market(), self.chain_columns
        self.push_screen(ChainPage(chains, market, self.board.code, columns, colours))

    def action_smile(self) -> None:
        """Show the smile of the expiry of the contract under the cursor."""
        from app.chain import Chains
        from app.pages.smile import SmilePage

        chains = Chains(self.program.contracts.series, self.program.clock.now())
        rate, market = self.program.settings.rate / 100, self._chain_market()
        self.push_screen(SmilePage(chains, market, self.smiles, rate, self.board.code))

    def watch_smiles(self, moment: datetime, now: float, since: float) -> None:
        """Let the smiles of the session take what options are quoted at now."""
        rows = self.book.rows
        # Nothing of it is loaded before there is something to look at.
        if any(row.book is not None and row.instrument.right is not None for row in rows):
            rate = self.program.settings.rate / 100
            self.smiles.look(rows, self.valuation.theory.forward, rate, moment, now, since)

    def _chain_market(self) -> "ChainMarket":
        from app.pages.expiry import ChainMarket

        contracts = self.program.contracts
        return ChainMarket(
            clock=self.program.clock,
            row=self.book.row,
            instrument=contracts.instrument,
            forward=self.valuation.theory.forward,
            futures=self._futures_of,
            add=self._add_from_page,
            limit=self.program.feed.limit,
        )

    def _futures_of(self, option: Instrument) -> tuple[str, ...]:
        from app.theory.futures import futures_of

        contracts = self.program.contracts
        return futures_of(option, contracts.instrument, named=contracts.named)

    def _add_from_page(self, code: str) -> None:
        name = self.program.contracts.instrument(code).name or code
        fresh = code not in self.watched.codes
        self._add([code])
        if fresh:
            self.say(t("chain.added", name=name))
