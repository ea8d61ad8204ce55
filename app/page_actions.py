"""The actions that open pages, and what the dashboard answers to each of them.

Pages are imported when they are first asked for: the first picture waits for none.
"""

from app.actions import Actions
from widgets.row import Instrument
from widgets.texts import t


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
        from app.pages.chain import ChainMarket, ChainPage

        contracts, clock = self.program.contracts, self.program.clock
        market = ChainMarket(
            clock=clock,
            row=self.book.row,
            instrument=contracts.instrument,
            forward=self.valuation.theory.forward,
            futures=self._futures_of,
            add=self._add_from_page,
            limit=self.program.feed.limit,
        )
        chains = Chains(contracts.series, clock.now())
        colours = f"updown-{self.updown}"
        self.push_screen(ChainPage(chains, market, self.board.code, self.chain_columns, colours))

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
