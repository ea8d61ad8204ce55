"""The combinations in a layout's file: apart from the codes, which programs of before can read."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from specs.clean import clean
from specs.combination_code import contract_codes, is_combination
from specs.user_message import UserMessage


class PlacedCombination(Struct, frozen=True, omit_defaults=True):
    """A combination and its place among the rows of its list, from 0; `list` is the list's name."""

    code: str
    at: int = 0
    list: str = ""


Lists = dict[str, tuple[str, ...]]
"""The rows of each list by its name: codes, and texts of combinations."""


def without_combinations(lists: Mapping[str, Iterable[str]]) -> Lists:
    """Return lists with the codes of contracts alone."""
    return {
        name: tuple(code for code in codes if not is_combination(code))
        for name, codes in lists.items()
    }


def placed_combinations(lists: Mapping[str, Iterable[str]]) -> list[PlacedCombination]:
    """Return the combinations of lists with their places."""
    return [
        PlacedCombination(code, at, name)
        for name, codes in lists.items()
        for at, code in enumerate(codes)
        if is_combination(code)
    ]


def with_combinations(
    lists: Mapping[str, Iterable[str]], placed: Iterable[PlacedCombination]
) -> Lists:
    """Return lists with combinations in their places; one of an unknown list goes to the first."""
    found = {name: list(codes) for name, codes in lists.items()}
    first = next(iter(found), "")
    for one in sorted(placed, key=lambda one: one.at):
        rows = found.setdefault(one.list if one.list in found else first, [])
        rows.insert(min(max(0, one.at), len(rows)), one.code)
    return {name: tuple(rows) for name, rows in found.items()}


def combination_problems(values: dict[str, Any]) -> list[UserMessage]:
    """Return which combinations of a file's values are not made of contracts."""
    return [
        UserMessage("layouts.no_combination", code=clean(code, 40))
        for code in combination_texts(values)
        if not is_combination(code)
    ]


def leg_codes(values: dict[str, Any]) -> tuple[str, ...]:
    """Return the contracts of the combinations in a file's values."""
    return contract_codes(filter(is_combination, combination_texts(values)))


def combination_texts(values: dict[str, Any]) -> list[str]:
    """Return the combinations of a file's values as they are written."""
    found = values.get("combinations")
    tables = found if isinstance(found, list) else []
    codes = [one.get("code") for one in tables if isinstance(one, dict)]
    return [code for code in codes if isinstance(code, str)]
