"""``kis-tui master``: bring KIS' code masters into the cache, and say what is there."""

from pathlib import Path

import click

from app.files import Places
from widgets.texts import t


@click.group()
def master() -> None:
    """Names and strikes: KIS' code masters."""


@master.command()
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read this .mst or .zip instead of downloading; may be given twice.",
)
def update(files: tuple[Path, ...]) -> None:
    """Bring the masters of index and stock derivatives into the cache."""
    from app import master as masters

    places = Places.find()
    if files:
        counts = {path.name: masters.import_file(places, path) for path in files}
    else:
        click.echo(t("master.downloading"), err=True)
        counts = masters.update(places)
    for name, count in counts.items():
        click.echo(t("master.stored", name=name, count=count), err=True)


@master.command()
def info() -> None:
    """Say what the cache holds."""
    from app.master import load_master

    found = load_master(Places.find())
    if not found.count:
        click.echo(t("master.none"), err=True)
        return
    click.echo(f"{found.date}\t{found.count}")
