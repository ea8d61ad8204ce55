"""The option chain of an auction: expected prices of calls and puts, then what they ended with."""

from collections.abc import Callable

from msgspec.structs import replace

from specs.market.ticker import RowAge, Ticker
from widgets.board_column import BoardColumn
from widgets.chain import ChainBoard
from widgets.expected import COLUMNS, AuctionStage, expected_age

_COLUMNS = {column.id: column for column in COLUMNS}
_RUNNING = (
    "expected_price",
    "expected_volatility",
    "expected_percent",
    "expected_volume",
    "expected_edge",
    "from_last",
)
_ENDED = (
    "expected_price",
    "uncross",
    "uncross_change",
    "expected_volatility",
    "expected_edge",
    "expected_volume",
    "expected_time",
)
_IDS: dict[AuctionStage, tuple[str, ...]] = {
    "opening": _RUNNING[:-1],
    "closing": _RUNNING,
    "opened": _ENDED,
    "closed": _ENDED,
}
"""The columns of each stage from the strike outwards, the most important first."""


def columns_of(stage: AuctionStage) -> tuple[BoardColumn, ...]:
    """Return the columns of a stage."""
    return tuple(
        replace(_COLUMNS[name], rank=rank) for rank, name in enumerate(_IDS[stage], start=1)
    )


class AuctionChain(ChainBoard):
    """The strikes of one expiry with what an auction has indicated."""

    def __init__(self, row: Callable[[str], Ticker | None]) -> None:
        super().__init__(row)
        self._stage: AuctionStage = "opened"
        self._shown = columns_of(self._stage)

    def set_stage(self, stage: AuctionStage) -> None:
        """Show the columns of a stage."""
        if stage != self._stage:
            self._stage, self._shown = stage, columns_of(stage)
            self._resize()

    @property
    def columns(self) -> tuple[BoardColumn, ...]:
        """The columns of the stage, from the strike outwards."""
        return self._shown

    def _age(self, row: Ticker | None) -> RowAge:
        return expected_age(row, self._now) if row is not None else RowAge()
