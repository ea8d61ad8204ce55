"""What the chart shows of a contract: bars with averages, levels and auctions around them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import isfinite, nan

from msgspec.structs import replace

from app.krx.calendar import Schedule
from app.krx.hours import SessionHours
from app.market.market import Market
from app.market.session_vwap import MINUTE, session_vwap
from app.system.clock import KST
from specs.catalog import Session
from specs.market.bars import Bar
from specs.market.instrument import tick_at
from specs.market.ticker import Ticker, price, signed, trade_price, trades_at_night
from specs.preferences import ChartSetup
from widgets import cells
from widgets.chart import ChartLevel, ChartPicture
from widgets.texts import t

LEAD = timedelta(minutes=20)
"""How far before the first bar an auction is shown: it has no trades itself."""

_Sessions = list[tuple[Session, SessionHours]]


def chart_picture(
    market: Market,
    schedule: Schedule,
    code: str,
    setup: ChartSetup,
    now: datetime,
    *,
    crosshair: int | None = None,
) -> ChartPicture:
    """Return the picture of a contract's bars; without trades it has none."""
    seconds = setup.seconds
    bars = market.memory.bars(code, seconds)
    if not bars:
        return ChartPicture(seconds=seconds)
    minutes = bars if seconds == MINUTE else market.memory.bars(code, MINUTE)
    first, last = bars[0].start, bars[-1].start + seconds
    sessions = schedule.sessions_between(_moment(min(first, minutes[0].start)) - LEAD, now)
    auctions = tuple(_auctions(sessions))
    begins = [_seconds(its.begin) for _, its in sessions]
    averages = session_vwap(bars, seconds, minutes, begins)
    is_open = schedule.state_at(now).session is not None
    instrument = market.instrument(code)
    return ChartPicture(
        tuple(bars),
        seconds,
        min((begin for begin, end in auctions if begin < first <= end + MINUTE), default=first),
        # After a session the chart ends with its last trade.
        _seconds(now) if is_open else last - 1,
        averages,
        tuple(_levels(market.book.row(code), minutes, averages[-1], sessions, now)),
        auctions,
        instrument.decimals,
        tick_at(instrument.ticks, bars[-1].close),
        setup.form == "line",
        crosshair,
        pane=setup.pane,
    )


def with_overlay(picture: ChartPicture, other: Sequence[Bar], name: str) -> ChartPicture:
    """Return a picture with the closes of another contract laid over its prices by percent.

    Both are equal at the first bar that they have in common; without one there is no overlay.
    """
    closes = {bar.start: bar.close for bar in picture.bars}
    both = next((bar for bar in other if bar.start in closes), None)
    if both is None or not both.close:
        return picture
    scale = closes[both.start] / both.close
    change = 100 * (other[-1].close / both.close - 1)
    shown = tuple((bar.start, bar.close * scale) for bar in other if bar.start >= both.start)
    return replace(picture, overlay=shown, overlay_name=f"{name} {cells.plus(change)}%")


def interval_text(seconds: int) -> str:
    """Return the name of bars of so many seconds."""
    if seconds < MINUTE:
        return t("chart.seconds", count=seconds)
    return t("chart.minutes", count=seconds // MINUTE)


def _auctions(sessions: _Sessions) -> Iterator[tuple[int, int]]:
    for _, its in sessions:
        yield _seconds(its.begin), _seconds(its.open)
        yield _seconds(its.close), _seconds(its.end)


def _levels(
    row: Ticker | None,
    minutes: Sequence[Bar],
    average: float,
    sessions: _Sessions,
    now: datetime,
) -> Iterator[ChartLevel]:
    """Yield the levels of a contract, the most important first.

    The close of the day is known until the next night's first trade, with which a trade date
    begins; from then on the price from which KIS measures changes is the day's settlement.
    """
    traded = [(session, its, _within(minutes, its)) for session, its in sessions]
    newest = next((bars for *_, bars in reversed(traded) if bars), minutes)
    yield ChartLevel(newest[-1].close, "last", "last")
    yield ChartLevel(average, "vwap", "vwap")
    if row is not None and row.trade is not None:
        base = price(row) - signed(row.trade.change, row.trade.change_sign)
        yield ChartLevel(base, "previous", "level")
    for session, its, bars in traded:
        if session is Session.NIGHT and bars:
            is_stated = row is not None and trades_at_night(row)
            opened = trade_price(row, "open") if row is not None and is_stated else nan
            yield ChartLevel(opened if isfinite(opened) else bars[0].open, "night_open", "level")
        elif bars and its.end <= now:
            yield ChartLevel(bars[-1].close, "day_close", "level")
    for name, own in (("high", max(b.high for b in newest)), ("low", min(b.low for b in newest))):
        stated = trade_price(row, name) if row is not None else nan
        yield ChartLevel(stated if isfinite(stated) else own, name, "extreme")


def _within(bars: Sequence[Bar], its: SessionHours) -> list[Bar]:
    begin, end = _seconds(its.begin), _seconds(its.end) + MINUTE
    return [bar for bar in bars if begin <= bar.start < end]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, KST)
