"""KIS' minute bars of one contract (``inquire-time-fuopchartprice``, FHKIF03020200).

The bars of a session so far, from an hour of its date backwards and the newest first.  A minute
without trades has none.  Hours of a night go on beyond 24, under the date of its evening.  Source:
KIS Developers portal, domestic futures and options.
"""

from msgspec import Struct

from app.simulator.instrument import SimulatedInstrument
from app.simulator.market import MarketModel
from app.simulator.running_totals import RunningTotals

MOST_BARS = 102
_MINUTE = 60


class _MinuteBar(Struct):
    """One minute by its number in the session; prices in units, turnover in won so far."""

    minute: int
    first: int
    high: int
    low: int
    last: int = 0
    size: int = 0
    turnover: int = 0


class MinuteCharts:
    """Draws bars from trades, going on from one call to the next."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[MarketModel, str], tuple[RunningTotals, list[_MinuteBar]]] = {}

    def page(
        self, market: MarketModel, instrument: SimulatedInstrument, second: float, hour: str
    ) -> list[dict[str, str]]:
        """Return the bars that are known at a second of the session, up to `hour` (HHMMSS)."""
        found = []
        for one in reversed(self._bars(market, instrument, second)):
            label = _label(market, one.minute)
            if label > hour:
                continue
            found.append(_written(instrument, market, one, label))
            if len(found) == MOST_BARS:
                break
        return found

    def _bars(
        self, market: MarketModel, instrument: SimulatedInstrument, second: float
    ) -> list[_MinuteBar]:
        key = (market, instrument.code)
        if key not in self._drawn:
            self._drawn = {old: kept for old, kept in self._drawn.items() if old[0] is market}
            self._drawn[key] = (market.tape(instrument), [])
        tape, bars = self._drawn[key]
        for moment in tape.trades(second):
            minute, price = int(moment // _MINUTE), tape.price
            if not bars or bars[-1].minute != minute:
                bars.append(_MinuteBar(minute, price, price, price))
            bar = bars[-1]
            bar.high, bar.low = max(bar.high, price), min(bar.low, price)
            bar.last, bar.turnover = price, tape.turnover
            bar.size += tape.size
        return bars


def _label(market: MarketModel, minute: int) -> str:
    """Return the hour of a minute's bar: HHMM00, beyond 24 after midnight."""
    begin = market.hours.begin
    minutes = begin.hour * 60 + begin.minute + minute
    return f"{minutes // 60:02}{minutes % 60:02}00"


def _written(
    instrument: SimulatedInstrument, market: MarketModel, bar: _MinuteBar, label: str
) -> dict[str, str]:
    prices = {
        "futs_prpr": bar.last,
        "futs_oprc": bar.first,
        "futs_hgpr": bar.high,
        "futs_lwpr": bar.low,
    }
    return {
        "stck_bsop_date": f"{market.hours.day:%Y%m%d}",
        "stck_cntg_hour": label,
        **{name: f"{price * instrument.unit:.2f}" for name, price in prices.items()},
        "cntg_vol": str(bar.size),
        # [?] Its unit is documented nowhere.
        "acml_tr_pbmn": str(bar.turnover),
    }
