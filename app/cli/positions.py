"""``kis-tui positions``: list, import and export the positions that the dashboard values."""

import json
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

import click

from app.cli.columns import table
from app.instruments.code_lookup import CodeLookup, read_code
from app.instruments.contracts import Contracts
from app.instruments.master import load_master
from app.krx.calendar import KRX
from app.portfolio.closed_lots import with_trade
from app.portfolio.csv_file import import_sheet, import_summary, write_sheet
from app.portfolio.positions import (
    MOST_POSITIONS,
    ClosedLot,
    Position,
    Positions,
    merge_lots,
    read_average,
    read_quantity,
    written,
)
from app.portfolio.store import KeptPositions, PartlySavedPositions, PositionStore
from app.storage.csv_text import delimited
from app.storage.layout_store import LayoutStore
from app.system.clock import SystemClock
from app.system.errors import UsageError
from app.system.files import ProgramFolders, write_atomically
from widgets.contract_names import name_beside_code
from widgets.message_text import message_text
from widgets.texts import t
from widgets.times import MISSING

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


@positions.command("trade", context_settings={"ignore_unknown_options": True})
@click.argument("code")
@click.argument("quantity")
@click.argument("price")
@click.option(
    "--day",
    type=click.DateTime(("%Y-%m-%d",)),
    help="The trade date.  [default: that of the session that is on or comes next]",
)
def enter_trade(code: str, quantity: str, price: str, day: datetime | None) -> None:
    """Enter a trade that was made: QUANTITY contracts of CODE at PRICE, below 0 sold.

    What it closes is realised at average cost and listed by `positions closed`.
    """
    store, contract = _PositionList(None), read_code(code)
    traded = Position(contract, read_quantity(quantity), read_average(price, contract))
    today = day.date() if day is not None else KRX.state_at(SystemClock().now()).trade_date
    kept = store.load_kept()
    after = with_trade(Positions(kept.positions, closed=kept.closed), traded, today)
    store.save(tuple(after.values()), after.closed)
    held = after.get(contract)
    left = f"{held.quantity:,} @ {written(held.average)}" if held is not None else "0"
    click.echo(t("closed.recorded", left=left), err=True)


@positions.command("closed")
@click.option(
    "--format",
    "shape",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="A table, or the same as JSON or CSV.",
)
@click.option("--clear", is_flag=True, help="Print the list, then empty it.")
def list_closed(shape: str, clear: bool) -> None:
    """Print what trades have closed, with the profit at average cost in won."""
    store = _PositionList(None)
    kept = store.load_kept()
    click.echo(_closed_text(kept.closed, shape), nl=False)
    if clear and kept.closed:
        store.save(kept.positions, ())
        click.echo(t("closed.cleared", count=len(kept.closed)), err=True)


def _closed_text(lots: tuple[ClosedLot, ...], shape: str) -> str:
    contracts = Contracts(load_master(ProgramFolders.find()))
    names = (*ClosedLot.__struct_fields__, "realised")
    entries: list[dict[str, Any]] = []
    for lot in lots:
        won = lot.points * contracts.instrument(lot.code).multiplier
        values = (lot.code, lot.quantity, lot.average, lot.price, f"{lot.day}")
        known = round(won, 2) if isfinite(won) else None
        entries.append(dict(zip(names, (*values, known), strict=True)))
    if shape == "json":
        return f"{json.dumps(entries, indent=2)}\n"
    if shape == "csv":
        lines = [list(names), *([one[name] for name in names] for one in entries)]
        return delimited(lines).decode()
    if not entries:
        return ""
    rows = [
        (
            one["code"],
            f"{one['quantity']:,}",
            written(one["average"]),
            written(one["price"]),
            one["day"],
            MISSING if one["realised"] is None else f"{one['realised']:+,.0f}",
        )
        for one in entries
    ]
    titles = tuple(t(f"closed.{name}") for name in names)
    return "".join(f"{line}\n" for line in table([titles, *rows], right=(1, 2, 3, 5)))


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

    def load_kept(self) -> KeptPositions:
        """Return the working copy with its closed lots; raises what `load` raises."""
        try:
            return self._store.load_kept()
        except PartlySavedPositions as error:
            click.echo(message_text(error.message), err=True)
            return KeptPositions(error.good, error.closed)

    def save(self, held: Held, closed: tuple[ClosedLot, ...] | None = None) -> None:
        """Replace the list; None for the closed lots that it has.

        Raises:
            KisTuiError: it cannot be written; the old one is as it was.
        """
        if self._layout is None:
            self._store.save(held, closed)
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
        (
            p.code,
            name_beside_code(contracts.instrument(p.code)),
            f"{p.quantity:,}",
            written(p.average),
        )
        for p in held
    ]
    return "".join(f"{line}\n" for line in table([titles, *rows], right=(2, 3))).encode()
