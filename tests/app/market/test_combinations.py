"""Rows of combinations: quotes, greeks, volatility, ages and names, from hand-made legs."""

from datetime import date
from math import inf, isnan

import pytest
from msgspec.structs import replace

from app.market.combination_name import combination_name
from app.market.combinations import Combinations, combination_row
from specs.codes import Family, Right
from specs.market.combination import CombinationLeg
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Freshness, Ticker, ask, bid, row_age, shown_price
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.night_option_trade import NightOptionTrade
from widgets.message_text import message_text

CALL, PUT, HIGH, FUTURE = "B01612A33", "C01612A33", "B01612A37", "A01612"
STRADDLE = f"{CALL}+{PUT}"


def option(
    code: str,
    strike: float = 1080.0,
    expiry: str = "202612",
    before: str = "",
) -> Instrument:
    right = Right.CALL if code[0] == "B" else Right.PUT
    return Instrument(
        code, f"{before}{right} {expiry} {strike:,.1f}", Family.INDEX_OPTION, right, strike,
        date(2026, 12, 10), code[1:3], "코스피200", 250_000.0, listed=True, night=True,
    )  # fmt: skip


def leg(
    known: Instrument,
    best: tuple[float, float],
    own: TheoreticalValues | None = None,
    at: float = 100.0,
) -> Ticker:
    trade = NightOptionTrade(known.code, "180000", price=best[0], bid=best[0], ask=best[1])
    return Ticker(known, trade, at, theoretical=own)


def own(volatility: float, delta: float, vega: float, at: float = 99.0) -> TheoreticalValues:
    return TheoreticalValues(20.0, volatility, delta, 0.006, vega, -0.6, 0.3, 1081.0, 0.05, at=at)


CALL_LEG = leg(option(CALL), (20.0, 20.2), own(15.0, 0.52, 1.0))
PUT_LEG = leg(option(PUT), (19.0, 19.1), own(16.0, -0.48, 1.0, at=90.0), at=95.0)
HIGH_LEG = leg(option(HIGH, 1090.0), (15.0, 15.3), own(14.0, 0.40, 0.9))


def test_combination_bought_and_sold_costs_what_the_quotes_say() -> None:
    row = combination_row(STRADDLE, [(CALL_LEG, 1), (PUT_LEG, 1)])
    assert (bid(row), ask(row)) == pytest.approx((39.0, 39.3))
    assert shown_price(row) == pytest.approx(39.15)
    # The sold leg is sold at its bid and bought back at its ask.
    spread = combination_row(f"{CALL}-2*{HIGH}", [(CALL_LEG, 1), (HIGH_LEG, -2)])
    assert ask(spread) == pytest.approx(20.2 - 2 * 15.0)
    assert bid(spread) == pytest.approx(20.0 - 2 * 15.3)
    assert shown_price(spread) == pytest.approx(20.1 - 2 * 15.15)


def test_combination_sums_greeks_by_quantity() -> None:
    row = combination_row(STRADDLE, [(CALL_LEG, 2), (PUT_LEG, 2)])
    values = row.theoretical
    assert values is not None
    assert values.delta == pytest.approx(2 * 0.04)
    assert values.vega == pytest.approx(4.0)
    assert values.theta == pytest.approx(-2.4)
    future = Instrument(FUTURE, "F 202612", Family.INDEX_FUTURES, multiplier=250_000.0)
    trade = NightFuturesTrade(FUTURE, "180000", price=1081.0, bid=1080.95, ask=1081.05)
    covered = combination_row(
        f"{FUTURE}-{CALL}", [(Ticker(future, trade, 100.0), 1), (CALL_LEG, -1)]
    )
    assert covered.theoretical is not None
    assert covered.theoretical.delta == pytest.approx(0.48)


def test_combination_of_bought_options_has_the_volatility_weighted_by_vega() -> None:
    row = combination_row(STRADDLE, [(CALL_LEG, 1), (PUT_LEG, 1)])
    assert row.theoretical is not None
    assert row.theoretical.volatility == pytest.approx(15.5)
    uneven = combination_row(f"{PUT}+{HIGH}", [(PUT_LEG, 1), (HIGH_LEG, 2)])
    assert uneven.theoretical is not None
    assert uneven.theoretical.volatility == pytest.approx((16.0 + 1.8 * 14.0) / 2.8)
    spread = combination_row(f"{CALL}-{HIGH}", [(CALL_LEG, 1), (HIGH_LEG, -1)])
    assert spread.theoretical is not None
    assert isnan(spread.theoretical.volatility)


def test_combination_is_as_old_as_its_oldest_leg() -> None:
    row = combination_row(STRADDLE, [(CALL_LEG, 1), (PUT_LEG, 1)])
    assert row.trade_at == 95.0
    assert row_age(row, 104.0) == (Freshness.FRESH, Freshness.FRESH, Freshness.OLDER)
    assert row_age(row, 106.0)[:2] == (Freshness.OLDER, Freshness.OLDER)


def test_combination_says_which_leg_lacks_quotes() -> None:
    silent = Ticker(option(PUT))
    row = combination_row(STRADDLE, [(CALL_LEG, 1), (silent, 1)])
    assert isnan(shown_price(row))
    assert row.note is not None
    assert message_text(row.note) == "P 202612 1,080.0: 호가 없음"
    assert row.trade_at == -inf
    one_sided = leg(option(PUT), (19.0, 0.0))
    row = combination_row(STRADDLE, [(CALL_LEG, 1), (one_sided, 1)])
    assert bid(row) == pytest.approx(39.0)
    assert isnan(ask(row))
    assert isnan(shown_price(row))
    assert row.note is None, "there is a bid to show"


def test_combinations_follow_their_legs_and_nothing_else() -> None:
    rows = {row.code: row for row in (CALL_LEG, PUT_LEG, HIGH_LEG)}
    held = Combinations(rows.get, lambda code: rows[code].instrument)
    held.watch((HIGH, STRADDLE))
    before = held.row(STRADDLE)
    assert before is not None
    assert held.row(HIGH) is None
    assert held.update([HIGH_LEG]) == []
    assert held.update([CALL_LEG]) == [], "nothing has changed"
    rows[CALL] = leg(option(CALL), (21.0, 21.2), CALL_LEG.theoretical)
    (changed,) = held.update([rows[CALL]])
    assert bid(changed) == pytest.approx(40.0)
    assert held.row(STRADDLE) is changed
    held.watch((HIGH,))
    assert held.row(STRADDLE) is None
    assert held.update([rows[CALL]]) == []


def sides(*legs: tuple[Instrument, int]) -> tuple[CombinationLeg, ...]:
    return tuple(CombinationLeg(known, quantity) for known, quantity in legs)


NAMES = [
    (((option(CALL), 1), (option(PUT), 1)), "스트래들 1080 12월"),
    (((option(CALL), -1), (option(PUT), -1)), "스트래들 매도 1080 12월"),
    (((option(CALL), 3), (option(PUT), 3)), "3× 스트래들 1080 12월"),
    (((option(HIGH, 1090.0), 1), (option(PUT, 1082.5), 1)), "스트랭글 1082.5/1090 12월"),
    (((option(CALL), 1), (option(HIGH, 1090.0), -1)), "콜스프레드 1080/1090 12월"),
    (((option(PUT), -1), (option("C01612A30", 1070.0), 1)), "풋스프레드 1070/1080 12월"),
    (((option(CALL), 1), (option(HIGH, 1090.0), -2)), "콜비율스프레드 1:2 1080/1090 12월"),
    (((option("B01701A33", expiry="202701"), 1), (option(CALL), -1)), "콜캘린더 1080 1월/12월"),
    (((option(CALL), 1), (option(PUT), -1)), "합성선물 1080 12월"),
    (((option(HIGH, 1090.0), 1), (option(PUT), -1)), "리스크리버설 1080/1090 12월"),
    (
        ((option(CALL), 1), (option(HIGH, 1090.0), -2), (option("B01612A41", 1100.0), 1)),
        "콜버터플라이 1080/1090/1100 12월",
    ),
    (
        ((option(CALL, before="위클리", expiry="2612W1"), 1),
         (option(PUT, before="위클리", expiry="2612W1"), 1)),
        "위클리 스트래들 1080 2612W1",
    ),
    (((option(CALL), 2), (option(PUT), -1), (option(HIGH, 1090.0), 1)),
     "2*콜 1080 -풋 1080 +콜 1090 12월"),
    (((option(CALL), 2),), "2*콜 1080 12월"),
]  # fmt: skip


@pytest.mark.parametrize(("legs", "name"), NAMES, ids=[name for _, name in NAMES])
def test_combination_has_the_name_of_traders(
    legs: tuple[tuple[Instrument, int], ...], name: str
) -> None:
    assert combination_name(sides(*legs)) == name


def test_combination_shares_the_facts_of_its_legs() -> None:
    rows = {row.code: row for row in (CALL_LEG, PUT_LEG)}
    known = Combinations(rows.get, lambda code: rows[code].instrument).instrument(STRADDLE)
    assert (known.code, known.name) == (STRADDLE, "스트래들 1080 12월")
    assert (known.right, known.expiry, known.multiplier) == (None, date(2026, 12, 10), 250_000.0)
    assert known.listed
    unlisted = replace(CALL_LEG, instrument=replace(CALL_LEG.instrument, listed=False))
    row = combination_row(STRADDLE, [(unlisted, 1), (PUT_LEG, 1)])
    assert not row.instrument.listed
