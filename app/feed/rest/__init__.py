"""Market data over KIS' REST API: tokens, rate limits, the price snapshot of a code."""
