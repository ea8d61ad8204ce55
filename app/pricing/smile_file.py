"""The smiles that sessions ended with, kept on disk for the next session to be compared with."""

from datetime import date, datetime
from math import isfinite, nan
from pathlib import Path

import msgspec
from msgspec import Struct

from app.instruments.option_chain import Product, SeriesKey
from app.krx.expiring_series import expiring_on
from app.krx.products import KOSDAQ150, KOSPI200, MINI, WEEKLY_MONDAY, WEEKLY_THURSDAY
from app.system.errors import KisTuiError, UsageError
from app.system.files import LARGEST, read_bounded, write_atomically
from specs.catalog import Session
from specs.market.smile import Curve, SmilePoint

SCHEMA = 1
MOST = 64
"""Smiles that a file keeps, the newest."""

MOST_POINTS = 300
HIGHEST = 1000.0
"""Percent; no volatility that is kept is above."""


class SavedSmile(Struct, frozen=True):
    """A smile as it last stood in a session."""

    product: Product
    series: str
    """Its expiry as KRX names it."""
    expiry: date
    trade_date: date
    session: Session
    at: datetime
    curve: Curve

    @property
    def key(self) -> SeriesKey:
        """The series that it is of."""
        return self.product, self.series

    @property
    def turn(self) -> tuple[date, Session]:
        """The session that it is of."""
        return self.trade_date, self.session


class _Smile(Struct):
    underlying: str
    mini: bool
    expiry: date
    trade_date: date
    session: Session
    at: datetime
    forward: float
    money: float | None
    reversal: float | None
    butterfly: float | None
    points: list[tuple[float, float]]
    """Strike and volatility in percent."""
    series: str = ""
    """Empty in files of older versions, which identified expiries by date only."""


class _File(Struct):
    smiles: list[_Smile]
    schema: int = SCHEMA


class SmileFile:
    """Smiles in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> list[SavedSmile]:
        """Load the smiles, oldest first; empty at the first run.

        Raises:
            UsageError: the file cannot be read, or holds an invalid smile.
        """
        try:
            content = read_bounded(self._path)
        except FileNotFoundError:
            return []
        try:
            read = msgspec.json.decode(content, type=_File)
            found = [_kept(smile) for smile in read.smiles[:MOST]]
            found = [kept for kept in found if kept.series]
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise UsageError("smile.damaged", path=self._path) from error
        return sorted(found, key=lambda kept: kept.at)

    def save(self, smiles: list[SavedSmile]) -> None:
        """Replace the file by the newest of these smiles.

        Raises:
            KisTuiError: the file cannot be written.
        """
        newest = sorted(smiles, key=lambda kept: kept.at)[-MOST:]
        content = msgspec.json.encode(_File([_smile(kept) for kept in newest]))
        if len(content) > LARGEST:
            raise KisTuiError("files.too_large", path=self._path, limit=LARGEST // 1024)
        write_atomically(self._path, content)


def _smile(kept: SavedSmile) -> _Smile:
    curve = kept.curve
    points = [(p.strike, round(p.middle, 4)) for p in curve.points if isfinite(p.middle)]
    return _Smile(
        kept.product.underlying,
        kept.product.mini,
        kept.expiry,
        kept.trade_date,
        kept.session,
        kept.at,
        curve.forward,
        _or_none(curve.money),
        _or_none(curve.reversal),
        _or_none(curve.butterfly),
        points[:MOST_POINTS],
        kept.series,
    )


def _kept(smile: _Smile) -> SavedSmile:
    """Return a saved smile.

    Raises:
        ValueError: its values are invalid.
    """
    strikes = [strike for strike, _ in smile.points]
    numbers = [smile.money, smile.reversal, smile.butterfly]
    sensible = (
        smile.at.tzinfo is not None
        and smile.forward > 0
        and 0 < len(strikes) <= MOST_POINTS
        and strikes == sorted(set(strikes))
        and strikes[0] > 0
        and all(0 < volatility <= HIGHEST for _, volatility in smile.points)
        and all(number is None or abs(number) <= HIGHEST for number in numbers)
    )
    if not sensible:
        raise ValueError(smile.expiry)
    product = Product(smile.underlying, smile.mini)
    points = tuple(SmilePoint(strike, middle=middle) for strike, middle in smile.points)
    money, reversal, butterfly = (nan if number is None else number for number in numbers)
    return SavedSmile(
        product,
        smile.series or series_on(product, smile.expiry),
        smile.expiry,
        smile.trade_date,
        smile.session,
        smile.at,
        Curve(points, smile.forward, money, reversal, butterfly),
    )


_PRODUCTS = {
    "KOSPI200": tuple(product for product in KOSPI200 if product not in MINI),
    "KOSDAQ150": KOSDAQ150,
}
"""Products of the options on an index; those on stocks expire like the months of the KOSPI 200."""


def series_on(product: Product, day: date) -> str:
    """Return the series of a product that expires on a day, of two the Thursday's; "" for none."""
    products = _PRODUCTS.get(product.underlying, KOSPI200[:1])
    for one in expiring_on(day):
        if one.product in (MINI if product.mini else products):
            week = one.series.split()[-1]
            if one.product not in (*WEEKLY_THURSDAY, *WEEKLY_MONDAY):
                return week
            return f"{'위클리M' if one.product in WEEKLY_MONDAY else '위클리'} {week}"
    return ""


def _or_none(number: float) -> float | None:
    return round(number, 4) if isfinite(number) else None
