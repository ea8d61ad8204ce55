"""The dynamic limits as the ends of the order book, and prices near them."""

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from specs.codes import Family
from specs.market.instrument import Instrument
from specs.market.ticker import Freshness, Ticker
from specs.trs.index_futures_book import IndexFuturesBook
from specs.trs.index_futures_trade import IndexFuturesTrade
from widgets import ladder_lines
from widgets.texts import speaking
from widgets.watchlist import COLUMNS

FUTURE = Instrument("A01612", "F 202612", Family.INDEX_FUTURES)
TRADE = IndexFuturesTrade(
    "A01612", "100003", price=1080.3, dynamic_upper_limit=1091.1, dynamic_lower_limit=1069.5,
    dynamic_limit_flag="2",
)  # fmt: skip
BOOK = IndexFuturesBook(
    "A01612", "100003",
    ask=1088.9, ask_2=1088.95, ask_3=1089.0, ask_4=1089.05, ask_5=1089.1,
    bid=1080.3, bid_2=1080.25, bid_3=1080.2, bid_4=1080.15, bid_5=1080.1,
)  # fmt: skip


def drawn(trade: IndexFuturesTrade = TRADE, size: tuple[int, int] = (36, 19)) -> list[str]:
    row = Ticker(FUTURE, trade, 100.0, book=BOOK, book_at=100.0)
    found = ladder_lines.lines(row, BOOK, size, 100.0, live=True)
    return ["".join(text for text, _ in line).rstrip() for line in found]


@pytest.mark.parametrize(
    ("language", "upper", "lower"),
    [
        ("ko", "상한 구분 2⊤1,091.10  +1.00%", "하한 구분 2⊥1,069.50  -1.00%"),
        ("en", "upper, flag 2⊤1,091.10  +1.00%", "lower, flag 2⊥1,069.50  -1.00%"),
    ],
)
def test_limits_are_above_the_asks_and_below_the_bids(
    language: str, upper: str, lower: str
) -> None:
    with speaking(language):
        lines = drawn()
    assert lines[1].strip() == upper
    assert lines[13].strip() == lower
    assert "1,089.10" in lines[2]
    assert "1,080.10" in lines[12]
    assert len(lines) == 18


def test_levels_near_a_limit_are_marked() -> None:
    lines = drawn()
    assert [line for line in lines[2:13] if "⊤" in line] == lines[2:6]
    low = replace(TRADE, dynamic_lower_limit=1080.1, dynamic_upper_limit=1090.1)
    near = [line for line in drawn(low) if "⊥" in line]
    assert len(near) == 5, "four levels and the limit: the last price keeps its own mark"
    assert any("▸1,080.30" in line for line in drawn(low))


@pytest.mark.parametrize(
    "trade",
    [
        replace(TRADE, dynamic_limit_flag="1069.50"),
        replace(TRADE, dynamic_lower_limit=0.0, dynamic_upper_limit=0.0),
        IndexFuturesTrade("A01612", "100003", price=1080.3),
    ],
)
def test_limits_that_cannot_be_trusted_take_no_line(trade: IndexFuturesTrade) -> None:
    lines = drawn(trade)
    assert not any(mark in line for line in lines for mark in "⊤⊥")
    assert "1,089.10" in lines[1]


@pytest.mark.parametrize("height", range(1, 30))
def test_no_line_is_wider_or_lower_than_the_room(height: int) -> None:
    for width in (36, 58, 76):
        lines = drawn(size=(width, height))
        assert len(lines) <= height
        assert max(map(cell_len, lines)) <= width
        shown = sum("⊤1,091.10" in line or "⊥1,069.50" in line for line in lines)
        assert shown == (2 if height >= ladder_lines.LIMITS_FROM else 0)
        assert any("1,088.90" in line for line in lines) or height < 3


@pytest.mark.parametrize(("price", "mark"), [(1080.3, ""), (1090.9, "⊤"), (1069.5, "⊥")])
def test_a_row_near_a_limit_is_marked_before_its_name(price: float, mark: str) -> None:
    row = Ticker(FUTURE, replace(TRADE, price=price))
    name = next(column for column in COLUMNS if column.id == "name").cell(row, Freshness.FRESH)
    assert (name.text, name.within(9)) == (f"{mark}F 202612", f"{mark}F 202612")
