"""The line of an alert that a cell of a board begins."""

from math import nan

import pytest

from app.alerts.alert_parser import parse_alert
from app.alerts.cell_alert import BY_COLUMN, cell_alert_text
from app.alerts.quantities import BY_NAME
from widgets import expected, greeks_panel, watchlist

OPTION, FUTURE = "B01612A34", "A01612"


@pytest.mark.parametrize(
    ("code", "column", "value", "line"),
    [
        (OPTION, "price", 24.85, f"{OPTION} price > 24.85"),
        (OPTION, "volatility", 14.812345678, f"{OPTION} iv > 14.8123"),
        (OPTION, "change", -2.35, f"{OPTION} change < -2.35"),
        (OPTION, "percent", 10.44, f"{OPTION} change% > 10.44"),
        (OPTION, "spread", 0.15, f"{OPTION} spread > 0.15"),
        (OPTION, "delta", -0.42, f"{OPTION} delta < -0.42"),
        (OPTION, "high", 26.0, f"{OPTION} high new"),
        (OPTION, "expected_price", 25.0, f"{OPTION} expected > 25"),
        (FUTURE, "volume", 18204.0, f"{FUTURE} volume > 18204"),
        (OPTION, "price", nan, f"{OPTION} price > "),
        (FUTURE, "volatility", 1.0, f"{FUTURE} "),
        (OPTION, "name", 1.0, f"{OPTION} "),
        (OPTION, "time", 1.0, f"{OPTION} "),
    ],
)
def test_a_cell_begins_the_line_of_its_quantity(
    code: str, column: str, value: float, line: str
) -> None:
    assert cell_alert_text(code, column, lambda condition: value) == line
    if line.strip() != code and not line.endswith(" "):
        assert parse_alert(line).text == line


def test_every_column_with_a_quantity_is_one_of_a_board() -> None:
    boards = (watchlist.COLUMNS, greeks_panel.COLUMNS, expected.COLUMNS)
    known = {column.id for columns in boards for column in columns}
    assert set(BY_COLUMN) - {"bid", "ask"} <= known
    assert set(BY_COLUMN.values()) <= set(BY_NAME)
