"""The page of positions by the keyboard: typing in, editing, tables, files, and every size."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from stage import Stage, at, staged
from textual.widgets import Input

from app.files import Places
from app.pages.positions import PositionsPage
from app.positions.positions import Position
from widgets.row import ask, bid
from widgets.texts import use
from widgets.underlyings import underlying_name

FUTURE, MINI, CALL, PUT = "A01612", "A05612", "B01612A33", "C01612A33"
CODES = (FUTURE, MINI, CALL, PUT)
OPEN = at(18, 0, 20)


def page_of(stage: Stage) -> PositionsPage:
    page = stage.app.page
    assert isinstance(page, PositionsPage)
    return page


def held(stage: Stage) -> list[Position]:
    return list(stage.app.positions.positions.values())


async def fill(stage: Stage, **fields: str) -> None:
    """Put texts into the dialog's fields."""
    for name, value in fields.items():
        stage.app.screen.query_one(f"#{name}", Input).value = value
    await stage.pilot.pause()


async def hold(stage: Stage, code: str, quantity: str, average: str) -> None:
    """Type a position in."""
    await stage.press("a")
    await fill(stage, code=code, quantity=quantity, average=average)
    await stage.press("enter")


def line(stage: Stage, begin: str) -> list[str]:
    """The words of the page's line that begins so."""
    lines = [text.strip("│ ") for text in stage.text.splitlines()]
    return next(text for text in lines if text.startswith(begin)).split()


def state(name: str) -> Path:
    return Places.find().state / name


async def test_positions_are_typed_in_and_come_to_what_the_market_says() -> None:
    async with staged(CODES, start=at(18, 0)) as stage:
        await stage.step(OPEN)
        await stage.press("P")
        assert "포지션이 없습니다" in stage.text
        await hold(stage, FUTURE, "-2", "1,081.25")
        await hold(stage, "call 1080", "+3", "20.5")
        await stage.pilot.pause()
        assert held(stage)[0] == Position(FUTURE, -2, 1081.25)
        row = stage.app.book.row(FUTURE)
        assert row is not None
        middle = (bid(row) + ask(row)) / 2
        found = line(stage, "F 202612")
        assert found[2:4] == ["-2", "1,081.25"]
        assert found[5] == f"{-500_000 * (middle - 1081.25):+,.0f}"
        assert found[6:8] == ["-2.00", "-500,000"]
        flat = " ".join(line(stage, "코스피200 ("))
        assert flat.startswith(
            "코스피200 (빠진 1종목 제외) 델타 0까지: 미니선물 +10.00 → 롱 10계약"
        )


async def test_the_page_wants_data_of_what_nobody_watches_and_values_it() -> None:
    async with staged((MINI,), start=at(18, 0)) as stage:
        await stage.press("P")
        await hold(stage, CALL, "5", "20")
        page = page_of(stage)
        assert page.codes == (CALL, FUTURE), "its values rest on the future"
        assert (page.focus_code, page.in_sight) == (CALL, frozenset((CALL,)))
        stage.app.tick()
        await stage.pass_time(5)
        assert ("H0EUCNT0", CALL) in stage.simulator.registrations
        await stage.step(OPEN)
        row = stage.app.book.row(CALL)
        assert row is not None
        assert row.own is not None
        assert line(stage, "C 202612 1,080.0")[-1] == f"{5 * 250_000 * row.own.vega:,.0f}"
        assert stage.codes == [MINI]


async def test_the_scenario_follows_cursor_hours_and_steps() -> None:
    async with staged(CODES, start=at(18, 0)) as stage:
        await stage.step(OPEN)
        await stage.press("P")
        await hold(stage, CALL, "-10", "20")
        await stage.pilot.pause()
        assert "시나리오 코스피200 ─ 지금" in stage.text
        before = line(stage, "0%p")
        assert before[5] == "0"
        await stage.press("right_square_bracket", "right_square_bracket")
        assert "2시간 뒤" in stage.text
        later = line(stage, "0%p")
        assert int(later[5].replace(",", "")) > 0, "a short option gains as time goes by"
        await stage.press("left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert line(stage, "0%p") == before
        steps = line(stage, "선물")
        await stage.press("right_curly_bracket")
        assert float(line(stage, "선물")[-1]) > float(steps[-1])
        await stage.press("left_curly_bracket")
        assert line(stage, "선물") == steps


async def test_a_position_is_edited_in_place_dropped_and_brought_back() -> None:
    async with staged(CODES, notifications=True) as stage:
        await stage.press("P")
        await hold(stage, CALL, "-10", "20")
        await hold(stage, PUT, "-10", "21")
        page = page_of(stage)
        assert page.holdings.code == PUT
        await stage.press("up", "e")
        assert "C 202612 1,080.0" in stage.text
        await fill(stage, quantity="-4")
        await stage.press("enter")
        assert held(stage) == [Position(CALL, -4, 20.0), Position(PUT, -10, 21.0)]
        await stage.press("d")
        assert [position.code for position in held(stage)] == [PUT]
        await stage.press("u", "u")
        assert held(stage) == [Position(CALL, -10, 20.0), Position(PUT, -10, 21.0)]
        await stage.press("enter", "escape", "escape")
        assert stage.app.page is None
        assert stage.codes == list(CODES)


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"code": "KOSPY"}, "맞는 종목이 없습니다"),
    ({"code": "\x1b[31m"}, "맞는 종목이 없습니다"),
    ({"code": CALL, "quantity": "1e30"}, "수량 '1e30'"),
    ({"quantity": "0"}, "수량 0은"),
    ({"quantity": "nan"}, "수량 'nan'"),
    ({"quantity": "9" * 60}, "계약까지입니다"),
    ({"quantity": "2", "average": "-3"}, "스프레드만"),
    ({"average": "[/]"}, "평균단가 '[/]'"),
]


async def test_what_cannot_be_held_is_said_in_the_dialog() -> None:
    async with staged(CODES) as stage:
        await stage.press("P", "a")
        for fields, said in REFUSED:
            await fill(stage, **fields)
            await stage.press("enter")
            assert said in stage.reading
            await stage.press("enter")
            assert said in stage.reading
        await stage.press("escape")
        assert held(stage) == []
        assert stage.app.page is not None


async def test_what_is_empty_is_not_wrong_yet_and_enter_goes_on() -> None:
    async with staged(CODES) as stage:
        await stage.press("P", "a")
        assert stage.app.focused is stage.app.screen.query_one("#quantity")
        await stage.press(*"-2", "enter")
        assert stage.app.focused is stage.app.screen.query_one("#average")
        assert "숏 2계약" in stage.reading
        await stage.press(*"1081.5", "enter")
        assert held(stage) == [Position(FUTURE, -2, 1081.5)]
        await stage.press("a")
        await fill(stage, code=FUTURE)
        assert "이미 있습니다: -2 @ 1081.5" in stage.reading


async def test_positions_come_back_after_a_restart() -> None:
    async with staged(CODES) as stage:
        await stage.press("P")
        await hold(stage, CALL, "-10", "20.125")
    assert state("positions-demo.toml").stat().st_mode & 0o777 == 0o600
    async with staged(CODES) as stage:
        await stage.press("P")
        assert held(stage) == [Position(CALL, -10, 20.125)]
        assert line(stage, "C 202612 1,080.0")[3:5] == ["-10", "20.12"]


@pytest.mark.parametrize("content", ["[[position", "schema = 9\n"])
async def test_a_damaged_file_is_said_and_nothing_else_stops(content: str) -> None:
    path = state("positions-demo.toml")
    path.parent.mkdir(parents=True)
    path.write_text(content)
    async with staged(CODES, notifications=True) as stage:
        await stage.press("P")
        assert any(str(path) in toast for toast in stage.toasts)
        assert "포지션이 없습니다" in stage.text
        await hold(stage, CALL, "-10", "20")
        assert len(held(stage)) == 1
        await stage.press("escape")
        await stage.step(at(17, 58))
        assert stage.codes == list(CODES)
    kept = [path for path in path.parent.glob("positions-demo.toml*") if "position" in path.name]
    assert content in [path.read_text() for path in kept]


async def test_the_page_says_what_was_wrong_until_something_is_changed() -> None:
    path = state("positions-demo.toml")
    path.parent.mkdir(parents=True)
    one = f'[[position]]\ncode = "{CALL}"\nquantity = 3\naverage = 20.5\n'
    path.write_text(one + one.replace(CALL, PUT).replace("= 3", "= 1.5"))
    async with staged(CODES) as stage:
        await stage.press("P")
        await stage.drawn()
        assert held(stage) == [Position(CALL, 3, 20.5)]
        said = "".join(word.strip() for word in stage.text.splitlines()[1:5])
        assert "수량 '1.5': 정수가 아닙니다" in said
        assert "온전한 1건은 살렸습니다" in said
        await stage.press("escape", "P")
        await stage.drawn()
        assert "정수가 아닙니다" in stage.text
        await hold(stage, PUT, "1", "20")
        await stage.drawn()
        assert "정수가 아닙니다" not in stage.text


async def test_a_table_is_imported_as_a_whole_and_taken_back(tmp_path: Path) -> None:
    good, bad = tmp_path / "잔고.csv", tmp_path / "bad.csv"
    good.write_text(
        '종목코드,수량,평균단가\nA01612,-2,"1,081.25"\nZZ,1,1\n'.replace("ZZ", MINI), "cp949"
    )
    bad.write_text("A01612,-2,1081.25\nKOSPI,1,2\nB01612A33,0,1\n")
    async with staged(CODES, notifications=True) as stage:
        await stage.press("P")
        await hold(stage, PUT, "1", "20")
        await stage.press("i")
        assert "포지션 1건을 대신합니다" in stage.reading
        await stage.write(str(bad))
        await stage.press("enter")
        assert "2행: 'KOSPI' 는 종목코드가 아닙니다" in stage.reading
        assert "3행: 수량 0은" in stage.reading
        assert held(stage) == [Position(PUT, 1, 20.0)]
        await stage.write(f"'{tmp_path}/no.csv' ")
        await stage.press("enter")
        assert "파일이 없습니다" in stage.reading
        await stage.write(str(good))
        await stage.press("enter")
        assert held(stage) == [Position(FUTURE, -2, 1081.25), Position(MINI, 1, 1.0)]
        await stage.press("u")
        assert held(stage) == [Position(PUT, 1, 20.0)]


async def test_positions_are_exported_to_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    async with staged(CODES, notifications=True) as stage:
        await stage.press("P", "x")
        assert "내보낼 포지션이 없습니다" in stage.toasts
        await hold(stage, PUT, "1", "20")
        await stage.press("x")
        await stage.write(str(path))
        await stage.press("enter")
        assert path.read_text("utf-8-sig").splitlines() == [
            "code,quantity,average", "C01612A33,1,20",
        ]  # fmt: skip
        await stage.press("x")
        await stage.write(str(path))
        await stage.press("enter")
        assert "이미 있는 파일입니다" in stage.reading


async def test_positions_are_saved_and_opened_with_a_layout() -> None:
    async with staged(CODES, notifications=True) as stage:
        await stage.press("P")
        await hold(stage, CALL, "-10", "20")
        await stage.press("escape", "w")
        await stage.write("straddle")
        await stage.press("enter")
        await stage.press("P", "d", "escape")
        assert held(stage) == []
        await stage.press("o", "enter")
        assert held(stage) == [Position(CALL, -10, 20.0)]
        assert "레이아웃의 포지션 1건을 열었습니다" in stage.toasts
        assert stage.app.program.store.names() == ["straddle"]


async def test_the_page_is_aligned_at_every_size() -> None:
    async with staged(CODES, start=at(18, 0)) as stage:
        await stage.step(OPEN)
        await stage.press("P")
        for n, code in enumerate((*CODES, "A11612", "B01612A36")):
            await hold(stage, code, str(n * 7 - 10), "1000.5")
        for language in ("ko", "en"):
            use(language)
            await stage.press("escape", "P")
            for size in ((80, 24), (120, 40), (200, 50), (60, 14)):
                await stage.resize(size)
                await stage.drawn()
                lines = stage.text.splitlines()
                assert len(lines) == size[1]
                assert {cell_len(text) for text in lines} == {size[0]}
                body = [text for text in lines[1:-1] if text.strip()]
                assert all(text[0] in "╭│╰" and text[-1] in "╮│╯" for text in body)
                assert underlying_name("KOSPI200") in stage.text


async def test_a_low_screen_shows_positions_sums_and_the_way_to_a_flat_delta() -> None:
    async with staged(CODES, start=at(18, 0)) as stage:
        await stage.step(OPEN)
        await stage.press("P")
        for code in (*CODES, "A11612", "B01612A36"):
            await hold(stage, code, "-3", "20")
        await stage.resize((60, 14))
        await stage.drawn()
        assert "시나리오" not in stage.text
        assert "델타 0까지" in stage.text
        assert line(stage, "순 코스피200")
        assert "↑" in line(stage, "포지션 ↑")[1]
        await stage.resize((80, 24))
        await stage.drawn()
        assert "시나리오" in stage.text
        await stage.resize((59, 24))
        await stage.drawn()
        assert "60" in stage.text
        assert "델타" not in stage.text
        await stage.resize((80, 24))
        await stage.drawn()
        assert "델타" in stage.text


async def test_it_opens_from_the_palette_too() -> None:
    async with staged(CODES) as stage:
        await stage.press("colon")
        await stage.press(*"포지션과")
        await stage.until(lambda: "포지션과 시나리오" in stage.text)
        await stage.press("down", "enter")
        await stage.until(lambda: stage.app.page is not None)
