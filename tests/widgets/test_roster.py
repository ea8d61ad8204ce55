"""The order of rows: as they came, or sorted and stable."""

from math import nan

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from widgets.row_order import RowOrder


def row(code: str, strike: float = nan) -> Ticker:
    return Ticker(Instrument(code, strike=strike))


ROWS = [row("A", 3.0), row("B"), row("C", 1.0), row("D", 3.0), row("E", 2.0)]


def by_strike(row: Ticker) -> float:
    return row.instrument.strike


def test_rows_stand_as_they_came() -> None:
    roster = RowOrder()
    roster.show(ROWS)
    assert roster.codes == list("ABCDE")
    assert (roster.index_of("C"), roster.code_at(2), roster.code_at(9)) == (2, "C", "")


def test_equal_rows_keep_their_order_and_missing_values_go_last_either_way() -> None:
    roster = RowOrder()
    roster.show(ROWS)
    roster.sort_by(by_strike, descending=False)
    assert roster.codes == list("CEADB")
    roster.sort_by(by_strike, descending=True)
    assert roster.codes == list("ADECB")


def test_order_changes_only_when_it_is_asked_for() -> None:
    roster = RowOrder()
    roster.show(ROWS)
    roster.sort_by(by_strike, descending=False)
    assert roster.update(row("A", 0.5))
    assert roster.codes == list("CEADB")
    assert roster.arrange()
    assert roster.codes == list("ACEDB")
    assert not roster.arrange()


def test_a_row_that_is_not_held_is_passed_over() -> None:
    roster = RowOrder()
    roster.show(ROWS)
    assert not roster.update(row("Z"))
    assert "Z" not in roster
