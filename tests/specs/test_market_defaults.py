"""What the structs of the market hold before anything is known."""

from math import inf, nan

import pytest
from msgspec import Struct
from msgspec.structs import astuple

from specs.codes import CodeFacts
from specs.market.holding import Exposure, Holding, ScenarioGrid, Subtotal
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker

CONTRACT = Instrument("A01612")
FACTS = CodeFacts("A01612", None, "01", None, None, weekly=False, strike=None)


@pytest.mark.parametrize(
    ("one", "fields"),
    [
        (CONTRACT, ("A01612", "", None, None, nan, None, "", "", nan, False, False, "", "")),
        (FACTS, ("A01612", None, "01", None, None, False, None, False)),
        (TheoreticalValues(), (*[nan] * 9, False, False, False, False, "")),
        (
            Ticker(CONTRACT),
            (CONTRACT, None, -inf, None, -inf, None, -inf, None, "auto", None, "", 0.0, None, None),
        ),
        (Exposure(), (nan,) * 6),
        (
            Holding(CONTRACT, "index", 1, 2.0),
            (CONTRACT, "index", 1, 2.0, nan, "", nan, False, None, Exposure(), "", False),
        ),
        (Subtotal("", None, 0, Exposure()), ("", None, 0, Exposure(), (), 0)),
        (ScenarioGrid(), ("", (), (), (), 0, (), 0)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_struct_without_values_holds_none(one: Struct, fields: tuple[object, ...]) -> None:
    # By their texts, as nan is not equal to itself.
    assert repr(astuple(one)) == repr(fields)
