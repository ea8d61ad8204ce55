"""Short codes and ISINs that were typed or pasted."""

import pytest

from specs.code_input import code_of, short_code


@pytest.mark.parametrize(
    ("isin", "code"),
    [
        # Digits and letters of the month: 1 to 9, A, B and C.
        ("KR4A01610005", "A01601"),
        ("KR4A01690008", "A01609"),
        ("KR4A016A0006", "A01610"),
        ("KR4A016C0004", "A01612"),
        ("KR4A016D0003", None),
        ("KR4A01600006", None),
        # The year is a digit.
        ("KR4A01BC0004", None),
        # An option has its strike, a weekly one a counter and W in place of the date.
        ("KR4B016CA342", "B01612A34"),
        ("KR4B09FEA490", "B09FEWA49"),
        ("KR4BAFC7A348", "BAFC7WA34"),
        ("KR4CAJ121505", "CAJ12W150"),
        ("KR4CAKC70606", "CAKC7W060"),
        # A share's ISIN, and texts of a wrong length.
        ("KR7005930003", None),
        ("KR4A016C000", None),
        ("KR4A016C00045", None),
        ("", None),
    ],
)
def test_the_short_code_of_an_isin(isin: str, code: str | None) -> None:
    assert short_code(isin) == code
    assert code_of(isin.lower()) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a01612", "A01612"),
        (" ａ01 612", "A01612"),
        ("1A01612", "A01612"),
        ("21A75612", "A75612"),
        ("BAFC7WA34", "BAFC7WA34"),
        ("99A01612", None),
        ("A0161", None),
        ("kospi", None),
        ("", None),
    ],
)
def test_the_code_of_what_was_typed(typed: str, code: str | None) -> None:
    assert code_of(typed) == code
