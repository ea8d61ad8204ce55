"""The auction of a tape: seeking inside it rebuilds path and board."""

import pytest
from harness.replay_harness import ReplayHarness, run_replay

from specs.market.indication import Indication


def indications(one: ReplayHarness) -> dict[str, Indication]:
    rows = one.app.market.book.rows
    return {row.code: row.indication for row in rows if row.indication is not None}


async def read_before(one: ReplayHarness) -> None:
    """Wait until all that came before was read and applied."""
    reader = one.app.player._earlier
    await one.until(lambda: reader._next < 0 and not reader._found)
    await one.settle()


@pytest.mark.parametrize(("hour", "minute"), [(17, 53), (17, 59), (18, 20)])
async def test_seeking_gives_the_auction_of_a_straight_play(hour: int, minute: int) -> None:
    async with run_replay(speed=float("inf")) as straight, run_replay(speed=0.25) as wound:
        straight.app.player.play(False)
        await straight.settle()
        await straight.seek_to(hour, minute)
        await read_before(straight)
        await wound.seek_to(18, 40)
        await wound.seek_to(hour, minute)
        await read_before(wound)
        found, expected = indications(wound), indications(straight)
        assert found.keys() == expected.keys()
        assert len(found) == 3
        for code, one in found.items():
            other = expected[code]
            assert (one.first, one.last, one.count) == (other.first, other.last, other.count)
            assert one.path == other.path
            assert one.is_running is (hour < 18)
            if hour == 18:
                assert one.uncross == one.last_price
                assert one.uncrossed_at
        board = wound.app.main.grid.expected
        assert set(board.codes) == found.keys()


async def test_replayed_path_is_the_same_at_every_speed() -> None:
    async with run_replay(speed=100.0) as fast, run_replay() as wound:
        fast.app.player.play(True)
        await fast.play(6.0)
        place = fast.app.tape_clock.now()
        await wound.seek_to(place.hour, place.minute)
        await read_before(wound)
        await read_before(fast)
        for code, one in indications(wound).items():
            same = indications(fast)[code]
            assert same.first == one.first
            shared = min(len(same.path), len(one.path)) - 1
            assert same.path[:shared] == one.path[:shared]


async def test_before_the_auction_nothing_is_left_of_it() -> None:
    async with run_replay(speed=0.25) as one:
        await one.seek_to(18, 20)
        assert indications(one)
        one.app.player.seek(0.0)
        await one.settle()
        assert indications(one) == {}
        assert one.app.main.grid.expected.codes == []
