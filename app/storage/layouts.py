"""Layouts: codes, panels, columns, sort and colours under a name, each a TOML file of a user."""

import re
from collections.abc import Iterable
from datetime import date
from math import inf
from typing import Any

import msgspec
import tomli_w
from msgspec import Struct, field

from app.storage.layout_combinations import (
    PlacedCombination,
    combination_problems,
    combination_texts,
    leg_codes,
    placed_combinations,
    without_combinations,
)
from app.storage.layout_lists import NamedList, list_problems, with_all_codes
from app.storage.toml_files import RefusedFile, toml_values
from app.system.errors import UsageError
from specs.clean import clean
from specs.code_input import code_of
from specs.codes import LONGEST_NAME
from specs.combination_code import contract_codes
from specs.market.instrument import KeptTerms
from specs.market.row_view import BaselineSetup
from specs.preferences import ChartSetup, Updown
from specs.user_message import MessageList, UserMessage

SCHEMA = 1

MOST_CODES = 200
"""Maximum number of codes in a layout."""

_LATER_FIELDS = ("lists", "open_list", "combinations", "notes", "baseline")
"""Fields that programs before them do not know."""

_NAME = re.compile(r"(?=.{1,64}$)[A-Za-z0-9가-힣_-]+(?: [A-Za-z0-9가-힣_-]+)*")


class Layout(Struct, frozen=True):
    """The setup of the screen; `sizes` in percent, `sort` as column or -column.

    `names` are the names that the codes had, and `terms` their strikes, series and expiries, for
    when no master lists them any more.  `lists` is empty for one list without a name; else `codes`
    are those of all lists, first those of `open_list`: programs of before show them as one.
    """

    name: str = ""
    codes: list[str] = field(default_factory=list)
    panels: list[str] = field(default_factory=lambda: ["watchlist", "greeks", "expected"])
    arrangement: str = "stack"
    sizes: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    sort: dict[str, str] = field(default_factory=dict)
    updown: Updown = "kr"
    chart: ChartSetup = ChartSetup()
    names: dict[str, str] = field(default_factory=dict)
    terms: dict[str, KeptTerms] = field(default_factory=dict)
    lists: list[NamedList] = field(default_factory=list)
    open_list: str = ""
    combinations: list[PlacedCombination] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    baseline: BaselineSetup = BaselineSetup()
    schema: int = SCHEMA

    @property
    def contracts(self) -> tuple[str, ...]:
        """The codes, followed by those of the combinations' legs."""
        return contract_codes((*self.codes, *(one.code for one in self.combinations)))


def with_rows(layout: Layout, rows: Iterable[str]) -> Layout:
    """Return a layout with one list of these rows, codes and combinations, instead of its own."""
    lists = {"": tuple(rows)}
    return msgspec.structs.replace(
        layout,
        codes=list(without_combinations(lists)[""]),
        combinations=placed_combinations(lists),
        lists=[],
        open_list="",
    )


def is_name(text: str) -> bool:
    """Return whether a layout may have this name."""
    return _NAME.fullmatch(text) is not None


def check_name(name: str) -> str:
    """The name, if a layout may have it.

    Raises:
        UsageError: letters (Korean too), digits, _, - and single spaces only, 64 at most.
    """
    if not is_name(name):
        raise UsageError("layouts.bad_name", name=clean(name, 40))
    return name


def read(content: bytes, where: str) -> Layout:
    """A layout from the bytes of its file.

    Raises:
        RefusedFile: it holds too many codes, or a newer program wrote it.
        UsageError: everything that is wrong with it, in one sentence.
    """
    values = toml_values(content, where, SCHEMA)
    values = with_all_codes(_with_short_codes(values))
    values["names"], values["terms"] = _names(values, "names"), _terms(values)
    values["notes"] = _names(values, "notes")
    problems = _problems(values)
    if problems:
        raise UsageError("layouts.unreadable", where=where, why=MessageList(problems))
    layout = msgspec.convert(values, Layout)
    count = len(layout.codes) + len(layout.combinations)
    if count > MOST_CODES:
        why = UserMessage("layouts.too_many", count=count, most=MOST_CODES)
        raise RefusedFile("layouts.refused", where=where, why=why)
    name = layout.name if is_name(layout.name) else ""
    return msgspec.structs.replace(layout, name=name, codes=list(dict.fromkeys(layout.codes)))


def write(layout: Layout) -> bytes:
    """The bytes of a layout's file; fields of later programs are left out where they are unused."""
    values = msgspec.to_builtins(layout, builtin_types=(date,))
    values = {name: value for name, value in values.items() if value or name not in _LATER_FIELDS}
    return tomli_w.dumps(values, multiline_strings=False).encode()


def _with_short_codes(values: dict[str, Any]) -> dict[str, Any]:
    """Return a file's values with ISINs and typed codes as short codes, where they are texts."""

    def short(code: Any) -> Any:
        return code_of(code) or code if isinstance(code, str) else code

    codes = values.get("codes")
    read = dict(values)
    if isinstance(codes, list):
        read["codes"] = [short(code) for code in codes]
    if isinstance(lists := values.get("lists"), list):
        read["lists"] = [_with_short_codes(o) if isinstance(o, dict) else o for o in lists]
    for name in ("names", "terms", "notes"):
        if isinstance(by_code := values.get(name), dict):
            read[name] = {short(code): value for code, value in by_code.items()}
    return read


def _names(values: dict[str, Any], field_name: str) -> dict[str, str]:
    """Return the valid names, or notes, of codes; an invalid one does not refuse the layout."""
    names, codes = values.get(field_name), values.get("codes")
    if not isinstance(names, dict) or not isinstance(codes, list):
        return {}
    codes = [*codes, *leg_codes(values), *combination_texts(values)]
    found = {code: name for code, name in names.items() if code in codes and isinstance(name, str)}
    return {code: clean(name) for code, name in found.items() if 0 < len(name) <= LONGEST_NAME}


def _terms(values: dict[str, Any]) -> dict[str, KeptTerms]:
    """Return the valid terms of codes; invalid ones do not refuse the layout."""
    terms, codes = values.get("terms"), values.get("codes")
    if not isinstance(terms, dict) or not isinstance(codes, list):
        return {}
    codes = [*codes, *leg_codes(values), *combination_texts(values)]
    found = {}
    for code, value in terms.items():
        if code not in codes:
            continue
        try:
            kept = msgspec.convert(value, KeptTerms)
        except msgspec.ValidationError:
            continue
        series = clean(kept.series)
        if (kept.strike is None or 0 < kept.strike < inf) and len(series) <= LONGEST_NAME:
            found[code] = msgspec.structs.replace(kept, series=series)
    return found


def _problems(values: dict[str, Any]) -> list[UserMessage]:
    problems = []
    for name in Layout.__struct_fields__:
        if name in values:
            try:
                msgspec.convert({name: values[name]}, Layout)
            except msgspec.ValidationError as error:
                problems.append(UserMessage("layouts.bad_value", name=_path(name, error)))
    problems += list_problems(values) + combination_problems(values)
    codes = values.get("codes", [])
    if isinstance(codes, list):
        bad = (code for code in codes if not isinstance(code, str) or code_of(code) is None)
        problems += [UserMessage("layouts.no_code", code=clean(str(code), 16)) for code in bad]
    return problems


def _path(name: str, error: msgspec.ValidationError) -> str:
    """Return where in the file a value has the wrong type, such as ``codes[3]``."""
    _, _, path = str(error).rpartition("`$.")
    return clean(path.removesuffix("`"), 80) or name
