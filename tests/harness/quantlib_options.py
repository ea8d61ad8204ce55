"""European options on a spot price in QuantLib, by the conventions of KIS."""

import QuantLib as ql

CD91 = 0.0355


def spot_option(
    spot: float, strike: float, days: int, volatility: float, call: bool
) -> ql.VanillaOption:
    """Return a European option of so many whole days over 365, without dividends."""
    today = ql.Date(1, 6, 2026)
    ql.Settings.instance().evaluationDate = today
    count, calendar = ql.Actual365Fixed(), ql.NullCalendar()
    process = ql.BlackScholesProcess(
        ql.QuoteHandle(ql.SimpleQuote(spot)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, CD91, count)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, calendar, volatility, count)),
    )
    option = ql.VanillaOption(
        ql.PlainVanillaPayoff(ql.Option.Call if call else ql.Option.Put, strike),
        ql.EuropeanExercise(today + days),
    )
    option.setPricingEngine(ql.AnalyticEuropeanEngine(process))
    return option
