"""Ended tapes as Parquet files in folders by TR and trade date, and queries of them in SQL."""
