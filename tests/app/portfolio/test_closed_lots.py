"""Trades, closed lots and realised profits at average cost, worked out by hand; their file."""

from datetime import date
from math import nan

import pytest
from harness.portfolio_rows import index_contract, row, value_positions

from app.portfolio.closed_lots import trade, with_lot, with_trade, without_lots
from app.portfolio.positions import ClosedLot, Position, Positions
from app.portfolio.realised import with_realised
from app.portfolio.store import DamagedPositions, KeptPositions, read, read_kept, write
from app.portfolio.valuation import nets
from app.system.errors import UsageError
from widgets.message_text import message_text

CALL, PUT, FUTURE, KOSDAQ = "B01612A33", "C01612A33", "A01612", "A06612"
DAY, BEFORE = date(2026, 11, 23), date(2026, 11, 20)


def test_trades_close_at_average_cost() -> None:
    """Buy 2 at 20 and 1 at 23, sell 2 at 25: average 21, realised 2 × 4 points, 1 left at 21."""
    positions = Positions()
    for quantity, price in ((2, 20.0), (1, 23.0), (-2, 25.0)):
        positions = with_trade(positions, Position(CALL, quantity, price), DAY)
    assert list(positions.values()) == [Position(CALL, 1, 21.0)]
    assert positions.closed == (ClosedLot(CALL, 2, 21.0, 25.0, DAY),)
    assert positions.closed[0].points == 8.0


def test_a_trade_beyond_the_position_opens_the_other_side_at_its_price() -> None:
    """Short 3 at 19, buy 5 at 17: realised 3 × 2 points, long 2 at 17."""
    after, lot = trade(Position(PUT, -3, 19.0), Position(PUT, 5, 17.0), DAY)
    assert after == Position(PUT, 2, 17.0)
    assert lot == ClosedLot(PUT, -3, 19.0, 17.0, DAY)
    assert lot.points == 6.0


def test_a_trade_that_closes_all_leaves_no_position_and_is_undone() -> None:
    before = Positions([Position(CALL, 1, 20.0), Position(PUT, -1, 19.0)])
    closed = with_trade(before, Position(CALL, -1, 18.5), DAY)
    assert list(closed) == [PUT]
    assert closed.closed[0].points == -1.5
    undone = closed.undone()
    assert undone is not None
    assert (dict(undone), undone.closed) == (dict(before), ())
    assert without_lots(closed, CALL).closed == ()
    kept = closed.drop(PUT)
    assert kept.closed == closed.closed, "other changes keep what was realised"


def test_lots_of_a_contract_side_and_day_are_one() -> None:
    lots: tuple[ClosedLot, ...] = ()
    for lot in (
        ClosedLot(CALL, 1, 20.0, 22.0, DAY),
        ClosedLot(CALL, 3, 21.0, 20.0, DAY),
        ClosedLot(CALL, -1, 25.0, 24.0, DAY),
        ClosedLot(CALL, 1, 20.0, 22.0, BEFORE),
    ):
        lots = with_lot(lots, lot)
    assert lots[0] == ClosedLot(CALL, 4, 20.75, 20.5, DAY)
    assert lots[0].points == pytest.approx(2.0 - 3.0)
    assert [lot.quantity for lot in lots] == [4, -1, 1]
    full = tuple(ClosedLot(f"B016{n:05}", 1, 1.0, 2.0, DAY) for n in range(1_000))
    with pytest.raises(UsageError) as refused:
        with_lot(full, ClosedLot(CALL, 1, 1.0, 2.0, DAY))
    assert refused.value.message.key == "closed.too_many"  # type: ignore[union-attr]


def test_realised_profits_are_in_rows_and_sums_in_won() -> None:
    holdings = value_positions(
        (row(index_contract(FUTURE), 1080.95, 1081.05, 1081.0),), Position(FUTURE, 1, 1080.0)
    )
    lots = (
        ClosedLot(FUTURE, 2, 1079.0, 1082.5, DAY),
        ClosedLot(CALL, -1, 20.0, 21.0, BEFORE),
        ClosedLot(KOSDAQ, 3, 800.0, 801.0, DAY),
    )
    found = with_realised(holdings, lots, index_contract, DAY)
    assert [held.code for held in found] == [FUTURE, CALL, KOSDAQ]
    assert found[0].exposure.realised == found[0].exposure.realised_today == 7 * 250_000
    assert (found[1].exposure.realised, found[1].exposure.realised_today) == (-250_000, 0.0)
    assert found[1].is_closed
    sums = {net.underlying: net for net in nets(found) if net.expiry is None}
    index = sums[holdings[0].underlying]
    assert (index.exposure.realised, index.exposure.realised_today) == (1_500_000, 1_750_000)
    assert index.exposure.profit == pytest.approx(250_000), "unrealised profits stay apart"
    assert (index.count, index.missing) == (1, ())
    assert sums[""].exposure.realised == 1_500_000 + 3 * 10_000
    assert with_realised(holdings, (), index_contract, DAY) == holdings


def test_positions_file_keeps_closed_lots_and_old_programs_read_it() -> None:
    held = (Position(CALL, 1, 21.0),)
    closed = (ClosedLot(CALL, 2, 21.0, 25.0, DAY),)
    content = write(held, closed)
    assert read_kept(content, "x") == KeptPositions(held, closed)
    assert read(content, "x") == held
    assert b"day = 2026-11-23" in content
    assert b"schema = 1" in content, "programs of before ignore the tables that they do not know"
    assert b"closed" not in write(held)


GOOD = f'[[closed]]\ncode = "{CALL}"\nquantity = 2\naverage = 21\nprice = 25.5\nday = 2026-11-23\n'
BAD = [
    (GOOD.replace("= 2\n", "= 2.5\n"), "[[closed]] 2: 수량 '2.5'"),
    (GOOD.replace("= 2\n", "= 0\n"), "[[closed]] 2: 수량 0"),
    (GOOD.replace("25.5", "-1"), "[[closed]] 2: 평균단가 '-1'"),
    (GOOD.replace("25.5", "true"), "[[closed]] 2: 평균단가 'True'"),
    (GOOD.replace("25.5", "nan"), "[[closed]] 2: 평균단가 'nan'"),
    (GOOD.replace(CALL, "XYZ"), "[[closed]] 2: 'XYZ'"),
    (GOOD.replace("2026-11-23", '"yesterday"'), "[[closed]] 2: 거래일 'yesterday'"),
    (GOOD.replace("day = 2026-11-23\n", ""), "[[closed]] 2: 값이 없습니다: 거래일"),
]


@pytest.mark.parametrize(("table", "problem"), BAD)
def test_positions_file_names_a_bad_closed_lot_and_keeps_the_others(
    table: str, problem: str
) -> None:
    position = f'[[position]]\ncode = "{PUT}"\nquantity = 1\naverage = 2\n'
    with pytest.raises(DamagedPositions) as refused:
        read_kept((position + GOOD + table).encode(), "x")
    assert problem in message_text(refused.value.message)
    lot = ClosedLot(CALL, 2, 21.0, 25.5, DAY)
    assert refused.value.kept == KeptPositions((Position(PUT, 1, 2.0),), (lot,))


def test_realised_of_an_unknown_size_is_unknown() -> None:
    known = index_contract(CALL)
    lots = (ClosedLot(CALL, 1, 20.0, 21.0, BEFORE),)
    (found,) = with_realised(
        (), lots, lambda code: type(known)(code, "x", known.family, known.right, 1.0), DAY
    )
    assert found.exposure.realised != found.exposure.realised
    assert found.exposure.realised_today == 0.0
    assert nan != found.exposure.realised
