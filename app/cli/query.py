"""``kis-tui query``: SQL over the archive of tapes, read-only."""

import sys
from pathlib import Path

import click

from app.archive.archive_index import default_folder
from app.archive.query_database import open_archive
from app.archive.ready_queries import READY, ready_sql, usage
from app.cli.columns import table
from app.cli.query_output import FORMATS, output
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from specs.user_message import UserMessage
from widgets.texts import t

_LONGEST_SQL = 1024 * 1024
_STDIN = "-"


@click.command()
@click.argument("words", nargs=-1, metavar="[SQL | NAME=VALUE...]")
@click.option(
    "--archive",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The archive, if it is not the one in the data directory.",
)
@click.option("--ready", metavar="NAME", help="Run the query of this name; --list prints them.")
@click.option("--list", "listing", is_flag=True, help="Print the ready queries and parameters.")
@click.option("--sql", "shows_sql", is_flag=True, help="Print the SQL of --ready, run nothing.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="An aligned table, CSV, or an array of JSON objects.",
)
def query(
    words: tuple[str, ...],
    folder: Path | None,
    ready: str | None,
    listing: bool,
    shows_sql: bool,
    shape: str,
) -> None:
    """Ask the archive of tapes (kis-tui tape archive) in SQL: one SELECT, or - for standard input.

    The views trades, quotes and expected hold every product, day and night, with the same columns
    (kis-tui query 'describe trades'); tapes lists what was archived.  Times are KST.  A ready query
    has parameters: kis-tui query --ready bars code=A01612 minutes=5.

    Nothing can be changed: a query writes no file, reads none outside of the archive, and reaches
    no network.  kis-tui help archive has ten questions with their queries.
    """
    if listing:
        rows = [
            (one.name, usage(one), t(f"query.about_{_key(one.name)}")) for one in READY.values()
        ]
        click.echo("\n".join(table(rows)))
        return
    sql = _sql(words, ready)
    if shows_sql:
        click.echo(sql)
        return
    folder = folder or default_folder(ProgramFolders.find())
    with open_archive(folder) as archive:
        names, chunks = archive.run(sql)
        for text in output(names, chunks, shape):
            sys.stdout.write(text)


def _sql(words: tuple[str, ...], ready: str | None) -> str:
    """Return the query that was asked for.

    Raises:
        UsageError: there is none, or more than one.
    """
    if ready is not None:
        return ready_sql(ready, words)
    if not words:
        raise UsageError("query.nothing", hint=UserMessage("query.usage_hint"))
    if len(words) > 1:
        raise UsageError("query.several_words", hint=UserMessage("query.usage_hint"))
    if words[0] != _STDIN:
        return words[0]
    try:
        content = sys.stdin.buffer.read(_LONGEST_SQL + 1)
        text = content.decode()
    except UnicodeDecodeError:
        raise UsageError("query.not_utf8") from None
    if len(content) > _LONGEST_SQL:
        raise UsageError("query.too_long")
    return text


def _key(name: str) -> str:
    return name.replace("-", "_")
