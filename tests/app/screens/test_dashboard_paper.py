"""A run with paper keys: it says so, and after a minute of acknowledged silence what that means."""

from harness.dashboard import at, run_dashboard

from widgets.texts import t


async def test_paper_run_says_so_and_explains_a_minute_of_silence() -> None:
    start = at(18, 30)
    async with run_dashboard(
        ("A01612",), start=start, is_paper=True, notifications=True, size=(160, 40)
    ) as stage:
        await stage.pass_time(40)
        assert t("paper.tried_badge") in stage.status
        assert t("paper.silent_badge") not in stage.status
        assert t("paper.silent") not in stage.toasts
        # Registrations are acknowledged, PINGPONGs come, and no data.
        await stage.pass_time(25)
        assert stage.app.link.used == len(stage.wanted_registrations)
        assert t("paper.silent_badge") in stage.status
        assert t("paper.silent") in stage.toasts
        await stage.pass_time(60)
        assert stage.toasts.count(t("paper.silent")) == 1
        # Data that come after all are believed.
        await stage.step_to(at(18, 33))
        assert t("paper.silent_badge") not in stage.status
        assert t("paper.tried_badge") in stage.status


async def test_paper_badge_stays_on_the_smallest_screen() -> None:
    async with run_dashboard(("A01612",), start=at(18, 30), is_paper=True, size=(80, 24)) as stage:
        await stage.step_to(at(18, 30, 10))
        assert t("paper.badge") in stage.status


async def test_run_with_real_keys_says_nothing_of_paper() -> None:
    async with run_dashboard(("A01612",), start=at(18, 30), notifications=True) as stage:
        await stage.pass_time(90)
        assert t("paper.badge") not in stage.status
        assert t("paper.silent") not in stage.toasts
