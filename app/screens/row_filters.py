"""What the expressions that filter rows may name, and the dialog that asks for one."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from app.market.filter_expression import parse_filter
from app.market.filter_names import FilterNames, plain
from app.screens.textual_compat import SafeApp
from specs.codes import Right
from specs.item_errors import report_item_error
from specs.market.holding import Holding
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker, ask, bid
from widgets.board_column import BoardColumn
from widgets.contract_names import contract_name
from widgets.texts import LANGUAGES, catalogue, language

Row = TypeVar("Row")

_ALIASES = {
    "price": ("last price",), "change": ("등락", "chg"), "percent": ("등락률", "등락율", "pct"),
    "spread": ("스프레드", "호가차"), "volume": ("vol",), "open_interest": ("미결제약정",),
    "volatility": ("내재변동성", "implied"), "delta": ("Δ",), "gamma": ("Γ",), "theta": ("Θ",),
    "expected_volatility": ("내재변동성", "implied"), "profit": ("손익",),
}  # fmt: skip
"""Names of columns besides their headings."""

_NOT_NUMBERS = ("code", "name", "operation")
_RIGHTS = {Right.CALL: ("콜", "call", "calls", "c"), Right.PUT: ("풋", "put", "puts", "p")}
_OPTIONS, _FUTURES = ("옵션", "option", "options"), ("선물", "future", "futures", "f")


def ticker_names(columns: Iterable[BoardColumn]) -> FilterNames[Ticker]:
    """Return what a filter of a board may name: its columns in both languages and by their ids."""
    values: dict[str, Callable[[Ticker], float]] = {}
    for column in columns:
        if column.id not in _NOT_NUMBERS and not column.is_picture:
            for name in column_names(column.id):
                values.setdefault(name, _number(column))
    values |= dict.fromkeys(("bid", "매수호가"), bid) | dict.fromkeys(("ask", "매도호가"), ask)
    values |= dict.fromkeys(("strike", "행사가"), _strike)
    return FilterNames(values, _kinds(lambda row: row.instrument), _Texts(_ticker_facts))


def holding_names(
    columns: Iterable[tuple[str, Callable[[Holding], float]]],
) -> "FilterNames[Holding]":
    """Return what a filter of positions may name: these values by the ids of their columns."""
    values: dict[str, Callable[[Holding], float]] = {}
    for which, value in columns:
        for name in column_names(which, "positions.column_"):
            values.setdefault(name, value)
    return FilterNames(values, _kinds(lambda row: row.instrument), _Texts(_holding_facts))


def column_names(column: str, prefix: str = "column.") -> list[str]:
    """Return all names of a column, its heading in the language in use first."""
    area, _, start = prefix.partition(".")
    texts = catalogue()[area].get(f"{start}{column}", {})
    languages = sorted(LANGUAGES, key=lambda one: one != language())
    headings = [" ".join(texts.get(one, "").split()) for one in languages]
    names = (*headings, column, *_ALIASES.get(column, ()))
    return [name for name in dict.fromkeys(names) if name]


def ask_filter(
    app: SafeApp,
    names: FilterNames[Row],
    hints: Sequence[str],
    text: str,
    rows: Callable[[], Sequence[Row]],
    choose: Callable[[str, Callable[[Row], bool] | None], None],
) -> None:
    """Ask for an expression, beginning with `text`; an empty one shows all rows.

    `hints` are the names to offer, `rows` returns the rows to be filtered.
    """
    from app.screens.dialogs.row_filter_dialog import RowFilterDialog

    def count(typed: str) -> tuple[int, int]:
        matches, all_rows = parse_filter(typed, names), rows()
        return sum(map(matches, all_rows)), len(all_rows)

    def close(typed: str | None) -> None:
        if typed is not None:
            choose(typed, parse_filter(typed, names) if typed else None)

    known = list(dict.fromkeys((*hints, *names.values, *names.tests)))
    app.push_screen(RowFilterDialog(text, count, known, hints), close)


class _Texts:
    """The texts of rows, as words are looked for in them; kept by contract."""

    def __init__(self, facts: Callable[[object], tuple[Instrument, str]]) -> None:
        self._facts = facts
        self._kept: dict[str, tuple[tuple[Instrument, str], str]] = {}

    def __call__(self, row: object) -> str:
        facts = instrument, extra = self._facts(row)
        kept = self._kept.get(instrument.code)
        if kept is None or kept[0][0] is not instrument or kept[0][1] != extra:
            words = instrument.code, instrument.name, contract_name(instrument), extra
            kept = self._kept[instrument.code] = facts, plain(" ".join(words))
        return kept[1]


def _ticker_facts(row: object) -> tuple[Instrument, str]:
    assert isinstance(row, Ticker)
    return row.instrument, row.view.remark


def _holding_facts(row: object) -> tuple[Instrument, str]:
    assert isinstance(row, Holding)
    return row.instrument, ""


def _kinds(instrument: Callable[[Row], Instrument]) -> dict[str, Callable[[Row], bool]]:
    def has_right(right: Right) -> Callable[[Row], bool]:
        return lambda row: instrument(row).right is right

    tests = {name: has_right(right) for right, names in _RIGHTS.items() for name in names}
    tests |= {name: lambda row: instrument(row).right is not None for name in _OPTIONS}

    def is_future(row: Row) -> bool:
        # The text of a combination has signs in it.
        return instrument(row).right is None and instrument(row).code.isalnum()

    return tests | dict.fromkeys(_FUTURES, is_future)


def _number(column: BoardColumn) -> Callable[[Ticker], float]:
    """Return the function to a column's value; missing where it cannot be read."""

    def value(row: Ticker) -> float:
        try:
            found = column.value(row)
        except Exception as error:
            report_item_error(error)
            return float("nan")
        return found if isinstance(found, float | int) else float("nan")

    return value


def _strike(row: Ticker) -> float:
    return row.instrument.strike
