"""``kis-tui config``: where the settings lie, what is in force, and whether they are sound."""

import click
import msgspec

from app.cli.invocation import Invocation
from app.cli.setting_schema import settings_schema
from app.storage.palettes import THEMES
from app.storage.settings import read_file
from app.storage.settings_example import EXAMPLE
from app.storage.theme_files import BASES, theme_example
from app.system.files import write_atomically
from widgets.texts import t


@click.group()
def config() -> None:
    """The settings file."""


@config.command()
@click.pass_obj
def path(invocation: Invocation) -> None:
    """Print where the settings are read from."""
    click.echo(invocation.config_path)


@config.command()
@click.pass_obj
def show(invocation: Invocation) -> None:
    """Print the settings in force as JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(invocation.settings)))


@config.command()
@click.pass_obj
def validate(invocation: Invocation) -> None:
    """Check the settings file."""
    where = invocation.config_path
    try:
        read_file(where)
    except FileNotFoundError:
        click.echo(t("config.default", path=where), err=True)
    else:
        click.echo(t("config.valid", path=where), err=True)


@config.command()
@click.pass_obj
def init(invocation: Invocation) -> None:
    """Write an example, every line a default, unless there is a file already."""
    where = invocation.config_path
    if where.exists():
        raise click.UsageError(t("config.exists", path=where))
    write_atomically(where, EXAMPLE.encode())
    click.echo(t("config.written", path=where), err=True)


@config.command()
def schema() -> None:
    """Print a JSON Schema of the settings file, for editors and checks."""
    click.echo(msgspec.json.format(msgspec.json.encode(settings_schema())))


@config.command()
@click.argument("name", type=click.Choice(BASES))
def theme(name: str) -> None:
    """Print a built-in theme as a file to change."""
    click.echo(theme_example(THEMES[name]), nl=False)
