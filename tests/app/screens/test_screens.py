"""Every panel and dialog as a picture, at the three sizes, in Korean and in English."""

from datetime import datetime, time, timedelta

import pytest
from harness.dashboard import DEMO_CODES, DashboardHarness, at, demo_contracts, run_dashboard
from harness.picture_gallery import KEPT, PictureGallery
from harness.replay_harness import run_replay
from textual.command import CommandPalette
from textual.widgets import OptionList

from app.cli.demo_options import DEMO_DAY
from app.feed.connection import LinkPhase
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.portfolio.positions import Position
from app.simulator.instruments import demo_codes
from app.simulator.master_files import master_files
from app.storage.layouts import Layout
from app.system.clock import KST
from specs.catalog import Session
from specs.codes import Family
from widgets.texts import use

SMALL, DESIGN, LARGE = (80, 24), (120, 40), (200, 50)
SIZES = (SMALL, LARGE, DESIGN)
FEW = ("A01612", "B01612A31", "C01612A31")
NEVER_TRADED = ("B01612B35", "A11612")
POSITIONS = (
    Position("A01612", -1, 1082.5),
    Position("B01612A34", 10, 26.4),
    Position("B01612A55", -6, 8.4),
    Position("C01612A12", 4, 9.2),
)


def at_day(hour: int, minute: int, second: int = 0) -> datetime:
    """Return a time of the simulated day."""
    return datetime.combine(DEMO_DAY, time(hour, minute, second), KST)


STORY = ("auction", "uncross", "trading", "quiet", "lost")
DIALOGS = (
    "add", "add-good", "add-wrong", "add-find", "slots",
    "sort", "columns", "panels", "open", "save", "save-taken", "help", "help-find", "palette",
)  # fmt: skip
DAY = ("day-auction", "day-futures", "day-limits", "day-fields", "day-stock", "expiry-minute")
PAGES = ("replay", "chain", "smile", "positions", "chart")
ALONE = ("empty", "nomaster", "book", "trades", "alerts", "auction-page")
ARRANGED = ("side", "rows", "zoom")
ENGLISH = {
    *STORY, *DAY, *PAGES, "empty",
    "add-wrong", "add-find", "slots", "sort", "panels", "save", "help", "palette",
}  # fmt: skip
IN_BOTH = ("alerts", "auction", "uncross", "auction-page")
"""Pictures at all sizes in both languages."""

THEMED = ("theme-light", "theme-terminal", "settings")
EXTRA = {"expected-80x24-ko", "toosmall-50x12-ko", *(f"{name}-120x40-ko" for name in THEMED),
         "manual-120x40-ko", "manual-120x40-en"}  # fmt: skip


def names() -> set[str]:
    """Return the names of all stored pictures."""
    korean = {
        f"{name}-{width}x{height}-ko"
        for name in (*STORY, *DAY, *DIALOGS, *PAGES, *ALONE)
        for width, height in SIZES
    }
    arranged = {f"{name}-{w}x{h}-ko" for name in ARRANGED for w, h in (DESIGN, LARGE)}
    both = {f"{name}-{width}x{height}-en" for name in IN_BOTH for width, height in SIZES}
    return korean | arranged | EXTRA | both | {f"{name}-120x40-en" for name in ENGLISH}


class Camera:
    """Takes pictures of a stage under their names."""

    def __init__(self, stage: DashboardHarness, gallery: PictureGallery, language: str) -> None:
        self._stage = stage
        self._gallery = gallery
        self._language = language

    async def take(self, name: str, *sizes: tuple[int, int]) -> None:
        """One picture at every size; in English at the design size, where it is wanted at all."""
        if self._language == "en" and name not in IN_BOTH:
            sizes = (DESIGN,) if name in ENGLISH else ()
        is_left_out = self._language == "en" and name not in IN_BOTH
        for width, height in sizes or (() if is_left_out else SIZES):
            await self._stage.resize((width, height))
            await self._stage.wait_layout()
            kept = f"{name}-{width}x{height}-{self._language}"
            assert kept in names()
            self._gallery.show(KEPT / f"{kept}.svg", self._stage.app.export_screenshot())
        await self._stage.resize(DESIGN)


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_night_from_its_auction_to_a_lost_connection(
    gallery: PictureGallery, language: str
) -> None:
    use(language)
    async with run_dashboard((*DEMO_CODES, *NEVER_TRADED)) as stage:
        camera = Camera(stage, gallery, language)
        await stage.settle_at(at(17, 59, 50))
        await camera.take("auction")
        await stage.settle_at(at(18, 0, 5), quiet=3)
        await camera.take("uncross")
        await stage.settle_at(at(18, 1))
        await camera.take("trading")
        await stage.pass_time(25)
        await camera.take("quiet")
        await stage.settle_at(at(18, 2))
        stage.thread.stop()
        await stage.until(lambda: stage.app.link.phase is LinkPhase.BACKOFF)
        await stage.pass_time(0)
        await camera.take("lost")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_day_with_its_auction_and_the_numbers_of_a_future(
    gallery: PictureGallery, language: str
) -> None:
    use(language)
    codes = demo_codes(at_day(8, 40), Session.DAY)
    async with run_dashboard(codes, session=Session.DAY, start=at_day(8, 39, 30)) as stage:
        camera = Camera(stage, gallery, language)
        await stage.settle_at(at_day(8, 44, 50))
        await stage.press("3")
        await camera.take("day-auction")
        await stage.press("2", "1")
        await stage.settle_at(at_day(8, 46))
        await camera.take("day-futures")
        await stage.press("4")
        await camera.take("day-limits")
        await stage.press("4", "1", "enter")
        stage.app.tick()
        await camera.take("day-fields")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_greeks_of_a_stock_option(gallery: PictureGallery, language: str) -> None:
    use(language)
    codes = demo_codes(at_day(8, 40), Session.DAY)
    contracts = demo_contracts()
    option = next(
        code for code in codes if contracts.instrument(code).family is Family.STOCK_OPTION
    )
    async with run_dashboard(codes, session=Session.DAY, start=at_day(8, 44, 30)) as stage:
        await stage.settle_at(at_day(8, 46))
        await stage.press("2", "1")
        stage.app.main.grid.watchlist.move_to(option)
        stage.app.tick()
        await stage.wait_registered()
        await stage.settle_at(at_day(8, 48))
        await Camera(stage, gallery, language).take("day-stock")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_last_minute_of_an_expiry_day(gallery: PictureGallery, language: str) -> None:
    use(language)
    last = datetime(2026, 12, 10, 15, 17, tzinfo=KST)
    contracts = Contracts(Master.from_files(master_files(last.date())))
    codes = demo_codes(last, Session.DAY)
    async with run_dashboard(codes, session=Session.DAY, start=last, contracts=contracts) as stage:
        await stage.settle_at(last.replace(minute=19, second=22))
        await stage.press("2", "1")
        stage.app.main.grid.watchlist.move_to("B01612A33")
        await stage.pass_time(0)
        await Camera(stage, gallery, language).take("expiry-minute")


async def test_the_arrangements_of_the_panels(gallery: PictureGallery) -> None:
    async with run_dashboard() as stage:
        camera = Camera(stage, gallery, "ko")
        await stage.settle_at(at(17, 59, 50))
        await stage.settle_at(at(18, 1))
        for name in ("side", "rows"):
            await stage.press("0")
            await camera.take(name, DESIGN, LARGE)
        await stage.press("0", "2", "z")
        await camera.take("zoom", DESIGN, LARGE)
        await stage.press("z", "3")
        await camera.take("expected", SMALL)
        await stage.press("4")
        await camera.take("book")
        await stage.press("4", "7")
        await camera.take("trades")
        await stage.press("7")
        await camera.take("toosmall", (50, 12))


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_list_without_codes(gallery: PictureGallery, language: str) -> None:
    use(language)
    async with run_dashboard(()) as stage:
        await Camera(stage, gallery, language).take("empty")


async def test_rows_without_a_master(gallery: PictureGallery) -> None:
    async with run_dashboard(contracts=Contracts(Master.from_lines([], []))) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.settle_at(at(18, 1))
        await Camera(stage, gallery, "ko").take("nomaster")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_dialogs(gallery: PictureGallery, language: str) -> None:
    use(language)
    async with run_dashboard(FEW) as stage:
        camera = Camera(stage, gallery, language)
        await stage.settle_at(at(17, 58, 30))
        stage.app.program.store.save(Layout(name="straddle", codes=list(FEW)))
        stage.app.program.store.save(Layout(name="야간", codes=list(FEW)))

        async def dialog(name: str, key: str, text: str | None = None) -> None:
            await stage.press(key)
            if text is not None:
                await stage.fill_field(text)
            await camera.take(name)
            await stage.press("escape")

        await dialog("add", "a")
        await dialog("add-good", "a", "b01612a33, Ｃ01612Ａ33 A05612")
        await dialog("add-wrong", "a", "B01612A33, KOSPI")
        await dialog("add-find", "a", "위클리 콜")
        await dialog("slots", "b")
        await dialog("sort", "s")
        await dialog("columns", "c")
        await dialog("panels", "v")
        await dialog("open", "o")
        await dialog("save", "w", "첫번째")
        await dialog("save-taken", "w", "straddle")
        await dialog("help", "question_mark")
        await dialog("help-find", "question_mark", "레이아웃")
        await stage.press("ctrl+p")
        await palette_is_filled(stage)
        await camera.take("palette")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_a_tape_and_the_pages_over_it(gallery: PictureGallery, language: str) -> None:
    use(language)
    async with run_replay(master=demo_contracts().master) as one:
        camera = Camera(one, gallery, language)
        await one.press_and_settle("space")
        await one.seek_to(18, 30)
        await camera.take("replay")
        await one.press("down", "down")
        one.app.workspace.positions.change(
            one.app.workspace.positions.positions.replace_all(POSITIONS)
        )
        for key, name in (("5", "chain"), ("6", "smile"), ("P", "positions")):
            await one.press_and_settle(key)
            await one.settle()
            await camera.take(name)
            await one.press("escape")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_page_of_an_auction(gallery: PictureGallery, language: str) -> None:
    use(language)
    async with run_dashboard() as stage:
        camera = Camera(stage, gallery, language)
        await stage.step_to(at(17, 58, 10))
        await stage.press("9")
        for _ in range(90):
            stage.app.tick()
            stage.wake_feed()
            await stage.step_to(stage.clock.now() + timedelta(seconds=0.5))
            if stage.simulator.registrations == stage.wanted_registrations:
                break
        await stage.step_to(at(17, 59, 49))
        await stage.pass_time(1)
        await camera.take("auction-page")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_chart_of_half_an_hour(gallery: PictureGallery, language: str) -> None:
    use(language)
    async with run_dashboard(FEW) as stage:
        await stage.settle_at(at(17, 59, 50))
        await stage.press("down", "8")
        await stage.settle_at(at(18, 30))
        await stage.press("left", *["left"] * 5)
        await Camera(stage, gallery, language).take("chart")


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_the_page_of_alerts(gallery: PictureGallery, language: str) -> None:
    use(language)
    async with run_dashboard(FEW) as stage:
        center = stage.app.workspace.alerts
        for text in (
            "A01612 price > 1000 repeat 5m", "A01612 high new", "B01612A31 iv > 60",
            "B01612A31 size >= 500 20:00-02:00", "C01612A31 quiet 30s", "link down 30s",
            "B01612A31 atm-iv-change > 2 session", "position-delta > 5", "pnl < -1000000",
        ):  # fmt: skip
            center.add(center.parse(text))
        await stage.settle_at(at(17, 59, 50))
        await stage.settle_at(at(18, 4))
        await stage.press("exclamation_mark", "down", "down")
        stage.app.tick()
        await Camera(stage, gallery, language).take("alerts")


async def palette_is_filled(stage: DashboardHarness) -> None:
    """Wait until the palette has found all commands."""
    screen = stage.app.screen
    assert isinstance(screen, CommandPalette)
    await stage.until(lambda: screen.query_one(OptionList).option_count > 20)


def test_no_picture_is_kept_that_no_test_shows() -> None:
    assert {path.stem for path in KEPT.iterdir()} == names()
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < 5_200_000
