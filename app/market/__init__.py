"""The state of the market: rows, watchlist, auctions, and their export."""
