"""A position as a table of a TOML file."""

from typing import Any

from app.instruments.code_lookup import read_code
from app.portfolio.positions import HIGHEST_PRICE, Position, check_average, check_quantity
from app.system.errors import UsageError
from specs.clean import clean
from specs.user_message import MessageList, UserMessage


def read_position(table: Any) -> Position:
    """Return the position of a table with ``code``, ``quantity`` and ``average``.

    Raises:
        UsageError: what is missing or invalid.
    """
    if not isinstance(table, dict):
        raise UsageError("positions.no_tables")
    missing = [
        UserMessage(f"positions.{name}") for name in Position.__struct_fields__ if name not in table
    ]
    if missing:
        raise UsageError("positions.no_value", names=MessageList(missing, ", "))
    code, quantity, average = (table[name] for name in Position.__struct_fields__)
    if not isinstance(code, str):
        raise UsageError("layouts.no_code", code=_said(code))
    # A truth value is a whole number to Python.
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        raise UsageError("positions.bad_quantity", text=_said(quantity))
    number = isinstance(average, (int, float)) and not isinstance(average, bool)
    if not number or abs(average) > HIGHEST_PRICE:
        raise UsageError("positions.bad_average", text=_said(average))
    code = read_code(code)
    return Position(
        code,
        check_quantity(quantity, _said(quantity)),
        check_average(average, code, _said(average)),
    )


def _said(value: Any) -> str | UserMessage:
    """A value as text; Python refuses to write out very long numbers."""
    if isinstance(value, int) and abs(value) >= 10**18:
        return UserMessage("positions.huge")
    if isinstance(value, bool):
        return str(value).lower()
    return clean(str(value), 24)
