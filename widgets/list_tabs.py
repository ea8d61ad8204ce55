"""The names of the watchlists as tabs that can be clicked, the open one in brackets."""

from collections.abc import Collection, Sequence

from textual.content import Content
from textual.style import Style

from widgets.texts import t

_BLANK = Content(" ")


def list_name(name: str) -> str:
    """Return the name of a list as it is shown; a list without a name is called the first."""
    return name or t("lists.unnamed")


def list_tabs(names: Sequence[str], shown: str, changed: Collection[str], width: int) -> Content:
    """Return the tabs of lists within `width` cells; empty for one list without a name.

    A click runs the screen's action ``open_list`` with the number of the list, from 0.

    The open list is in brackets, one that is not saved has a mark.  In a narrow room the tabs
    farthest from the open one give way, and the number of lists stands in their place.
    """
    if tuple(names) == ("",):
        return Content("")
    tabs = [list_name(name) + "*" * (name in changed) for name in names]
    at = names.index(shown)
    tabs[at] = f"[{tabs[at]}]"
    clickable = [_clickable(tab, number) for number, tab in enumerate(tabs)]
    text = _BLANK.join(clickable)
    first, last = 0, len(tabs) - 1
    while text.cell_length > width and first < last:
        if at - first >= last - at:
            first += 1
        else:
            last -= 1
        text = _BLANK.join((*clickable[first : last + 1], Content(f"{at + 1}/{len(tabs)}")))
    return text


def _clickable(tab: str, number: int) -> Content:
    return Content.styled(tab, Style.from_meta({"@click": f"screen.open_list({number})"}))
