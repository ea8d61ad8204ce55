"""Queries by name, with parameters: bars, auction gaps, volatility at 25 delta, and others.

The SQL of each is in ``ready/NAME.sql`` beside this module, with ``{name}`` for a parameter.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from app.archive.query_views import quoted
from app.system.errors import UsageError
from specs.clean import clean
from specs.codes import normalise
from specs.user_message import UserMessage

_LONGEST = 40
_MOST_MINUTES = 1440


def _code(text: str) -> str:
    return f"= {quoted(normalise(text))}"


def _date(text: str) -> str:
    """Return the comparison with a date, or with a month such as 2026-11."""
    if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        first = date.fromisoformat(f"{text}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
        return f"between {_date_literal(first)} and {_date_literal(last)}"
    return f"= {_date_literal(date.fromisoformat(text))}"


def _date_literal(day: date) -> str:
    return f"date {quoted(day.isoformat())}"


def _minutes(text: str) -> str:
    return _whole(text, _MOST_MINUTES)


def _count(text: str) -> str:
    return _whole(text, 1_000_000)


def _whole(text: str, most: int) -> str:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise ValueError(text)
    return str(int(text[:9]))


class QueryParameter(Struct, frozen=True):
    """A parameter; `literal` makes SQL of its text: a number, or what follows a column."""

    name: str
    literal: Callable[[str], str]
    default: str | None = None
    """None if it must be given; an empty one leaves out the condition."""


class ReadyQuery(Struct, frozen=True):
    """A query by name."""

    name: str
    parameters: tuple[QueryParameter, ...] = ()


_CODE = QueryParameter("code", _code)
_ANY_CODE = QueryParameter("code", _code, "")
_DATE = QueryParameter("date", _date, "")

READY = {
    query.name: query
    for query in (
        ReadyQuery("bars", (_CODE, QueryParameter("minutes", _minutes, "1"), _DATE)),
        ReadyQuery("nights", (_ANY_CODE, _DATE)),
        ReadyQuery("auction-gap", (_ANY_CODE, _DATE)),
        ReadyQuery(
            "iv-25-delta",
            (
                QueryParameter("series", _code, ""),
                QueryParameter("minutes", _minutes, "30"),
                _DATE,
            ),
        ),
        ReadyQuery("missed-trades", (_ANY_CODE, _DATE)),
        ReadyQuery("spread", (_ANY_CODE, _DATE)),
        ReadyQuery("flow", (_ANY_CODE, QueryParameter("minutes", _minutes, "60"), _DATE)),
        ReadyQuery("largest", (QueryParameter("count", _count, "20"), _ANY_CODE, _DATE)),
    )
}

_CONDITIONS = {"code": "code", "date": "trade_date", "series": "series"}
"""The column that a parameter is compared with, where it is left out if empty."""


def ready_sql(name: str, words: Sequence[str]) -> str:
    """Return the SQL of a query with its parameters, each ``NAME=VALUE``.

    Raises:
        UsageError: there is no such query or parameter, or a value is missing or wrong.
    """
    query = READY.get(name)
    if query is None:
        raise UsageError(
            "query.no_ready",
            name=clean(name, _LONGEST),
            hint=UserMessage("query.ready_hint", names=", ".join(READY)),
        )
    given = dict(_split(word, query) for word in words)
    values = {one.name: _value(one, query, given.get(one.name)) for one in query.parameters}
    text = (Path(__file__).with_name("ready") / f"{name}.sql").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], text).strip()


def usage(query: ReadyQuery) -> str:
    """Return the parameters of a query as they are typed, with their defaults."""
    shown = []
    for one in query.parameters:
        text = f"{one.name}={one.default or one.name.upper()}"
        shown.append(text if one.default is None else f"[{text}]")
    return " ".join(shown)


def _split(word: str, query: ReadyQuery) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not sign or name not in {one.name for one in query.parameters}:
        raise UsageError(
            "query.no_parameter",
            word=clean(word, _LONGEST),
            hint=UserMessage("query.parameters", usage=f"{query.name} {usage(query)}"),
        )
    return name, value


def _value(parameter: QueryParameter, query: ReadyQuery, text: str | None) -> str:
    """Return the SQL of a parameter: a literal, or the whole condition where it may be left out."""
    text = parameter.default if text is None else text.strip()
    hint = UserMessage("query.parameters", usage=f"{query.name} {usage(query)}")
    if text is None:
        raise UsageError("query.missing_parameter", name=parameter.name, hint=hint)
    column = _CONDITIONS.get(parameter.name)
    if column is not None and not text:
        return "true"
    try:
        literal = parameter.literal(text)
    except ValueError:
        raise UsageError(
            "query.bad_parameter", name=parameter.name, value=clean(text, _LONGEST), hint=hint
        ) from None
    return f"{column} {literal}" if column is not None else literal
