"""``kis-tui positions``: list, import and export the positions that the dashboard values."""

import json
from pathlib import Path

import click

from app.cli.columns import table
from app.instruments.code_lookup import CodeLookup
from app.instruments.contracts import Contracts
from app.instruments.master import load_master
from app.portfolio.csv_file import import_sheet, import_summary, write_sheet
from app.portfolio.positions import MOST_POSITIONS, Position, merge_lots, written
from app.portfolio.store import PartlySavedPositions, PositionStore
from app.storage.layout_store import LayoutStore
from app.system.clock import SystemClock
from app.system.errors import UsageError
from app.system.files import ProgramFolders, write_atomically
from widgets.message_text import message_text
from widgets.texts import t

FORMATS = ("table", "json", "csv")
Held = tuple[Position, ...]

_layout_option = click.option(
    "--layout", metavar="NAME", help="The positions saved with this layout, not the working list."
)


@click.group()
def positions() -> None:
    """The positions that the dashboard values; kis-tui never reads an account."""


@positions.command("list")
@_layout_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="A table with names; or code, quantity (short below 0) and average as JSON or CSV.",
)
def list_positions(layout: str | None, shape: str) -> None:
    """Print the positions."""
    click.echo(_formatted(_PositionList(layout).load(), shape), nl=False)


@positions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_layout_option
@click.option("--add", is_flag=True, help="Merge FILE into the list instead of replacing it.")
def import_positions(file: Path, layout: str | None, add: bool) -> None:
    """Replace the list by the positions in FILE: a table of a broker or spreadsheet, or JSON.

    Contracts are named by code, ISIN or the master's name.  All lines are read or none.  The list
    of before is kept in a file that can be imported again.
    """
    kept = _PositionList(layout)
    found = import_sheet(file, CodeLookup(Contracts(load_master(kept.places))).find)
    before = kept.load()
    after = merge_lots((*before, *found.positions)) if add else found.positions
    if len(after) > MOST_POSITIONS:
        raise UsageError("positions.too_many", count=len(after), most=MOST_POSITIONS)
    if before and before != after:
        write_atomically(kept.previous, write_sheet(before))
        click.echo(t("positions.kept_before", path=kept.previous), err=True)
    kept.save(after)
    click.echo(message_text(import_summary(found)), err=True)


@positions.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@_layout_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(FORMATS),
    help="What FILE becomes.  [default: json for a name that ends in .json, else csv]",
)
def export_positions(file: Path, layout: str | None, shape: str | None) -> None:
    """Write the positions to FILE, which must not exist, or to standard output (-)."""
    found = _PositionList(layout).load()
    content = _formatted(found, shape or ("json" if file.suffix == ".json" else "csv"))
    if file == Path("-"):
        click.echo(content, nl=False)
        return
    path = file.absolute()
    if path.exists() or path.is_symlink():
        raise UsageError("positions.taken", path=path)
    write_atomically(path, content)
    click.echo(t("positions.exported", path=path), err=True)


class _PositionList:
    """The working list, or the list saved with a layout."""

    def __init__(self, layout: str | None) -> None:
        self.places = ProgramFolders.find()
        self._layout = layout
        self._store = PositionStore(self.places, SystemClock(), demo=False)
        if layout is not None:
            LayoutStore(self.places, SystemClock()).load(layout)

    @property
    def previous(self) -> Path:
        """The file with the list that the last import replaced: working copy or layout."""
        suffix = f"-{self._layout}" if self._layout is not None else ""
        return self.places.state / f"positions{suffix}-before.csv"

    def load(self) -> Held:
        """Return the positions; of a damaged file those that can be read, with a warning.

        Raises:
            KisTuiError: the file cannot be read, or is of a newer version.
        """
        try:
            if self._layout is None:
                return self._store.load()
            return self._store.load_beside(self._layout) or ()
        except PartlySavedPositions as error:
            click.echo(message_text(error.message), err=True)
            return error.good

    def save(self, held: Held) -> None:
        """Replace the list.

        Raises:
            KisTuiError: it cannot be written; the old one is as it was.
        """
        if self._layout is None:
            self._store.save(held)
        else:
            self._store.save_beside(self._layout, held)


def _formatted(held: Held, shape: str) -> bytes:
    if shape == "csv":
        return write_sheet(held)
    if shape == "json":
        entries = [{"code": p.code, "quantity": p.quantity, "average": p.average} for p in held]
        return f"{json.dumps(entries, indent=2)}\n".encode()
    if not held:
        return b""
    contracts = Contracts(load_master(ProgramFolders.find()))
    titles = tuple(t(f"positions.{name}") for name in ("code", "name", "quantity", "average"))
    rows = [
        (p.code, contracts.instrument(p.code).name, f"{p.quantity:,}", written(p.average))
        for p in held
    ]
    return "".join(f"{line}\n" for line in table([titles, *rows], right=(2, 3))).encode()
