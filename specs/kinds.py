"""The record structs grouped by what they tell, for those who read them by field name."""

from specs.commodity_futures_book import CommodityFuturesBook
from specs.commodity_futures_trade import CommodityFuturesTrade
from specs.index_futures_book import IndexFuturesBook
from specs.index_futures_trade import IndexFuturesTrade
from specs.index_option_book import IndexOptionBook
from specs.index_option_trade import IndexOptionTrade
from specs.night_futures_book import NightFuturesBook
from specs.night_futures_trade import NightFuturesTrade
from specs.night_option_book import NightOptionBook
from specs.night_option_expected import NightOptionExpected
from specs.night_option_trade import NightOptionTrade
from specs.stock_futures_book import StockFuturesBook
from specs.stock_futures_expected import StockFuturesExpected
from specs.stock_futures_trade import StockFuturesTrade
from specs.stock_option_book import StockOptionBook
from specs.stock_option_expected import StockOptionExpected
from specs.stock_option_trade import StockOptionTrade

OptionTrade = NightOptionTrade | IndexOptionTrade | StockOptionTrade
FuturesTrade = NightFuturesTrade | IndexFuturesTrade | CommodityFuturesTrade | StockFuturesTrade
Trade = OptionTrade | FuturesTrade
NightTrade = NightOptionTrade | NightFuturesTrade
Expected = NightOptionExpected | StockOptionExpected | StockFuturesExpected
FiveLevels = (
    NightOptionBook | NightFuturesBook | IndexOptionBook | IndexFuturesBook | CommodityFuturesBook
)
TenLevels = StockFuturesBook | StockOptionBook
Book = FiveLevels | TenLevels
