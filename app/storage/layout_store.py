"""The layouts of a user, and the working copy of each kind of run."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from app.storage.layouts import Layout, check_name, is_name, read, write
from app.storage.toml_files import read_or_set_aside, replace_file
from app.system.clock import Clock
from app.system.errors import KisTuiError, UsageError
from app.system.files import (
    ProgramFolders,
    delete_file,
    read_bounded,
    rename_file,
    sweep,
    write_exclusively,
)
from specs.catalog import Session
from specs.user_message import UserMessage

_WORKING_COPIES = {
    None: "session.toml",
    Session.NIGHT: "session-demo.toml",
    Session.DAY: "session-demo-day.toml",
}
"""File names of the working copies: of live runs, and of the demos by their first session."""


class LayoutStore:
    """The layouts of a user."""

    def __init__(self, places: ProgramFolders, clock: Clock) -> None:
        self._folder = places.config / "layouts"
        self._state = places.state
        self._clock = clock
        self._refused = False
        sweep(self._folder)
        sweep(self._state)

    def path(self, name: str) -> Path:
        """Return the path of a layout.

        Raises:
            UsageError: the name will not do.
        """
        return self._folder / f"{check_name(name)}.toml"

    def names(self) -> list[str]:
        """The names of all layouts, sorted."""
        try:
            files = [p for p in self._folder.iterdir() if p.suffix == ".toml"]
        except OSError:
            return []
        return sorted(p.stem for p in files if is_name(p.stem))

    def load(self, name: str) -> Layout:
        """A layout by its name.

        Raises:
            UsageError: there is none of this name, or it was written by a newer program.
            DamagedFile: its file cannot be read; it was moved aside, not replaced.
        """
        path = self.path(name)
        try:
            layout = self._read(path)
        except FileNotFoundError:
            names = ", ".join(self.names()) or "—"
            hint = UserMessage("layouts.there", names=names)
            raise UsageError("layouts.none", name=name, hint=hint) from None
        return msgspec.structs.replace(layout, name=name)

    def saved(self, name: str) -> Layout | None:
        """Return what is saved under a name; None where nothing is that can be read."""
        try:
            return read(read_bounded(self.path(name)), name)
        except (FileNotFoundError, KisTuiError):
            return None

    def save(self, layout: Layout) -> None:
        """Save a layout under its name.

        Raises:
            UsageError: the name will not do, or a newer program wrote what would be replaced.
            KisTuiError: the file cannot be written; the old one is as it was.
        """
        replace_file(self.path(layout.name), self._read, write(layout))

    def rename(self, name: str, new: str) -> None:
        """Rename a layout and what is saved beside it.

        Raises:
            UsageError: the new name is taken or will not do.
            KisTuiError: its files cannot be renamed.
        """
        if self.path(new).exists():
            raise UsageError("layouts.taken", name=new)
        for path in self._files(name):
            rename_file(path, path.with_name(new + path.name.removeprefix(name)))

    def delete(self, name: str) -> dict[str, bytes]:
        """Delete a layout and what is saved beside it; return the files for `restore`.

        Raises:
            KisTuiError: a file cannot be read or deleted.
        """
        files = self._files(name)
        contents = {path.name: read_bounded(path) for path in files}
        for path in files:
            delete_file(path)
        return contents

    def restore(self, contents: Mapping[str, bytes]) -> None:
        """Write deleted files again, where none are by now.

        Raises:
            KisTuiError: one is there, or cannot be written.
        """
        for file_name, content in contents.items():
            write_exclusively(self._folder / file_name, content)

    def _files(self, name: str) -> list[Path]:
        """Return the files of a layout; no name has a dot."""
        beside = sorted(self._folder.glob(f"{check_name(name)}.*.toml"))
        return [path for path in (self.path(name), *beside) if path.is_file()]

    def import_file(self, source: Path, name: str) -> Layout:
        """Save the layout of a file under a name that is free.

        Raises:
            UsageError: the file cannot be read, or the name is taken or will not do.
        """
        path = self.path(name)
        if path.exists():
            raise UsageError("layouts.taken", name=name)
        try:
            layout = read(read_bounded(source), str(source))
        except FileNotFoundError:
            raise UsageError("settings.no_file", path=source) from None
        layout = msgspec.structs.replace(layout, name=name)
        self.save(layout)
        return layout

    def last_session(self, *, demo: Session | None) -> Layout | None:
        """Return the working copy of the last run, or None at the first start.

        The demos of day and night, by the session that they begin with, have one each.

        Raises:
            DamagedFile: its file cannot be read; it was moved aside.
        """
        try:
            return self._read(self._session(demo))
        except FileNotFoundError:
            return None

    def save_session(self, layout: Layout, *, demo: Session | None) -> None:
        """Keep the working copy for the next start.

        Raises:
            UsageError: what would be replaced cannot be judged, or a newer program wrote it; said
                once, after that nothing is kept.
            KisTuiError: it cannot be written.
        """
        if self._refused:
            return
        try:
            replace_file(self._session(demo), self._read, write(layout))
        except UsageError:
            self._refused = True
            raise

    def _session(self, demo: Session | None) -> Path:
        return self._state / _WORKING_COPIES[demo]

    def _read(self, path: Path) -> Layout:
        return read_or_set_aside(path, read, self._clock.now())
