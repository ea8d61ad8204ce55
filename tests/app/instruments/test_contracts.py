"""Contract facts from the master and from the code; unknown ones are not guessed."""

from datetime import date, datetime
from math import isnan, nan
from pathlib import Path

import pytest

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.instruments.master_file import NIGHT_FUTURES, NIGHT_OPTIONS, MasterFile
from app.krx.products import tick_size, tick_steps
from app.system.clock import KST
from specs.codes import Family
from specs.market.instrument import KeptTerms

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "data" / "master.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
INDEX = [line for kind, line in ROWS if kind == "index"]
STOCK = [line for kind, line in ROWS if kind == "stock"]
CONTRACTS = Contracts(Master.from_lines(INDEX, STOCK))
BARE = Contracts(Master())


@pytest.mark.parametrize(
    ("code", "product", "multiplier", "night", "expiry"),
    [
        ("A01612", "01", 250_000, True, date(2026, 12, 10)),
        ("A05610", "05", 50_000, True, date(2026, 10, 8)),
        ("A06609", "06", 10_000, True, date(2026, 9, 10)),
        ("B01610A48", "01", 250_000, True, date(2026, 10, 8)),
        ("B09FFWA49", "09", 250_000, True, date(2026, 10, 1)),
        ("BAFBZWA49", "AF", 250_000, True, date(2026, 9, 28)),
        ("A11607", "11", 10, False, date(2026, 7, 9)),
    ],
)
def test_what_is_known_of_a_listed_contract(
    code: str, product: str, multiplier: float, night: bool, expiry: date
) -> None:
    found = CONTRACTS.instrument(code)
    assert (found.product, found.multiplier, found.night) == (product, multiplier, night)
    assert found.expiry == expiry
    assert found.listed
    assert found.underlying in ("KOSPI200", "KSQ150", "삼성전자")


def test_what_only_a_master_knows_is_not_guessed_without_one() -> None:
    for code in ("B01610A48", "B06610083", "B11610001"):
        assert isnan(BARE.instrument(code).strike), code
    weekly = BARE.instrument("B09FFWA49")
    assert weekly.expiry is None
    assert not weekly.listed
    assert isnan(BARE.instrument("A11607").multiplier)
    assert BARE.instrument("C01610745").strike == 745.0


def test_the_shares_of_an_adjusted_contract_are_those_of_its_name() -> None:
    line = "1|A11607|KR4A11670002|삼성전자 F 202607 (9.87)| |00000.00|1|005930|삼성전자"
    found = Contracts(Master.from_lines([], [line])).instrument("A11607")
    assert found.multiplier == 9.87
    assert found.name.endswith("(9.87)")


def test_a_text_that_is_no_code_is_kept_as_it_is() -> None:
    assert BARE.instrument("???").code == "???"


def test_the_files_that_are_missing_are_named() -> None:
    assert Contracts(Master(missing=(NIGHT_OPTIONS,))).missing == (NIGHT_OPTIONS,)


def test_what_the_night_file_lists_trades_at_night_whatever_its_product() -> None:
    line = "5BZZ610745KR4BZZ6A7450" + " " * 41 + "00745.00 9999     NEW"
    master = Master([MasterFile.from_bytes(NIGHT_OPTIONS, line.encode("cp949"))])
    assert Contracts(master).instrument("BZZ610745").night


@pytest.mark.parametrize(
    ("code", "price", "tick"),
    [
        ("A01612", 1080.0, 0.05),
        ("A05610", 1080.0, 0.02),
        ("A06609", 1500.0, 0.1),
        ("A01612", nan, 0.05),
        ("B01610A48", 9.99, 0.01),
        ("B01610A48", 10.0, 0.05),
        ("BAFBZWA49", 3.0, 0.01),
        ("B05610A48", 2.99, 0.01),
        ("B05610A48", 3.0, 0.02),
        ("B05610A48", 10.0, 0.05),
        ("B06610001", 49.9, 0.1),
        ("B06610001", 50.0, 0.5),
        ("A11607", 1_999, 1),
        ("A11607", 2_000, 5),
        ("A11607", 162_300, 100),
        ("A11607", 200_000, 500),
        ("A11607", 500_000, 1_000),
        ("B01610A48", nan, nan),
        ("B11610001", 5_000, nan),
        ("A04610", 20.0, 0.05),
        ("A08612", 2_222.0, 0.2),
        ("D0161203", -0.35, 0.05),
        ("D0161203", nan, 0.05),
        ("D1160708", 100.0, nan),
        ("A75612", 1_391.2, 0.1),
        ("A65612", 105.32, 0.01),
        ("A67612", 112.4, 0.01),
        ("A66612", 108.0, 0.01),
        ("A76612", 950.0, 0.1),
        ("A77612", 1_600.0, 0.1),
        ("A78612", 192.0, 0.01),
        ("A99612", 100.0, nan),
    ],
)
def test_the_tick_of_a_price(code: str, price: float, tick: float) -> None:
    assert tick_size(CONTRACTS.instrument(code), price) == pytest.approx(tick, nan_ok=True)


def test_ticks_that_nobody_documents_are_none() -> None:
    assert tick_steps(CONTRACTS.instrument("B11610001")) == ()


@pytest.mark.parametrize(
    ("code", "successor"),
    [
        ("A01609", "A01612"),
        ("A01612", "A01703"),
        ("A05610", "A05611"),
        ("A01706", None),
        ("B01610A48", "B01611A48"),
        ("B01610A51", None),
        ("B09FEWA49", "B09FFWA49"),
        ("A11607", "A11608"),
        ("C01610745", None),
        ("D1160708", None),
        ("???", None),
    ],
)
def test_the_successor_is_the_same_at_the_next_expiry(code: str, successor: str | None) -> None:
    assert CONTRACTS.successor(code, date(2026, 7, 1)) == successor


def test_a_successor_has_not_expired_itself() -> None:
    assert CONTRACTS.successor("A01609", date(2026, 12, 11)) == "A01703"


def test_a_contract_expires_with_its_last_trading_moment() -> None:
    last = datetime(2026, 10, 8, 15, 19, 59, tzinfo=KST)
    assert not CONTRACTS.expired("A05610", last)
    assert CONTRACTS.expired("A05610", last.replace(minute=20, second=0))
    assert not BARE.expired("B09FFWA49", last)


def test_on_the_day_of_the_university_entrance_exam_a_contract_expires_an_hour_later() -> None:
    contracts = Contracts(Master.from_lines([], []))
    contracts.remember({"B09FLWA48": "위클리C 2611W3 1,120.0"})
    last = datetime(2026, 11, 19, 16, 19, 59, tzinfo=KST)
    assert not contracts.expired("B09FLWA48", last)
    assert contracts.expired("B09FLWA48", last.replace(minute=20, second=0))


@pytest.mark.parametrize(
    ("code", "name", "strike", "expiry", "following", "successor"),
    [
        ("B01612A48", "C 202612 1,120.0", 1120.0, date(2026, 12, 10),
         "5|B01701A44|KR4B01710005|C 202701 1,120.0|3|01120.00| |2001|KOSPI200", "B01701A44"),
        ("B09FEWA48", "위클리C 2609W4 1,120.0", 1120.0, date(2026, 9, 23),
         "L|B09FFWA49|KR4B09FFA497|위클리C 2610W1 1,120.0|3|01120.00| |2001|KOSPI200", "B09FFWA49"),
        ("B11610007", "삼성전자 C 202610 160,000", 160_000.0, date(2026, 10, 8),
         "5|B11611003|KR4B11611003|삼성전자 C 202611 160,000 (  10)|3|160000.0| |005930|삼성전자",
         "B11611003"),
        ("B06610083", "코스닥150C 202610 1,275", 1275.0, date(2026, 10, 8),
         "5|B06611080|KR4B06611080|코스닥150C 202611 1,275|3|01275.00| |3003|KSQ150", "B06611080"),
    ],
)  # fmt: skip
def test_a_contract_that_the_master_dropped_is_followed_by_its_remembered_name(
    code: str, name: str, strike: float, expiry: date, following: str, successor: str
) -> None:
    contracts = Contracts(Master.from_lines([following]))
    assert contracts.successor(code, date(2026, 7, 1)) is None
    contracts.remember({code: name})
    found = contracts.instrument(code)
    assert (found.name, found.strike, found.expiry) == (name, strike, expiry)
    assert not found.listed
    assert contracts.successor(code, date(2026, 7, 1)) == successor
    assert contracts.names([code, "A01709"]) == {code: name}


def test_terms_that_were_kept_follow_a_contract_whose_name_is_lost() -> None:
    lines = [
        "L|B09FEWA48|KR4B09FEA480|위클리C 2609W4 1,120.0|3|01120.00| |2001|KOSPI200",
        "5|B11610007|KR4B11610007|삼성전자 C 202610 160,000(  10)|3|160000.0| |005930|삼성전자",
    ]
    kept = Contracts(Master.from_lines(lines)).terms(["B09FEWA48", "B11610007", "???"])
    assert kept == {
        "B09FEWA48": KeptTerms(1120.0, "위클리 2609W4", date(2026, 9, 23)),
        "B11610007": KeptTerms(160_000.0, "202610", date(2026, 10, 8)),
    }
    following = [
        "L|B09FFWA49|KR4B09FFA497|위클리C 2610W1 1,120.0|3|01120.00| |2001|KOSPI200",
        "5|B11611003|KR4B11611003|삼성전자 C 202611 160,000(  10)|3|160000.0| |005930|삼성전자",
    ]
    after = Contracts(Master.from_lines(following))
    after.remember({}, kept)
    assert after.successor("B09FEWA48", date(2026, 9, 28)) == "B09FFWA49"
    assert after.successor("B11610007", date(2026, 10, 12)) == "B11611003"
    assert after.expired("B09FEWA48", datetime(2026, 9, 24, 9, tzinfo=KST))
    assert after.terms(kept) == kept


def test_a_stated_expiry_is_among_the_terms_that_are_kept() -> None:
    contracts, day = Contracts(Master.from_lines(INDEX, STOCK)), date(2026, 12, 11)
    contracts.state_expiry("A01612", day)
    after = Contracts(Master())
    after.remember({}, contracts.terms(["A01612"]))
    assert after.instrument("A01612").expiry == day


def test_the_master_goes_before_kept_terms() -> None:
    contracts = Contracts(Master.from_lines(INDEX, STOCK))
    contracts.remember({}, {"B01610A48": KeptTerms(5.0, "203001", date(2030, 1, 2))})
    found = contracts.instrument("B01610A48")
    assert (found.strike, found.series, found.expiry) == (1120.0, "202610", date(2026, 10, 8))


def test_what_a_master_lists_is_not_told_by_a_remembered_name() -> None:
    contracts = Contracts(CONTRACTS.master)
    contracts.remember({"B01610A48": "C 202610 9,999.0"})
    assert contracts.instrument("B01610A48") == CONTRACTS.instrument("B01610A48")


@pytest.mark.parametrize("name", ["", " ", "C 202612", "C 202612 x", "C 202612 1,12", "\x1b[2J"])
def test_a_remembered_name_without_a_strike_tells_none(name: str) -> None:
    contracts = Contracts(Master())
    contracts.remember({"B01612A48": name})
    found = contracts.instrument("B01612A48")
    assert isnan(found.strike)
    assert found.name.isprintable()


@pytest.mark.parametrize(
    ("code", "won"),
    [
        # kis-protocol, section 7: ticks and multipliers.
        ("A08612", 50_000), ("A04612", 250_000), ("A75612", 10_000), ("A65612", 1_000_000),
        ("A67612", 1_000_000), ("B05612A18", 50_000), ("A06612", 10_000), ("B06612083", 10_000),
    ],
)  # fmt: skip
def test_multiplier_follows_from_the_product(code: str, won: float) -> None:
    assert BARE.instrument(code).multiplier == won


@pytest.mark.parametrize(
    ("line", "code", "won", "tick"),
    [
        ("9|AA9612|KR4AA96C0008|코리아 밸류업 F 202612| |00000.00|1|5700|코리아 밸류업",
         "AA9612", 10_000, 0.2),
        ("9|AB9612|KR4AB96C0007|코스닥 글로벌 F 202612| |00000.00|1|3204|코스닥 글로벌",
         "AB9612", 10_000, 0.1),
    ],
)  # fmt: skip
def test_multiplier_and_tick_follow_from_the_name_of_an_index(
    line: str, code: str, won: float, tick: float
) -> None:
    found = Contracts(Master.from_lines([line])).instrument(code)
    assert (found.multiplier, tick_size(found, 1_000.0)) == (won, tick)


def test_family_comes_from_the_master_file_that_lists_a_code() -> None:
    master = Master.from_lines(
        [
            "9|AZZ612|KR4AZZ6C0001|새섹터 F 202612| |00000.00|1|9001|새지수",
            "Z|BZZ612001|KR4BZZ6C0017|새상품 C 202612 100.0| |00100.00| |9001|새지수",
        ],
        ["1|AB2612|KR4AB26C0001|새주식 F 202612 (  10)| |00000.00|1|0126Z0|새주식"],
        ["31|A99612|KR4A996C0001|금 F 202612| |00000.00|1|GLD|금"],
    )
    contracts = Contracts(master)
    families = {code: contracts.instrument(code).family for code in ("AZZ612", "BZZ612001")}
    assert families == {"AZZ612": Family.INDEX_FUTURES, "BZZ612001": Family.INDEX_OPTION}
    assert contracts.instrument("AB2612").family is Family.STOCK_FUTURES
    gold = contracts.instrument("A99612")
    assert gold.family is Family.COMMODITY_FUTURES
    assert (gold.multiplier, tick_size(gold, 190_000.0)) == (100, 10)
    sector = contracts.instrument("AZZ612")
    assert tick_steps(sector) == ()
    assert isnan(sector.multiplier)
    assert sector.expiry == date(2026, 12, 10)


def test_family_of_an_unknown_product_is_none_without_a_master() -> None:
    for code in ("A99612", "AB2612", "B99612083", "D9961203"):
        found = BARE.instrument(code)
        assert (found.family, found.night) == (None, False), code


def test_family_of_a_code_of_the_night_files_alone_is_an_index_or_a_commodity() -> None:
    line = "1A75612   KR4A756C0008" + "미국달러 F 202612".ljust(37) + "00000.0012001     USD"
    other = "1AZZ612   KR4AZZ6C0006" + "새지수 F 202612".ljust(38) + "00000.0012001     NEW"
    content = f"{line}\n{other}\n".encode("cp949")
    contracts = Contracts(Master([MasterFile.from_bytes(NIGHT_FUTURES, content)]))
    assert contracts.instrument("A75612").family is Family.COMMODITY_FUTURES
    assert contracts.instrument("AZZ612").family is Family.INDEX_FUTURES
    assert contracts.instrument("AZZ612").night
