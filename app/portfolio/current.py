"""What is held in this run: read from disk when first asked for, kept there at every change."""

from collections.abc import Callable

from app.portfolio.positions import Positions
from app.portfolio.store import PartlySavedPositions, PositionStore
from app.system.errors import KisTuiError


class CurrentPositions:
    """The positions of now; what goes wrong with their files is told once and loses none.

    Of a damaged file the good positions are taken.
    """

    def __init__(self, store: PositionStore, tell: Callable[[str], None]) -> None:
        self._store = store
        self._tell = tell
        self._told: set[str] = set()
        self._positions: Positions | None = None
        self.problem = ""
        """What was wrong with the files, until something is changed and kept."""

    @property
    def positions(self) -> Positions:
        """The positions."""
        if self._positions is None:
            self._positions = Positions()
            try:
                self._positions = Positions(self._store.load())
            except PartlySavedPositions as error:
                self._positions = Positions(error.good)
                self._save()
                self._say(error)
            except KisTuiError as error:
                self._say(error)
        return self._positions

    def change(self, positions: Positions) -> None:
        """Hold these from now on."""
        if positions is self.positions:
            return
        self._positions = positions
        if self._store.keeps:
            self.problem = ""
        self._save()

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        before = self.positions.undone()
        if before is not None:
            self.change(before)
        return before is not None

    def open_beside(self, layout: str) -> int | None:
        """Hold what was saved with a layout, how many; none, and no change, where nothing was."""
        try:
            found = self._store.load_beside(layout)
        except PartlySavedPositions as error:
            found = error.good
            self.change(self.positions.replace_all(found))
            self._say(error)
            return len(found)
        except KisTuiError as error:
            self._say(error)
            return None
        if found is None:
            return None
        self.change(self.positions.replace_all(found))
        return len(found)

    def save_beside(self, layout: str) -> None:
        """Save what is held with a layout."""
        try:
            self._store.save_beside(layout, tuple(self.positions.values()))
        except KisTuiError as error:
            self._say(error)

    def _save(self) -> None:
        try:
            self._store.save(tuple(self.positions.values()))
        except KisTuiError as error:
            self._say(error)

    def _say(self, error: KisTuiError) -> None:
        self.problem = error.message
        if error.message not in self._told:
            self._told.add(error.message)
            self._tell(error.message)
