"""Capture the dashboard into a layout, and restore it; the fields are those of `Layout`."""

from pathlib import Path
from typing import get_args

from msgspec.structs import replace

from app.screens.market_panels import MarketPanels
from app.screens.workspace import Workspace
from app.storage.layout_combinations import (
    placed_combinations,
    with_combinations,
    without_combinations,
)
from app.storage.layout_lists import NamedList
from app.storage.layouts import Layout
from specs.combination_code import is_combination
from specs.preferences import ChartSetup, Updown
from widgets.board import Board

UPDOWN: tuple[Updown, ...] = get_args(Updown)


class LayoutKeeper:
    """Captures how the dashboard is laid out and restores it, with the positions beside it."""

    def __init__(self, layout: Layout, grid: MarketPanels, workspace: Workspace) -> None:
        self.name = layout.name
        self.updown: Updown = layout.updown
        """The colours of ups and downs: the Korean, American, colour-blind or plain way."""
        self.chain_columns = list(layout.columns.get("chain", ()))
        """The columns that were chosen for the chain; empty for the usual ones."""
        self.store = workspace.program.store
        self._saved: Layout | None = None
        self._deleted: list[dict[str, bytes]] = []
        self._grid = grid
        self.chart = layout.chart
        self._market = workspace.market
        self._workspace = workspace

    @property
    def chart(self) -> ChartSetup:
        """How the chart was left."""
        return self._grid.chart_setup

    @chart.setter
    def chart(self, setup: ChartSetup) -> None:
        self._grid.chart_setup = setup

    def restore(self, layout: Layout) -> None:
        """Arrange codes, panels, columns and colours by a layout."""
        grid = self._grid
        self.name = layout.name
        self._market.contracts.remember(layout.names, layout.terms)
        watchlist, lists = self._market.watchlist, layout.lists or [NamedList("", layout.codes)]
        rows = {one.name: one.codes for one in lists}
        watchlist.replace_all(with_combinations(rows, layout.combinations), layout.open_list)
        watchlist.sorts = {one.name: one.sort for one in lists}
        views = self._market.row_views
        views.open_remarks(layout.notes)
        views.setup = layout.baseline
        self.chart = layout.chart
        grid.apply_arrangement(layout.panels, layout.arrangement, layout.sizes)
        for board_id, board in grid.boards.items():
            board.set_columns(layout.columns.get(board_id, ()))
            if board is not grid.expected:
                apply_sort(board, layout.sort.get(board_id, ""))
        self.chain_columns[:] = layout.columns.get("chain", ())
        self.updown = layout.updown
        self._saved = self._stored(layout)

    def is_changed(self, now: Layout) -> bool:
        """Return whether a captured layout differs from what is saved under its name."""
        return self._saved is not None and _setup(now) != _setup(self._saved)

    def capture(self) -> Layout:
        """Return everything as it is laid out now."""
        grid, boards = self._grid, self._grid.boards
        watchlist, codes = self._market.watchlist, self._market.contract_codes
        views = self._market.row_views
        return Layout(
            name=self.name,
            codes=[code for code in watchlist.all_codes if not is_combination(code)],
            names=self._market.contracts.names(codes),
            terms=self._market.contracts.terms(codes),
            panels=list(grid.panels),
            arrangement=grid.arrangement,
            sizes=dict(grid.sizes),
            columns={key: b.requested_columns for key, b in boards.items() if not b.shows_usual}
            | ({"chain": list(self.chain_columns)} if self.chain_columns else {}),
            sort={
                key: sort_text(b)
                for key, b in boards.items()
                if b.sort is not None and b is not grid.expected
            },
            lists=self._lists(),
            open_list=watchlist.name,
            combinations=placed_combinations(watchlist.lists),
            notes={c: views.remarks[c] for c in watchlist.all_codes if c in views.remarks},
            baseline=views.setup,
            updown=self.updown,
            chart=self.chart,
        )

    def _lists(self) -> list[NamedList]:
        """Return the lists as they are now; none for one list without a name."""
        watchlist = self._market.watchlist
        if watchlist.names == ("",):
            return []
        sorts = watchlist.sorts | {watchlist.name: sort_text(self._grid.watchlist)}
        return [
            NamedList(name, list(codes), sorts.get(name, ""))
            for name, codes in without_combinations(watchlist.lists).items()
        ]

    def changed_lists(self, now: Layout) -> frozenset[str]:
        """Return the names of captured lists that differ from the saved ones."""
        if self._saved is None:
            return frozenset()
        saved = {one.name: one for one in self._saved.lists}
        return frozenset(one.name for one in now.lists if saved.get(one.name) != one)

    def save_as(self, name: str) -> None:
        """Save the layout under a name, and the positions beside it.

        Raises:
            KisTuiError: the name is not allowed, or the layout cannot be written.
        """
        layout = replace(self.capture(), name=name)
        self.store.save(layout)
        self.name, self._saved = name, layout
        self._workspace.positions.save_beside(name)

    def rename(self, name: str, new: str) -> None:
        """Rename a saved layout with its positions.

        Raises:
            KisTuiError: the name is taken or not allowed, or the files cannot be renamed.
        """
        self.store.rename(name, new)
        if self.name == name:
            self.name = new

    def delete(self, name: str) -> None:
        """Delete a saved layout with its positions; the screen stays as it is.

        Raises:
            KisTuiError: the files cannot be deleted.
        """
        self._deleted.append(self.store.delete(name))

    def undelete(self) -> list[str]:
        """Restore the layout that was deleted last and return its name; empty if there is none.

        Raises:
            KisTuiError: its name is taken by now, or the files cannot be written.
        """
        if not self._deleted:
            return []
        self.store.restore(self._deleted[-1])
        return [Path(next(iter(self._deleted.pop()))).stem]

    def _stored(self, restored: Layout) -> Layout | None:
        """Return what is saved under the name of a restored layout; None if nothing is."""
        stored = self.store.saved(self.name) if self.name else None
        if stored is not None and _setup(stored) == _setup(restored):
            return self.capture()
        return stored

    def open_positions(self, name: str) -> int | None:
        """Open the positions that were saved beside a layout and return how many there are.

        None where none were saved: the positions stay.
        """
        return self._workspace.positions.open_beside(name)

    def next_updown(self) -> Updown:
        """Choose the next way to colour ups and downs and return it."""
        self.updown = UPDOWN[(UPDOWN.index(self.updown) + 1) % len(UPDOWN)]
        return self.updown


def sort_text(board: Board) -> str:
    """Return how a board is sorted: a column or -column, empty for the order of its codes."""
    return ("-" if board.sort[1] else "") + board.sort[0] if board.sort is not None else ""


def apply_sort(board: Board, text: str) -> None:
    """Sort a board as `sort_text` has it."""
    board.sort_by(text.removeprefix("-") or None, descending=text.startswith("-"))


def _setup(layout: Layout) -> Layout:
    """Return a layout without what contracts and masters say of its codes."""
    return replace(layout, name="", names={}, terms={})
