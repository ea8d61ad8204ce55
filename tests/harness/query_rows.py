"""Rows of a query of an archive."""

from typing import Any

from app.archive.query_database import QueryDatabase


def rows(archive: QueryDatabase, sql: str) -> list[tuple[Any, ...]]:
    """Return all rows of a query."""
    return [row for chunk in archive.run(sql)[1] for row in chunk]
