"""A night option's row with every value that a board can show."""

from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade

CALL = Instrument(
    "B01612A31", "C 202612 1,075.0", Family.INDEX_OPTION, Right.CALL, 1075.0, listed=True
)
TRADE = NightOptionTrade(
    CALL.code, "234512", price=24.85, change_sign="2", change=2.35, change_percent=10.44,
    open=22.10, high=1025.30, low=21.05, bid=24.80, ask=24.95, accumulated_volume=1204.0,
    open_interest=18112.0, theoretical_price=24.71, trade_strength=103.24,
    implied_volatility=14.81, delta=0.5812, gamma=0.0061, vega=1.01, theta=-0.62, rho=0.31,
)  # fmt: skip
OWN = TheoreticalValues(
    price=24.65, volatility=14.52, delta=0.5549, gamma=0.006, vega=1.0, theta=-0.6, rho=0.3
)
BOOK = NightOptionBook(CALL.code, "234513", bid=24.75, ask=24.90, bid_size=3, ask_size=4)
ROW = Ticker(CALL, TRADE, 100.0, theoretical=OWN, source="kis")
