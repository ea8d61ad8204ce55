"""The lists of codes in a layout's file, where there is more than one list or it has a name."""

from typing import Any

from msgspec import Struct

from app.system.errors import UsageError
from specs.clean import clean
from specs.user_message import UserMessage

MOST_LISTS = 20
LONGEST_LIST_NAME = 20


class NamedList(Struct, frozen=True, omit_defaults=True):
    """A list of codes; `sort` is a column or -column, empty for the order of the codes."""

    name: str
    codes: list[str]
    sort: str = ""


def is_list_name(name: str) -> bool:
    """Return whether a list may have this name; an empty one stands for no name."""
    return len(name) <= LONGEST_LIST_NAME and clean(name) == name == " ".join(name.split())


def check_list_name(name: str) -> str:
    """Return the name, if a list may have it.

    Raises:
        UsageError: it is empty, longer than `LONGEST_LIST_NAME`, or holds unprintable characters.
    """
    if not name or not is_list_name(name):
        raise UsageError("lists.bad_name", most=LONGEST_LIST_NAME)
    return name


def with_all_codes(values: dict[str, Any]) -> dict[str, Any]:
    """Return a file's values with the codes of all its lists as `codes`, the open list's first.

    Lists of a wrong type are left as they are.
    """
    lists = values.get("lists")
    if not isinstance(lists, list) or not lists:
        return values
    if not all(isinstance(one, dict) and isinstance(one.get("codes"), list) for one in lists):
        return values
    shown = values.get("open_list")
    ordered = sorted(lists, key=lambda one: one.get("name") != shown)
    return values | {"codes": [code for one in ordered for code in one["codes"]]}


def list_problems(values: dict[str, Any]) -> list[UserMessage]:
    """Return what is wrong with the names and the number of a file's lists."""
    lists = values.get("lists")
    if not isinstance(lists, list) or not all(isinstance(one, dict) for one in lists):
        return []
    names = [one.get("name") for one in lists]
    bad = [
        f"lists[{at}].name"
        for at, name in enumerate(names)
        if not isinstance(name, str) or not is_list_name(name) or name in names[:at]
    ]
    if len(lists) > MOST_LISTS:
        bad.append("lists")
    return [UserMessage("layouts.bad_value", name=name) for name in bad]
