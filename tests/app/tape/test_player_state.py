"""The state of a tape at a position: records with their times, connection, gaps, statuses."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

import msgspec
import pytest
from harness.tape_samples import BEGIN, BOOTED, FUTURE, HEADER, OPTION, entry, link, trade

from app.feed.batch import Batch, LinkTransition
from app.feed.conflation import Conflation
from app.feed.link_step import LinkStep
from app.feed.phase import LinkPhase
from app.feed.registrations import RegistrationKey, RegistrationState
from app.feed.rest.rest_events import RestTrouble
from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import Gap
from app.tape.keyframe import KeyframeBuilder
from app.tape.player_state import PlayerState
from app.tape.reader import Tape
from app.tape.tape_index import TapeIndex
from app.tape.timeline import gap_message
from app.tape.writer import TapeWriter
from specs.catalog import Absent

STOCK = "A11612"
WATCHED = (FUTURE, OPTION, STOCK, "B01612A99", "nonsense")


def write(path: Path, *segments: list[TapeEntry], heads: KeyframeBuilder | None = None) -> Path:
    """Write a tape of these segments, the first of which begins with a state."""
    writer, state = TapeWriter(path, HEADER), heads or KeyframeBuilder()
    for entries in segments:
        writer.begin_segment(state.pack(), entries[0].monotonic, entries[0].wall)
        for one in entries:
            writer.write(one)
            state.apply(one)
    writer.close()
    return path


class Stated:
    """A state that has applied entries of a tape, and how often it asked for a batch."""

    def __init__(self, tape: Tape, shift: float = 0.0) -> None:
        self.touched = 0
        conflation = Conflation(lambda received: None)
        conflation.touch = self._touch  # type: ignore[method-assign]
        self.index = TapeIndex(tape)
        self.state = PlayerState(self.index, conflation)
        self.state.reset(shift)

    def _touch(self) -> None:
        self.touched += 1

    def apply(self, *, from_segment: int = 0, until: float = inf) -> "Stated":
        for one in self.index.passages(from_segment):
            if one.position <= until:
                self.state.apply(one)
        return self

    def batch(self, when: datetime = BEGIN, *, afresh: bool = False) -> Batch:
        return self.state.batch((), WATCHED, when, afresh=afresh)

    def newest(self) -> dict[str, tuple[float, float]]:
        """Return accumulated volume and time of the newest records by code."""
        return {
            one.record.code: (one.record.accumulated_volume, one.at)  # type: ignore[attr-defined]
            for one in self.state.newest_of(WATCHED)
        }


@pytest.fixture
async def tape(tmp_path: Path) -> AsyncIterator[Tape]:
    """Two segments: trades at 0, 10 and 20 s, and steps between them."""
    heads = KeyframeBuilder()
    heads.apply(entry(-40, trade(OPTION, -40, 7)))
    heads.apply(link(-30, LinkPhase.LIVE, epoch=4))
    heads.miss({OPTION: 2.0})
    path = write(
        tmp_path / "a.ktape",
        [entry(0, trade(FUTURE, 0, 10)), link(5, LinkPhase.BACKOFF, "silence", 4)],
        [entry(10, trade(FUTURE, 10, 12)), link(15, LinkPhase.LIVE, epoch=5),
         entry(20, trade(OPTION, 20, 9))],
        heads=heads,
    )  # fmt: skip
    with Tape(path) as opened:
        yield opened


async def test_a_keyframe_brings_its_records_with_their_ages(tape: Tape) -> None:
    one = Stated(tape, shift=100.0)
    assert one.newest() == {}
    one.apply(until=0.0)
    # Of the option forty seconds ago, and of the future just now.
    assert one.newest() == {OPTION: (7.0, 60.0), FUTURE: (10.0, 100.0)}
    found = one.batch()
    assert (found.link.phase, found.missed) == (LinkPhase.LIVE, {OPTION: 2.0})


async def test_a_tape_that_goes_on_needs_no_keyframe(tape: Tape) -> None:
    on, jumped = Stated(tape).apply(), Stated(tape).apply(from_segment=1)
    assert on.newest() == jumped.newest() == {FUTURE: (12.0, 10.0), OPTION: (9.0, 20.0)}
    # One contract of the future was missed at 10 s, and one of the option at 20 s.
    assert on.batch().missed == jumped.batch().missed == {OPTION: 3.0, FUTURE: 1.0}
    assert on.state._expected == jumped.state._expected == 7


async def test_the_state_of_a_jump_forgets_what_was_before(tape: Tape) -> None:
    one = Stated(tape).apply()
    one.state.reset(5.0)
    assert one.newest() == {}
    found = one.batch()
    assert (found.transitions, found.missed, found.link.phase) == ((), {}, LinkPhase.LIVE)
    assert (found.counters.frames, found.link.last_message) == (0, -inf)


async def test_the_connection_is_that_of_the_last_step(tape: Tape) -> None:
    one = Stated(tape).apply()
    found = one.batch()
    assert found.transitions == (
        LinkTransition("2026-11-20T18:00:05+09:00", LinkPhase.BACKOFF, "silence", ""),
        LinkTransition("2026-11-20T18:00:15+09:00", LinkPhase.LIVE, "", ""),
    )
    link_state = found.link
    assert (link_state.next_at, link_state.failures, link_state.last_message) == (inf, 0, 20.0)
    assert found.counters.frames == 3 + 1
    assert found.counters.unasked == 0


async def test_the_step_in_which_a_recording_was_left_is_not_shown(tmp_path: Path) -> None:
    steps = [
        link(0, LinkPhase.LIVE, epoch=1),
        link(1, LinkPhase.CLOSING, "asked", 1),
        link(2, LinkPhase.STOPPED, epoch=1),
        entry(3, "no json", EntryKind.LINK),
    ]
    with Tape(write(tmp_path / "a.ktape", steps)) as tape:
        found = [Stated(tape).apply(until=until).batch() for until in (0.0, 1.0, 2.0, 3.0)]
    phases = [one.link.phase for one in found]
    assert phases == [LinkPhase.LIVE, LinkPhase.CLOSING, LinkPhase.LIVE, LinkPhase.LIVE]


async def test_a_step_carries_slots_and_a_repeated_one_is_no_transition(tmp_path: Path) -> None:
    step = LinkStep(LinkPhase.DEGRADED, "r", "d", 3, 30, 41, 2)
    steps = [
        entry(at, msgspec.json.encode(msgspec.structs.replace(step, used=used)), EntryKind.LINK)
        for at, used in ((0, 30), (1, 31))
    ]
    with Tape(write(tmp_path / "a.ktape", steps)) as tape:
        found = Stated(tape).apply().batch()
    told = found.link
    assert (told.phase, told.reason, told.detail) == (LinkPhase.DEGRADED, "r", "d")
    assert (told.used, told.limit, told.waiting) == (31, 41, 2)
    assert len(found.transitions) == 1


async def test_the_silence_that_is_noticed_follows_the_pingpongs_of_a_session(
    tmp_path: Path,
) -> None:
    ping = '{"header":{"tr_id":"PINGPONG","datetime":"20261120180000"}}'
    entries = [link(0, LinkPhase.LIVE, epoch=1), *(entry(n, ping) for n in (1, 61, 121))]
    with Tape(write(tmp_path / "a.ktape", [*entries, link(130, LinkPhase.DIAL, epoch=2)])) as tape:
        assert Stated(tape).apply(until=125).batch().link.notice == 90.0
        assert Stated(tape).apply().batch().link.notice == 15.0


async def test_a_gap_is_said_once_and_not_behind_a_jump(tmp_path: Path) -> None:
    gap = Gap("record.why_full", 1.0, 5)
    entries = [
        entry(0, trade(FUTURE, 0, 10)),
        entry(1, msgspec.json.encode(Gap("x", 1.0, 0)), EntryKind.GAP),
        entry(2, "[]", EntryKind.GAP),
        entry(3, msgspec.json.encode(gap), EntryKind.GAP),
    ]
    with Tape(write(tmp_path / "a.ktape", entries)) as tape:
        one = Stated(tape).apply(until=2.0)
        touched = one.touched
        assert one.batch().rest_events == ()
        one.apply()
        assert one.touched > touched
        assert one.batch().rest_events == (RestTrouble(gap_message(gap), over=False),)
        assert one.batch().rest_events == ()
        one.apply()
        found = one.batch(afresh=True)
        assert (found.rest_events, found.is_reset) == ((), True)
        assert one.batch().rest_events == ()


@pytest.mark.parametrize(
    ("when", "asleep", "missing"),
    [
        (BEGIN, {STOCK: Absent.STOCK_AT_NIGHT}, {("H0EUCNT0", "B01612A99")}),
        (
            BEGIN + timedelta(days=3, hours=-8),
            {},
            {("H0IOCNT0", "B01612A99"), ("H0ZFCNT0", STOCK)},
        ),
    ],
)
async def test_codes_are_on_the_tape_asleep_or_not_on_it(
    tape: Tape,
    when: datetime,
    asleep: dict[str, Absent],
    missing: set[tuple[str, str]],
) -> None:
    one = Stated(tape).apply()
    found = one.batch(when)
    states = {(key.tr_id, key.code): one.state for key, one in found.registrations.items()}
    on_tape = {("H0MFCNT0", FUTURE), ("H0EUCNT0", OPTION)}
    assert states == {
        **dict.fromkeys(on_tape, RegistrationState.ACTIVE),
        **dict.fromkeys(missing, RegistrationState.NOT_ON_TAPE),
    }
    assert found.asleep == asleep
    # The same object while nothing changed.
    assert one.batch(when).registrations is found.registrations
    one.index.pairs[("H0EUCNT0", "B01612A99")] = None
    key = RegistrationKey("H0EUCNT0", "B01612A99")
    assert one.batch(when).registrations[key].state is RegistrationState.ACTIVE


async def test_a_session_begins_with_new_volumes(tmp_path: Path) -> None:
    end = 12 * 3600.0
    entries = [
        entry(0, trade(FUTURE, 0, 10)),
        entry(1, trade(FUTURE, 1, 20)),
        entry(end + 60, trade(FUTURE, 0, 50)),
        entry(end + 61, trade(FUTURE, 0, 52)),
    ]
    with Tape(write(tmp_path / "a.ktape", entries)) as tape:
        assert Stated(tape).apply(until=2.0).batch().missed == {FUTURE: 9.0}
        assert Stated(tape).apply().batch().missed == {FUTURE: 1.0}


async def test_a_frame_of_the_future_in_a_keyframe_is_of_now(tmp_path: Path) -> None:
    heads = KeyframeBuilder()
    heads.apply(entry(50, trade(OPTION, 50, 7)))
    old = TapeEntry(EntryKind.FRAME, BOOTED - 10**15, 0, trade("B01612A20", 0, 1).encode())
    heads.apply(old)
    with Tape(write(tmp_path / "a.ktape", [entry(0, "{}")], heads=heads)) as tape:
        one = Stated(tape).apply()
        found = {r.record.code: r.at for r in one.state.newest_of([OPTION, "B01612A20"])}
    # And one from before a week is a week old.
    assert found == {OPTION: 0.0, "B01612A20": -7 * 86_400.0}
