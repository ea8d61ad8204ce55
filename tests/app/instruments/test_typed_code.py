"""A code is read alike wherever codes are typed, pasted or kept in a file."""

from datetime import date

import pytest

from app.cli.run_setup import read_codes as read_arguments
from app.instruments.code_lookup import read_code
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.instruments.search import Search
from app.instruments.typed_parts import TypedPart, read_parts
from app.storage.layouts import read as read_layout
from app.system.errors import UsageError
from specs.code_input import code_of

SPELLINGS = [
    ("a01612", "A01612"),
    (" Ａ01612 ", "A01612"),
    # ISINs of the code master; one with another check digit is read by its shape.
    ("KR4A016C0004", "A01612"),
    ("kr4a016c0006", "A01612"),
    ("KR4B016CA342", "B01612A34"),
    ("KR4B09FEA490", "B09FEWA49"),
    # The type in a fixed-width master: one character, of commodities two digits.
    ("1A01612", "A01612"),
    ("LB09FEWA49", "B09FEWA49"),
    ("21A75612", "A75612"),
    # A code whose own beginning looks like a type.
    ("BAFC7WA34", "BAFC7WA34"),
    ("CAKC7W060", "CAKC7W060"),
]


@pytest.mark.parametrize(("typed", "code"), SPELLINGS)
def test_code_is_read_from_every_spelling(typed: str, code: str) -> None:
    assert code_of(typed) == code
    assert read_code(typed) == code


@pytest.mark.parametrize(("typed", "code"), SPELLINGS)
def test_command_line_dialog_and_layout_read_the_same_code(typed: str, code: str) -> None:
    assert read_arguments((f"{typed},,{code}",)) == (code,)
    assert read_parts(typed) == [TypedPart((code,), "")]
    content = f'codes = ["{typed}", "{code}"]\n[names]\n"{typed}" = "F"\n'.encode()
    layout = read_layout(content, "night.toml")
    assert (layout.codes, layout.names) == ([code], {code: "F"})


@pytest.mark.parametrize("typed", ["", "kospi", "KR7005930003", "99A01612", "A0161", "ZZB01612A34"])
def test_text_that_is_no_code_is_refused(typed: str) -> None:
    assert code_of(typed) is None
    with pytest.raises(UsageError):
        read_code(typed)


def test_isin_with_another_check_digit_is_found_by_the_search() -> None:
    line = "1|A01612|KR4A016C0004|F 202612| |0.00|1|2001|KOSPI200"
    search = Search(Contracts(Master.from_lines([line], [])))
    found = search.find("KR4A016C0006", today=date(2026, 11, 20))
    assert [hit.instrument.code for hit in found] == ["A01612"]
