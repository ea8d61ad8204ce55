"""Reasons for missing values, in texts that fit their cells."""

import pytest
from rich.cells import cell_len

from specs.market.theoretical import TheoreticalValues
from widgets import greeks_detail
from widgets.texts import LANGUAGES, catalogue

WHYS = (
    "no_future", "no_strike", "no_expiry", "expired", "no_quote", "below_intrinsic", "above_bound",
)  # fmt: skip


@pytest.mark.parametrize("why", WHYS)
def test_a_reason_fits_a_cells_place_and_is_said_in_full(why: str) -> None:
    own = TheoreticalValues(why=why)
    brief, whole = catalogue()["theory"][why], catalogue()["theory"][f"why_{why}"]
    assert greeks_detail.short_reason(own) in brief.values()
    assert greeks_detail.full_reason(own) in whole.values()
    for language in LANGUAGES:
        assert cell_len(brief[language]) <= 12
        assert whole[language].endswith(".")


def test_values_have_no_reason() -> None:
    assert greeks_detail.short_reason(TheoreticalValues(price=1.0)) == ""
    assert greeks_detail.full_reason(TheoreticalValues(price=1.0)) == ""
