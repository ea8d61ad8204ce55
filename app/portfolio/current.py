"""The positions of a run: loaded from disk at the first access, saved at every change."""

from collections.abc import Callable

from app.portfolio.positions import Positions
from app.portfolio.store import PartlySavedPositions, PositionStore
from app.system.errors import KisTuiError
from specs.user_message import UserText


class CurrentPositions:
    """The current positions; `notify` gets each problem with their files once.

    A problem loses no position: the good positions of a damaged file are loaded.
    """

    def __init__(self, store: PositionStore, notify: Callable[[UserText], None]) -> None:
        self._store = store
        self._notify = notify
        self._notified: set[UserText] = set()
        self._positions: Positions | None = None
        self.problem: UserText | None = None
        """The last problem with the files, until a change is saved."""

    @property
    def positions(self) -> Positions:
        """The positions."""
        if self._positions is None:
            self._positions = Positions()
            try:
                kept = self._store.load_kept()
                self._positions = Positions(kept.positions, closed=kept.closed)
            except PartlySavedPositions as error:
                self._positions = Positions(error.good, closed=error.closed)
                self._save()
                self._report(error)
            except KisTuiError as error:
                self._report(error)
        return self._positions

    def change(self, positions: Positions) -> None:
        """Replace the positions and save them."""
        if positions is self.positions:
            return
        self._positions = positions
        if self._store.keeps:
            self.problem = None
        self._save()

    def undo(self) -> bool:
        """Undo the last change; return False if there is none."""
        before = self.positions.undone()
        if before is not None:
            self.change(before)
        return before is not None

    def open_beside(self, layout: str) -> int | None:
        """Load the positions saved with a layout; return their number.

        Return None, without a change, if none were saved or the file cannot be read.
        """
        try:
            found = self._store.load_beside(layout)
        except PartlySavedPositions as error:
            found = error.good
            self.change(self.positions.replace_all(found))
            self._report(error)
            return len(found)
        except KisTuiError as error:
            self._report(error)
            return None
        if found is None:
            return None
        self.change(self.positions.replace_all(found))
        return len(found)

    def save_beside(self, layout: str) -> None:
        """Save the positions with a layout."""
        try:
            self._store.save_beside(layout, tuple(self.positions.values()))
        except KisTuiError as error:
            self._report(error)

    def _save(self) -> None:
        try:
            self._store.save(tuple(self.positions.values()), self.positions.closed)
        except KisTuiError as error:
            self._report(error)

    def _report(self, error: KisTuiError) -> None:
        self.problem = error.message
        if error.message not in self._notified:
            self._notified.add(error.message)
            self._notify(error.message)
