"""``kis-tui tape``: what recordings hold, whether they are whole, and what can be made of them."""

import json
from pathlib import Path

import click

from app.cli.columns import table
from app.cli.progress import progress
from app.cli.tape_copies import cut, export, repair
from app.errors import KisTuiError
from app.files import Places
from app.tape import library
from app.tape.check import Finding, What, check
from app.tape.entry import Entry, Kind
from app.tape.reader import Tape
from app.tape.segments import Segment
from app.tape.summary import Summary, summarise, why_of
from widgets.sizes import size_words
from widgets.texts import t


@click.group()
def tape() -> None:
    """Recordings: FILE is a path, the name of a tape of yours, or demo, which is built in."""


@tape.command()
@click.argument("file")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print an object: trade_date, session, from, to, records by TR, codes, gaps, damage, …",
)
def info(file: str, as_json: bool) -> None:
    """Say what FILE holds: records by TR and code, missed contracts, outages, auctions, damage.

    Missed are contracts by which the accumulated volume grew without a trade.
    """
    from app.cli import tape_words

    with Tape(library.find(file, Places.find())) as found:
        with progress(found.size, t("tape.reading")) as tick:
            summary = summarise(found, tick)
        if as_json:
            told = {"file": str(found.path), **tape_words.as_json(summary)}
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
            return
        click.echo(str(found.path))
        for line in tape_words.told(summary):
            click.echo(line)


@tape.command()
@click.argument("file")
@click.pass_context
def verify(ctx: click.Context, file: str) -> None:
    """Read all of FILE and say what is damaged and where.

    Exit code 0 if it is whole, 1 if something is damaged or torn, 2 if it is no tape.
    """
    from app.cli import tape_words

    with Tape(library.find(file, Places.find())) as found:
        ended = False

        def hear(_: Segment, entry: Entry) -> None:
            nonlocal ended
            ended = entry.kind == Kind.END

        with progress(found.size, t("tape.reading")) as tick:
            findings = check(found, hear, tick)
        for line in tape_words.wrong(findings):
            click.echo(line)
        if findings:
            click.echo(t("tape.mend", name=file), err=True)
            ctx.exit(1)
        click.echo(t("tape.whole", size=size_words(found.size)))
        if not ended:
            click.echo(t("tape.state_open"), err=True)


@tape.command("list")
def list_tapes() -> None:
    """Print your tapes: name, from, to, size, and how each ends."""
    places = Places.find()
    rows = [tuple(t(f"tape.list_{name}") for name in ("name", "from", "to", "size", "state"))]
    rows += [_row(library.folder(places), name) for name in library.names(places)]
    if len(rows) > 1:
        click.echo("\n".join(table(rows, right=(3,))))
    else:
        click.echo(t("tape.none", folder=library.folder(places)), err=True)


@tape.command()
@click.argument("name", required=False)
def path(name: str | None) -> None:
    """Print the folder of your tapes, or where the tape NAME lies."""
    places = Places.find()
    click.echo(str(library.folder(places) if name is None else library.find(name, places)))


for command in (repair, cut, export):
    tape.add_command(command)


def _row(folder: Path, name: str) -> tuple[str, ...]:
    from app.cli.tape_words import clock, state_words

    try:
        with Tape(folder / (name + library.SUFFIX)) as found:
            glance = _glance(found)
    except KisTuiError as error:
        return name, "", "", "", error.message
    size = size_words(glance.size)
    return name, clock(glance.first), clock(glance.last), size, state_words(glance)


def _glance(found: Tape) -> Summary:
    """What the ends of a tape tell."""
    glance = Summary(found.header, found.size)
    if not found.segments:
        return glance
    glance.first = found.segments[0].wall
    for entry in found.entries(len(found.segments) - 1):
        glance.last = entry.wall
        glance.ended = why_of(entry.payload) if entry.kind == Kind.END else None
    torn = found.torn()
    if torn:
        glance.findings = [Finding(What.TORN, found.size - torn, count=torn)]
    if found.faults or not found.has_header:
        glance.findings = [Finding(What.BROKEN, found.segments[-1].start), *glance.findings]
    return glance
