"""Smiles over a session and from one to the next: paths, the close that is kept, damaged files."""

import os
from datetime import datetime, timedelta
from math import inf, isnan, nan
from pathlib import Path

import pytest
from harness.pricing_rows import NIGHT, RATE
from harness.smile_rows import KEY, SPOT, STRIKES, forward, quoted_rows
from msgspec.structs import replace

from app.instruments.option_chain import Product
from app.pricing.smile_file import MOST, SavedSmile, SmileFile
from app.pricing.smile_tracker import EVERY, SmileTracker
from app.pricing.smile_tracker import MOST as MOST_POINTS
from app.system.clock import KST
from app.system.errors import UsageError
from specs.catalog import Session
from specs.market.smile import Curve, SmilePoint
from specs.user_message import UserMessage, UserText

DAY = datetime(2026, 11, 23, 10, 0, tzinfo=KST)
"""The day session after that night."""


class Run:
    """A watch with its complaints, over one file."""

    def __init__(self, path: Path | None = None) -> None:
        self.complaints: list[UserText] = []
        file = SmileFile(path) if path is not None else None
        self.watch = SmileTracker(file, self.complaints.append)

    def look(self, moment: datetime, volatility: float = 0.2, count: int = 5) -> bool:
        now = (moment - NIGHT).total_seconds()
        quoted = quoted_rows(moment, volatility, now, count)
        return self.watch.update(quoted, forward, RATE, moment, now, -inf)

    def money(self) -> list[float]:
        return [round(value, 1) for value in self.watch.path(KEY, "money")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "smiles.json"


def test_a_point_is_taken_each_half_minute() -> None:
    run = Run()
    taken = [run.look(NIGHT + timedelta(seconds=s), 0.2 + s / 10_000) for s in range(0, 95, 10)]
    assert [at for at, one in enumerate(taken) if one] == [0, 3, 6, 9]
    assert run.money() == [20.0, 20.3, 20.6, 20.9]
    assert list(run.watch.path(KEY, "reversal")) == pytest.approx([0.0] * 4, abs=0.02)


def test_moments_that_nobody_saw_are_missing() -> None:
    run = Run()
    run.look(NIGHT)
    run.look(NIGHT + timedelta(seconds=4 * EVERY))
    assert [isnan(value) for value in run.watch.path(KEY, "money")] == [False, *[True] * 3, False]


def test_too_few_quotes_leave_a_hole_and_are_not_kept() -> None:
    run = Run()
    run.look(NIGHT)
    run.look(NIGHT + timedelta(seconds=EVERY), count=2)
    assert isnan(run.watch.path(KEY, "money")[-1])


def test_quotes_from_before_the_opening_do_not_count() -> None:
    watch = SmileTracker(None, lambda text: None)
    assert watch.update(quoted_rows(NIGHT, at=5.0), forward, RATE, NIGHT, 10.0, 6.0)
    assert not watch.path(KEY, "money")


def test_paths_are_bounded() -> None:
    long = SmileTracker(None, lambda text: None)
    long.update(quoted_rows(NIGHT), forward, RATE, NIGHT, 0.0, -inf)
    for times in range(1, 4):
        long.update(
            quoted_rows(NIGHT), forward, RATE, NIGHT, times * (MOST_POINTS - 1) * EVERY, -inf
        )
    assert len(long.path(KEY, "money")) <= MOST_POINTS + MOST_POINTS // 8


def test_another_session_begins_anew_and_has_the_last_one_as_its_close() -> None:
    run = Run()
    run.look(NIGHT, 0.2)
    run.look(NIGHT + timedelta(minutes=5), 0.25)
    assert run.watch.close(KEY, NIGHT + timedelta(minutes=6)) is None
    run.look(DAY, 0.3)
    assert run.money() == [30.0]
    close = run.watch.close(KEY, DAY)
    assert close is not None
    assert (close.session, close.at) == (Session.NIGHT, NIGHT + timedelta(minutes=5))
    assert close.curve.money == pytest.approx(25.0, abs=0.01)


def test_the_close_outlives_the_run(path: Path) -> None:
    first = Run(path)
    first.look(NIGHT, 0.22)
    first.watch.save(0.0, leaving=True)
    assert os.stat(path).st_mode & 0o777 == 0o600
    again = Run(path)
    assert again.watch.close(KEY, NIGHT + timedelta(minutes=1)) is None
    close = again.watch.close(KEY, DAY)
    assert close is not None
    assert [point.strike for point in close.curve.points] == list(STRIKES)
    assert close.curve.points[0].middle == pytest.approx(22.0, abs=0.01)
    assert close.curve.money == pytest.approx(22.0, abs=0.01)
    # A second run in the same session replaces what it left, and still has the one before.
    again.look(DAY, 0.3)
    again.watch.save(0.0, leaving=True)
    third = Run(path)
    third.look(DAY + timedelta(minutes=1), 0.31)
    close = third.watch.close(KEY, DAY + timedelta(minutes=2))
    assert close is not None
    assert close.session is Session.NIGHT


def test_it_is_written_every_five_minutes_at_most(path: Path) -> None:
    run = Run(path)
    run.look(NIGHT)
    run.watch.save(0.0)
    run.watch.save(299.0)
    assert not path.exists()
    run.watch.save(300.0)
    assert path.exists()
    path.unlink()
    run.watch.save(1000.0, leaving=True)
    assert not path.exists()


def test_a_smile_of_few_strikes_does_not_at_once_replace_one_of_many() -> None:
    run = Run()
    run.look(NIGHT, 0.2)
    run.look(NIGHT + timedelta(minutes=10), 0.3, count=3)
    close = run.watch.close(KEY, DAY)
    assert close is not None
    assert len(close.curve.points) == 5
    run.look(NIGHT + timedelta(minutes=61), 0.3, count=3)
    close = run.watch.close(KEY, DAY)
    assert close is not None
    assert len(close.curve.points) == 3


def test_an_expiry_that_is_over_is_forgotten(path: Path) -> None:
    file = SmileFile(path)
    curve = Curve((SmilePoint(100.0, middle=20.0),), 100.0, 20.0)
    past = SavedSmile(
        Product("KOSPI200"),
        "202611",
        (NIGHT - timedelta(days=3)).date(),
        (NIGHT - timedelta(days=4)).date(),
        Session.DAY,
        NIGHT - timedelta(days=4),
        curve,
    )
    file.save([past])
    run = Run(path)
    run.look(NIGHT)
    run.watch.save(0.0, leaving=True)
    assert [kept.expiry for kept in file.load()] == [SPOT.expiry]


def test_the_file_keeps_a_bounded_number_the_newest(path: Path) -> None:
    curve = Curve((SmilePoint(100.0, middle=20.0),), 100.0, nan, nan, nan)
    many = [
        SavedSmile(
            Product(f"{number}"),
            KEY[1],
            SPOT.expiry or NIGHT.date(),
            NIGHT.date(),
            Session.NIGHT,
            NIGHT + timedelta(minutes=number),
            curve,
        )
        for number in range(MOST + 20)
    ]
    file = SmileFile(path)
    file.save(many)
    kept = [smile.product.underlying for smile in file.load()]
    assert kept == [str(number) for number in range(20, MOST + 20)]


GOOD = (
    '{"underlying":"KOSPI200","mini":false,"expiry":"2026-12-10","trade_date":"2026-11-23",'
    '"session":"night","at":"2026-11-21T01:00:00+09:00","forward":1080.0,"money":20.0,'
    '"reversal":null,"butterfly":0.1,"points":[[1040.0,21.0],[1060.0,20.5]]}'
)


def whole(smile: str) -> str:
    return f'{{"smiles":[{smile}],"schema":1}}'


def test_a_file_reads_back_what_stands_in_it(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(whole(GOOD))
    (kept,) = SmileFile(path).load()
    assert kept.curve.money == 20.0
    assert isnan(kept.curve.reversal)


@pytest.mark.parametrize(
    ("underlying", "mini", "expiry", "series"),
    [
        ("KOSPI200", "false", "2026-12-10", "202612"),
        ("KOSPI200", "true", "2026-12-10", "202612"),
        ("KOSPI200", "false", "2026-12-03", "위클리 2612W1"),
        ("KOSPI200", "false", "2026-11-30", "위클리M 2611W5"),
        ("삼성전자", "false", "2026-12-10", "202612"),
        ("KOSPI200", "false", "2027-09-13", "위클리 2709W3"),
    ],
)
def test_a_file_of_before_series_were_kept_is_read(
    path: Path, underlying: str, mini: str, expiry: str, series: str
) -> None:
    path.parent.mkdir()
    old = GOOD.replace("2026-12-10", expiry).replace("KOSPI200", underlying)
    path.write_text(whole(old.replace("false", mini)), encoding="utf-8")
    (kept,) = SmileFile(path).load()
    assert kept.series == series
    SmileFile(path).save([kept])
    assert SmileFile(path).load() == [kept]


def test_smiles_of_two_series_that_expire_on_one_day_are_two(path: Path) -> None:
    run = Run(path)
    other, wilder = (KEY[0], "위클리M 2612W2"), quoted_rows(NIGHT, 0.3)
    monday = [replace(r, instrument=replace(r.instrument, series=other[1])) for r in wilder]
    run.watch.update([*quoted_rows(NIGHT), *monday], forward, RATE, NIGHT, 0.0, -inf)
    assert round(run.watch.path(KEY, "money")[-1], 1) == pytest.approx(20.0, abs=0.3)
    assert round(run.watch.path(other, "money")[-1], 1) == pytest.approx(30.0, abs=0.3)
    run.watch.save(0.0, leaving=True)
    assert {kept.key for kept in SmileFile(path).load()} == {KEY, other}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "\x00\xff" * 40,
        "[" * 100_000,
        whole(GOOD.replace("1040.0,21.0", "1040.0,-21.0")),
        whole(GOOD.replace("1040.0,21.0", "1040.0,1e999")),
        whole(GOOD.replace("1040.0,21.0", "2040.0,21.0")),
        whole(GOOD.replace("[[1040.0,21.0],[1060.0,20.5]]", "[]")),
        whole(GOOD.replace('"money":20.0', '"money":1e300')),
        whole(GOOD.replace("+09:00", "")),
        whole(GOOD.replace('"night"', '"dawn"')),
        whole(GOOD.replace("1080.0", "0")),
        whole(GOOD.replace("2026-12-10", "2026-13-40")),
        whole(GOOD)[:-40],
    ],
    ids=lambda content: content[:1] or "empty",
)
def test_a_damaged_file_is_ignored_with_a_word_and_replaced(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="latin-1")
    with pytest.raises(UsageError):
        SmileFile(path).load()
    run = Run(path)
    assert run.watch.close(KEY, DAY) is None
    assert run.complaints == [UserMessage("smile.damaged", path=path)]
    run.look(NIGHT)
    run.watch.save(0.0, leaving=True)
    assert len(SmileFile(path).load()) == 1


def test_a_file_that_is_too_large_is_not_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b" " * (2 << 20))
    run = Run(path)
    assert run.watch.close(KEY, DAY) is None
    assert len(run.complaints) == 1
