"""Text of a combination: its natural prices, the quotes of its legs, and its greeks in sum."""

from math import isfinite

from textual.content import Content

from specs.market.combination import CombinationQuote
from specs.market.displayed_greeks import GREEKS
from specs.market.ticker import Ticker
from widgets import cells
from widgets.board_column import greek_text
from widgets.contract_names import contract_name
from widgets.figures import PAIR
from widgets.message_text import message_text
from widgets.texts import t


def combination_lines(row: Ticker, quote: CombinationQuote) -> list[Content]:
    """Return the lines of a combination's row: prices, legs, greeks."""
    places = row.instrument.decimals
    prices = t(
        "combination.prices",
        bid=cells.number(quote.bid, places),
        middle=cells.number(quote.middle, places),
        ask=cells.number(quote.ask, places),
    )
    lines = [Content(prices)]
    if row.note is not None:
        lines.append(Content.styled(message_text(row.note), "$text-label"))
    for leg in quote.legs:
        best = f"{cells.number(leg.bid, places)}{PAIR}{cells.number(leg.ask, places)}"
        count = cells.plus(leg.quantity, 0)
        lines.append(
            Content.assemble((f"{count:>4} ", "bold"), contract_name(leg.instrument), f"  {best}")
        )
    own = row.theoretical
    if own is not None:
        values = {which: getattr(own, which) for which in GREEKS}
        # On two lines, as a label must not be parted from its value where a line is wrapped.
        for group in (GREEKS[:3], GREEKS[3:]):
            greeks = [
                f"{t(f'column.{which}').strip()} "
                f"{greek_text(row, which, values[which], own=True)}{cells.OWN}"
                for which in group
                if isfinite(values[which])
            ]
            if greeks:
                lines.append(Content.styled("  ".join(greeks), "$text-older"))
    return lines
