"""Dialogs in a terminal whose size changes while they are open."""

import pytest
from harness.dashboard import DashboardHarness, run_dashboard

CODES = ("A01612", *(f"B01612A{n}" for n in range(11, 41)))
SIZES = ((100, 30), (100, 40), (100, 20))


async def box(stage: DashboardHarness, size: tuple[int, int]) -> str:
    """Return the text of the dialog's box at a size, its frame included."""
    await stage.resize(size)
    await stage.wait_layout()
    at = stage.app.screen.query_one("#box").region
    # A Korean letter is one character for two cells, so the columns stay complete.
    return "\n".join(stage.text.splitlines()[at.y : at.bottom])


@pytest.mark.parametrize(("key", "text"), [("a", "위클리 콜"), ("b", "")])
async def test_a_dialog_looks_as_if_it_had_been_opened_at_the_size_that_the_terminal_has_now(
    key: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.screens.dialogs.slots_dialog.UPDATE_EVERY", 3600.0)

    async def opened(stage: DashboardHarness) -> None:
        await stage.press(key)
        if text:
            await stage.fill_field(text)

    async with run_dashboard(CODES) as stage:
        fresh = {}
        for size in SIZES:
            await stage.resize(size)
            await opened(stage)
            fresh[size] = await box(stage, size)
            await stage.press("escape")
        assert len(set(fresh.values())) == len(fresh)
        await opened(stage)
        for size in (*SIZES, *SIZES):
            assert await box(stage, size) == fresh[size], size


async def test_a_cut_of_nothing_leaves_the_clipboard() -> None:
    async with run_dashboard(CODES) as stage:
        await stage.press("a")
        await stage.fill_field("c1085")
        await stage.press("shift+home", "ctrl+x")
        assert stage.app.clipboard == "c1085"
        await stage.press("ctrl+x")
        assert stage.app.clipboard == "c1085"


@pytest.mark.parametrize("keys", ["a", "s", "c", "question_mark", "colon", "P,a"])
async def test_a_dialog_is_laid_out_in_a_terminal_of_any_width(
    keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[BaseException] = []
    async with run_dashboard(CODES) as stage:
        contain = stage.app.contain

        def noted(error: BaseException) -> bool:
            failures.append(error)
            return contain(error)

        monkeypatch.setattr(stage.app, "contain", noted)
        await stage.press(*keys.split(","))
        opened = stage.app.screen
        if keys == "a":
            await stage.fill_field("위클리 콜")
        # The width at which a list has no column left depends on frame and padding.
        for width in (1, 2, 3, 5, 8, 13, 21, 34):
            await stage.resize((width, 1 + width % 3))
            await stage.wait_layout()
        assert failures == []
        assert stage.app.screen is opened
