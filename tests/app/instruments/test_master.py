"""The code master: contracts from the lines of its five files, unreadable lines skipped."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.instruments.contracts import display_name
from app.instruments.master import Master
from app.instruments.master_file import (
    COMMODITY,
    INDEX,
    NIGHT_FUTURES,
    NIGHT_OPTIONS,
    STOCK,
    MasterFile,
)
from app.instruments.master_lines import (
    COMMODITY_RECORD,
    WIDEST,
    code_in_record,
    isin_holds,
    read_line,
    read_record,
)
from specs.codes import UnderlyingKind

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "data" / "master.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
KINDS = {
    "index": INDEX,
    "stock": STOCK,
    "commodity": COMMODITY,
    "night_futures": NIGHT_FUTURES,
    "night_options": NIGHT_OPTIONS,
}
LINES = {name: [line for kind, line in ROWS if kind == of] for of, name in KINDS.items()}


def encoded(lines: list[str], end: str = "\r\n") -> bytes:
    return "".join(f"{line}{end}" for line in lines).encode("cp949")


def whole(name: str) -> MasterFile:
    return MasterFile.from_bytes(name, encoded(LINES[name]))


def record(**fields: tuple[int, str]) -> bytes:
    """A record of fixed width with these texts at these places."""
    made = bytearray(b" " * WIDEST)
    for at, text in fields.values():
        made[at : at + len(text.encode("cp949"))] = text.encode("cp949")
    return bytes(made)


@pytest.mark.parametrize(
    ("code", "name", "strike"),
    [
        ("A01612", "F 202612", None),
        ("B01610A48", "C 202610 1,120.0", 1120.0),
        ("C01610745", "P 202610 745.0", 745.0),
        ("B09FEWA49", "위클리C 2609W4 1,120.0", 1120.0),
        ("BAFBZWA49", "위클리M C 2609W4 1,120.0", 1120.0),
        ("A06609", "코스닥150F 202609", None),
        ("A11607", "삼성전자 F 202607", None),
    ],
)
def test_a_line_tells_name_and_strike(code: str, name: str, strike: float | None) -> None:
    found = Master.from_lines(LINES[INDEX], LINES[STOCK])
    contract = found.contract(code)
    assert contract is not None
    assert display_name(contract.name) == name
    assert contract.strike == strike


def test_a_code_that_no_master_knows_has_no_name() -> None:
    assert Master().contract("A01612") is None
    assert display_name("") == ""


def test_malformed_lines_are_counted_and_passed_over() -> None:
    bad = ["", "1|A01612", "x" * 1000, "1||KR|F| |0|1|2001|K", "1|a01612|KR|F| |0|1|2001|K"]
    found = Master.from_lines(LINES[INDEX], bad)
    assert (found.count, found.bad_lines) == (len(LINES[INDEX]), 4)


def test_products_that_are_not_known_yet_are_read_all_the_same() -> None:
    contract = read_line("Z|BZZ612A18|KR4|새상품 C 202612 1,000.0|1|x| |9999|새것|더|있음")
    assert contract is not None
    assert (contract.product, contract.strike) == ("Z", None)


def test_what_a_name_hides_reaches_no_terminal() -> None:
    contract = read_line("1|A01612|KR\x1b|F\x1b]0;x\x07 \u202e2026| |0|1|2001|\x9b2J")
    assert contract is not None
    assert all(text.isprintable() for text in (contract.name, contract.isin, contract.underlying))


@given(st.text(st.sampled_from("1AB|0.5 가\t\x1b\n"), max_size=80))
def test_a_line_of_any_kind_is_read_or_passed_over(line: str) -> None:
    contract = read_line(line)
    assert contract is None or contract.name.isprintable()


def test_a_night_future_is_read_by_its_bytes() -> None:
    [line] = LINES[NIGHT_FUTURES]
    contract = read_record(line.encode("cp949"))
    assert contract == read_line("1|A01612|KR4A016C0004|F 202612||00000.00|1|2001|KOSPI200")


def test_a_night_option_is_read_by_its_bytes() -> None:
    [line] = LINES[NIGHT_OPTIONS]
    contract = read_record(line.encode("cp949"))
    assert contract == read_line("5|B01610745|KR4B016A7454|C 202610 745.0|2|745.00||2001|KOSPI200")


def test_korean_in_a_record_does_not_shift_what_follows() -> None:
    contract = read_record(
        record(
            code=(0, "LB09FEWA49"),
            isin=(10, "KR4B09FEA490"),
            name=(22, "위클리C 2609W4 1,120.0"),
            atm=(62, "3"),
            strike=(63, "01120.00"),
            under=(72, "2001"),
            of=(81, "코스피200"),
        )
    )
    assert contract is not None
    assert (contract.name, contract.strike) == ("위클리C 2609W4 1,120.0", 1120.0)
    assert (contract.moneyness, contract.underlying) == ("3", "코스피200")


@pytest.mark.parametrize("end", ["\r\n", "\n", ""])
def test_records_come_with_line_ends_or_without(end: str) -> None:
    found = MasterFile.from_bytes(NIGHT_OPTIONS, encoded(LINES[NIGHT_OPTIONS] * 3, end))
    assert (list(found), found.bad_lines) == (["B01610745"], 0)


def test_blanks_at_the_end_of_a_record_may_be_missing() -> None:
    [line] = LINES[NIGHT_FUTURES]
    for kept in (line.rstrip(), line[:81].rstrip(), line[:71]):
        contract = read_record(kept.encode("cp949"))
        assert contract is not None
        assert contract.name == "F 202612"
    assert read_record(line[:60].encode("cp949")) is None


def test_the_day_tells_a_contract_and_the_night_that_it_trades_then() -> None:
    night = MasterFile.from_bytes(NIGHT_OPTIONS, LINES[NIGHT_OPTIONS][0].encode("cp949"))
    day = MasterFile.from_lines(INDEX, ["5|B01610745|KR4B016A7454|DAY|2|00745.00| |2001|KOSPI200"])
    master = Master([night, day])
    contract = master.contract("B01610745")
    assert contract is not None
    assert contract.name == "DAY"
    assert master.at_night("B01610745")
    assert [c.name for c in master.contracts()] == ["DAY"]
    assert master.count == 1


@pytest.mark.parametrize("name", LINES)
def test_the_check_digits_of_the_examples_hold(name: str) -> None:
    assert whole(name).report().bad_digits == ()


def test_a_wrong_check_digit_is_named_and_its_line_kept() -> None:
    lines = [re.sub("KR4A016C0004", "KR4A016C0005", line) for line in LINES[INDEX]]
    file = MasterFile.from_bytes(INDEX, encoded(lines), date(2026, 9, 23))
    report = file.report()
    assert (report.bad_digits, report.contracts, report.bad_lines) == (("A01612",), len(lines), 0)
    assert file.contract("A01612") is not None


@pytest.mark.parametrize(
    "isin", ["", "KR4A016C000", "kr4A016C0004", "KR4A016C000X", "KR4A016C0003"]
)
def test_what_is_no_standard_code_does_not_hold(isin: str) -> None:
    assert not isin_holds(isin)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_passed_over(content: bytes) -> None:
    for name in LINES:
        file = MasterFile.from_bytes(name, content)
        assert file.report().contracts == len(file)
    contract = read_record(content)
    assert contract is None or contract.name.isprintable()


@given(st.integers(0, WIDEST - 1), st.binary(min_size=1, max_size=4))
def test_a_record_with_any_bytes_changed_is_read_or_passed_over(at: int, noise: bytes) -> None:
    line = LINES[NIGHT_OPTIONS][0].encode("cp949")
    changed = line[:at] + noise + line[at + len(noise) :]
    contract = read_record(changed)
    assert contract is None or (contract.name + contract.underlying).isprintable()
    assert MasterFile.from_bytes(NIGHT_OPTIONS, changed).bad_lines <= len(noise) + 1


ISIN = "KR4A756C0008"
USD, KTB, *_ = (line.encode("cp949") for line in LINES[COMMODITY])


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b""])
def test_commodity_records_are_read_by_bytes(end: bytes) -> None:
    file = MasterFile.from_bytes(COMMODITY, USD + end + KTB + end)
    assert (list(file), file.bad_lines) == (["A75612", "A65612"], 0)
    usd = file.contract("A75612")
    assert usd is not None
    assert (usd.isin, usd.name) == (ISIN, "미국달러 F 202612")
    assert isin_holds(usd.isin)
    assert (usd.product, usd.strike, usd.month_class) == ("21", None, "1")
    assert (usd.underlying_code, usd.underlying) == ("USD", "미국달러")
    assert file.market is UnderlyingKind.COMMODITY
    assert not file.is_night


def test_a_commodity_code_is_read_without_the_kind_before_it() -> None:
    """Read as a night record, it would be 1A75612: the type digit glued on."""
    assert code_in_record(USD) == "A75612"
    assert len(USD) == COMMODITY_RECORD.width
