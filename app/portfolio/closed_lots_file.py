"""The closed lots in a positions file: ``[[closed]]`` tables, which programs of before ignore.

A table has ``code``, ``quantity`` (of the position, short below 0), ``average``, ``price`` and
``day``, the trade date as a TOML date.
"""

from datetime import date, datetime
from typing import Any

from app.instruments.code_lookup import read_code
from app.portfolio.closed_lots import MOST_CLOSED
from app.portfolio.positions import ClosedLot, check_average, check_quantity
from app.system.errors import UsageError
from specs.clean import clean
from specs.user_message import MessageList, UserMessage, UserText


def read_lots(tables: Any) -> tuple[tuple[ClosedLot, ...], list[UserText]]:
    """Return the valid lots of a file's tables, and what is wrong with the others."""
    if not isinstance(tables, list):
        return (), [UserMessage("closed.no_tables")]
    found: list[ClosedLot] = []
    problems: list[UserText] = []
    for number, table in enumerate(tables, 1):
        try:
            found.append(_lot(table))
        except UsageError as error:
            problems.append(MessageList([f"[[closed]] {number}: ", error.message], ""))
    if len(found) > MOST_CLOSED:
        problems.append(UserMessage("closed.too_many", most=MOST_CLOSED))
    return tuple(found[:MOST_CLOSED]), problems


def _lot(table: Any) -> ClosedLot:
    if not isinstance(table, dict):
        raise UsageError("closed.no_tables")
    names = ClosedLot.__struct_fields__
    missing = [UserMessage(f"closed.{name}") for name in names if name not in table]
    if missing:
        raise UsageError("positions.no_value", names=MessageList(missing, ", "))
    code, day = table["code"], table["day"]
    if not isinstance(code, str):
        raise UsageError("layouts.no_code", code=_said(code))
    if not isinstance(day, date) or isinstance(day, datetime):
        raise UsageError("closed.bad_day", text=_said(day))
    code = read_code(code)
    quantity, average, price = (table[name] for name in ("quantity", "average", "price"))
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise UsageError("positions.bad_quantity", text=_said(quantity))
    for value in (average, price):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UsageError("positions.bad_average", text=_said(value))
    return ClosedLot(
        code,
        check_quantity(quantity, _said(quantity)),
        check_average(average, code, _said(average)),
        check_average(price, code, _said(price)),
        day,
    )


def _said(value: Any) -> str:
    """Return a value as text; Python refuses to write out very long numbers."""
    if isinstance(value, int) and abs(value) >= 10**18:
        return f"{value.bit_length()} bit"
    return clean(str(value), 24)
