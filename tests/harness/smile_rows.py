"""Options with books about one volatility, as smiles are made of them."""

from datetime import datetime

from harness.pricing_rows import CONTRACTS, RATE, decoded_record

from app.instruments.option_chain import key_of
from app.pricing.black76 import price
from app.pricing.forward import Forward
from app.pricing.year_fraction import years_left
from specs.codes import Right
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record import BookRecord

LEVEL = 1080.0
STRIKES = (1040.0, 1060.0, 1080.0, 1100.0, 1120.0)
SPOT = CONTRACTS.instrument("B01612A20")
assert SPOT.expiry is not None
KEY = key_of(SPOT)


def forward(option: Instrument) -> Forward:
    return Forward(LEVEL, "A01612")


def quoted_rows(
    moment: datetime, volatility: float = 0.2, at: float = 0.0, count: int = len(STRIKES)
) -> list[Ticker]:
    """Options with a book about one volatility."""
    assert SPOT.expiry is not None
    found = []
    for number, strike in enumerate(STRIKES[:count]):
        right = Right.CALL if strike > LEVEL else Right.PUT
        code = f"{'B' if right is Right.CALL else 'C'}01612A{number:02}"
        about = Instrument(
            code,
            right=right,
            strike=strike,
            expiry=SPOT.expiry,
            family=SPOT.family,
            product=SPOT.product,
            underlying=SPOT.underlying,
            series=SPOT.series,
        )
        worth = price(
            right is Right.CALL, LEVEL, strike, years_left(SPOT.expiry, moment), volatility, RATE
        )
        record = decoded_record("H0EUASP0", code, bid=worth - 0.01, ask=worth + 0.01)
        assert isinstance(record, BookRecord)
        found.append(Ticker(about, book=record, book_at=at))
    return found
