"""The positions of the page as they are valued now: held, closed and assumed ones."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from app.portfolio.positions import Position
from app.portfolio.realised import with_realised
from app.portfolio.valuation import value
from app.screens.workspace import Workspace
from specs.market.holding import Holding
from widgets.texts import t


class ValuedPositions:
    """Values of held, closed and assumed positions at the market's prices."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._what_if = workspace.what_if
        self._held = 0
        self._assumed = 0
        self.every: tuple[Holding, ...] = ()
        """All positions, and contracts with a realised profit that are held no longer."""

    @property
    def shown(self) -> Sequence[Holding]:
        """Those with a row: contracts that were closed before today have none."""
        return [one for one in self.every if not one.is_closed or one.exposure.realised_today]

    @property
    def counted(self) -> Sequence[Holding]:
        """Those that sums count."""
        return [one for one in self.every if not one.is_left_out]

    @property
    def title(self) -> str:
        """The number of positions, held and assumed, in words."""
        title = t("positions.title", count=self._held)
        if self._assumed:
            key = "what_if.title" if self._what_if.is_counted else "what_if.title_left_out"
            title += t(key, count=self._assumed)
        return title

    @property
    def trade_date(self) -> date:
        """The trade date of the session that is on, otherwise of the next one."""
        program = self._workspace.program
        return program.feed.schedule.state_at(program.clock.now()).trade_date

    def update(self, now: datetime) -> None:
        """Value all positions again."""
        positions, find = self._workspace.positions.positions, self._workspace.market.instrument
        held = self._valued(positions.values(), now)
        assumed = [
            replace(leg, is_what_if=True, is_left_out=not self._what_if.is_counted)
            for leg in self._valued(self._what_if.legs.values(), now)
        ]
        self._held, self._assumed = len(held), len(assumed)
        if positions.closed:
            held = with_realised(held, positions.closed, find, self.trade_date)
        self.every = (*held, *assumed)

    def price_of(self, code: str) -> float:
        """Return the price that one contract of a code is valued at; nan if unknown."""
        now = self._workspace.program.clock.now()
        (found,) = self._valued([Position(code, 1, 0.0)], now)
        return found.price

    def of_underlying(self, selected: Holding | None) -> list[Holding]:
        """Return the counted positions in the underlying of a position."""
        name = selected.underlying if selected is not None else ""
        return [one for one in self.counted if one.underlying == name]

    def _valued(self, positions: Iterable[Position], now: datetime) -> tuple[Holding, ...]:
        market, seconds = self._workspace.market, self._workspace.program.clock.monotonic()
        row, is_day_only = market.book.row, market.book.is_day_only
        rate = self._workspace.rate
        return value(positions, row, market.instrument, now, rate, is_day_only, seconds)
