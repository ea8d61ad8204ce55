"""The columns of the watchlist that have to be chosen."""

from msgspec.structs import replace

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from specs.codes import Family, Right
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Freshness, Ticker
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_option_trade import StockOptionTrade
from widgets.trade_columns import CHOSEN_COLUMNS
from widgets.watchlist import COLUMNS, WatchlistBoard

FUTURE = Ticker(
    Instrument("A01612", "F 202612", Family.INDEX_FUTURES, ticks=((0, 0.05),)),
    IndexFuturesTrade(
        "A01612", "100003", price=1080.3, last_volume=4.0, bid=1080.25, ask=1080.35, bid_size=6.0,
        ask_size=5.0, open_interest_change=-1_113.0, market_basis=-0.91, disparity_percent=0.07,
        accumulated_turnover=208_135_520.0, buy_ratio=0.49, volume_change_percent=25.66,
        dynamic_upper_limit=1091.1, dynamic_lower_limit=1069.5, dynamic_limit_flag="2",
    ),
)  # fmt: skip
OPTION = Ticker(
    Instrument(
        "B01612A31", family=Family.INDEX_OPTION, right=Right.CALL, ticks=((0, 0.01), (10, 0.05))
    ),
    NightOptionTrade(
        "B01612A31", "234512", price=24.85, implied_volatility=21.0, historical_volatility=17.5,
        bid=24.8, ask=24.95,
    ),
)  # fmt: skip


def shown(row: Ticker) -> dict[str, str]:
    """Return the text of each column's cell."""
    found = {column.id: column.cell(row, Freshness.FRESH).text for column in CHOSEN_COLUMNS}
    return {name: text.strip() for name, text in found.items()}


def test_a_future_has_every_column_but_those_of_options() -> None:
    assert shown(FUTURE) == {
        "last_volume": "4",
        "bid_size": "6",
        "ask_size": "5",
        "spread_ticks": "2",
        "open_interest_change": "-1,113",
        "basis": "-0.91",
        "disparity_percent": "+0.07",
        "turnover": "208,135,520,000",
        "buy_ratio": "49.0%",
        "volume_change": "25.7%",
        "historical_volatility": "—",
        "iv_to_hv": "—",
        "delta_won": "—",
        "limit_distance": "1.00",
    }


def test_turnover_is_in_won_and_gives_way_to_larger_units() -> None:
    column = next(column for column in CHOSEN_COLUMNS if column.id == "turnover")
    cell = column.cell(FUTURE, Freshness.FRESH)
    assert column.value(FUTURE) == 208_135_520_000.0
    assert cell.within(column.width) == "2,081.36억"
    assert cell.within(12) == "20,813,552만"


def test_historical_volatility_is_in_percent_as_the_implied_one() -> None:
    assert (shown(OPTION)["historical_volatility"], shown(OPTION)["iv_to_hv"]) == ("17.5%", "1.20")
    stock = StockOptionTrade(
        "B11612A01", "100000", implied_volatility=0.31, historical_volatility=0.25
    )
    found = shown(Ticker(Instrument("B11612A01", right=Right.CALL), stock))
    assert (found["historical_volatility"], found["iv_to_hv"]) == ("25.0%", "1.24")
    own = replace(OPTION, theoretical=TheoreticalValues(volatility=17.5))
    assert shown(own)["iv_to_hv"] == "1.00~", "the mark of the volatility that it is made of"
    zero = replace(OPTION, trade=replace(OPTION.trade, historical_volatility=0.0))  # type: ignore[type-var]
    assert shown(zero)["iv_to_hv"] == "—"


def test_quotes_of_the_book_come_before_those_of_the_trade() -> None:
    book = NightOptionBook("B01612A31", "234513", bid=24.75, ask=24.9, bid_size=3, ask_size=4)
    found = shown(replace(OPTION, book=book))
    assert (found["bid_size"], found["ask_size"], found["spread_ticks"]) == ("3", "4", "3")
    one_sided = shown(replace(OPTION, book=replace(book, ask=0.0)))
    assert (one_sided["ask_size"], one_sided["spread_ticks"]) == ("—", "—")


def test_spread_of_a_contract_without_known_ticks_is_missing() -> None:
    unknown = replace(OPTION, instrument=replace(OPTION.instrument, ticks=()))
    assert shown(unknown)["spread_ticks"] == "—"


def test_contracts_know_their_ticks() -> None:
    contracts = Contracts(Master.from_lines([], []))
    assert contracts.instrument("A01612").ticks == ((0, 0.05),)
    assert contracts.instrument("A05612").ticks == ((0, 0.02),)
    assert contracts.instrument("XYZ").ticks == ()


def test_a_row_without_a_trade_has_dashes() -> None:
    assert set(shown(Ticker(FUTURE.instrument)).values()) == {"—"}


def test_chosen_columns_are_hidden_until_they_are_chosen() -> None:
    board = WatchlistBoard()
    ids = {column.id for column in CHOSEN_COLUMNS}
    assert ids <= {column.id for column in board.columns}
    assert not ids & set(board.requested_columns)
    assert board.shows_usual
    board.set_columns(["code", "price", "basis"])
    assert board.requested_columns == ["code", "price", "basis"]
    assert not board.shows_usual
    board.set_columns([])
    assert board.requested_columns == [column.id for column in COLUMNS if not column.optional]
