"""Whether KIS' mock servers send anything to paper keys.

KIS documents no market data of derivatives for paper trading (모의투자 미지원).  Its mock server
acknowledges a registration like any other, so that silence is all that shows it.
"""

from enum import StrEnum
from math import inf

from app.krx.calendar import MarketPhase, MarketState

SILENT_AFTER = 60.0
"""Seconds of acknowledged silence, in continuous trading, after which it is reported."""


class PaperState(StrEnum):
    """What is known of a run with paper keys."""

    NONE = ""
    """It has real keys."""
    TRIED = "tried"
    SILENT = "silent"


class PaperWatch:
    """Watches a run with paper keys; times are monotonic seconds."""

    def __init__(self, *, is_paper: bool) -> None:
        self.state = PaperState.TRIED if is_paper else PaperState.NONE
        self._since = inf

    def poll(self, market: MarketState, used: int, last_data: float, now: float) -> bool:
        """Return whether the state has changed; `used` is the number of accepted registrations."""
        if self.state is PaperState.NONE:
            return False
        is_expected = used > 0 and market.phase is MarketPhase.CONTINUOUS and last_data == -inf
        self._since = min(self._since, now) if is_expected else inf
        before = self.state
        if last_data > -inf:
            self.state = PaperState.TRIED
        elif now - self._since >= SILENT_AFTER:
            self.state = PaperState.SILENT
        return self.state is not before
