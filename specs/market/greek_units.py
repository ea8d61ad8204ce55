"""Units of the five greeks, as they are computed, shown, totalled and put into alerts.

Delta is per point of the underlying, gamma the change of delta per point, vega per percentage point
of volatility, theta per calendar day and rho per percentage point of the rate.  KIS sends its own
in the same units.  Those of stock options are shown in shares (`greeks_in_shares`).
"""

THETA_DAYS = 365.0
"""Calendar days that a year's loss of time value is divided by."""

PERCENTAGE_POINTS = 100.0
"""Percentage points in 1, by which vega and rho to a whole 1 are divided."""
