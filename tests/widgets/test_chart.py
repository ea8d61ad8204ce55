"""The chart as it is drawn: candles, gaps, levels, shades and panes at every size."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import nan

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.app import App, ComposeResult

from specs.market.bars import Bar
from widgets.chart import Chart, ChartLevel, ChartPicture
from widgets.sheet import TextLine

SIX = 1_795_251_600
"""2026-11-21 18:00 KST."""

BODIES = set("┃╹╻╿╽")
BRAILLE = {chr(code) for code in range(0x2801, 0x2900)}


def bars(*minutes: int, iv: float = nan) -> tuple[Bar, ...]:
    return tuple(
        Bar(SIX + 60 * m, 100.0 + m, 103.0 + m, 99.0 + m, 102.0 + m, 10.0 * (m + 1), 101.0 + m, iv)
        for m in minutes
    )


def picture(*minutes: int, iv: float = nan) -> ChartPicture:
    found = bars(*minutes, iv=iv)
    return ChartPicture(found, 60, SIX, found[-1].start, tuple(bar.vwap for bar in found))


class ChartRoom(App[None]):
    """A chart that fills the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = Chart()

    def compose(self) -> ComposeResult:
        yield self.chart


@asynccontextmanager
async def drawn(
    shown: ChartPicture, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[list[TextLine]]:
    app = ChartRoom()
    async with app.run_test(size=size) as pilot:
        app.chart.show(shown)
        await pilot.pause()
        yield app.chart.lines(*size)


def columns_of(lines: list[TextLine], tone: str, signs: set[str]) -> set[int]:
    """The columns in which signs are drawn in a tone."""
    found = set()
    for line in lines:
        x = 0
        for text, tones in line:
            for sign in text:
                if sign in signs and tone in tones.split():
                    found.add(x)
                x += cell_len(sign)
    return found


def tones_of(lines: list[TextLine]) -> set[str]:
    return {tone for line in lines for _, tones in line for tone in tones.split()}


def text(lines: list[TextLine]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (30, 8), (60, 13)])
@pytest.mark.parametrize("as_line", [False, True])
async def test_lines_fill_the_room_at_every_size(size: tuple[int, int], as_line: bool) -> None:
    shown = replace(picture(0, 1, 2, 9, iv=21.5), as_line=as_line)
    levels = (ChartLevel(101.0, "previous", "level"), ChartLevel(nan, "day_close", "level"))
    async with drawn(replace(shown, levels=levels), size) as lines:
        assert len(lines) == size[1]
        assert all(cell_len("".join(part for part, _ in line)) == size[0] for line in lines)
        assert "18:00" in text(lines)
        assert "전일" in text(lines)
        assert "주간종가" not in text(lines)


async def test_rising_falling_and_unchanged_bars_have_their_tones() -> None:
    prices = ((100.0, 102.0), (102.0, 101.0), (101.0, 101.0), (104.0, 104.0))
    made = tuple(
        Bar(SIX + 60 * at, begin, max(begin, end), min(begin, end), end, 1.0, begin)
        for at, (begin, end) in enumerate(prices)
    )
    async with drawn(ChartPicture(made, 60, SIX, made[-1].start)) as lines:
        up, down, flat = (columns_of(lines, tone, BODIES) for tone in ("up", "down", "flat"))
        assert [len(found) for found in (up, down, flat)] == [2, 1, 1]
        # Without a body of its own a bar is compared with the one before.
        assert max(up) > max(flat) > max(down) > min(up)


async def test_no_line_is_drawn_across_a_gap() -> None:
    shown = replace(picture(0, 1, 2, 8, 9, iv=20.0), as_line=True, tick=0.05)
    async with drawn(shown, (80, 30)) as lines:
        for tone in ("line", "vwap", "volatility"):
            found = columns_of(lines, tone, BRAILLE)
            first = min(found)
            # Columns are three cells apart; from the third bar to the ninth nothing is drawn.
            assert found & set(range(first + 8, first + 23)) == set()
            assert found & set(range(first + 23, first + 30))


async def test_auctions_are_shaded_and_the_crosshair_marks_its_bar() -> None:
    shown = replace(
        picture(0, 1, 2), since=SIX - 600, auctions=((SIX - 600, SIX),), crosshair=SIX + 60
    )
    async with drawn(shown) as lines:
        shaded = [len(part) for part, tones in lines[0] if "auction" in tones.split()]
        assert sum(shaded) == 10 * 3
        marked = sum(len(part) for part, tones in lines[0] if "crosshair" in tones.split())
        assert marked == 1
    async with drawn(replace(shown, crosshair=SIX + 61)) as lines:
        assert "crosshair" not in tones_of(lines)


async def test_panes_below_are_shown_where_there_is_room_and_something_to_show() -> None:
    for shown, height, panes in (
        (picture(0, 1, iv=20.0), 24, {"거래량", "IV"}),
        (picture(0, 1, iv=20.0), 14, {"거래량"}),
        (picture(0, 1, iv=20.0), 9, set()),
        (picture(0, 1), 24, {"거래량"}),
    ):
        async with drawn(shown, (80, height)) as lines:
            assert {name for name in ("거래량", "IV") if name in text(lines)} == panes


async def test_long_pause_is_cut_and_marked() -> None:
    async with drawn(picture(0, 1, 300, 301)) as lines:
        assert columns_of(lines, "rule", {"┊"})
        assert len(columns_of(lines, "up", BODIES)) == 4


async def test_a_marked_bar_is_shown_however_long_ago() -> None:
    shown = picture(*range(200))
    async with drawn(replace(shown, crosshair=SIX)) as lines:
        assert "18:00" in text(lines)
        assert "crosshair" in tones_of(lines)
    async with drawn(shown) as lines:
        assert "18:00" not in text(lines)
        assert "21:1" in text(lines)


async def test_levels_out_of_sight_are_named_with_an_arrow() -> None:
    levels = (ChartLevel(90.0, "previous", "level"), ChartLevel(150.0, "night_open", "level"))
    async with drawn(replace(picture(0, 1, 2), levels=levels)) as lines:
        assert "↓전일 90.00" in text(lines)
        assert "↑야간시가 150.00" in text(lines).splitlines()[0]
        assert not columns_of(lines, "level", {"╌"})


async def test_an_overlay_is_drawn_without_a_line_across_its_gaps() -> None:
    closes = tuple((SIX + 60 * minute, 100.0) for minute in (0, 1, 6, 7))
    shown = replace(picture(*range(8)), overlay=closes, overlay_name="A01612 +0.53%")
    async with drawn(shown) as lines:
        found = columns_of(lines, "overlay", BRAILLE)
        first = min(found)
        assert not found & set(range(first + 5, first + 17))
        assert "A01612 +0.53%" in text(lines)


async def test_without_trades_there_are_words() -> None:
    async with drawn(ChartPicture()) as lines:
        assert "이 거래일에 받은 체결이 없습니다" in text(lines)


async def test_prices_of_spreads_may_be_negative_and_those_of_stocks_are_whole() -> None:
    negative = tuple(Bar(SIX + 60 * at, -1.0, 0.5, -1.5, 0.25, 1.0, 0.0) for at in range(3))
    async with drawn(ChartPicture(negative, 60, SIX, SIX, tick=0.05)) as lines:
        assert "-1.00┤" in text(lines)
    whole = tuple(Bar(SIX, 71000.0, 71500.0, 70500.0, 71200.0, 1.0, 71000.0) for _ in range(1))
    shown = ChartPicture(whole, 60, SIX, SIX, decimals=0, tick=100.0)
    async with drawn(shown) as lines:
        assert "71,000┤" in text(lines)
