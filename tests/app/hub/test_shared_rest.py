"""What REST gives of one app key: its owner asks once, and joined programs ask nothing."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from harness.gateway_harness import CREDENTIALS as GATEWAY_CREDENTIALS
from harness.scripted_rest import CREDENTIALS, ScriptedRestServer, token_refusal
from harness.shared_sources import SharedProgram, SharedPrograms, run_programs

from app.feed.demand import WatchRequest
from app.feed.rest.rest_events import RestBars, RestExpectedPrice, RestPrice, RestTrouble
from app.market.session_memory import MINUTE, SessionMemory
from app.storage.credentials import Endpoints
from app.system.clock import KST
from specs.catalog import Session

FUTURE, MINI, CALL = "A01612", "A05612", "B01612A33"
CODES = (FUTURE, MINI, CALL)


def prices(program: SharedProgram) -> dict[str, str]:
    """Return the times of the prices that came of REST, by code."""
    events = [event for batch in program.batches for event in batch.rest_events]
    return {one.record.code: one.at for one in events if isinstance(one, RestPrice)}


def bars(program: SharedProgram, code: str) -> list[float]:
    """Return the starts of the bars that came of REST, oldest first."""
    events = [event for batch in program.batches for event in batch.rest_events]
    found = [bar.start for one in events if isinstance(one, RestBars) for bar in one.bars
             if one.code == code]  # fmt: skip
    return sorted(set(found))


def calls(stage: SharedPrograms) -> Counter[str]:
    """Return how often the server was asked about each code."""
    return Counter(code for _, code in stage.simulator.oracle.quoted)


async def test_joined_programs_get_prices_and_bars_and_call_nothing(tmp_path: Path) -> None:
    async with run_programs(tmp_path, minutes=9, first_picture=True) as stage:
        first = stage.begin(WatchRequest(CODES))
        await stage.until(lambda: prices(first).keys() == set(CODES))
        # A price and a page of bars of each.
        await stage.until(lambda: calls(stage) == dict.fromkeys(CODES, 2))
        await stage.until(lambda: all(bars(first, code) for code in (FUTURE, MINI)))
        joined = [stage.begin(WatchRequest(CODES)) for _ in range(2)]
        for program in joined:
            await stage.until(lambda p=program: prices(p) == prices(first))  # type: ignore[misc]
            for code in (FUTURE, MINI):
                want = bars(first, code)
                await stage.until(lambda p=program, c=code, w=want: bars(p, c) == w)  # type: ignore[misc]
        assert calls(stage) == dict.fromkeys(CODES, 2)
        assert stage.simulator.oracle.strangers == 0


async def test_the_owner_asks_once_for_what_only_others_show(tmp_path: Path) -> None:
    async with run_programs(tmp_path, minutes=3, first_picture=True) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: prices(first))
        second = stage.begin(WatchRequest((MINI,)))
        await stage.until(lambda: prices(second).keys() == {MINI} and bars(second, MINI))
        assert prices(first).keys() == {FUTURE}
        asked = calls(stage)
        # The owner's own screen shows it later, and no call is made for it again.
        first.source.watch(WatchRequest((FUTURE, MINI)))
        await stage.until(lambda: prices(first).keys() == {FUTURE, MINI} and bars(first, MINI))
        third = stage.begin(WatchRequest((MINI, FUTURE)))
        await stage.until(lambda: prices(third).keys() == {FUTURE, MINI})
        assert calls(stage) == asked


async def test_the_chart_of_a_late_program_is_the_owners(tmp_path: Path) -> None:
    async with run_programs(tmp_path, minutes=6, speed=20, first_picture=True) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: bars(first, FUTURE) and len(first.trades_of(FUTURE)) > 40)
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: bars(second, FUTURE) and second.trades_of(FUTURE))
        charts = []
        for program in (first, second):
            memory = SessionMemory()
            for batch in program.batches:
                memory.apply(batch.trades)
                for records in batch.earlier:
                    memory.prepend(records.trades)
                for event in batch.rest_events:
                    if isinstance(event, RestBars):
                        memory.fill(event.code, event.bars)
            charts.append(memory.bars(FUTURE, MINUTE))
        # The last minute goes on while the two are read.
        mine, theirs = ({bar.start: bar for bar in chart} for chart in charts)
        ended = sorted(mine.keys() & theirs.keys())[:-1]
        assert len(ended) >= 6
        assert min(theirs) == min(mine)
        for start in ended:
            ours, its = mine[start], theirs[start]
            assert (its.open, its.high, its.low, its.close, its.volume) == (
                ours.open, ours.high, ours.low, ours.close, ours.volume,
            )  # fmt: skip


def troubles(program: SharedProgram) -> list[RestTrouble]:
    """Return the troubles of REST that were reported."""
    events = [event for batch in program.batches for event in batch.rest_events]
    return [event for event in events if isinstance(event, RestTrouble)]


async def test_a_trouble_of_rest_is_told_to_every_program_that_asks(tmp_path: Path) -> None:
    async with run_programs(tmp_path) as stage, ScriptedRestServer() as server:
        server.tokens.append(token_refusal("EGW00103"))
        stage.rest = server.endpoints, CREDENTIALS
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: troubles(first))
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: troubles(second) == troubles(first))


async def test_nothing_is_asked_where_the_owner_has_rest_off(tmp_path: Path) -> None:
    async with run_programs(tmp_path) as stage:
        first = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: first.trades_of(FUTURE))
        stage.rest = Endpoints(rest=stage.simulator.rest_url), GATEWAY_CREDENTIALS
        second = stage.begin(WatchRequest((FUTURE,)))
        await stage.until(lambda: second.trades_of(FUTURE))
        assert not calls(stage)


async def test_expected_prices_of_the_focused_rows_of_all_screens_come_of_one_caller(
    tmp_path: Path,
) -> None:
    auction = datetime(2026, 11, 20, 15, 40, tzinfo=KST)
    day = {"session": Session.DAY, "start": auction, "first_picture": True}
    async with run_programs(tmp_path, **day) as stage:  # type: ignore[arg-type]
        focused = (FUTURE, CALL)
        programs = [stage.begin(WatchRequest((code,), code)) for code in focused]

        def expected(program: SharedProgram) -> set[str]:
            events = [event for batch in program.batches for event in batch.rest_events]
            return {one.record.code for one in events if isinstance(one, RestExpectedPrice)}

        for program, code in zip(programs, focused, strict=True):
            await stage.until(lambda p=program, c=code: expected(p) == {c})  # type: ignore[misc]
        assert sum(program.link.via_hub for program in programs) == 1
        assert stage.simulator.oracle.most_quoted <= 4
