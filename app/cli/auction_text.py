"""The report of a tape's auctions, as text and as JSON."""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite
from typing import Any

from app.cli.columns import table
from app.cli.damage_text import clock
from app.cli.tape_text import gap_object, why_words
from app.storage.csv_text import exact, whole
from app.system.clock import KST
from app.tape.auction_report import AuctionReport, ReportedAuction
from specs.clean import clean
from specs.market.indication import Indication
from widgets import times
from widgets.texts import t

_HEADINGS = (
    "code", "name", "first", "first_price", "last", "last_price", "quantity", "uncross",
    "difference", "high", "low", "count",
)  # fmt: skip
_NUMBERS = tuple(range(2, len(_HEADINGS)))


def report_objects(report: AuctionReport) -> list[dict[str, Any]]:
    """Return the auctions as JSON."""
    return [_object(one, report) for one in report.auctions]


def report_lines(report: AuctionReport) -> Iterator[str]:
    """Return the lines of the report."""
    if not report.auctions:
        yield t("tape.no_auctions")
    for one in report.auctions:
        yield ""
        yield from _lines(one, report)


def _lines(one: ReportedAuction, report: AuctionReport) -> Iterator[str]:
    session = f"{t(f'session.{one.session}')} " if one.session is not None else ""
    name = f"{session}{t(f'phase.{one.auction.phase}')}"
    when = f"{one.begin:%Y-%m-%d %H:%M}–{one.end:%H:%M}"
    yield t("tape.auction", name=name, when=when, count=len(one.contracts))
    for hole in one.lost:
        span = times.span(hole.seconds)
        yield t("tape.auction_lost", begin=clock(hole.wall), span=span, why=why_words(hole))
    rows = [tuple(t(f"tape.auction_{heading}") for heading in _HEADINGS)]
    rows += [_row(code, found, report) for code, found in sorted(one.contracts.items())]
    yield from table(rows, right=_NUMBERS)


def _row(code: str, found: Indication, report: AuctionReport) -> tuple[str, ...]:
    places = _places(found)
    return (
        clean(code),
        _name(code, report),
        f"{_moment(found.first):%H:%M:%S}",
        _text(found.first_price, places),
        f"{_moment(found.last):%H:%M:%S}",
        _text(found.last_price, places),
        _text(found.quantity, 0),
        _text(found.uncross, places),
        _text(found.uncross - found.last_price, places, "+"),
        _text(found.high, places),
        _text(found.low, places),
        f"{found.count:,}",
    )


def _object(one: ReportedAuction, report: AuctionReport) -> dict[str, Any]:
    return {
        "phase": str(one.auction.phase),
        "session": one.session,
        "trade_date": one.trade_date.isoformat(),
        "begin": one.begin.isoformat(),
        "end": one.end.isoformat(),
        "lost": [gap_object(hole) for hole in one.lost],
        "contracts": [
            {
                "code": clean(code),
                "name": _name(code, report) or None,
                "first_time": _moment(found.first).isoformat(),
                "first_price": _number(found.first_price),
                "last_time": _moment(found.last).isoformat(),
                "last_price": _number(found.last_price),
                "quantity": _number(found.quantity),
                "uncross_time": _moment(found.uncrossed_at).isoformat()
                if found.uncrossed_at
                else None,
                "uncross_price": _number(found.uncross),
                "difference": _number(round(found.uncross - found.last_price, 4)),
                "high": _number(found.high),
                "low": _number(found.low),
                "count": found.count,
            }
            for code, found in sorted(one.contracts.items())
        ],
    }


def _text(value: float, places: int, sign: str = "") -> str:
    return f"{value:{sign},.{places}f}" if isfinite(value) else times.MISSING


def _name(code: str, report: AuctionReport) -> str:
    contract = report.summary.contracts.get(code)
    return clean(contract.name) if contract is not None else ""


def _places(found: Indication) -> int:
    """Return two decimals, or none where all prices are whole won."""
    prices = [found.first_price, found.last_price, found.high, found.low, found.uncross]
    return 0 if all(price == round(price) for price in prices if isfinite(price)) else 2


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, KST)


def _number(value: float) -> float | None:
    return whole(exact(value)) if isfinite(value) else None
