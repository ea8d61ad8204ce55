"""The table of positions: aligned at every width, sums in sight, nothing cut out of a number."""

from collections.abc import Sequence
from datetime import datetime
from math import nan

import pytest
from harness.portfolio_rows import LATER, index_contract, option_row, row, value_positions
from msgspec.structs import replace
from rich.cells import cell_len

from app.portfolio.hedge import to_flat
from app.portfolio.positions import Position
from app.portfolio.valuation import nets
from app.system.clock import KST
from specs.market.holding import Holding
from specs.market.theoretical import TheoreticalValues
from widgets.contract_names import underlying_name
from widgets.holding_columns import columns
from widgets.holdings import Holdings
from widgets.sheet import TextLine
from widgets.texts import use

ROWS = (
    option_row("B01612A33", 1081.0, 15.0),
    option_row("C01612A33", 1081.0, 16.0),
    option_row("B01701A33", 1085.0, 16.0, expiry=LATER),
    row(index_contract("A01612"), 1080.9, 1081.1, 1080.0),
    row(index_contract("A05612"), 0.0, 0.0, 1081.5),
    row(index_contract("A06612"), 0.0, 0.0, nan),
)
SMALL = value_positions(
    ROWS, *(Position(row.code, n - 3 or 5, 20.25) for n, row in enumerate(ROWS))
)
LARGE = value_positions(
    ROWS, *(Position(row.code, 987_654 * (-1) ** n, 1.0) for n, row in enumerate(ROWS))
)


def shown(holdings: Sequence[Holding], width: int = 116, height: int = 20) -> list[str]:
    table = Holdings()
    sums = nets(holdings)
    table.show(holdings, sums, [(net, to_flat(net)) for net in sums if net.expiry is None])
    return [text(line) for line in table.lines(width, height)]


def text(line: TextLine) -> str:
    return "".join(piece for piece, _ in line)


@pytest.mark.parametrize("holdings", [SMALL, LARGE])
@pytest.mark.parametrize("width", [56, 60, 76, 100, 116, 149, 150, 196])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_line_fits_and_no_number_is_cut(
    holdings: tuple[Holding, ...], width: int, language: str
) -> None:
    use(language)
    table = Holdings()
    table.show(holdings, nets(holdings), ())
    titles, *lines = table.lines(width, 30)
    table_lines = [line for line in lines if len(line) > 1]
    assert len(table_lines) == len(holdings) + len(nets(holdings))
    for line in (titles, *table_lines):
        assert cell_len(text(line)) <= width
        assert "…" not in "".join(piece for piece, _ in line[1:])
        assert [cell_len(piece) for piece, _ in line] == [cell_len(piece) for piece, _ in titles]


def test_a_position_and_its_sums_are_shown_as_they_are() -> None:
    lines = shown(
        value_positions(ROWS, Position("A01612", -2, 1079.0), Position("A05612", 4, 1080.0))
    )
    assert lines[1].split() == [
        "<A01612>", "-2", "1,079.00", "1,081.00", "-1,000,000", "-2.00", "-500,000", "-54,050만",
        "0", "0", "0",
    ]  # fmt: skip
    assert lines[2].split()[:5] == ["<A05612>", "+4", "1,080.00", "1,081.50", "+300,000"]
    assert lines[-2].rstrip() == "평가 가격 1: <A05612> 현재가(체결 시각 모름)"
    assert lines[-3].split() == [
        "코스피200", "합계", "-700,000", "-1.20", "-300,000", "-32,420만", "0", "0", "0",
    ]  # fmt: skip
    assert lines[-1].rstrip() == (
        "코스피200 델타 중립: 미니선물 매수 6계약 (정확히 +6.00)"
        " · 선물 매수 1계약 (정확히 +1.20) (남는 델타 -50,000원/pt)"
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_way_to_a_flat_delta_says_less_where_there_is_less_room(language: str) -> None:
    use(language)
    holdings = value_positions(
        ROWS, Position("A01612", -202, 1079.0), Position("A05612", 7, 1080.0)
    )
    lengths = []
    for width in (196, 116, 76, 56):
        line = shown(holdings, width)[-1].rstrip()
        assert line.startswith(underlying_name("KOSPI200"))
        assert "…" not in line
        assert "+1,003.00" in line
        lengths.append(cell_len(line))
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]


def test_what_is_left_out_is_named_with_its_reason() -> None:
    (line,) = [line for line in shown(SMALL) if "제외" in line]
    assert line.rstrip() == "계산 제외 1종목: <A06612> 시세 대기"


@pytest.mark.parametrize("width", [56, 76, 116])
def test_a_flat_delta_without_all_parts_says_so_before_its_number(width: int) -> None:
    rows = [
        *ROWS,
        row(index_contract("B01612A34"), 19.9, 20.1, 20.0, TheoreticalValues(why="no_quote")),
    ]
    holdings = value_positions(rows, Position("A01612", -2, 1079.0), Position("B01612A34", 4, 20.0))
    (line,) = [line for line in shown(holdings, width) if "미니선물" in line]
    if width == 56:
        assert line.rstrip() == "코스피200 (1종목 제외) Δ0: 미니선물 매수 10계약"
    else:
        told = "코스피200 (1종목 제외) 델타 중립: 미니선물 매수 10계약 (정확히 +10.00)"
        assert line.startswith(told)
    (line,) = [line for line in shown(holdings[1:], width) if "델타 중립" in line]
    assert line.rstrip() == "코스피200 델타 중립: 알 수 없음(1종목 모두 제외)"


def test_a_bound_is_marked_and_its_reason_is_dim() -> None:
    own = TheoreticalValues(forward=1081.0, years=0.0, why="below_intrinsic")
    option = row(index_contract("B01612A33", strike=1070.0), 9.8, 9.9, 9.8, own)
    holdings = value_positions(
        [*ROWS[1:], option], Position(option.code, 2, 9.0), Position("A01612", -1, 9.0)
    )
    table = Holdings()
    table.show(holdings, nets(holdings), ())
    lines = table.lines(116, 20)
    found = {text(line).split()[0]: text(line).split() for line in lines if line}
    assert found["<B01612A33>"][5:7] == ["+2.00~", "500,000~"]
    assert found["<A01612>"][5:7] == ["-1.00", "-250,000"]
    ((told, tone),) = lines[-1]
    assert (told.rstrip(), tone) == ("참고 1: <B01612A33> 내재 미만", "older")


def test_what_has_expired_is_marked_and_keeps_its_profit() -> None:
    after = datetime(2026, 12, 10, 15, 20, tzinfo=KST)
    holdings = value_positions(ROWS, Position("A01612", -2, 1079.0), now=after)
    lines = shown(holdings)
    assert lines[1].split()[:6] == ["<A01612>", "결제", "대기", "-2", "1,079.00", "1,081.00"]
    assert not any("제외" in line for line in lines)
    assert any(line.startswith("참고 1: <A01612> 결제 대기") for line in lines)


def test_a_price_that_is_no_middle_is_dim() -> None:
    table = Holdings()
    table.show(SMALL, (), ())
    tones = {text(line[:1]).strip(): line for line in table.lines(116, 20)[1:]}
    price = [piece for piece in tones["<A05612>"] if piece[0].strip() == "1,081.50"]
    assert price[0][1].split()[-1] == "older"


@pytest.mark.parametrize("height", [1, 2, 5, 8, 12, 30])
def test_sums_stay_and_the_cursor_can_be_seen_in_any_room(height: int) -> None:
    table = Holdings()
    table.show(SMALL, nets(SMALL), ())
    for place in range(len(SMALL)):
        table.cursor = place
        lines = table.lines(116, height)
        assert len(lines) <= max(2, height)
        under = [text(line) for line in lines if any("mark" in tones for _, tones in line)]
        assert len(under) == 1
        assert under[0].startswith(SMALL[place].name)
    if height >= 8:
        assert any("코스피200 합계" in text(line) for line in lines)


def test_sum_over_all_underlyings_has_what_is_in_won_alone() -> None:
    future = row(index_contract("A06612"), 1500.0, 1500.2, 1500.1)
    holdings = value_positions(
        (*ROWS, future), Position("A01612", -2, 1079.0), Position("A06612", 1, 1500.0)
    )
    (line,) = [line for line in shown(holdings) if line.startswith("전체 합계")]
    assert line.split() == ["전체", "합계", "-999,000", "-52,550만", "0", "0"]
    assert not any("전체 합계" in line for line in shown(holdings[:1]))


def test_profit_follows_from_the_line() -> None:
    """A mid lies between two ticks, and so may an average: both are printed in full."""
    call = row(index_contract("B01612A33"), 24.80, 24.85, 24.85)
    holdings = value_positions(
        [call, ROWS[3]], Position("B01612A33", -4, 21.3375), Position("A01612", 1, 1.0)
    )
    first, second = shown(holdings, 196)[1:3]
    quantity, average, mid, profit = first.split()[1:5]
    assert (average, mid, profit) == ("21.3375", "24.825", "-3,487,500")
    assert int(quantity) * 250_000 * (float(mid) - float(average)) == pytest.approx(-3_487_500)
    assert first.index("24.825") + 2 == second.index("1,081.00") + 5, "points are in line"


def test_mark_of_a_last_price_says_its_age_and_a_wide_quote_is_none() -> None:
    trade = row(index_contract("B01612A33"), 0.0, 0.0, 20.0)
    wide = row(index_contract("C01612A33"), 0.05, 30.0, nan)
    clamped = row(index_contract("B01612A34"), 0.0, 18.0, 20.0)
    rows = [replace(trade, trade_at=880.0), wide, clamped]
    positions = [Position(one.code, 1, 1.0) for one in rows]
    table = value_positions(rows, *positions, seconds=1000.0)
    lines = shown(table, 116)
    assert "평가 가격 2: <B01612A33> 현재가(2:00 전), <B01612A34> 매도호가" in "\n".join(lines)
    assert "호가 넓음" in lines[2]
    assert (table[1].price != table[1].price, table[1].why) == (True, "theory.wide_quote")
    assert table[2].price == 18.0


@pytest.mark.parametrize(
    ("now", "badge"), [((10, 15, 20), "결제 대기"), ((11, 23, 0), "결제 대기"),
                       ((14, 9, 0), "만기")],
)  # fmt: skip
def test_expired_option_waits_for_settlement_until_the_next_trading_day(
    now: tuple[int, int, int], badge: str
) -> None:
    day, hour, minute = now
    moment = datetime(2026, 12, day, hour, minute, tzinfo=KST)
    holdings = value_positions(ROWS, Position("B01612A33", 1, 20.0), now=moment)
    assert shown(holdings)[1].startswith(f"<B01612A33> {badge} ")


def test_what_there_is_no_room_for_is_counted() -> None:
    table = Holdings()
    table.show(SMALL, nets(SMALL), ())
    said = []
    for place in (0, 3, 5):
        table.cursor = place
        said.append(text(table.lines(116, 9)[0][:1]).split())
    assert said == [["포지션", "↓3"], ["포지션", "↑1", "↓2"], ["포지션", "↑3"]]
    assert text(table.lines(116, 30)[0][:1]).split() == ["포지션"]


def test_the_way_to_a_flat_delta_stays_longer_than_what_is_left_out() -> None:
    for height in (6, 8, 10):
        lines = shown(SMALL, height=height)
        assert lines[-1].startswith("코스닥150 델타 중립")
        assert lines[-2].startswith("코스피200 델타 중립") or height < 6
    assert any("계산 제외" in line for line in shown(SMALL, height=10))


def test_expiries_give_way_before_positions_do() -> None:
    assert any("27/01/14" in line for line in shown(SMALL, height=20))
    assert not any("27/01/14" in line for line in shown(SMALL, height=10))


def test_an_empty_table_says_how_to_fill_it() -> None:
    assert any("포지션이 없습니다" in line for line in shown(()))


def test_the_cursor_stays_on_its_code() -> None:
    table = Holdings()
    table.show(SMALL, (), ())
    table.cursor = 2
    table.show((SMALL[2], SMALL[0]), (), ())
    assert (table.cursor, table.code) == (0, SMALL[2].code)
    table.show((), (), ())
    assert (table.code, table.selected) == ("", None)


@pytest.mark.parametrize("width", [56, 76, 116])
def test_a_loss_of_millions_is_never_next_to_none(width: int) -> None:
    holdings = value_positions(
        ROWS, *(Position(code, n, 1.0) for code, n in (("A01612", -3), ("A05612", 9)))
    )
    (line,) = [line for line in shown(holdings, width) if line.startswith("<A01612>")]
    assert "-810" in line or "-81,000만" in line or "-8.10억" in line
    assert "+987,654" in "".join(shown(LARGE, width)), "a quantity is in no unit"


def test_profit_and_greeks_dim_with_their_oldest_input() -> None:
    call = replace(ROWS[1], trade_at=100.0)
    future = replace(ROWS[3], trade_at=165.0)
    assert call.theoretical is not None
    call = replace(call, theoretical=replace(call.theoretical, at=150.0))
    rows, positions = (future, call), [Position(one.code, 1, 1.0) for one in (future, call)]
    holdings = value_positions(rows, *positions, seconds=166.0)
    assert [held.exposure.price_age for held in holdings] == [1.0, 66.0]
    assert [held.exposure.greeks_age for held in holdings] == [0.0, 16.0]
    tones = {
        column.id: [cell.tone for cell in cells]
        for column, _, cells in columns(holdings, nets(holdings)[:1], 200)
    }
    assert tones["profit"] == ["up", "old", "old"]
    assert tones["price"] == ["value", "old", "value"]
    assert tones["theta"] == ["value", "older", "older"]
