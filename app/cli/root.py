"""The root command: the dashboard itself, and the subcommands, imported when they are asked for."""

import gc
import importlib
from pathlib import Path
from typing import Any, get_args

import click

from app.cli.korean_help import explain
from app.cli.options import demo_of, demo_options, refused_secrets
from app.cli.recording_option import record_option
from app.krx import corrections
from app.system.logs import LEVELS, set_up
from specs.catalog import Session
from specs.preferences import Language, Updown

COMMANDS = (
    "alerts",
    "calendar",
    "completion",
    "config",
    "doctor",
    "help",
    "hub",
    "keys",
    "layouts",
    "master",
    "positions",
    "query",
    "record",
    "search",
    "serve",
    "simulate",
    "snapshot",
    "stream",
    "tape",
)


DEMO_LEAD = 15.0
"""Seconds of the opening auction that the demo of the dashboard begins with."""


class LazyGroup(click.Group):
    """A group whose subcommands cost nothing until they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"app.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        explain(command, (cmd_name,))
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(None, "-V", "--version", package_name="kis-tui")
@click.option(
    "-w",
    "--watch",
    metavar="CODES",
    help="Watch these codes and combinations (C1085+P1085), commas between.",
)
@click.option("--layout", metavar="NAME", help="Open this layout instead of the last one.")
@click.option("--lang", type=click.Choice(get_args(Language)), help="Language of every text.")
@click.option("--updown", type=click.Choice(get_args(Updown)), help="Colours of up and down.")
@click.option("--theme", metavar="NAME", help="Theme: dark, light, contrast, terminal or your own.")
@click.option("--no-color", is_flag=True, help="No colours, as with NO_COLOR.")
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read settings from this file.",
)
@click.option(
    "--log-file", type=click.Path(path_type=Path), metavar="FILE", help="Write a log, keys masked."
)
@click.option(
    "--log-level",
    type=click.Choice(LEVELS),
    default="info",
    show_default=True,
    help="How much of it.",
)
@click.option(
    "--session",
    type=click.Choice([s.value for s in Session]),
    help="Day or night, whatever the clock says.",
)
@record_option
@click.option(
    "--replay", metavar="FILE", help="Play a tape (or demo, the one that is built in); no keys."
)
@click.option(
    "--nats",
    metavar="URL",
    help="Get all data from the hub on this NATS server; no keys are needed.",
)
@click.option("--at", metavar="HH:MM[:SS]", help="Where the replay begins.")
@demo_options
@refused_secrets
@click.pass_context
def root(ctx: click.Context, /, lang: str | None, config_path: Path | None, **options: Any) -> None:
    """A terminal dashboard for Korean futures and options, above all in the night session.

    Without a command it opens the dashboard; kis-tui --demo needs no keys, and kis-tui --demo
    --start 10:00 is a day session.
    """
    from app.cli.invocation import Invocation
    from app.cli.run_log import log_start
    from widgets.texts import use

    log_file = options.pop("log_file")
    ring = set_up(log_file, options.pop("log_level"))
    log_start(ctx.invoked_subcommand, log_file=log_file)
    ctx.obj = invocation = Invocation(config_path, lang, ring)
    invocation.profile = options["profile"]
    if log_file is not None:
        from app.system.logs import LogPaths

        LogPaths(invocation.folders.state).add(log_file)
    # A settings file that is at fault must not stand in the way of the commands that mend it.
    if ctx.invoked_subcommand not in ("config", "help") or lang is not None:
        use(lang or invocation.settings.language)
    if ctx.invoked_subcommand not in ("config", "doctor", "help"):
        corrections.use(invocation.settings.calendar)
    if ctx.invoked_subcommand is not None:
        gc.enable()
    elif options["replay"] is not None:
        if options["nats"] is not None:
            raise click.UsageError("--nats: not with --replay")
        from app.cli.replay import replay

        ctx.exit(replay(invocation, options))
    else:
        if options["at"] is not None:
            raise click.UsageError("--at: only with --replay")
        from app.cli.dashboard import dashboard

        ctx.exit(dashboard(invocation, {**options, "demo": demo_of(options, DEMO_LEAD)}))


explain(root, ())
