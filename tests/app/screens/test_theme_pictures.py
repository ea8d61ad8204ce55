"""Boards and the dialog of settings in the themes other than the usual one, as pictures."""

from harness.dashboard import at, run_dashboard
from harness.picture_gallery import KEPT, PictureGallery

from app.storage.palettes import THEMES


async def test_the_themes_look_as_they_are_kept(gallery: PictureGallery) -> None:
    async with run_dashboard() as stage:

        async def take(name: str) -> None:
            await stage.wait_layout()
            gallery.show(KEPT / f"{name}-120x40-ko.svg", stage.app.export_screenshot())

        await stage.settle_at(at(17, 59, 50))
        await stage.press("4", "1", "down", "down")
        await stage.settle_at(at(18, 1))
        for name in ("light", "terminal"):
            stage.app.appearance.show_theme(THEMES[name])
            await stage.pilot.pause()
            await take(f"theme-{name}")
        stage.app.appearance.show_theme(THEMES["contrast"])
        await stage.press("comma")
        await take("settings")
