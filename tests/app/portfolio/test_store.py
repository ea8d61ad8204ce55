"""Files of positions: what is saved comes back, nothing damaged is lost or silently replaced."""

import stat
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.portfolio.current import CurrentPositions
from app.portfolio.positions import MOST_POSITIONS, Position
from app.portfolio.store import PositionStore, read, write
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.storage.toml_files import DamagedFile, NewerFile
from app.system.clock import KST, ManualClock
from app.system.errors import KisTuiError, UsageError
from app.system.files import ProgramFolders
from specs.user_message import UserMessage, UserText
from widgets.message_text import message_text

HELD = (Position("B01612A33", 2, 18.5), Position("D0160603", -1, -2.35))
CLOCK = ManualClock(datetime(2026, 11, 20, 18, tzinfo=KST))


@pytest.fixture
def places(tmp_path: Path) -> ProgramFolders:
    return ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))


@pytest.fixture
def store(places: ProgramFolders) -> PositionStore:
    return PositionStore(places, CLOCK, demo=False)


def working(places: ProgramFolders) -> Path:
    return places.state / "positions.toml"


def asides(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.corrupt-*"))


def test_the_working_copy_comes_back_and_the_demo_has_its_own(
    store: PositionStore, places: ProgramFolders
) -> None:
    assert store.load() == ()
    store.save(HELD)
    assert store.load() == HELD
    assert stat.S_IMODE(working(places).stat().st_mode) == 0o600
    demo = PositionStore(places, CLOCK, demo=True)
    assert demo.load() == ()
    demo.save(HELD[:1])
    assert (demo.load(), store.load()) == (HELD[:1], HELD)
    store.save(())
    assert store.load() == ()


def test_positions_lie_beside_their_layout_and_are_none_themselves(
    store: PositionStore, places: ProgramFolders
) -> None:
    layouts = LayoutStore(places, CLOCK)
    layouts.save(Layout(name="야간", codes=["A01612"]))
    assert store.load_beside("야간") is None
    store.save_beside("야간", ())
    assert not store.beside("야간").exists()
    store.save_beside("야간", HELD)
    assert store.load_beside("야간") == HELD
    assert layouts.names() == ["야간"]
    assert layouts.load("야간").codes == ["A01612"]
    store.save_beside("야간", ())
    assert store.load_beside("야간") == ()


@pytest.mark.parametrize("name", ["", "..", "../x", "a.b", "a/b"])
def test_a_name_that_could_lead_elsewhere_is_refused(store: PositionStore, name: str) -> None:
    with pytest.raises(UsageError):
        store.save_beside(name, HELD)


def table(code: str = '"A01612"', quantity: str = "1", average: str = "1.5") -> str:
    return f"[[position]]\ncode = {code}\nquantity = {quantity}\naverage = {average}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "비어 있습니다"),
        ("[[position", ""),
        ("position = 3", "표가 아닙니다"),
        ("position = [3]", "[[position]] 1: [[position]] 표가"),
        ("[[position]]\n", "값이 없습니다: 종목코드, 수량, 평균단가"),
        (table(code="5"), "'5': 종목코드가 아닙니다"),
        (table(code='"KOSPI"'), "KOSPI"),
        (table(quantity="1.0"), "수량 '1.0': 정수가 아닙니다"),
        (table(quantity="true"), "수량 'true'"),
        (table(quantity="0"), "0은"),
        (table(quantity="1" + "0" * 30), "너무 큰 수"),
        (table(quantity="0x" + "f" * 5000), "너무 큰 수"),
        (table(quantity="9" * 5000), ""),
        (table(average="nan"), "nan"),
        (table(average="-inf"), "inf"),
        (table(average="1e30"), "1e+30"),
        (table(average="-1.0"), "-1.0"),
        (table(average="1" + "0" * 400), "평균단가 '너무 큰 수'"),
        (table(average="'20.5'"), "평균단가 '20.5': 가격이 아닙니다"),
        (table(average="false"), "평균단가 'false'"),
        (table(average="2026-11-20"), "평균단가 '2026-11-20'"),
        (table(code='"\\u001b[31m"'), ""),
        (table() + table(), "두 번"),
        (table(quantity="0") + table(code='"B01612A33"', average="nan"), "[[position]] 2"),
        ("schema = 'x'\n" + table(quantity="0"), ""),
    ],
    ids=count(),
)
def test_a_damaged_file_is_set_aside_and_said(
    store: PositionStore, places: ProgramFolders, text: str, problem: str
) -> None:
    places.state.mkdir()
    working(places).write_text(text)
    with pytest.raises(DamagedFile) as caught:
        store.load()
    message = message_text(caught.value.message)
    assert problem in message
    assert message.isprintable()
    (kept,) = asides(places.state)
    assert kept.read_text() == text
    assert str(kept) in message
    store.save(HELD)
    assert store.load() == HELD
    assert asides(places.state) == [kept]


GOOD = table(code='"B01612A33"', average="18.5")


@pytest.mark.parametrize(
    "bad",
    [
        table(quantity="1.5"),
        "[[position]]\nquantity = 1\n",
        table() + table(quantity="2"),
        table(code='"KOSPI"') + table(average="nan"),
    ],
)
@pytest.mark.parametrize("beside", [False, True])
def test_the_good_positions_of_a_damaged_file_are_taken(
    store: PositionStore, places: ProgramFolders, bad: str, beside: bool
) -> None:
    path = store.beside("night") if beside else working(places)
    path.parent.mkdir(parents=True)
    path.write_text(bad + GOOD)
    told: list[UserText] = []
    held = CurrentPositions(store, told.append)
    if beside:
        assert held.open_beside("night") == 1
    assert tuple(held.positions.values()) == (Position("B01612A33", 1, 18.5),)
    (kept,) = asides(path.parent)
    assert kept.read_text() == bad + GOOD
    assert told == [held.problem]
    assert isinstance(held.problem, UserMessage)
    assert (held.problem.key, held.problem.values["count"]) == ("positions.saved_part", 1)
    assert str(kept) in message_text(held.problem)
    assert store.load() == tuple(held.positions.values()), "they are there after a restart"
    held.change(held.positions.with_position(HELD[1]))
    assert held.problem is None


def test_a_newer_file_is_neither_read_nor_replaced(
    store: PositionStore, places: ProgramFolders
) -> None:
    places.state.mkdir()
    newer = "schema = 2\n" + table()
    working(places).write_text(newer)
    with pytest.raises(NewerFile):
        store.load()
    store.save(HELD)
    assert working(places).read_text() == newer
    again = PositionStore(places, CLOCK, demo=False)
    with pytest.raises(UsageError):
        again.save(HELD)
    again.save(HELD)
    assert working(places).read_text() == newer
    beside = store.beside("night")
    beside.parent.mkdir(parents=True)
    beside.write_text(newer)
    with pytest.raises(NewerFile):
        store.load_beside("night")
    with pytest.raises(NewerFile):
        store.save_beside("night", HELD)
    assert beside.read_text() == newer
    assert asides(places.state) == []


def test_what_is_not_kept_in_this_run_is_said_as_long_as_it_lasts(
    store: PositionStore, places: ProgramFolders
) -> None:
    places.state.mkdir()
    working(places).write_text("schema = 2\n")
    told: list[UserText] = []
    held = CurrentPositions(store, told.append)
    held.change(held.positions.replace_all(HELD))
    assert [held.problem] == told


def test_what_cannot_be_judged_is_not_replaced(
    store: PositionStore, places: ProgramFolders
) -> None:
    working(places).mkdir(parents=True)
    with pytest.raises(UsageError):
        store.load()
    store.save(HELD)
    assert working(places).is_dir()


def test_a_folder_that_cannot_be_written_is_said(
    store: PositionStore, places: ProgramFolders
) -> None:
    places.state.write_text("a file in the place of the folder")
    with pytest.raises(KisTuiError):
        store.save(HELD)


def test_too_many_positions_are_refused() -> None:
    codes = [f"A{n // 12:02}6{n % 12 + 1:02}" for n in range(MOST_POSITIONS + 1)]
    with pytest.raises(UsageError, match=r"positions\.too_many.*most=100"):
        read(write(tuple(Position(code, 1, 1.0) for code in codes)), "here")


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    with suppress(UsageError):
        assert write(read(content, "here"))
