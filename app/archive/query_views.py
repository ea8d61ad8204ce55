"""The views of an archive in DuckDB's SQL: ``trades``, ``quotes`` and ``expected`` over all TRs.

Each has the same columns whatever the product is; a TR that does not send a field has null.
"""

from glob import escape
from pathlib import Path
from typing import NamedTuple

from app.archive.archive_index import SUFFIX
from specs.catalog import CATALOG, CatalogEntry, Channel
from specs.frame_fast_path import columns_of

LEVELS = 10
"""Levels of an order book, of which most TRs send five."""


class ViewColumn(NamedTuple):
    """A column of a view: its type, and the expression that makes it of a TR's fields."""

    name: str
    kind: str
    made_of: str
    needs: tuple[str, ...] = ()
    """Fields without which it is null."""


MACROS = (
    # The archive has UTC; without a time zone, times are the same in every setting of DuckDB.
    "create macro in_kst(moment) as make_timestamp(epoch_us(moment) + 32400000000)",
    """create macro seconds_of(text) as
        try_cast(text[1:2] as bigint) * 3600 + try_cast(text[3:4] as bigint) * 60
        + try_cast(text[5:6] as bigint)""",
    # KIS sends HHMMSS: the day is that on which it is nearest to the time of receipt.
    """create macro nearest(moment, seconds) as
        date_trunc('day', moment) + to_seconds(seconds) + to_days(
            (epoch(moment - date_trunc('day', moment)) - seconds > 43200)::integer
            - (seconds - epoch(moment - date_trunc('day', moment)) > 43200)::integer)""",
    """create macro kind_of(code) as case
        when code[1:1] in ('A', '1') then 'future' when code[1:1] in ('B', '2') then 'call'
        when code[1:1] in ('C', '3') then 'put' when code[1:1] in ('D', '4') then 'spread' end""",
)


def _number(name: str, field: str, *, whole: bool = False, scale: str = "") -> ViewColumn:
    kind = "BIGINT" if whole else "DOUBLE"
    return ViewColumn(name, kind, f"try_cast({field} as {kind}){scale}", (field,))


_COMMON = (
    ViewColumn("trade_date", "DATE", "trade_date"),
    ViewColumn("session", "VARCHAR", "{session}"),
    ViewColumn("tr", "VARCHAR", "{tr}"),
    ViewColumn("code", "VARCHAR", "code"),
    ViewColumn("kind", "VARCHAR", "kind_of(code)"),
    ViewColumn("product", "VARCHAR", "code[2:3]"),
    ViewColumn("series", "VARCHAR", "code[2:6]"),
    ViewColumn("received", "TIMESTAMP", "in_kst(received)"),
    ViewColumn("exchange_time", "TIMESTAMP", "nearest(in_kst(received), seconds_of(time))"),
)
_TAPE = ViewColumn("tape", "VARCHAR", "parse_filename(filename, true)")

_WINDOW = "over (partition by trade_date, code order by accumulated_volume, received)"
_FIRST = "case when accumulated_volume = last_volume then 0 end"


def _grown(field: str) -> str:
    """Return by how much a total grew with a trade."""
    return f"{field} - coalesce(lag({field}) {_WINDOW}, {_FIRST})"


_SIDE = (
    f"case when ({_grown('buy_volume')} >= last_volume) = ({_grown('sell_volume')} >= last_volume)"
    f" then null when {_grown('buy_volume')} >= last_volume then 'buy'"
    f" when {_grown('sell_volume')} >= last_volume then 'sell' end"
)
_MISSED = (
    "try_cast(greatest(0, accumulated_volume - last_volume"
    f" - lag(accumulated_volume) {_WINDOW}) as BIGINT)"
)

_QUOTES = (
    _number("bid", "bid"),
    _number("ask", "ask"),
    _number("bid_size", "bid_size", whole=True),
    _number("ask_size", "ask_size", whole=True),
)
_TOTALS = (
    _number("total_bid_size", "total_bid_size", whole=True),
    _number("total_ask_size", "total_ask_size", whole=True),
)
_VIEWS: dict[Channel, tuple[str, tuple[ViewColumn, ...]]] = {
    Channel.TRADE: (
        "trades",
        (
            *_COMMON,
            _number("price", "price"),
            _number("size", "last_volume", whole=True),
            ViewColumn("side", "VARCHAR", _SIDE),
            *_QUOTES,
            _number("volume", "accumulated_volume", whole=True),
            ViewColumn("missed", "BIGINT", _MISSED),
            _number("turnover", "accumulated_turnover", scale=" * {turnover_unit}"),
            _number("open_interest", "open_interest", whole=True),
            _number("theoretical_price", "theoretical_price"),
            _number("basis", "market_basis"),
            _number("iv", "implied_volatility", scale=" * {volatility_scale}"),
            *(_number(name, name) for name in ("delta", "gamma", "vega", "theta", "rho")),
            _TAPE,
        ),
    ),
    Channel.BOOK: (
        "quotes",
        (
            *_COMMON,
            *_QUOTES,
            *_TOTALS,
            *(
                _number(f"{side}{what}_{level}", f"{side}{what}_{level}", whole=bool(what))
                for level in range(2, LEVELS + 1)
                for what in ("", "_size")
                for side in ("bid", "ask")
            ),
            _TAPE,
        ),
    ),
    Channel.EXPECTED: (
        "expected",
        (
            *_COMMON,
            _number("price", "expected_price"),
            _number("size", "expected_volume", whole=True),
            _number("change", "expected_change"),
            _number("change_percent", "expected_change_percent"),
            ViewColumn("operation", "VARCHAR", "market_operation_code"),
            _TAPE,
        ),
    ),
}

VIEWS = dict(_VIEWS.values())
"""Columns of each view by its name."""


def view_statement(folder: Path, channel: Channel, trs: frozenset[str]) -> str:
    """Return the statement that creates the view of a channel over those TRs of an archive."""
    name, columns = _VIEWS[channel]
    selects = [
        _select(folder, entry, columns)
        for entry in CATALOG.values()
        if entry.channel is channel and entry.tr_id in trs
    ]
    if not selects:
        empty = ", ".join(f"null::{column.kind} as {column.name}" for column in columns)
        selects = [f"select {empty} where false"]
    return f"create view {name} as " + " union all ".join(selects)


def _select(folder: Path, entry: CatalogEntry, columns: tuple[ViewColumn, ...]) -> str:
    sent = {column.name for column in columns_of(entry.spec)}
    values = {
        "session": quoted(entry.session),
        "tr": quoted(entry.tr_id),
        "turnover_unit": repr(entry.turnover_unit),
        "volatility_scale": repr(entry.volatility_scale),
    }
    made = [
        f"{column.made_of.format(**values)} as {column.name}"
        if sent.issuperset(column.needs)
        else f"null::{column.kind} as {column.name}"
        for column in columns
    ]
    files = quoted(f"{escape(str(folder))}/tr={entry.tr_id}/trade_date=*/*{SUFFIX}")
    return (
        f"select {', '.join(made)} from read_parquet({files}, filename = true,"
        " hive_partitioning = true, hive_types = {'tr': VARCHAR, 'trade_date': DATE},"
        " union_by_name = true)"
    )


def quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
