"""Positions, their files, and what they come to: exposures in won, sums, scenarios."""
