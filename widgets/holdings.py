"""The table of positions, with sums and the futures that would offset their deltas.

Positions scroll under the cursor; the sums and the lines below them stay in sight.
"""

from collections.abc import Callable, Sequence
from math import isfinite

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive

from specs.market.holding import Hedge, Holding, Subtotal
from widgets import cells, times
from widgets.board_column import BoardCell
from widgets.contract_names import contract_name, underlying_name
from widgets.holding_columns import Shown, columns
from widgets.line_view import row_towards
from widgets.sheet import Piece, TextLine, TextSheet, centred, piece
from widgets.texts import t
from widgets.won import amount

_HEADER = 1
_FEWEST = 3
"""Positions that stay in sight beside any number of sums."""

Flat = Sequence[tuple[Subtotal, Sequence[Hedge]]]
"""The sum of each underlying, with the futures that would offset its delta."""


class Holdings(TextSheet, can_focus=True):
    """Positions with a cursor; `code` is under it."""

    class Moved(Message):
        """The cursor is on another position."""

    class Chosen(Message):
        """The position under the cursor was clicked."""

    cursor = reactive(0, repaint=False)

    def __init__(self) -> None:
        super().__init__(id="holdings")
        self.empty = "positions.empty"
        """The text, a key of the catalogue, that an empty table shows."""
        self._holdings: Sequence[Holding] = ()
        self._nets: Sequence[Subtotal] = ()
        self._flat: Flat = ()
        self._top = 0
        self._seen: Sequence[Holding] = ()

    @property
    def code(self) -> str:
        """The code under the cursor; empty without positions."""
        held = self.selected
        return held.code if held is not None else ""

    @property
    def key(self) -> str:
        """The key of the position under the cursor; empty without positions."""
        held = self.selected
        return held.key if held is not None else ""

    @property
    def selected(self) -> Holding | None:
        """The position under the cursor."""
        return self._holdings[self.cursor] if self.cursor < len(self._holdings) else None

    def show(self, holdings: Sequence[Holding], nets: Sequence[Subtotal], flat: Flat) -> None:
        """Show these; the cursor stays on its code if it is still present."""
        at, keys = self.key, [held.key for held in holdings]
        self._holdings, self._nets, self._flat = holdings, nets, flat
        self.cursor = keys.index(at) if at in keys else self.cursor
        self.rewrite()
        if self.key != at:
            self.post_message(self.Moved())

    def move_to(self, key: str) -> None:
        """Put the cursor on the position of a key."""
        for place, held in enumerate(self._holdings):
            if held.key == key:
                self.cursor = place

    def move_to_underlying(self, way: int) -> None:
        """Put the cursor on the first position of the next or previous underlying, in a circle."""
        firsts: dict[str, str] = {}
        for held in self._holdings:
            firsts.setdefault(held.underlying, held.key)
        if self.selected is not None:
            names = list(firsts)
            at = names.index(self.selected.underlying) + way
            self.move_to(firsts[names[at % len(names)]])

    def wanted_height(self, width: int) -> int:
        """Return the rows that show all positions and sums in a width."""
        if not self._holdings:
            return _HEADER + _FEWEST
        flat = sum(bool(hedges) or bool(net.unknown) for net, hedges in self._flat)
        notes = len(_reasons(self._holdings, width)) + len(_realised(self._nets, width)) + flat
        return _HEADER + len(self._holdings) + len(self._nets) + notes

    def action_move(self, way: str) -> None:
        """Move the cursor: up, down, top, bottom."""
        self.cursor = row_towards(way, self.cursor, len(self._holdings))

    def on_click(self, event: events.Click) -> None:
        at = event.y - _HEADER
        if 0 <= at < len(self._seen):
            again = self.cursor == self._top + at
            self.cursor = self._top + at
            if again:
                self.post_message(self.Chosen())

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(len(self._holdings) - 1, cursor))

    def watch_cursor(self) -> None:
        self.rewrite()
        self.post_message(self.Moved())

    def on_focus(self) -> None:
        self.rewrite()

    def on_blur(self) -> None:
        self.rewrite()

    # --- the lines

    def lines(self, width: int, height: int) -> list[TextLine]:
        if not self._holdings:
            return centred(t(self.empty), width, height)
        nets, notes = self._sums(width, height)
        room = max(1, height - _HEADER - len(nets) - len(notes))
        top = max(self.cursor - room + 1, min(self._top, self.cursor))
        self._top = max(0, min(top, len(self._holdings) - room))
        self._seen = self._holdings[self._top : self._top + room]
        beyond = self._top, max(0, len(self._holdings) - room - self._top)
        titles, *rows = _table(columns(self._holdings, nets, width), nets, self._under, beyond)
        seen, sums = rows[: len(self._seen)], rows[len(self._seen) :]
        return [titles, *seen, *([()] * (room - len(seen))), *sums, *notes]

    def _under(self, at: int) -> str:
        """Return the layer below the position at an index."""
        if at != self.cursor:
            return ""
        return "cursor" if self.has_focus else "mark"

    def _sums(self, width: int, height: int) -> tuple[Sequence[Subtotal], list[TextLine]]:
        """Return the sums and the lines below them, as far as a few positions still have room."""
        flat = [_flat(*part, width) for part in self._flat if part[1] or part[0].unknown]
        notes = [*_realised(self._nets, width), *_reasons(self._holdings, width), *flat]
        nets, room = self._nets, height - _HEADER - _FEWEST - len(notes)
        if len(nets) > room:
            nets = [net for net in nets if net.expiry is None]
        if len(nets) > room:
            nets = [net for net in nets if net.underlying]
        nets = nets[: max(0, height - _HEADER - 1)]
        # The lines of offsetting futures are last, and are cut last.
        return nets, notes[max(0, len(notes) - max(0, height - _HEADER - 1 - len(nets))) :]


def _table(
    shown: Sequence[Shown],
    nets: Sequence[Subtotal],
    under: Callable[[int], str],
    beyond: tuple[int, int],
) -> list[TextLine]:
    """Return titles, positions in sight and sums, every column in one unit.

    `beyond` is the number of positions above and below the visible ones.
    """
    above, below = beyond
    positions = len(shown[0][2]) - len(nets)
    in_sight = range(above, positions - below)
    unders = ["", *map(under, in_sight), *("part" if n.expiry else "net" for n in nets)]
    lines: list[list[Piece]] = [[] for _ in unders]
    for column, width, found in shown:
        title = _beyond(*beyond) if column.id == "name" else _title(column.id)
        column_cells = [title, *found[above : positions - below], *found[positions:]]
        for line, cell, layer in zip(lines, column_cells, unders, strict=True):
            if line:
                line.append((" ", f"{layer} value".strip()))
            line.append(piece(cell, width, right=column.right, under=layer))
    return [tuple(line) for line in lines]


def _title(column: str) -> BoardCell:
    brief = (t("positions.column_gamma_brief"),) if column == "gamma" else ()
    return BoardCell(t(f"positions.column_{column}"), "header", brief)


def _beyond(above: int, below: int) -> BoardCell:
    """Return the title of the names, with the number of positions out of sight."""
    title = t("positions.column_name")
    counts = [f"{way}{count}" for way, count in (("↑", above), ("↓", below)) if count]
    if not counts:
        return BoardCell(title, "header")
    return BoardCell(" ".join((title, *counts)), "value", (" ".join(counts),))


def _reasons(holdings: Sequence[Holding], width: int) -> list[TextLine]:
    """Return lines that name positions with missing or limited values, and the reasons."""
    holdings = [held for held in holdings if not held.is_left_out and not held.is_closed]
    lines: list[TextLine] = []
    for key, tone, whole in (("noted", "older", True), ("missing", "warning", False)):
        found = [held for held in holdings if held.why and held.is_whole is whole]
        if found:
            names = ", ".join(f"{contract_name(held.instrument)} {t(held.why)}" for held in found)
            text = t(f"positions.{key}", count=len(found), names=names)
            lines.append(((cells.fit(text, width), tone),))
    marked = [held for held in holdings if held.kind in ("last", "bid", "ask") and not held.is_over]
    if marked:
        names = ", ".join(
            f"{contract_name(held.instrument)} {_mark_words(held)}" for held in marked
        )
        text = t("positions.marks", count=len(marked), names=names)
        lines.insert(0, ((cells.fit(text, width), "older"),))
    return lines


def _realised(nets: Sequence[Subtotal], width: int) -> list[TextLine]:
    """Return a line of what was realised, today and in all, over all underlyings."""
    wholes = [net.exposure for net in nets if net.underlying and net.expiry is None]
    if not any(exposure.realised for exposure in wholes):
        return []
    today = sum(exposure.realised_today for exposure in wholes)
    total = sum(exposure.realised for exposure in wholes)
    both = today + sum(exposure.profit for exposure in wholes)
    sums = {"today": today, "total": total, "both": both}
    words = {name: amount(value, signed=True) for name, value in sums.items()}
    texts = [t(f"closed.{key}", **words) for key in ("sums", "sums_brief")]
    text = next((one for one in texts if cell_len(one) <= width), texts[-1])
    return [((cells.fit(text, width), "value"),)]


def _mark_words(held: Holding) -> str:
    """Return a description of a price that is not the middle of the quotes."""
    if held.kind != "last":
        return t(f"positions.mark_{held.kind}")
    if not isfinite(held.age):
        return t("positions.mark_last_unknown")
    return t("positions.mark_last", age=times.minutes(held.age))


def _flat(net: Subtotal, hedges: Sequence[Hedge], width: int) -> TextLine:
    """Return the line of the futures that offset a delta: exact, rounded, and the remainder.

    Contracts that are missing from the delta are named first.
    """
    underlying = underlying_name(net.underlying)
    if not hedges:
        text = t("positions.flat_unknown", underlying=underlying, count=net.unknown)
        return ((cells.fit(text, width), "warning"),)
    brief = [_hedge(hedge) for hedge in hedges]
    full = [
        t("positions.left", hedge=words, left=cells.plus(hedge.left, 0))
        if round(hedge.left)
        else words
        for words, hedge in zip(brief, hedges, strict=True)
    ]
    texts = [_flat_text("flat", underlying, net, parts) for parts in (full, brief, brief[:1])]
    texts.append(_flat_text("flat_brief", underlying, net, brief[:1]))
    texts.append(_flat_text("flat_brief", underlying, net, [_hedge(hedges[0], "side")]))
    chosen = next((text for text in texts if cell_len(text) <= width), texts[-1])
    return ((cells.fit(chosen, width), "warning" if net.unknown else "label"),)


def _flat_text(key: str, underlying: str, net: Subtotal, futures: Sequence[str]) -> str:
    if net.unknown:
        name = t(f"positions.{key}_without", underlying=underlying, count=net.unknown)
    else:
        name = underlying
    return t(f"positions.{key}", underlying=name, futures=" · ".join(futures))


def _hedge(hedge: Hedge, words: str = "flat") -> str:
    side = "none" if not hedge.whole else "long" if hedge.whole > 0 else "short"
    return t(
        f"positions.{words}_{side}",
        future=t(f"positions.{hedge.future}"),
        exact=cells.plus(hedge.exact) if hedge.exact else cells.number(0),
        whole=cells.number(abs(hedge.whole), 0),
    )
