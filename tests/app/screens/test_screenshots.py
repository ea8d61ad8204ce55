"""The README's pictures are what the program shows; renewed with ``pytest --snapshot-update``."""

from harness.dashboard import at, named, staged
from harness.picture_gallery import SCREENSHOTS, PictureGallery
from harness.replay_harness import replayed


async def test_the_screenshots_are_what_the_program_shows(gallery: PictureGallery) -> None:
    async with staged() as stage:
        await stage.still(at(17, 59, 50))
        gallery.show(SCREENSHOTS / "auction.svg", stage.app.export_screenshot())
        await stage.press("4", "1", "down", "down", "down")
        await stage.still(at(18, 1))
        gallery.show(SCREENSHOTS / "night.svg", stage.app.export_screenshot())
        await stage.press("4", "4")
        await stage.resize((80, 24))
        await stage.drawn()
        gallery.show(SCREENSHOTS / "small.svg", stage.app.export_screenshot())


async def test_the_screenshots_of_a_replay_are_what_the_program_shows(
    gallery: PictureGallery,
) -> None:
    async with replayed(master=named().master) as one:
        await one.hit("space")
        await one.go(18, 40)
        gallery.show(SCREENSHOTS / "replay.svg", one.app.export_screenshot())
        await one.hit("down", "5")
        await one.settle()
        gallery.show(SCREENSHOTS / "chain.svg", one.app.export_screenshot())


def test_nothing_else_lies_among_the_screenshots() -> None:
    assert {path.name for path in SCREENSHOTS.iterdir()} == {
        "auction.svg",
        "chain.svg",
        "night.svg",
        "replay.svg",
        "small.svg",
    }
