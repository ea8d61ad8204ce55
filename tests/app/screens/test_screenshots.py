"""The README's pictures are what the program shows; renewed with ``pytest --snapshot-update``."""

from harness.dashboard import at, demo_contracts, run_dashboard
from harness.picture_gallery import SCREENSHOTS, PictureGallery
from harness.replay_harness import run_replay


async def test_the_screenshots_are_what_the_program_shows(gallery: PictureGallery) -> None:
    async with run_dashboard() as stage:
        await stage.settle_at(at(17, 59, 50))
        gallery.show(SCREENSHOTS / "auction.svg", stage.app.export_screenshot())
        await stage.press("4", "1", "down", "down", "down")
        await stage.settle_at(at(18, 1))
        gallery.show(SCREENSHOTS / "night.svg", stage.app.export_screenshot())
        await stage.press("4", "4")
        await stage.resize((80, 24))
        await stage.wait_layout()
        gallery.show(SCREENSHOTS / "small.svg", stage.app.export_screenshot())


async def test_the_screenshots_of_a_replay_are_what_the_program_shows(
    gallery: PictureGallery,
) -> None:
    async with run_replay(master=demo_contracts().master) as one:
        await one.press_and_settle("space")
        await one.seek_to(18, 40)
        gallery.show(SCREENSHOTS / "replay.svg", one.app.export_screenshot())
        await one.press_and_settle("down", "5")
        await one.settle()
        gallery.show(SCREENSHOTS / "chain.svg", one.app.export_screenshot())


def test_nothing_else_lies_among_the_screenshots() -> None:
    names = {path.name for path in SCREENSHOTS.iterdir()}
    pictures = ("auction", "chain", "night", "replay", "small")
    drawn = {f"{name}.{kind}" for name in pictures for kind in ("svg", "png")}
    assert names == {"README.md", "kis-tui.gif", *drawn}
