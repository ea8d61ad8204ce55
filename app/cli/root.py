"""The root command: the dashboard itself, and the subcommands, imported when they are asked for."""

import importlib
from datetime import date, datetime
from typing import Any

import click

from specs.catalog import Session

COMMANDS = {
    "completion": "app.cli.completion",
    "config": "app.cli.config",
    "layouts": "app.cli.layouts",
    "master": "app.cli.master",
    "simulate": "app.cli.simulate",
    "stream": "app.cli.stream",
}


class LazyGroup(click.Group):
    """A group whose subcommands cost nothing until they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command


class Day(click.ParamType):
    """A date as 2026-11-20."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no date such as 2026-11-20", param, ctx)


class TimeOfDay(click.ParamType):
    """A time as 17:59."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        try:
            datetime.strptime(value, "%H:%M")  # noqa: DTZ007
        except ValueError:
            self.fail(f"{value} is no time such as 17:59", param, ctx)
        return str(value)


def demo_options(command: Any) -> Any:
    """The options of a demo, on a command."""
    for option in reversed(
        (
            click.option("--demo", is_flag=True, help="Run on the built-in simulator, no keys needed."),
            click.option("--session", type=click.Choice(list(Session)), help="The demo's session."),
            click.option("--date", "day", type=Day(), help="The demo's date."),
            click.option("--start", type=TimeOfDay(), help="When the demo begins, HH:MM."),
            click.option("--speed", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True),
            click.option("--seed", type=int, default=1, show_default=True),
        )
    ):
        command = option(command)
    return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(None, "-V", "--version", package_name="kis-tui")
@click.option("-w", "--watch", metavar="CODES", help="Watch these codes, commas between.")
@click.option("--layout", metavar="NAME", help="Open this layout instead of the last one.")
@click.option("--lang", type=click.Choice(["ko", "en"]), help="Language of every text.")
@click.option("--updown", type=click.Choice(["kr", "us", "cb", "mono"]), help="Colours of up and down.")
@click.option("--config", "config_path", metavar="FILE", help="Read settings from this file.")
@demo_options
@click.pass_context
def root(ctx: click.Context, lang: str | None, config_path: str | None, **options: Any) -> None:
    """A terminal dashboard for Korean futures and options, above all in the night session.

    Without a command it opens the dashboard; kis-tui --demo needs no keys.
    """
    from app.cli.start import load_settings

    settings = load_settings(lang, config_path)
    ctx.obj = settings
    if ctx.invoked_subcommand is None:
        from app.cli.dashboard import dashboard

        ctx.exit(dashboard(settings, **options))
