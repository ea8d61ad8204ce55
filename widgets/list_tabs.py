"""The names of the watchlists as tabs, the open one in brackets."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len

from widgets.texts import t


def list_name(name: str) -> str:
    """Return the name of a list as it is shown; a list without a name is called the first."""
    return name or t("lists.unnamed")


def list_tabs(names: Sequence[str], shown: str, changed: Collection[str], width: int) -> str:
    """Return the tabs of lists within `width` cells; empty for one list without a name.

    The open list is in brackets, one that is not saved has a mark.  In a narrow room the tabs
    farthest from the open one give way, and the number of lists stands in their place.
    """
    if tuple(names) == ("",):
        return ""
    tabs = [list_name(name) + "*" * (name in changed) for name in names]
    at = names.index(shown)
    tabs[at] = f"[{tabs[at]}]"
    text = " ".join(tabs)
    first, last = 0, len(tabs) - 1
    while cell_len(text) > width and first < last:
        if at - first >= last - at:
            first += 1
        else:
            last -= 1
        text = " ".join((*tabs[first : last + 1], f"{at + 1}/{len(tabs)}"))
    return text
