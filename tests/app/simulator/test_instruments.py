"""The simulated contracts: codes, names, expiries and master lines as KIS has them."""

from datetime import date, datetime, timedelta

import pytest

from app.simulator.expiries import monthly
from app.simulator.hours import demo_start
from app.simulator.instruments import demo_codes, master_lines, universe
from app.simulator.listing import check_digit
from app.simulator.weekly import THURSDAYS
from app.system.clock import KST
from specs.catalog import CatalogEntry, Channel, Session, choose
from specs.codes import Family, parse

FRIDAY = date(2026, 11, 20)
ISINS = (
    "KR4A016C0004",
    "KR4B016AA487",
    "KR4C016AA486",
    "KR4B09FEA490",
    "KR4BAFBZA490",
    "KR4A01730006",
    "KR4B016A7454",
    "KR4C01693350",
    "KR4A16670007",
)


@pytest.mark.parametrize("isin", ISINS)
def test_the_check_digit_is_that_of_real_contracts(isin: str) -> None:
    assert check_digit(isin[:-1]) == int(isin[-1])


@pytest.mark.parametrize(
    ("expiry", "characters", "name"),
    [
        (date(2026, 7, 16), "F6", "2607W3"),
        (date(2026, 7, 23), "F7", "2607W4"),
        (date(2026, 8, 20), "FA", "2608W3"),
        (date(2026, 9, 3), "FC", "2609W1"),
        (date(2026, 9, 23), "FE", "2609W4"),
        (date(2025, 12, 30), "EJ", "2601W1"),
        (date(2026, 10, 1), "FF", "2610W1"),
        (date(2026, 10, 22), "FH", "2610W4"),
        (date(2026, 10, 29), "FJ", "2610W5"),
        (date(2026, 11, 26), "FM", "2611W4"),
    ],
)
def test_a_weekly_expiry_is_counted_as_krx_counts(expiry: date, characters: str, name: str) -> None:
    assert THURSDAYS.counter(expiry) == characters
    assert THURSDAYS.week_name(expiry) == name
    assert THURSDAYS.expiries(expiry, 1) == (expiry,)


def test_a_month_expires_on_its_second_thursday_and_has_no_weekly_then() -> None:
    assert monthly(FRIDAY, 3) == (date(2026, 12, 10), date(2027, 1, 14), date(2027, 2, 11))
    assert monthly(FRIDAY, 2, 3) == (date(2026, 12, 10), date(2027, 3, 11))
    assert date(2026, 12, 10) not in THURSDAYS.expiries(FRIDAY, 10)


def test_expiries_move_back_before_a_holiday() -> None:
    assert THURSDAYS.expiries(date(2026, 9, 18), 2) == (date(2026, 9, 23), date(2026, 10, 1))
    assert THURSDAYS.expiries(date(2026, 9, 24), 1) == (date(2026, 10, 1),)
    assert monthly(date(2025, 9, 30), 1) == (date(2025, 10, 2),)
    assert monthly(date(2025, 10, 3), 1) == (date(2025, 11, 13),)


def test_every_code_is_one_and_tells_its_family_and_right() -> None:
    odd = [date(2025, 10, 1), date(2025, 10, 2), date(2026, 9, 23), date(2026, 9, 24)]
    for day in (*odd, *(FRIDAY + timedelta(days=n % 29 + n) for n in range(0, 800, 20))):
        listed = universe(day)
        codes = [instrument.code for instrument in listed]
        assert len(set(codes)) == len(codes)
        for instrument in listed:
            told = parse(instrument.code)
            # Gold's product is placed by its master alone.
            families = (instrument.family, None) if told.product == "88" else (instrument.family,)
            assert told.family in families
            assert told.right == instrument.right
            if told.strike is not None:
                assert told.strike == instrument.strike


def test_names_and_codes_are_spelt_as_in_the_code_master() -> None:
    names = {instrument.code: instrument.name for instrument in universe(FRIDAY)}
    assert names["A01612"] == "F 202612"
    assert names["A05612"] == "미니F 202612"
    assert names["B01612A31"] == "C 202612 1,075.0"
    assert names["C01612832"] == "P 202612   832.5"
    assert names["B09FMWA31"] == "위클리C 2611W4 1,075.0"
    assert names["A06612"] == "코스닥150F 202612"
    assert names["A11612"] == "삼성전자   F 202612 (  10)"
    assert names["B11612040"] == "삼성전자   C 202612   160,000(  10)"
    assert names["A16612"] == "SK하이닉스 F 202612 (  10)"
    assert names["A75612"] == "미국달러 F 202612"
    assert names["A65612"] == "3년국채 F 202612"
    assert names["D0161203"] == "SP 2612-2703"
    assert names["D0661203"] == "코스닥150SP 2612-2703"
    assert names["D1161201"] == "삼성전자   SP 2612-2701"


def test_master_lines_have_nine_fields_and_a_valid_isin() -> None:
    index, stock, commodity = master_lines(universe(FRIDAY))
    assert "1|A01612|KR4A016C0004|F 202612| |00000.00|1|2001|KOSPI200" in index
    assert "5|B01612A33|KR4B016CA335|C 202612 1,080.0|2|01080.00| |2001|KOSPI200" in index
    assert stock[0].startswith("1|A11612|")
    assert stock[0].endswith("| |00000.00|1|005930|삼성전자")
    for line in (*index, *stock, *commodity):
        fields = line.split("|")
        assert len(fields) == 9
        assert len(fields[2]) == 12
        assert check_digit(fields[2][:-1]) == int(fields[2][-1])
        line.encode("cp949")


def test_moneyness_is_that_of_the_option_not_of_the_call() -> None:
    lines, *_ = master_lines(universe(FRIDAY))
    flags = {line.split("|")[1]: line.split("|")[4] for line in lines}
    assert flags["B01612A25"] == "2"
    assert flags["C01612A25"] == "3"
    assert flags["B01612A40"] == "3"
    assert flags["C01612A40"] == "2"
    assert flags["C01612A34"] == "1"
    assert flags["A01612"] == " "


@pytest.mark.parametrize("session", list(Session))
@pytest.mark.parametrize("day", [FRIDAY, date(2026, 11, 26), date(2026, 12, 10), date(2026, 9, 23)])
def test_a_demo_watches_contracts_that_have_a_tr_and_are_alive(session: Session, day: date) -> None:
    codes = demo_codes(demo_start(session, day), session)
    listed = {instrument.code: instrument for instrument in universe(day)}
    assert len(codes) == len(set(codes)) <= 20
    for code in codes:
        assert isinstance(choose(parse(code).family, session, Channel.TRADE), CatalogEntry)
        assert listed[code].expiry > day or session is Session.DAY
    expected = [
        c
        for c in codes
        if isinstance(choose(parse(c).family, session, Channel.EXPECTED), CatalogEntry)
    ]
    assert len(expected) >= 10
    assert len(codes) + len(expected) <= 41


def test_the_night_demo_is_what_the_issue_asks_for() -> None:
    codes = demo_codes(demo_start(Session.NIGHT, FRIDAY), Session.NIGHT)
    assert codes[:2] == ["A01612", "A05612"]
    assert [c[0] for c in codes[2:12]] == ["B"] * 5 + ["C"] * 5
    assert len(codes) == 13
    assert codes[12].startswith("B09FMW")


def test_the_day_demo_has_every_kind_of_contract_that_trades_by_day() -> None:
    codes = demo_codes(demo_start(Session.DAY, FRIDAY), Session.DAY)
    assert codes[:3] == ["A01612", "A05612", "A06612"]
    assert codes[-1] == "A75612"
    families = [parse(code).family for code in codes]
    assert families.count(Family.INDEX_OPTION) == 4
    assert families.count(Family.STOCK_FUTURES) == 2
    assert families.count(Family.STOCK_OPTION) == 8


def test_a_demo_after_the_last_trade_watches_the_next_expiry() -> None:
    last_day = datetime(2026, 12, 10, 15, 19, tzinfo=KST)
    assert demo_codes(last_day, Session.DAY)[0] == "A01612"
    assert demo_codes(last_day + timedelta(minutes=1), Session.DAY)[0] == "A01703"


def test_currencies_bonds_and_volatility_expire_by_their_own_rules() -> None:
    """Source: kis-protocol, section 7: A75612 2026-12-21, A04612 2026-12-15, until 15:35."""
    listed = {instrument.code: instrument for instrument in universe(FRIDAY)}
    ends = {
        "A75612": datetime(2026, 12, 21, 11, 30, tzinfo=KST),
        "A65612": datetime(2026, 12, 15, 11, 30, tzinfo=KST),
        "A67612": datetime(2026, 12, 15, 11, 30, tzinfo=KST),
        "A04612": datetime(2026, 12, 15, 15, 35, tzinfo=KST),
        "A01612": datetime(2026, 12, 10, 15, 20, tzinfo=KST),
        # The second legs go on; a spread ends with its first.
        "D7561201": datetime(2026, 12, 21, 11, 30, tzinfo=KST),
        "D0161203": datetime(2026, 12, 10, 15, 20, tzinfo=KST),
    }
    assert {code: listed[code].last_moment for code in ends} == ends
