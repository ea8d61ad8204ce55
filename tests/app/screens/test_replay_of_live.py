"""A night that was recorded while it was watched shows the same boards when it is played."""

from datetime import timedelta
from pathlib import Path

from harness.dashboard import DashboardHarness, at, run_dashboard
from harness.replay_harness import ReplayHarness, run_replay

from app.tape.tape_clock import moment

CODES = ("A01612", "B01612A33", "B01612A34", "C01612A33", "C01612A34", "B09FMWA34")


def boards(one: DashboardHarness | ReplayHarness) -> str:
    """Return the lines between status line and key hints, without order and focus."""
    lines = one.text.splitlines()
    return "\n".join(lines[1:30])


async def test_a_recorded_night_is_played_as_it_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "night.ktape"
    ends = at(18, 1), at(18, 4)
    seen = []
    async with run_dashboard(CODES, start=at(17, 56), live=False, record=path) as stage:
        stage.app.feed.record(True)
        await stage.wait_registered()
        await stage.press("4", "1")
        for end in ends:
            await stage.settle_at(end)
            seen.append(boards(stage))
    for _ in range(2):
        async with run_replay(path, codes=CODES, size=(120, 42)) as one:
            await one.press("4", "1")
            for end, live in zip(ends, seen, strict=True):
                tape_index = one.app.player.tape_index
                place = (end - moment(tape_index.wall_at(0.0))) / timedelta(seconds=1)
                one.app.player.seek(place)
                await one.settle()
                assert boards(one) == live
