"""What the structs of the market hold before anything is known."""

from math import inf, nan

import pytest
from msgspec import Struct

from specs.codes import CodeFacts
from specs.market.holding import Exposure, Holding, ScenarioGrid, Subtotal
from specs.market.instrument import Instrument
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import Ticker

CONTRACT = Instrument("A01612")
FACTS = CodeFacts("A01612", None, "01", None, None, weekly=False, strike=None)
UNKNOWN = ("delta", "futures", "gamma", "theta", "vega", "profit")


@pytest.mark.parametrize(
    ("one", "values"),
    [
        (CONTRACT, {"name": "", "family": None, "right": None, "strike": nan, "expiry": None,
                    "product": "", "underlying": "", "multiplier": nan, "listed": False,
                    "night": False, "underlying_code": "", "series": ""}),
        (FACTS, {"night": False}),
        (TheoreticalValues(), {
            **dict.fromkeys(("price", "volatility", "delta", "gamma", "vega", "theta", "rho",
                             "forward", "years"), nan),
            "carried": False, "borrowed": False, "wide": False, "seen": False, "why": ""}),
        (Ticker(CONTRACT), {"trade": None, "trade_at": -inf, "expected": None,
                            "expected_at": -inf, "book": None, "book_at": -inf,
                            "theoretical": None, "source": "auto", "scale": None, "asked_at": "",
                            "missed": 0.0, "badge": None, "note": None}),
        (Exposure(), dict.fromkeys(UNKNOWN, nan)),
        (Holding(CONTRACT, "index", 1, 2.0), {
            "price": nan, "kind": "", "age": nan, "is_wide": False, "theoretical": None,
            "exposure": Exposure(), "why": "", "is_over": False}),
        (Subtotal("", None, 0, Exposure()), {"missing": (), "unknown": 0}),
        (ScenarioGrid(), {"underlying": "", "points": (), "percents": (), "volatilities": (),
                          "hours": 0, "cells": (), "missing": 0}),
    ],
    ids=lambda one: type(one).__name__,
)  # fmt: skip
def test_a_struct_of_the_market_begins_with_nothing_known(
    one: Struct, values: dict[str, object]
) -> None:
    # By their texts, as nan is not equal to itself.
    assert {name: repr(getattr(one, name)) for name in values} == {
        name: repr(value) for name, value in values.items()
    }
