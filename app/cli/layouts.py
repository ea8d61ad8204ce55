"""``kis-tui layouts``: list, show, export and import the user's layouts."""

from pathlib import Path

import click

from app.storage.layout_store import LayoutStore
from app.storage.layouts import write
from app.system.clock import SystemClock
from app.system.files import ProgramFolders, write_atomically
from widgets.texts import t


@click.group()
@click.pass_context
def layouts(ctx: click.Context) -> None:
    """The saved layouts."""
    ctx.obj = LayoutStore(ProgramFolders.find(), SystemClock())


@layouts.command("list")
@click.pass_obj
def list_names(store: LayoutStore) -> None:
    """Print the names, one per line."""
    for name in store.names():
        click.echo(name)


@layouts.command()
@click.argument("name")
@click.pass_obj
def show(store: LayoutStore, name: str) -> None:
    """Print a layout as TOML."""
    click.echo(write(store.load(name)).decode(), nl=False)


@layouts.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def export(store: LayoutStore, name: str, file: Path) -> None:
    """Write a layout to FILE, which must not be there yet."""
    if file.exists():
        raise click.UsageError(t("config.exists", path=file))
    write_atomically(file.absolute(), write(store.load(name)))


@layouts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="The layout's name; the file's, if not given.")
@click.pass_obj
def import_layout(store: LayoutStore, file: Path, name: str | None) -> None:
    """Save the layout of FILE under a name that is free."""
    layout = store.import_file(file, name or file.stem)
    click.echo(t("layouts.imported", name=layout.name), err=True)
