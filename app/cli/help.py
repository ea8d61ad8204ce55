"""``kis-tui help``: the manual on the terminal, and the man pages."""

import re
import sys
from io import StringIO
from pathlib import Path
from typing import get_args

import click

from app.cli.invocation import Invocation
from app.manual.manual_pages import TOPICS, page, title_of, topic_named
from app.storage.settings import Settings
from app.system.errors import KisTuiError
from specs.preferences import Language
from widgets.texts import t, use

_LINK = re.compile(r"\[([^\]]+)\]\(([a-z-]+)\.md(?:#[^)]*)?\)")
_WIDEST = 100


def _complete(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    return [topic for topic in TOPICS if topic.startswith(begun)]


@click.command("help")
@click.argument("topic", required=False, shell_complete=_complete)
@click.option("--lang", type=click.Choice(get_args(Language)), help="Language of the manual.")
@click.option(
    "--man",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a man page of each command into DIR.",
)
@click.pass_context
def help(  # noqa: A001
    ctx: click.Context, topic: str | None, lang: str | None, man: Path | None
) -> None:
    """Show the manual's page TOPIC, or of a command its --help; without TOPIC list the topics.

    On a terminal it is shown in a pager, otherwise printed as Markdown. In the dashboard F1 opens
    the same manual.
    """
    language = lang or _language(ctx.obj)
    use(language)
    root = ctx.find_root().command
    assert isinstance(root, click.Group)
    if man is not None:
        from app.cli.man_page import write_man_pages

        for path in write_man_pages(root, man, language):
            click.echo(path)
    elif topic is None:
        width = max(map(len, TOPICS))
        click.echo(t("manual.usage"))
        for one in TOPICS:
            click.echo(f"  {one:<{width}}  {title_of(one, language)}")
    elif topic not in TOPICS and (command := root.get_command(ctx, topic)) is not None:
        with click.Context(command, info_name=topic, parent=ctx.find_root()) as context:
            click.echo(command.get_help(context))
    else:
        _show(page(topic_named(topic), language))


def _language(invocation: Invocation) -> str:
    """Return the language of the settings; settings that are at fault do not withhold the help."""
    try:
        return invocation.settings.language
    except KisTuiError:
        return Settings().language


def _show(text: str) -> None:
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    width = min(_WIDEST, click.HelpFormatter().width + 2)
    drawn = StringIO()
    linked = _LINK.sub(r"\1 (`\2`)", text)
    Console(file=drawn, width=width, force_terminal=True).print(Markdown(linked))
    click.echo_via_pager(drawn.getvalue(), color=True)
