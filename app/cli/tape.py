"""``kis-tui tape``: what recordings hold, whether they are whole, and what can be made of them."""

import json
from pathlib import Path
from typing import Any

import click

from app.cli.columns import table
from app.cli.progress import progress
from app.cli.tape_archive import archive
from app.cli.tape_auctions import auctions
from app.cli.tape_copies import cut, export, pack, repair
from app.system.clock import SystemClock
from app.system.errors import KisTuiError
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.check import check, damage_events
from app.tape.entry import EntryKind, TapeEntry
from app.tape.reader import Tape
from app.tape.segments import Segment
from app.tape.summary import Summary, summarise, why_of
from widgets.byte_sizes import size_words
from widgets.message_text import message_text
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
    from app.cli import tape_text

    with Tape(library.find(file, ProgramFolders.find())) as found:
        with progress(found.size, t("tape.reading")) as tick:
            summary = summarise(found, tick)
        summary.growing = found.is_growing(SystemClock().now())
        if as_json:
            result = {"file": str(found.path), **tape_text.as_json(summary)}
            click.echo(json.dumps(result, ensure_ascii=False, indent=2))
            return
        click.echo(str(found.path))
        for line in tape_text.summary_lines(summary):
            click.echo(line)


@tape.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print an object: file, size, damage, …")
@click.pass_context
def verify(ctx: click.Context, file: str, as_json: bool) -> None:
    """Read all of FILE and say what is damaged and where.

    Exit code 0 if it is whole, 1 if something is damaged or torn, 2 if it is no tape.
    """
    from app.cli import tape_text
    from app.cli.damage_text import lines

    with Tape(library.find(file, ProgramFolders.find())) as found:
        ended, saved, growing = False, False, found.is_growing(SystemClock().now())

        def count_entry(_: Segment, entry: TapeEntry) -> None:
            nonlocal ended, saved
            ended = entry.kind == EntryKind.END
            saved = saved or entry.kind != EntryKind.KEYFRAME

        with progress(found.size, t("tape.reading")) as tick:
            findings = check(found, count_entry, tick)
        if as_json:
            result = {"file": str(found.path), "size": found.size, "ended": ended}
            result |= {"recording": growing, "damage": tape_text.as_findings(findings)}
            click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        else:
            for line in lines(findings):
                click.echo(line)
        if findings:
            hint = "tape.mend" if saved else "tape.nothing"
            click.echo(t(hint, name=file, path=file), err=True)
            ctx.exit(1)
        if not as_json:
            click.echo(t("tape.whole", size=size_words(found.size)))
        if not ended:
            click.echo(t("tape.state_growing" if growing else "tape.state_open"), err=True)


@tape.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects.")
def list_tapes(as_json: bool) -> None:
    """Print your tapes: name, from, to, size, and how each ends."""
    places = ProgramFolders.find()
    if as_json:
        listed = [_listed(library.folder(places), name) for name in library.names(places)]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
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
    places = ProgramFolders.find()
    click.echo(str(library.folder(places) if name is None else library.find(name, places)))


for command in (auctions, repair, cut, export, pack, archive):
    tape.add_command(command)


def _row(folder: Path, name: str) -> tuple[str, ...]:
    from app.cli.damage_text import clock
    from app.cli.tape_text import state_words

    try:
        with Tape(folder / (name + library.SUFFIX)) as found:
            glance = _glance(found)
    except KisTuiError as error:
        return name, "", "", "", message_text(error.message)
    size = size_words(glance.size)
    return name, clock(glance.first), clock(glance.last), size, state_words(glance)


def _listed(folder: Path, name: str) -> dict[str, Any]:
    from app.cli.tape_text import at_a_glance, state_words

    path = folder / (name + library.SUFFIX)
    try:
        with Tape(path) as found:
            glance = _glance(found)
    except KisTuiError as error:
        return {"name": name, "file": str(path), "state": message_text(error.message)}
    result = at_a_glance(glance) | {"state": state_words(glance)}
    return {"name": name, "file": str(path), **result}


def _glance(found: Tape) -> Summary:
    """Return the facts from both ends of a tape."""
    growing = found.is_growing(SystemClock().now())
    glance = Summary(found.header, found.size, growing=growing)
    if not found.segments:
        return glance
    glance.first = found.segments[0].wall
    for entry in found.entries(len(found.segments) - 1):
        glance.last = entry.wall
        glance.ended = why_of(entry.payload) if entry.kind == EntryKind.END else None
    glance.findings = damage_events(found)
    return glance
