"""The state that lives as long as the dashboard: market, values, positions and smiles.

Positions and smiles are imported when they are first asked for: the first picture waits for none.
"""

import contextlib
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, get_args

from app.feed.batch import Batch
from app.market.auction_tracker import AuctionTracker
from app.market.book import Book
from app.market.market import Market
from app.pricing.live_greeks import LiveGreeks
from app.screens.services import Services
from app.storage.layouts import Layout
from app.system.errors import KisTuiError
from specs.market.theoretical import GreeksSource
from specs.market.ticker import Ticker
from specs.user_message import UserText

if TYPE_CHECKING:
    from app.alerts.alert import Condition
    from app.portfolio.current import CurrentPositions
    from app.portfolio.what_if import WhatIf
    from app.pricing.smile_tracker import SmileTracker
    from app.screens.alert_center import AlertCenter

_SOURCES: tuple[GreeksSource, ...] = get_args(GreeksSource)


def next_source(source: GreeksSource) -> GreeksSource:
    """Return the source of greeks that is shown after another."""
    return _SOURCES[(_SOURCES.index(source) + 1) % len(_SOURCES)]


class Workspace:
    """The state that boards and pages share."""

    def __init__(self, program: Services, warn: Callable[[UserText], None]) -> None:
        """`warn` shows a text to the user."""
        self.program = program
        self._warn = warn
        self._saved_layout = program.layout
        self._shown_errors: set[UserText] = set()
        self.frozen_rows: dict[str, Ticker] | None = None
        """The rows that a frozen screen shows; None while it shows the present."""
        self.release_cell: Callable[[], tuple[str, str]] = lambda: ("", "")
        """Returns code and column of the boards' chosen cell, which is then chosen no longer."""
        contracts, clock, schedule = program.contracts, program.clock, program.feed.schedule
        book = Book(contracts.instrument, named=contracts.named)
        self.valuation = LiveGreeks(book, contracts.instrument, clock, program.settings, schedule)
        self.market = Market(
            book,
            self.valuation,
            AuctionTracker(program.auctions, schedule),
            contracts,
            clock,
            schedule,
            program.layout.codes,
        )

    @property
    def rate(self) -> float:
        """The interest rate, a fraction a year."""
        return self.program.settings.rate / 100

    @cached_property
    def positions(self) -> "CurrentPositions":
        """The positions."""
        from app.portfolio.current import CurrentPositions

        return CurrentPositions(self.program.positions, self._warn)

    @cached_property
    def what_if(self) -> "WhatIf":
        """The positions that are assumed in this run."""
        from app.portfolio.what_if import WhatIf

        return WhatIf()

    @cached_property
    def smiles(self) -> "SmileTracker":
        """The smiles of the session."""
        from app.pricing.smile_tracker import SmileTracker

        return SmileTracker(self.program.smiles, self._warn, self.program.feed.schedule)

    @cached_property
    def alerts(self) -> "AlertCenter":
        """The alerts."""
        from app.screens.alert_center import AlertCenter

        return AlertCenter(
            self.program,
            self.market,
            self._position_value,
            self.valuation.theory.forward,
            lambda: self.smiles,
            self._warn,
        )

    def _position_value(self, condition: "Condition") -> float:
        """Return the delta or the profit of positions, for an alert."""
        from app.portfolio.position_alerts import position_value

        held, clock = self.positions.positions.values(), self.program.clock
        seconds = clock.monotonic()
        return position_value(condition, self.market, held, clock.now, self.rate, seconds)

    def shown_row(self, code: str) -> Ticker | None:
        """Return the row of a code as screens show it: a frozen screen keeps what it had."""
        rows = self.frozen_rows
        return self.market.book.row(code) if rows is None else rows.get(code)

    def update_smiles(self, rows: Iterable[Ticker], moment: datetime, now: float) -> None:
        """Update the smiles of the session with what options are quoted at now."""
        rows = list(rows)
        # Nothing of it is loaded before there is something to look at.
        if any(row.book is not None and row.instrument.right is not None for row in rows):
            forward, since = self.valuation.theory.forward, self.market.open_since
            while self.market.earlier_quotes:
                self.smiles.add_earlier(self.market.earlier_quotes.pop())
            self.smiles.update(rows, forward, self.rate, moment, now, since)

    def reset_smiles(self) -> None:
        """Discard the smiles of the session: the tape was wound to another place."""
        if "smiles" in vars(self):
            self.smiles.reset()

    def save(self, layout: Layout, *, leaving: bool) -> None:
        """Write working layout, auction's result and smiles to disk, where they changed."""
        if layout != self._saved_layout and self._save(self.program.save_session, layout):
            self._saved_layout = layout
        self._save(self.market.auctions.save)
        if "smiles" in vars(self):
            now = self.program.clock.monotonic()
            self._save(partial(self.smiles.save, now, leaving=leaving))

    def save_diagnostics(self, batch: Batch) -> None:
        """Save what the doctor is to see of this run; a failure is of no consequence."""
        program = self.program
        if program.diagnostics is None:
            return
        with contextlib.suppress(KisTuiError):
            written = program.clock.now().isoformat(timespec="seconds")
            scales = self.valuation.scales.outcomes()
            differences = program.contracts.expiry_differences.values()
            program.diagnostics.save(batch, written, scales, differences)

    def _save(self, save: Callable[..., None], *what: object) -> bool:
        """Return whether something was saved; a failure is shown once, not at each attempt."""
        try:
            save(*what)
        except KisTuiError as error:
            if error.message not in self._shown_errors:
                self._shown_errors.add(error.message)
                self._warn(error.message)
            return False
        return True
