"""What a trader's positions come to: exposures in won, sums, and what they would be elsewhere."""
