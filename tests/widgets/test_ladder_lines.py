"""The lines of an order book: their places and order, and that none jumps."""

import itertools
from collections.abc import Mapping
from math import nan

import pytest
from rich.cells import cell_len

from specs.codes import Family
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record import BookRecord
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade
from specs.trs.stock_futures_book import StockFuturesBook
from widgets import ladder_lines

INNER = 36
"""Cells within the panel's border beside the watchlist."""

NOW = 1000.0
OPTION = Instrument("B01612A31", "C 202612 1,075.0", Family.INDEX_OPTION)
FUTURE = Instrument("A11612", "삼성전자 F 202612", Family.STOCK_FUTURES)


def numbers(
    places: int, *, ask: float = 24.95, bid: float = 24.90, tick: float = 0.05
) -> dict[str, float]:
    """A full book's fields: a hundred contracts at the best levels, a hundred more at each next."""
    values: dict[str, float] = {}
    for place in range(places):
        nth = f"_{place + 1}" if place else ""
        values |= {
            f"ask{nth}": round(ask + place * tick, 2),
            f"bid{nth}": round(bid - place * tick, 2),
            f"ask_size{nth}": 100.0 * (place + 1),
            f"bid_size{nth}": 100.0 * (place + 1),
            f"ask_count{nth}": place + 1.0,
            f"bid_count{nth}": place + 11.0,
        }
    return values | {
        "total_ask_size": 1600.0, "total_bid_size": 2400.0, "total_ask_count": 31.0,
        "total_bid_count": 42.0, "total_ask_size_change": -12.0, "total_bid_size_change": 33.0,
    }  # fmt: skip


def option(values: Mapping[str, float]) -> NightOptionBook:
    return NightOptionBook("B01612A31", "031244", **values)


def stock(values: Mapping[str, float]) -> StockFuturesBook:
    return StockFuturesBook(code="A11612", time="101500", **values)


def seen(
    book: BookRecord,
    *,
    size: tuple[int, int] = (INNER, 19),
    last: float = nan,
    age: float = 1.0,
    live: bool = True,
    instrument: Instrument = OPTION,
) -> list[str]:
    """The texts of a book's lines."""
    trade = NightOptionTrade(instrument.code, "031240", price=last)
    row = Ticker(instrument, trade, NOW - 3, book=book, book_at=NOW - age)
    return ["".join(text for text, _ in line) for line in painted(row, book, size, live=live)]


def painted(
    row: Ticker, book: BookRecord, size: tuple[int, int], *, live: bool = True
) -> list[ladder_lines.LadderLine]:
    return ladder_lines.lines(row, book, size, NOW, live=live)


def levels_of(lines: list[str]) -> list[str]:
    """The lines of levels: those with a bar that is not the balance."""
    return [line for line in lines if set(line) & set("━╺╸") and "%" not in line]


def prices(lines: list[str]) -> list[float]:
    """Everything that is written like a price of two decimals, from top to bottom."""
    words = (word.strip("▸") for line in lines for word in line.split())
    return [float(word) for word in words if word[-3:-2] == "."]


def test_asks_fall_to_the_middle_and_bids_fall_from_it() -> None:
    found = prices(seen(option(numbers(5)), size=(INNER, 12)))
    assert found == [25.15, 25.10, 25.05, 25.00, 24.95, 0.05, 24.90, 24.85, 24.80, 24.75, 24.70]


@pytest.mark.parametrize(("height", "levels"), [(3, 1), (5, 1), (6, 2), (8, 3), (12, 5), (30, 5)])
def test_a_short_room_has_the_best_levels_and_the_middle(height: int, levels: int) -> None:
    lines = seen(option(numbers(5)), size=(INNER, height))
    assert len(lines) <= height
    whole = prices(seen(option(numbers(5)), size=(INNER, 12)))
    assert prices(lines) == whole[5 - levels : 6 + levels]


def test_eight_lines_hold_three_levels_a_side_and_the_totals() -> None:
    lines = seen(option(numbers(5)), size=(76, 8))
    assert len(lines) == 8
    assert lines[-1].split() == ["1,600", "매수", "60%", "2,400"]


def test_ten_levels_are_shown_where_there_is_room_after_titles_and_sums() -> None:
    book = stock(numbers(10, ask=60100, bid=60000, tick=100))
    for height, levels in ((14, 5), (16, 6), (19, 7), (24, 10), (40, 10)):
        lines = seen(book, size=(INNER, height), instrument=FUTURE)
        assert len(levels_of(lines)) == 2 * levels, height
        assert "잔량" in lines[0]
        assert any("총잔량" in line for line in lines)


def test_sums_are_totals_imbalance_change_and_orders() -> None:
    totals, share, change, orders = seen(option(numbers(5)))[-4:]
    assert totals.split() == ["1,600", "총잔량", "2,400"]
    assert (share.split()[0], share.split()[-1]) == ("40%", "60%")
    assert change.split() == ["-12", "증감", "+33"]
    assert orders.split() == ["31", "건수", "42"]


def test_every_line_keeps_its_columns_whatever_the_numbers_are() -> None:
    small = numbers(5)
    large = {name: value * 997 if "size" in name else value for name, value in small.items()}
    for width, height in itertools.product((INNER, 37, 50, 76, 116, 196), (3, 8, 14, 19)):
        room = ladder_lines.sizes(width, height, 5)
        middle = room.margin + room.side
        for values in (small, large, numbers(5, ask=1081.4, bid=1081.35)):
            lines = seen(option(values), size=(width, height), last=24.90)
            assert all(cell_len(line) <= width + 1 for line in lines)
            assert levels_of(lines)
            for line in levels_of(lines):
                price = line[middle : middle + ladder_lines.PRICE]
                assert price.lstrip("▸ ")[-4:-3] == ".", (width, line)


def test_the_bar_of_a_level_is_as_long_as_its_part_of_the_largest() -> None:
    lines = levels_of(seen(option(numbers(5))))
    lengths = [2 * line.count("━") + line.count("╺") + line.count("╸") for line in lines]
    assert lengths == [12, 10, 7, 5, 2, 2, 5, 7, 10, 12]
    asks, bids = lines[0], lines[-1]
    assert asks.index("━") < asks.index("25.15")
    assert bids.index("━") > bids.index("24.70")


def test_a_wide_room_has_orders_and_running_sums_too() -> None:
    lines = seen(option(numbers(5)), size=(116, 19))
    assert lines[0].count("누적") == lines[0].count("건수") == 2
    assert lines[5].split()[0] == "100"
    assert lines[1].split()[0] == "1,500"
    assert "누적" not in seen(option(numbers(5)))[0]


@pytest.mark.parametrize("last", [24.90, 24.95, 25.10])
def test_the_last_price_is_marked_at_its_level(last: float) -> None:
    [line] = [line for line in seen(option(numbers(5)), last=last) if ladder_lines.LAST in line]
    assert f"{ladder_lines.LAST}  {last:.2f}" in line.replace("   ", "  ")


def test_a_last_price_within_the_spread_is_marked_in_the_middle() -> None:
    lines = seen(option(numbers(5, ask=25.00, bid=24.80)), last=24.90)
    [line] = [line for line in lines if ladder_lines.LAST in line]
    assert "스프레드 0.20" in line
    assert "24.90" in line


def test_a_last_price_beyond_the_levels_is_shown_and_not_marked() -> None:
    lines = seen(option(numbers(5)), last=31.00)
    assert not any(ladder_lines.LAST in line for line in lines)
    [line] = [line for line in lines if "스프레드" in line]
    assert "31.00" in line


@pytest.mark.parametrize(("bid", "spread"), [(24.95, "0.00"), (25.00, "-0.05")])
def test_a_crossed_book_is_shown_and_says_so(bid: float, spread: str) -> None:
    book = option(numbers(5, bid=bid))
    row = Ticker(OPTION, book=book, book_at=NOW)
    [line] = [line for line in painted(row, book, (INNER, 19)) if line[0][0].strip() == "역전"]
    assert line[1] == (f" {spread}", "warning")
    assert len(prices(seen(book))) == 11


def test_a_side_that_nobody_stands_on_is_blank_and_moves_nothing() -> None:
    values = numbers(5)
    bare = {name: 0.0 if name.startswith("bid") else value for name, value in values.items()}
    full, half = seen(option(values)), seen(option(bare))
    assert len(full) == len(half)
    assert full[:6] == half[:6]
    assert [line.split() for line in half[7:12]] == [[]] * 5
    assert "스프레드" in half[6]
    assert "—" in half[6]


def test_an_empty_book_says_that_nobody_is_there() -> None:
    lines = seen(NightOptionBook("B01612A31", "031244"), last=24.9)
    assert [line.split()[:2] for line in lines if line.strip()][1] == ["호가", "없음"]
    assert "%" not in "".join(lines)
    assert "nan" not in "".join(lines)


def test_a_level_of_unknown_size_has_no_bar_number_or_sum() -> None:
    lines = seen(option(numbers(5) | {"ask_size": nan, "ask_count": nan}), size=(76, 19))
    [line] = [line for line in lines if "24.95" in line]
    assert "━" not in line
    assert line.count("—") == 3


@pytest.mark.parametrize(
    ("age", "live", "told"),
    [
        (1.0, True, "03:12:44"),
        (12.0, True, "호가 12초 전"),
        (185.0, True, "호가 3:05 전"),
        (3725.0, True, "1:02:05 전"),
        (3.0, False, " 3.0초 전"),
    ],
)
def test_the_middle_says_when_the_book_came_or_how_old_it_is(
    age: float, live: bool, told: str
) -> None:
    [line] = [line for line in seen(option(numbers(5)), age=age, live=live) if "스프레드" in line]
    assert line.endswith(told)


def test_sizes_dim_with_the_age_of_the_book() -> None:
    book = option(numbers(5))
    for age, tone in ((1.0, "value"), (15.0, "older"), (90.0, "old")):
        row = Ticker(OPTION, book=book, book_at=NOW - age)
        tones = {t for line in painted(row, book, (INNER, 11)) for text, t in line if "100" in text}
        assert tones == {tone}


def test_whole_won_prices_of_seven_digits_fit_and_stay_in_line() -> None:
    book = stock(numbers(10, ask=1_234_000, bid=1_233_000, tick=1000))
    lines = seen(book, instrument=FUTURE, last=1_233_000)
    assert len({line.index(",000") for line in levels_of(lines)}) == 1
    assert any("▸1,233,000" in line for line in levels_of(lines))
