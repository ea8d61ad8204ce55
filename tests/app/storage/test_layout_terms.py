"""Strikes, series and expiries in layouts: read back as they were, or left out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.layouts import Layout, read, write
from specs.market.instrument import KeptTerms

CODES = ["A01612", "B01612A18", "BAFBLWA41", "D1160701"]

terms = st.builds(
    KeptTerms,
    strike=st.none() | st.floats(0.5, 1e7),
    series=st.sampled_from(["", "202612", "위클리M 2702W2"]),
    expiry=st.none() | st.dates(),
)


@given(st.dictionaries(st.sampled_from(CODES), terms))
def test_terms_of_codes_are_read_back_as_they_were(kept: dict[str, KeptTerms]) -> None:
    layout = Layout(codes=CODES, terms=kept)
    assert read(write(layout), "here") == layout


@pytest.mark.parametrize(
    "value", ["5", '{strike = "x"}', "{strike = nan}", "{strike = -1.0}", '{expiry = "moon"}',
              "{series = 5}", '{series = "' + "x" * 61 + '"}'],
)  # fmt: skip
def test_terms_that_will_not_do_are_left_out_and_the_layout_opens(value: str) -> None:
    text = f"""codes = ["A01612", "B01612A18"]
[terms]
A01612 = {value}
A01703 = {{strike = 5.0}}
B01612A18 = {{strike = 1120.0, expiry = 2026-12-10}}
"""
    found = read(text.encode(), "here")
    assert found.codes == ["A01612", "B01612A18"]
    assert found.terms == {"B01612A18": KeptTerms(1120.0, expiry=date(2026, 12, 10))}


def test_terms_stand_under_the_short_code_of_an_isin() -> None:
    text = 'codes = ["KR4A016C0004"]\n[terms]\nKR4A016C0004 = {series = "202612"}\n'
    layout = read(text.encode(), "here")
    assert (layout.codes, layout.terms) == (["A01612"], {"A01612": KeptTerms(series="202612")})
