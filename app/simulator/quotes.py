"""One trade's record as KIS sends it: the values of all fields by the spec's field names."""

from math import copysign, isnan, nan, sqrt

from app.simulator.kis_pricing import KisOption, future_price
from app.simulator.running_totals import RunningTotals
from specs.catalog import CatalogEntry
from specs.codes import Right, UnderlyingKind
from specs.record import OptionTradeRecord

MINUS_NAN = copysign(nan, -1.0)
"""KIS' own server writes ``-nan`` where a computation had no outcome."""

_BAND = 0.01
_LIMITED = "2"
_HARDLY_MOVES = 0.01

_MOST_DISPARITY = 9999.99
"""KIS sends this for a new listing [C]; a theory near 0 would be beyond any number of digits."""

Values = dict[str, str | float]


def trade_values(tape: RunningTotals, entry: CatalogEntry, time: str) -> Values:
    """Return all fields of the trade TR `entry` for a tape's last trade."""
    instrument = tape.instrument
    unit = instrument.unit
    last = tape.price * unit
    spot = tape.fair.spot(tape.time)
    change = tape.price - tape.previous
    band = _BAND * (tape.fair.forward(tape.time) / unit if instrument.is_spread else tape.price)
    values: Values = {
        "code": instrument.code,
        "time": time,
        "price": last,
        "change": change * unit,
        "change_sign": sign(change),
        "change_percent": 100 * change / abs(tape.previous) if tape.previous else 0.0,
        "open": tape.open * unit,
        "high": tape.high * unit,
        "low": tape.low * unit,
        "last_volume": tape.size,
        "accumulated_volume": tape.volume,
        "accumulated_turnover": tape.turnover // entry.turnover_unit,
        "market_basis": last - spot,
        "open_interest": tape.open_interest,
        "open_interest_change": tape.open_interest - tape.open_interest_before,
        "open_interest_last_change": tape.open_interest_last,
        "buy_ratio": tape.bought / tape.volume if tape.volume else 0.0,
        "trade_strength": 100 * tape.bought / tape.sold if tape.sold else 0.0,
        "sell_trade_count": tape.sells,
        "buy_trade_count": tape.buys,
        "net_buy_trade_count": tape.buys - tape.sells,
        "sell_volume": tape.sold,
        "buy_volume": tape.bought,
        "volume_change_percent": 100 * tape.volume / tape.volume_before,
        "dynamic_upper_limit": instrument.grid.up(tape.price + band) * unit,
        "dynamic_lower_limit": instrument.grid.down(tape.price - band) * unit,
        "dynamic_limit_flag": _LIMITED,
        **_since("open", tape.price - tape.open, unit),
        **_since("high", tape.price - tape.high, unit),
        **_since("low", tape.price - tape.low, unit),
        **_book(tape),
    }
    if issubclass(entry.spec, OptionTradeRecord):
        return values | _option_values(tape, entry, last, spot)
    if instrument.is_spread:
        return values | _spread_values(tape, last)
    theory = future_price(spot, tape.hours.day, instrument.expiry)
    if instrument.underlying.market is UnderlyingKind.COMMODITY:
        # [?] What KIS computes of commodities is not documented.
        theory = tape.fair.value_at(tape.time) * unit
    return values | _theory(last, spot, theory)


def _spread_values(tape: RunningTotals, last: float) -> Values:
    """Return the fields of a calendar spread: its legs, and a basis of 0."""
    near = tape.fair.forward(tape.time)
    legs = {"near_month_price": near, "far_month_price": near + last, "spread_price": last}
    return {**legs, "market_basis": 0.0, "theoretical_basis": 0.0}


def sign(change: float) -> str:
    """Return KIS' sign of a change: 2 up, 3 unchanged, 5 down."""
    return "2" if change > 0 else "5" if change < 0 else "3"


def _since(name: str, change: int, unit: float) -> Values:
    # KIS sends no time of the open, high and low, in any frame seen.
    return {
        f"{name}_time": "000000",
        f"change_from_{name}": change * unit,
        f"change_from_{name}_sign": sign(change),
    }


def _book(tape: RunningTotals) -> Values:
    """Bid and ask with sizes; the sizes follow from the trade's number, which costs no draw."""
    mixed = ((tape.count + tape.salt) * 2654435761) & 0xFFFFFFFF
    busy = 3 + int(60 * min(tape.instrument.rate, 1.0))
    signed = tape.instrument.grid.signed
    bid_size = 1 + (mixed >> 8) % busy if tape.bid > 0 or signed else 0
    ask_size = 1 + (mixed >> 16) % busy if tape.ask > 0 or signed else 0
    return {
        "bid": (tape.bid if signed else max(tape.bid, 0)) * tape.instrument.unit,
        "ask": (tape.ask if signed else max(tape.ask, 0)) * tape.instrument.unit,
        "bid_size": bid_size,
        "ask_size": ask_size,
        "total_bid_size": bid_size * 6 + (mixed >> 4) % (busy * 9) if bid_size else 0,
        "total_ask_size": ask_size * 6 + (mixed >> 12) % (busy * 9) if ask_size else 0,
    }


def _option_values(tape: RunningTotals, entry: CatalogEntry, last: float, spot: float) -> Values:
    """Return KIS' theoretical values of an option: on the spot, as in `kis_pricing`."""
    instrument, fair = tape.instrument, tape.fair
    right, strike = instrument.right, instrument.strike
    assert right is not None
    call = right is Right.CALL
    option = KisOption.on(tape.hours.day, call, strike, instrument.expiry)
    # The market's variance up to expiry, over the time that KIS counts.
    left = fair.years(tape.time)
    smile = fair.volatility(tape.time) * sqrt(left / option.years)
    traded = option.implied_volatility(spot, last)
    intrinsic = max(0.0, spot - strike if call else strike - spot)
    values: Values = {
        "premium": 0.0,
        "intrinsic_value": intrinsic,
        "time_value": last - intrinsic,
        "implied_volatility": 0.0 if isnan(traded) else traded * 100 / entry.volatility_scale,
        "historical_volatility": instrument.underlying.volatility * 100 / entry.volatility_scale,
        "average_volatility": smile * 100 / entry.volatility_scale,
        "negotiated_volume": 0,
    }
    shares = option.greeks(spot, smile if isnan(traded) else traded)
    if not _HARDLY_MOVES < abs(shares.delta) < 1 - _HARDLY_MOVES:
        # Too far from the money for KIS to give theory and greeks.
        missing = (*shares._fields, "theoretical_price", "theoretical_basis")
        more = ("disparity", "disparity_percent")
        values |= dict.fromkeys((*missing, *more), MINUS_NAN)
        return values | {"theta": nan, "historical_volatility": nan}
    return values | _theory(last, spot, option.price(spot, smile)) | shares._asdict()


def _theory(last: float, spot: float, theory: float) -> Values:
    return {
        "theoretical_price": theory,
        "theoretical_basis": theory - spot,
        "disparity": last - theory,
        "disparity_percent": _disparity_percent(last, theory),
    }


def _disparity_percent(last: float, theory: float) -> float:
    """Return the distance from the theory in percent of it, within what KIS has room for."""
    if not theory:
        return MINUS_NAN
    return max(-_MOST_DISPARITY, min(_MOST_DISPARITY, 100 * (last - theory) / theory))
