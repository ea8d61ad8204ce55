"""Every row moves to the TR of the session that comes: releases first, never above the limit."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from rig.hurried import hurried, until
from rig.watched_feed import CALL, FEW, FUTURE, Rig, rig

from app.feed.phase import OPEN
from app.feed.registrations import LIMIT
from app.feed.session import BRISK
from app.simulator.instruments import universe
from app.system.clock import KST
from specs.catalog import CATALOG, Channel, Session

STOCK = "A11612"
ALL = frozenset(Channel)


def sessions(switched: Rig) -> set[Session]:
    return {CATALOG[tr_id].session for tr_id, _ in switched.simulator.registrations}


def channels(switched: Rig) -> set[Channel]:
    return {CATALOG[tr_id].channel for tr_id, _ in switched.simulator.registrations}


async def at(switched: Rig, hour: int, minute: int, second: int = 0) -> None:
    """Wait until the feed's clock shows a time."""
    now = switched.clock.now()
    moment = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
    moment += timedelta(days=moment < now)
    # Timers due at that time run first.
    await switched.clock.until(moment + timedelta(milliseconds=10))


@hurried
async def test_the_day_ends_and_its_rows_become_the_night_s_a_stock_sleeps() -> None:
    start = datetime(2026, 11, 20, 15, 44, tzinfo=KST)
    async with rig((FUTURE, CALL, STOCK), start, channels=ALL) as switched:
        await switched.reach(*OPEN)
        await until(lambda: len(switched.simulator.registrations) == 7, 20)
        assert sessions(switched) == {Session.DAY}
        assert channels(switched) == ALL
        await at(switched, 15, 45, 20)
        assert sessions(switched) == {Session.DAY}, "its last prints come late"
        await at(switched, 15, 46)
        assert sessions(switched) == {Session.NIGHT}
        assert {code for _, code in switched.simulator.registrations} == {FUTURE, CALL}
        assert list(switched.batches[-1][1].asleep) == [STOCK]


@hurried
async def test_expected_executions_come_with_the_auction_and_go_after_it() -> None:
    start = datetime(2026, 11, 20, 17, 46, tzinfo=KST)
    async with rig((FUTURE, CALL), start, channels=ALL) as switched:
        await switched.reach(*OPEN)
        await until(lambda: channels(switched) == {Channel.TRADE, Channel.BOOK}, 20)
        await at(switched, 17, 49)
        assert channels(switched) == ALL
        await at(switched, 18, 1)
        assert channels(switched) == {Channel.TRADE, Channel.BOOK}
        assert FUTURE in switched.heard_since(switched.clock.monotonic() - 30)


@hurried
async def test_the_night_ends_at_six_and_a_monday_s_rows_are_the_day_s() -> None:
    start = datetime(2026, 11, 24, 5, 59, tzinfo=KST)
    async with rig(FEW, start, channels=ALL) as switched:
        await switched.reach(*OPEN)
        await until(lambda: sessions(switched) == {Session.NIGHT}, 20)
        await at(switched, 6, 1)
        assert sessions(switched) == {Session.DAY}
        assert switched.simulator.oracle.most_registered <= LIMIT


@hurried
@pytest.mark.parametrize("count", [30, 60])
async def test_a_full_list_changes_session_with_releases_first_and_within_the_limit(
    count: int,
) -> None:
    start = datetime(2026, 11, 20, 15, 44, 30, tzinfo=KST)
    codes = [i.code for i in universe(start.date()) if i.code[1:3] in ("01", "05", "06")][:count]
    async with rig(codes, start, channels=ALL) as switched:
        await switched.reach(*OPEN)
        await until(lambda: len(switched.simulator.registrations) == LIMIT, 20)
        await at(switched, 15, 45, 40)
        visit = switched.oracle.visits[-1]
        asked = [(register, pair) for _, register, pair in visit.requests[LIMIT:]]
        assert [register for register, _ in asked][:3] == [False] * 3
        await until(lambda: sessions(switched) == {Session.NIGHT}, 20)
        await until(lambda: len(switched.simulator.registrations) == LIMIT, 20)
        sent = [at for at, *_ in visit.requests]
        # A delayed request can arrive close to the next one, so gaps are of the sending side.
        assert min(b - a for a, b in pairwise(switched.sent_at)) > BRISK - 1e-9
        turn = sent[LIMIT:]
        assert 0.095 * (len(turn) - 1) < turn[-1] - turn[0] < 2 * LIMIT * 0.1 + 5, "at full pace"
        assert switched.oracle.most_registered == LIMIT
