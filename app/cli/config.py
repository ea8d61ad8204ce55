"""``kis-tui config``: where the settings lie, what is in force, and whether they are sound."""

import click
import msgspec

from app.files import Places, write_atomically
from app.settings import EXAMPLE, Settings, config_path, read_file
from widgets.texts import t


@click.group()
def config() -> None:
    """The settings file."""


@config.command()
def path() -> None:
    """Print where the settings are read from."""
    click.echo(config_path(Places.find()))


@config.command()
@click.pass_obj
def show(settings: Settings) -> None:
    """Print the settings in force as JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(settings)))


@config.command()
def validate() -> None:
    """Check the settings file."""
    where = config_path(Places.find())
    try:
        read_file(where)
    except FileNotFoundError:
        click.echo(t("config.default", path=where), err=True)
    else:
        click.echo(t("config.valid", path=where), err=True)


@config.command()
def init() -> None:
    """Write an example, every line a default, unless there is a file already."""
    where = config_path(Places.find())
    if where.exists():
        raise click.UsageError(t("config.exists", path=where))
    write_atomically(where, EXAMPLE.encode())
    click.echo(t("config.written", path=where), err=True)
