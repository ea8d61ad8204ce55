"""Price, greeks and implied volatility against QuantLib: 10,000 random contracts, to 1e-6.

Away from the limits: within four deviations of the strike, from an hour to three years to expiry.
Further out QuantLib's own normal distribution loses digits; `test_limits` goes there.
"""

import importlib
import random
import warnings
from collections.abc import Iterator
from math import exp, log, sqrt
from typing import Any, NamedTuple

import pytest

from app.pricing.black76 import Greeks, greeks, implied_volatility, price
from app.pricing.black_scholes import on_spot

CONTRACTS = 10_000
EXACT = 1e-6
HOUR = 1 / (365 * 24)


class Contract(NamedTuple):
    """`forward` grows from `spot` at the rate less a yield."""

    call: bool
    spot: float
    forward: float
    strike: float
    years: float
    volatility: float
    rate: float

    @property
    def about(self) -> tuple[bool, float, float, float, float, float]:
        return self.call, self.forward, self.strike, self.years, self.volatility, self.rate


def contracts() -> Iterator[Contract]:
    """Index and stock levels, spread evenly over the logarithms of time and volatility."""
    draw = random.Random(20261121)
    for _ in range(CONTRACTS):
        years = exp(draw.uniform(log(HOUR), log(3.0)))
        volatility = exp(draw.uniform(log(0.03), log(2.0)))
        rate, carry = draw.uniform(-0.01, 0.08), draw.uniform(-0.05, 0.08)
        spot = exp(draw.uniform(log(100.0), log(1_000_000.0)))
        forward = spot * exp(carry * years)
        strike = forward * exp(draw.uniform(-4, 4) * volatility * sqrt(years))
        call = draw.random() < 0.5
        yield Contract(call, spot, forward, strike, years, volatility, rate)


@pytest.fixture(scope="module")
def quantlib() -> Any:
    with warnings.catch_warnings():
        # Its generated classes have no module, of which newer Pythons warn.
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module("QuantLib")


def calculator(quantlib: Any, contract: Contract) -> Any:
    kind = quantlib.Option.Call if contract.call else quantlib.Option.Put
    return quantlib.BlackCalculator(
        quantlib.PlainVanillaPayoff(kind, contract.strike),
        contract.forward,
        contract.volatility * sqrt(contract.years),
        exp(-contract.rate * contract.years),
    )


def differing(mine: Greeks, theirs: Greeks) -> list[str]:
    """The values that are further apart than they may be."""
    return [
        f"{name}: {ours} is not {known}"
        for name in Greeks.__struct_fields__
        if not abs((ours := getattr(mine, name)) - (known := getattr(theirs, name)))
        <= EXACT * abs(known)
    ]


def test_black_76_is_what_quantlib_says(quantlib: Any) -> None:
    found = []
    for contract in contracts():
        known, years, future = calculator(quantlib, contract), contract.years, contract.forward
        theirs = Greeks(
            known.value(),
            known.deltaForward(),
            known.gammaForward(),
            known.vega(years) / 100,
            # On a future the spot is the forward, and a rate moves its yield along.
            known.theta(future, years) / 365,
            (known.rho(years) + known.dividendRho(years)) / 100,
        )
        wrong = differing(greeks(*contract.about), theirs)
        found += [f"{contract} {text}" for text in wrong]
        assert price(*contract.about) == pytest.approx(theirs.price, rel=EXACT)
    assert found == []


def test_black_scholes_on_a_spot_is_what_quantlib_says(quantlib: Any) -> None:
    found = []
    for contract in contracts():
        known, years, spot = calculator(quantlib, contract), contract.years, contract.spot
        theirs = Greeks(
            known.value(),
            known.delta(spot),
            known.gamma(spot),
            known.vega(years) / 100,
            known.theta(spot, years) / 365,
            known.rho(years) / 100,
        )
        growth = contract.forward / spot
        mine = on_spot(greeks(*contract.about), contract.forward, years, growth)
        found += [f"{contract} {text}" for text in differing(mine, theirs)]
    assert found == []


def test_a_price_of_quantlib_implies_the_volatility_it_was_made_with(quantlib: Any) -> None:
    found, looked = [], 0
    for contract in contracts():
        known = calculator(quantlib, contract)
        value = known.value()
        # A volatility is only as precise as the last digit of the price.
        if known.vega(contract.years) * contract.volatility * EXACT < 1e-15 * value:
            continue
        looked += 1
        call, forward, strike, years, volatility, rate = contract.about
        implied = implied_volatility(call, forward, strike, years, value, rate)
        if not abs(implied - volatility) <= EXACT * volatility:
            found.append(f"{contract}: {implied}")
    assert found == []
    assert looked > 0.9 * CONTRACTS
