"""Every span of an order book"s lines, by text and tone, and what each size has room for."""

from math import nan

import pytest
from msgspec.structs import replace

from specs.codes import Family
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade
from widgets import ladder_lines
from widgets.ladder import Ladder
from widgets.texts import t

NOW = 1000.0
OPTION = Instrument("B01612A31", "C 202612 1,075.0", Family.INDEX_OPTION)
BOOK = NightOptionBook(
    OPTION.code, "031244",
    ask=24.95, ask_2=25.0, ask_3=25.05, ask_4=25.1, ask_5=25.15,
    bid=24.90, bid_2=24.85, bid_3=24.80, bid_4=24.75, bid_5=24.70,
    ask_size=100, ask_size_2=200, ask_size_3=300, ask_size_4=400, ask_size_5=500,
    bid_size=100, bid_size_2=200, bid_size_3=300, bid_size_4=400, bid_size_5=500,
    ask_count=1, ask_count_2=2, ask_count_3=3, ask_count_4=4, ask_count_5=5,
    bid_count=11, bid_count_2=12, bid_count_3=13, bid_count_4=14, bid_count_5=15,
    total_ask_size=1600, total_bid_size=2400, total_ask_count=31, total_bid_count=42,
    total_ask_size_change=-12, total_bid_size_change=33,
)  # fmt: skip
ROW = Ticker(
    OPTION,
    NightOptionTrade(OPTION.code, "031240", price=24.95),
    NOW - 3,
    book=BOOK,
    book_at=NOW - 1,
)


def painted(
    row: Ticker, size: tuple[int, int], *, live: bool = True
) -> list[ladder_lines.LadderLine]:
    assert row.book is not None
    return ladder_lines.lines(row, row.book, size, NOW, live=live)


def tones_of(line: ladder_lines.LadderLine) -> list[ladder_lines.LadderSpan]:
    """Return the spans that say something, without the blanks around them."""
    return [(text.strip(), tone) for text, tone in line if text.strip()]


def test_every_span_of_a_narrow_room() -> None:
    top, *_, bottom = lines = painted(ROW, (36, 19))
    assert [tones_of(line) for line in lines] == [
        [("매도", "label"), ("잔량", "label"), ("호가", "label"), ("잔량", "label"),
         ("매수", "label")],
        [("━━━━━━", "ask-bar"), ("500", "value"), ("25.15", "ask")],
        [("━━━━━", "ask-bar"), ("400", "value"), ("25.10", "ask")],
        [("╺━━━", "ask-bar"), ("300", "value"), ("25.05", "ask")],
        [("╺━━", "ask-bar"), ("200", "value"), ("25.00", "ask")],
        [("━", "ask-bar"), ("100", "value"), ("▸", "last"), ("24.95", "ask")],
        [("스프레드", "label"), ("0.05", "value"), ("03:12:44", "label")],
        [("24.90", "bid"), ("100", "value"), ("━", "bid-bar")],
        [("24.85", "bid"), ("200", "value"), ("━━╸", "bid-bar")],
        [("24.80", "bid"), ("300", "value"), ("━━━╸", "bid-bar")],
        [("24.75", "bid"), ("400", "value"), ("━━━━━", "bid-bar")],
        [("24.70", "bid"), ("500", "value"), ("━━━━━━", "bid-bar")],
        [("1,600", "value"), ("총잔량", "label"), ("2,400", "value")],
        [("40%", "ask"), ("━━━━━━━━━━", "ask-bar"), ("━━━━━━━━━━━━━━", "bid-bar"), ("60%", "bid")],
        [("-12", "older"), ("증감", "label"), ("+33", "older")],
        [("31", "older"), ("건수", "label"), ("42", "older")],
    ]  # fmt: skip
    assert [(text, tone) for text, tone in lines[5]] == [
        ("     ━", "ask-bar"), (" ", "value"), ("   100", "value"), ("▸", "last"),
        ("   24.95 ", "ask"),
    ]  # fmt: skip
    assert list(lines[8]) == [
        (" " * 13, "value"), (" ", "last"), ("   24.85 ", "bid"), ("   200", "value"),
        (" ", "value"), ("━━╸   ", "bid-bar"), (" ", "value"),
    ]  # fmt: skip
    assert "".join(text for text, _ in top) == "매도     잔량     호가   잔량   매수 "
    assert "".join(text for text, _ in bottom) == "           31   건수       42       "


def test_every_span_of_a_wide_room() -> None:
    lines = painted(ROW, (76, 17))
    assert [tones_of(line) for line in lines] == [
        [("누적", "label"), ("매도", "label"), ("건수", "label"), ("잔량", "label"),
         ("호가", "label"), ("잔량", "label"), ("건수", "label"), ("매수", "label"),
         ("누적", "label")],
        [("1,500", "old"), ("━━━━━━━━━━━━", "ask-bar"),
         ("5", "older"), ("500", "value"), ("25.15", "ask")],
        [("1,000", "old"), ("╺━━━━━━━━━", "ask-bar"),
         ("4", "older"), ("400", "value"), ("25.10", "ask")],
        [("600", "old"), ("━━━━━━━", "ask-bar"),
         ("3", "older"), ("300", "value"), ("25.05", "ask")],
        [("300", "old"), ("━━━━━", "ask-bar"), ("2", "older"), ("200", "value"), ("25.00", "ask")],
        [("100", "old"), ("╺━━", "ask-bar"), ("1", "older"),
         ("100", "value"), ("▸", "last"), ("24.95", "ask")],
        [("스프레드", "label"), ("0.05", "value"), ("03:12:44", "label")],
        [("24.90", "bid"), ("100", "value"), ("11", "older"), ("━━╸", "bid-bar"), ("100", "old")],
        [("24.85", "bid"), ("200", "value"), ("12", "older"), ("━━━━━", "bid-bar"), ("300", "old")],
        [("24.80", "bid"), ("300", "value"),
         ("13", "older"), ("━━━━━━━", "bid-bar"), ("600", "old")],
        [("24.75", "bid"), ("400", "value"),
         ("14", "older"), ("━━━━━━━━━╸", "bid-bar"), ("1,000", "old")],
        [("24.70", "bid"), ("500", "value"),
         ("15", "older"), ("━━━━━━━━━━━━", "bid-bar"), ("1,500", "old")],
        [("1,600", "value"), ("총잔량", "label"), ("2,400", "value")],
        [("40%", "ask"), ("━━━━━━━━━━━━━━━━━━━━━━━━━━", "ask-bar"),
         ("━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━", "bid-bar"), ("60%", "bid")],
        [("-12", "older"), ("증감", "label"), ("+33", "older")],
        [("31", "older"), ("건수", "label"), ("42", "older")],
    ]  # fmt: skip
    assert list(lines[1]) == [
        ("  1,500", "old"), (" ", "value"), ("━" * 12, "ask-bar"), (" ", "value"),
        ("    5", "older"), (" ", "value"), ("   500", "value"), (" ", "last"),
        ("   25.15 ", "ask"),
    ]  # fmt: skip


def test_a_margin_centres_a_room_that_is_wider_than_it_can_use() -> None:
    for width, margin in ((98, 3), (99, 3), (100, 4), (116, 12)):
        lines = painted(ROW, (width, 17))
        assert {line[0] for line in lines} == {(" " * margin, "value")}
    assert painted(ROW, (92, 17))[1][0] == ("  1,500", "old")


@pytest.mark.parametrize(
    ("width", "margin", "bar", "count", "running"),
    [
        (10, 0, 6, False, False),
        (36, 0, 6, False, False),
        (37, 0, 6, False, False),
        (38, 0, 7, False, False),
        (47, 0, 11, False, False),
        (48, 0, 6, True, False),
        (60, 0, 12, True, False),
        (63, 0, 13, True, False),
        (64, 0, 6, True, True),
        (76, 0, 12, True, True),
        (91, 0, 19, True, True),
        (92, 0, 20, True, True),
        (93, 0, 20, True, True),
        (94, 1, 20, True, True),
        (100, 4, 20, True, True),
        (116, 12, 20, True, True),
        (150, 29, 20, True, True),
    ],
)
def test_columns_of_a_room_come_by_their_width(
    width: int, margin: int, bar: int, count: bool, running: bool
) -> None:
    found = ladder_lines.sizes(width, 19, 5)
    assert (found.margin, found.bar, found.count, found.running) == (margin, bar, count, running)
    if width >= 36:
        used = 2 * (found.margin + found.side) + ladder_lines.PRICE
        assert 0 <= width - used <= 1


@pytest.mark.parametrize(
    ("height", "of_ten", "of_five"),
    [
        (1, (1, 0, False), (1, 0, False)),
        (2, (1, 0, False), (1, 0, False)),
        (3, (1, 0, False), (1, 0, False)),
        (4, (1, 1, False), (1, 1, False)),
        (5, (1, 2, False), (1, 2, False)),
        (6, (2, 1, False), (2, 1, False)),
        (7, (2, 2, False), (2, 2, False)),
        (8, (3, 1, False), (3, 1, False)),
        (10, (4, 1, False), (4, 1, False)),
        (12, (5, 1, False), (5, 1, False)),
        (13, (5, 2, False), (5, 2, False)),
        (14, (5, 2, True), (5, 2, True)),
        (15, (5, 3, True), (5, 3, True)),
        (16, (6, 2, True), (5, 4, True)),
        (17, (6, 3, True), (5, 4, True)),
        (19, (7, 3, True), (5, 4, True)),
        (24, (10, 2, True), (5, 4, True)),
        (25, (10, 3, True), (5, 4, True)),
        (26, (10, 4, True), (5, 4, True)),
        (30, (10, 4, True), (5, 4, True)),
    ],
)
def test_lines_of_a_room_come_by_its_height(
    height: int, of_ten: tuple[int, int, bool], of_five: tuple[int, int, bool]
) -> None:
    for places, expected in ((10, of_ten), (5, of_five)):
        found = ladder_lines.sizes(36, height, places)
        assert (found.levels, found.sums, found.title) == expected
        used = 1 + 2 * found.levels + found.sums + found.title
        assert used <= max(3, height)


def middle(row: Ticker, *, live: bool = True) -> list[ladder_lines.LadderSpan]:
    """The line between asks and bids."""
    return tones_of(painted(row, (36, 12), live=live)[5])


@pytest.mark.parametrize(
    ("last", "spans"),
    [
        (24.95, []),
        (nan, []),
        (0.0, []),
        (31.0, [("31.00", "old")]),
        (24.92, [("▸", "last"), ("24.92", "last")]),
        (25.15, []),
        (25.20, [("25.20", "old")]),
    ],
)
def test_a_last_price_off_the_levels_stands_in_the_middle(
    last: float, spans: list[ladder_lines.LadderSpan]
) -> None:
    row = replace(ROW, trade=NightOptionTrade(OPTION.code, "031240", price=last))
    assert middle(row) == [
        (t("ladder.spread"), "label"), ("0.05", "value"), *spans, ("03:12:44", "label")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("age", "tone", "told"),
    [(9.9, "value", ""), (10.0, "older", "10초"), (59.9, "older", "59초"), (60.0, "old", "1:00")],
)
def test_the_spread_dims_with_the_age_of_the_book(age: float, tone: str, told: str) -> None:
    words = t("ladder.age", age=told) if told else "03:12:44"
    row = replace(ROW, trade=None, book_at=NOW - age)
    assert middle(row) == [(t("ladder.spread"), "label"), ("0.05", tone), (words, "label")]


def test_a_book_that_is_not_live_says_its_age() -> None:
    row = replace(ROW, trade=None)
    assert middle(row, live=False)[-1] == (t("board.age", age="1.0초"), "label")


def test_crossed_empty_and_one_sided_books_say_so() -> None:
    one_sided = {"bid": 0.0, "bid_2": 0.0, "bid_3": 0.0, "bid_4": 0.0, "bid_5": 0.0}
    row = replace(ROW, trade=None)
    assert middle(replace(row, book=replace(BOOK, bid=25.0)))[:2] == [
        (t("ladder.crossed"), "warning"), ("-0.05", "warning")
    ]  # fmt: skip
    assert middle(replace(row, book=replace(BOOK, **one_sided)))[:2] == [
        (t("ladder.spread"), "label"), ("—", "value")
    ]  # fmt: skip
    empty = replace(row, book=NightOptionBook(OPTION.code, "031244"))
    assert middle(empty) == [(t("ladder.nobody"), "note"), ("03:12:44", "label")]


@pytest.mark.parametrize(
    ("asks", "bids", "spans"),
    [
        (0.0, 2400.0, [("0%", "ask"), ("━" * 24, "bid-bar"), ("100%", "bid")]),
        (1600.0, 0.0, [("100%", "ask"), ("━" * 24, "ask-bar"), ("0%", "bid")]),
        (9999.0, 1.0, [("100%", "ask"), ("━" * 23, "ask-bar"), ("━", "bid-bar"), ("0%", "bid")]),
        (1.0, 9999.0, [("0%", "ask"), ("━", "ask-bar"), ("━" * 23, "bid-bar"), ("100%", "bid")]),
        (
            10.0,
            10.0,
            [("50%", "ask"), ("━" * 12, "ask-bar"), ("━" * 12, "bid-bar"), ("50%", "bid")],
        ),
        (0.0, 0.0, []),
    ],
)
def test_the_balance_shows_both_shares(
    asks: float, bids: float, spans: list[ladder_lines.LadderSpan]
) -> None:
    book = replace(BOOK, total_ask_size=asks, total_bid_size=bids)
    assert tones_of(painted(replace(ROW, book=book), (36, 13))[12]) == spans


def test_large_numbers_give_up_their_separators_and_then_nothing_else() -> None:
    book = replace(BOOK, ask_size=99_999.0, ask_size_2=123_456.0, bid_size=0.0, bid_count=nan)
    lines = painted(replace(ROW, book=book), (60, 12))
    assert ("99,999", "value") in tones_of(lines[4])
    assert ("123456", "value") in tones_of(lines[3])
    assert tones_of(lines[6]) == [("24.90", "bid"), ("0", "value"), ("—", "older")]


def test_changes_of_zero_have_no_sign() -> None:
    book = replace(BOOK, total_ask_size_change=0.0, total_bid_size_change=nan)
    lines = painted(replace(ROW, book=book), (36, 19))
    assert [text for text, _ in tones_of(lines[14])] == ["0", t("ladder.change"), "—"]


def test_every_tone_is_a_component_class() -> None:
    crossed = replace(ROW, book=replace(BOOK, bid=25.0))
    empty = replace(ROW, book=NightOptionBook(OPTION.code, "031244"))
    tones = {
        tone
        for row in (ROW, crossed, empty)
        for line in painted(row, (100, 19))
        for _, tone in line
    }
    assert {f"ladder--{tone}" for tone in tones} <= Ladder.COMPONENT_CLASSES
