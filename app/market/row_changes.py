"""The rows that parts of the market changed: errors contained, and each row once."""

from collections.abc import Callable, Sequence
from typing import ParamSpec

from specs.item_errors import report_item_error
from specs.market.ticker import Ticker

P = ParamSpec("P")


def contained(action: Callable[P, list[Ticker]], *args: P.args, **kwargs: P.kwargs) -> list[Ticker]:
    """Return the rows that an action changed, or none after an item error."""
    try:
        return action(*args, **kwargs)
    except Exception as error:
        report_item_error(error)
        return []


def newest(*changes: Sequence[Ticker]) -> list[Ticker]:
    """Return each changed row once, as the last change left it."""
    return list({row.code: row for rows in changes for row in rows}.values())
