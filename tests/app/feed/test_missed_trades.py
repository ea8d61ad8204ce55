"""Missed trades, by the accumulated volume and the sizes of the trades received."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import accumulate
from math import nan
from random import Random
from statistics import median
from time import process_time

import pytest

from app.feed.demand import trading_at
from app.feed.missed_trades import MOST_GAPS, MissedTrades
from app.system.clock import KST
from specs.catalog import Session
from specs.record import Record
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_trade import NightOptionTrade

TR, CODE = "H0EUCNT0", "B01612A31"


def trade(volume: float, size: float, time: str = "190000", code: str = CODE) -> NightOptionTrade:
    return NightOptionTrade(code=code, time=time, accumulated_volume=volume, last_volume=size)


def heard(
    trades: Iterable[Record], volumes: MissedTrades | None = None, tr_id: str = TR
) -> MissedTrades:
    """Each trade in a frame of its own."""
    volumes = volumes or MissedTrades()
    for record in trades:
        volumes.apply(tr_id, [record])
    return volumes


def test_the_first_trade_sets_the_base() -> None:
    volumes = heard([trade(18_204, 3)])
    assert (volumes.missed, volumes.backwards) == ({}, 0)


def test_trades_that_add_up_miss_nothing() -> None:
    volumes = heard([trade(100, 3), trade(104, 4), trade(105, 1)])
    assert (volumes.missed, volumes.backwards) == ({}, 0)


def test_what_the_volume_grew_by_beyond_the_trade_was_missed() -> None:
    volumes = heard([trade(100, 3), trade(120, 5), trade(121, 1), trade(130, 2)])
    assert volumes.missed == {CODE: 15 + 7}


def test_each_record_of_a_frame_counts() -> None:
    volumes = MissedTrades()
    volumes.apply(TR, [trade(100, 3), trade(101, 1), trade(107, 2), trade(108, 1)])
    assert volumes.missed == {CODE: 4}


def test_codes_and_trs_are_counted_apart() -> None:
    volumes = heard([trade(100, 3), trade(900, 3, code="A01612"), trade(103, 3)])
    volumes.apply("H0MFCNT0", [NightFuturesTrade(code=CODE, accumulated_volume=5, last_volume=5)])
    volumes.apply(TR, [trade(910, 3, code="A01612")])
    assert volumes.missed == {"A01612": 7}


def test_a_book_has_no_volume() -> None:
    volumes = heard([NightOptionBook(code=CODE)], tr_id="H0EUASP0")
    assert (volumes.missed, volumes.backwards) == ({}, 0)


def test_a_trade_that_comes_twice_is_not_counted_twice() -> None:
    volumes = heard([trade(100, 3), trade(110, 5), trade(110, 5), trade(112, 2)])
    assert (volumes.missed, volumes.backwards) == ({CODE: 5}, 0)


def test_old_trades_that_come_again_are_counted_and_make_no_gap() -> None:
    first = [trade(100, 3), trade(104, 4), trade(105, 1)]
    volumes = heard([*first, *first[:2], trade(107, 2)])
    assert (volumes.missed, volumes.backwards) == ({}, 2)


def test_a_late_trade_takes_its_part_of_the_gap_back_once() -> None:
    volumes = heard([trade(100, 3), trade(110, 5, "190001")])
    assert volumes.missed == {CODE: 5}
    volumes = heard([trade(103, 2)], volumes)
    assert volumes.missed == {CODE: 3}
    volumes = heard([trade(103, 2), trade(105, 2), trade(101, 1)], volumes)
    assert (volumes.missed, volumes.backwards) == ({}, 4)


def test_a_missing_volume_is_passed_over() -> None:
    volumes = heard([trade(100, 3), trade(nan, 4), trade(104, 4), trade(nan, nan), trade(105, 1)])
    assert (volumes.missed, volumes.backwards) == ({}, 0)


def test_a_trade_of_unknown_size_makes_no_gap_and_is_the_new_base() -> None:
    volumes = heard([trade(100, 3), trade(110, nan), trade(111, 1), trade(114, 1)])
    assert volumes.missed == {CODE: 2}


def test_what_is_lost_while_the_connection_was_down_is_missed() -> None:
    volumes = heard([trade(100, 3, "190000"), trade(4100, 2, "200000")])
    assert volumes.missed == {CODE: 3998}


def test_a_smaller_volume_at_a_later_time_is_another_session() -> None:
    volumes = heard([trade(100, 3, "180100"), trade(120, 3, "181500")])
    assert volumes.missed == {CODE: 17}
    volumes = heard([trade(2, 2, "182000"), trade(5, 3, "182001")], volumes)
    assert (volumes.missed, volumes.backwards) == ({}, 0)
    volumes = heard([trade(9, 1, "182002")], volumes)
    assert volumes.missed == {CODE: 3}


def test_three_in_the_morning_comes_after_midnight_in_a_session() -> None:
    volumes = heard([trade(100, 3, "235959"), trade(90, 3, "235950"), trade(104, 4, "030000")])
    assert (volumes.missed, volumes.backwards) == ({}, 1)
    volumes = heard([trade(80, 3, "235940")], volumes)
    assert (volumes.missed, volumes.backwards) == ({}, 2)


def test_where_a_session_begins_all_volumes_start_anew() -> None:
    volumes = MissedTrades()
    volumes.start_session(date(2026, 11, 23), Session.NIGHT)
    heard([trade(100, 3, "055900"), trade(120, 3, "055901")], volumes)
    volumes.start_session(date(2026, 11, 23), Session.NIGHT)
    assert volumes.missed == {CODE: 17}
    volumes.start_session(date(2026, 11, 24), Session.NIGHT)
    heard([trade(2, 2, "180000"), trade(5, 3, "180001")], volumes)
    assert (volumes.missed, volumes.backwards) == ({}, 0)


def test_a_session_s_last_prints_belong_to_it_for_a_while() -> None:
    over = datetime(2026, 11, 20, 15, 45, 10, tzinfo=KST)
    assert trading_at(over) == (date(2026, 11, 20), Session.DAY)
    assert trading_at(over + timedelta(minutes=1)) == (date(2026, 11, 23), Session.NIGHT)


def test_what_was_missed_is_the_same_object_while_nothing_changed() -> None:
    volumes = heard([trade(100, 3), trade(110, 5)])
    before = volumes.missed
    heard([trade(112, 2), trade(112, 2), trade(111, 1)], volumes)
    assert volumes.missed is before
    heard([trade(120, 2)], volumes)
    assert volumes.missed is not before
    assert before == {CODE: 5}


def test_what_was_missed_before_can_be_given() -> None:
    volumes = heard([trade(100, 3)])
    volumes.restore({CODE: 12, "A01612": 1})
    heard([trade(5000, 3), trade(5004, 2)], volumes)
    assert volumes.missed == {CODE: 14, "A01612": 1}


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_lost_repeated_or_late_the_rest_is_what_was_missed(seed: int) -> None:
    rng = Random(seed)
    sizes = [rng.randint(1, 9) for _ in range(300)]
    clock = accumulate(rng.randint(0, 2) for _ in sizes)
    truth = [
        trade(volume, size, f"{19 + second // 3600}{second // 60 % 60:02}{second % 60:02}")
        for volume, size, second in zip(accumulate(sizes), sizes, clock, strict=True)
    ]
    arrivals = [(float(at), record) for at, record in enumerate(truth) if at and rng.random() > 0.1]
    known = {record for _, record in arrivals}
    arrivals += [(at + rng.uniform(0, 12), r) for at, r in arrivals if rng.random() < 0.2]
    late = [(at + rng.uniform(0, 6) * (rng.random() < 0.2), record) for at, record in arrivals]
    volumes = heard([truth[0], *(record for _, record in sorted(late, key=lambda pair: pair[0]))])
    lost = sum(
        record.last_volume
        for record in truth[1:]
        if record not in known
        and record.accumulated_volume < max(r.accumulated_volume for r in known)
    )
    assert volumes.missed.get(CODE, 0) == lost


def test_gaps_that_may_still_be_filled_are_bounded() -> None:
    volumes = heard(
        trade(10 * n, 5, f"{19 + n // 3600:02}{n // 60 % 60:02}{n % 60:02}") for n in range(1, 500)
    )
    assert volumes.missed == {CODE: 5 * 498}
    assert all(len(gaps) <= MOST_GAPS for gaps in volumes._gaps.values())
    heard([trade(15, 5, "190001")], volumes)
    assert volumes.missed == {CODE: 5 * 498}


LOOKS = 30
"""Entries of a dictionary that a record may cost; it costs about three."""


def test_a_record_costs_next_to_nothing() -> None:
    codes = [f"B01612A{n:02}" for n in range(41)]
    frames = [
        [trade(1000 * turn + n, 1, code=code) for n in range(3)]
        for turn in range(50)
        for code in codes
    ]
    ratios = [_seconds(frames, MissedTrades().apply) / _seconds(frames, _look) for _ in range(9)]
    assert median(ratios) < LOOKS


def _look(tr_id: str, records: list[NightOptionTrade]) -> None:
    seen: dict[tuple[str, str], float] = {}
    for record in records:
        seen[tr_id, record.code] = record.accumulated_volume


def _seconds(
    frames: list[list[NightOptionTrade]], apply: Callable[[str, list[NightOptionTrade]], object]
) -> float:
    begun = process_time()
    for records in frames:
        apply(TR, records)
    return process_time() - begun
