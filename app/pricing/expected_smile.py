"""The smile of an expiry by the expected prices of an auction."""

from collections.abc import Iterable
from math import inf

from app.pricing.smile_curve import QuotedOption, smile
from specs.codes import Right
from specs.market.smile import Curve
from specs.market.ticker import Ticker, expected_price


def expected_smile(rows: Iterable[Ticker], forward: float, years: float, rate: float) -> Curve:
    """Return the smile of the options that have an expected price; `rate` is a fraction a year.

    An expected price counts as a quote without width, as old as its arrival.
    """
    quotes = [
        QuotedOption(
            row.instrument.strike,
            row.instrument.right is Right.CALL,
            price,
            price,
            floor=inf,
            at=row.expected_at,
        )
        for row in rows
        if row.instrument.right is not None and (price := expected_price(row)) > 0
    ]
    return smile(quotes, forward, years, rate)
