"""The picture of a smile: drawn at every size, only when it changed, and never where nothing is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import nan

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from specs.market.smile import Curve, SmilePoint
from widgets.axis import ticks
from widgets.smile import SmilePlot
from widgets.smile_numbers import NamedValue, SmileNumbers

SIZES = ((80, 24), (120, 40), (200, 50))


def iv(strike: float) -> float:
    return 21.0 - 0.04 * (strike - 1080) + 0.0006 * (strike - 1080) ** 2


def points(*strikes: float, spread: float = 0.3) -> tuple[SmilePoint, ...]:
    return tuple(SmilePoint(k, iv(k) - spread, iv(k) + spread, iv(k)) for k in strikes)


CURVE = Curve(points(*range(1030, 1131, 10)), 1081.2, 20.95, -2.1, 0.13, 1045.5, 1117.2)
CLOSE = Curve(tuple(SmilePoint(p.strike, middle=p.middle + 1) for p in CURVE.points), 1079.0, 22.0)
PATHS = {"money": [20.0, 21.0, nan, 22.0], "reversal": [-2.0, -2.1], "butterfly": []}
FACTS = (NamedValue("25Δ 풋", "1,045.5"), NamedValue("전 마감", "11/20(금) 15:34"))


class Room(App[None]):
    """Picture and numbers, one below the other."""

    CSS = """
    SmilePlot { height: 1fr; }
    SmileNumbers { height: 12; }
    SmilePlot > .smile--band { color: #204048; }
    SmilePlot > .smile--middle { color: #d4d9de; }
    SmilePlot > .smile--close { color: #6f7a85; }
    SmilePlot > .smile--forward { color: #4fb6c2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.plot, self.numbers = SmilePlot(), SmileNumbers()

    def compose(self) -> ComposeResult:
        yield self.plot
        yield self.numbers

    @property
    def lines(self) -> list[str]:
        region = self.plot.region
        strips = self.screen._compositor.render_strips()[: region.height]
        return ["".join(segment.text for segment in strip) for strip in strips]

    def colours(self, text: str) -> set[str]:
        """The colours in which characters of a kind are drawn."""
        found = set()
        for strip in self.screen._compositor.render_strips()[: self.plot.region.height]:
            for segment in strip:
                if segment.style is not None and segment.style.color is not None:
                    triplet = segment.style.color.get_truecolor()
                    if any(character in text for character in segment.text):
                        found.add(triplet.hex)
        return found


BRAILLE = "".join(chr(code) for code in range(0x2801, 0x2900))


@asynccontextmanager
async def room(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Room, Pilot[None]]]:
    app = Room()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


@pytest.mark.parametrize("size", SIZES)
async def test_band_line_close_and_forward_are_drawn_at_every_size(size: tuple[int, int]) -> None:
    async with room(size) as (app, pilot):
        app.plot.show(CURVE, CLOSE)
        app.numbers.show(CURVE, CLOSE, PATHS, FACTS)
        await pilot.pause()
        assert app.colours(BRAILLE) == {"#204048", "#d4d9de", "#6f7a85"}
        assert "#4fb6c2" in app.colours("│")
        text = "\n".join(app.lines)
        assert "1,100" in text
        assert "20.0%" in text
        assert all(cell_len(line) == size[0] for line in app.lines)
        # The line falls to the right as the smile does.
        braille = [[at for at, c in enumerate(line) if c in BRAILLE] for line in app.lines]
        drawn = [row for row in braille if row]
        assert len(drawn) > 3
        assert min(drawn[0]) < min(drawn[-1])


async def test_it_is_drawn_anew_only_where_it_looks_different() -> None:
    async with room() as (app, pilot):
        app.plot.show(CURVE, CLOSE)
        await pilot.pause()
        drawn = app.plot.drawn
        nearly = tuple(replace(p, bid=p.bid + 1e-4) for p in CURVE.points)
        app.plot.show(replace(CURVE, points=nearly), CLOSE)
        await pilot.pause()
        assert app.plot.drawn == drawn
        app.plot.show(replace(CURVE, points=points(*range(1030, 1131, 10), spread=0.4)), CLOSE)
        await pilot.pause()
        assert app.plot.drawn == drawn + 1


async def test_nothing_to_draw_is_words() -> None:
    async with room() as (app, pilot):
        app.plot.show(Curve(why="smile.few"), None, "호가가 없습니다")
        await pilot.pause()
        assert "호가가 없습니다" in "\n".join(app.lines)
        assert not app.colours(BRAILLE)


@pytest.mark.parametrize(
    "curve",
    [
        Curve(points(1080.0), 1080.0),
        Curve((SmilePoint(1080.0, ask=25.0), SmilePoint(1090.0, bid=20.0)), 1085.0),
        Curve((SmilePoint(1080.0, 20.0, 900.0, 400.0), SmilePoint(1085.0, 0.1, 0.2, 0.15)), 5.0),
        Curve((SmilePoint(1000.0, middle=20.0, old=True), *points(1080.0, 1085.0, 1090.0)), 1081.0),
        Curve(points(900.0, 1070.0, 1075.0, 1080.0, 1085.0, 1300.0), nan),
        Curve((SmilePoint(0.5, middle=20.0), SmilePoint(0.50001, middle=20.0)), 0.5),
    ],
)
async def test_curves_that_are_hardly_any_are_drawn(curve: Curve) -> None:
    async with room() as (app, pilot):
        app.plot.show(curve, None)
        await pilot.pause()
        assert app.plot.drawn
        assert any(c in "".join(app.lines) for c in BRAILLE + "·") or curve.points[0].ask == 25.0


async def test_a_gap_between_strikes_is_left_open() -> None:
    async with room((200, 40)) as (app, pilot):
        app.plot.show(Curve(points(1030, 1035, 1040, 1100, 1105, 1110), 1080.0), None)
        await pilot.pause()
        columns = {at for line in app.lines for at, c in enumerate(line) if c in BRAILLE}
        assert max(b - a for a, b in zip(sorted(columns), sorted(columns)[1:], strict=False)) > 80


@pytest.mark.parametrize("size", [(80, 24), (40, 24), (24, 24)])
async def test_the_numbers_fit_their_room(size: tuple[int, int]) -> None:
    async with room(size) as (app, pilot):
        app.numbers.show(CURVE, CLOSE, PATHS, FACTS)
        await pilot.pause()
        lines = str(app.numbers.render()).splitlines()
        text = "\n".join(lines)
        assert "20.95%" in text
        assert "-2.10%p" in text
        assert "1,045.5" in text
        assert all(cell_len(line) <= size[0] for line in lines[:-1])
        assert "-1.05" in text
        assert "…" not in text


async def test_numbers_that_are_missing_are_dashes() -> None:
    async with room() as (app, pilot):
        app.numbers.show(Curve(), CLOSE, {}, ())
        await pilot.pause()
        assert str(app.numbers.render()).count("—") == 3


@pytest.mark.parametrize(
    ("low", "high", "most"),
    [(1030, 1130, 6), (20.0, 22.0, 4), (0.5, 0.50001, 3), (900, 1300, 14), (0, 1, 1)],
)
def test_ticks_are_round_and_as_many_as_fit(low: float, high: float, most: int) -> None:
    found = ticks(low, high, most)
    assert 1 <= len(found) <= most + 1
    assert all(low - 1e-6 <= tick <= high + 1e-6 for tick in found)
