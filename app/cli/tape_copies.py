"""``kis-tui tape repair``, ``cut``, ``export`` and ``pack``: files made of a tape."""

import sys
from datetime import datetime
from pathlib import Path

import click

from app.cli.damage_text import passed_over
from app.cli.progress import progress
from app.cli.run_setup import read_codes
from app.system.errors import KisTuiError, UsageError
from app.system.files import ProgramFolders
from app.tape import copying, library
from app.tape import export as tables
from app.tape.reader import Tape
from app.tape.tables import FORMATS
from app.tape.times import moment, nanoseconds, on
from specs.catalog import CATALOG
from specs.user_message import UserMessage
from widgets.byte_sizes import size_words
from widgets.message_text import message_text
from widgets.texts import t

_CLOCK = click.DateTime(["%H:%M:%S", "%H:%M"])
STDOUT = Path("-")
_codes = click.option("--codes", metavar="CODES", default="", help="Only these, commas between.")


@click.command()
@click.argument("file")
@click.argument("out", required=False, type=click.Path(path_type=Path))
def repair(file: str, out: Path | None) -> None:
    """Write everything that can be read of FILE to a new tape, OUT or …-repaired.ktape beside it.

    FILE stays as it is.  Where tapes were put one behind the other, each gets a file of its own.
    """
    from app.cli.tape_text import missing_words

    source = library.find(file, ProgramFolders.find())
    name = f"{source.name.removesuffix(library.SUFFIX)}-repaired{library.SUFFIX}"
    # The folder that the program lies in is no place for a user's files.
    out = out or (Path() if file == library.DEMO else source.parent) / name
    begin: int | None = 0
    number = 1
    while begin is not None:
        into = out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")
        with Tape(source, begin) as found, progress(found.size, t("tape.copying")) as tick:
            copied = copying.repair(found, into.absolute(), tick)
            begin, number = found.second, number + 1
        click.echo(t("tape.repaired", path=into, count=f"{copied.messages:,}"), err=True)
        for line in missing_words(copied.holes):
            click.echo(line, err=True)


@click.command()
@click.argument("file")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--from", "begin", type=_CLOCK, metavar="HH:MM[:SS]", help="From this time (KST).")
@click.option("--to", "end", type=_CLOCK, metavar="HH:MM[:SS]", help="To this time.")
@_codes
def cut(file: str, out: Path, begin: datetime | None, end: datetime | None, codes: str) -> None:
    """Write a part of FILE to the new tape OUT, which begins with the state of its first moment.

    Of a night's tape, hours before noon are those of the next morning.
    """
    if begin is None and end is None and not codes:
        raise click.UsageError("--from, --to or --codes")
    wanted = read_codes((codes,)) if codes else ()
    with Tape(library.find(file, ProgramFolders.find())) as found:
        start, stop = _moment(found, begin, -(2**63)), _moment(found, end, 2**63 - 1)
        if start >= stop:
            raise UsageError("tape.backwards")
        with progress(found.size, t("tape.copying")) as tick:
            copied = copying.cut(found, out.absolute(), start, stop, wanted, tick)
        wrong = list(passed_over(found))
    click.echo(t("tape.cut_out", path=out, count=f"{copied.messages:,}"), err=True)
    for line in wrong:
        click.echo(line, err=True)


@click.command()
@click.argument("file")
@click.argument("out", required=False, type=click.Path(path_type=Path))
@click.option("--format", "shape", type=click.Choice(sorted(FORMATS)), required=True)
@click.option(
    "--tr", metavar="TR", default="", help="Only this TR; OUT may then be a file, or - (CSV)."
)
@_codes
@click.option("--force", is_flag=True, help="Replace files that are there.")
def export(file: str, out: Path | None, shape: str, tr: str, codes: str, force: bool) -> None:
    """Write the records of FILE as tables into the folder OUT (or here): <name>-<TR>.csv.

    A table's columns are received (when, in KST) and the fields of its TR; missing numbers are
    blank in CSV and null in Parquet, which needs pyarrow.
    """
    tr = tr.upper()
    if tr and tr not in CATALOG:
        raise UsageError("tape.no_tr", name=tr, hint=", ".join(CATALOG))
    wanted = tables.ExportFilter(tr, frozenset(read_codes((codes,)) if codes else ()))
    source, folder = library.find(file, ProgramFolders.find()), (out or Path()).absolute()
    stem, pipe = source.name.removesuffix(library.SUFFIX), None
    is_file = folder.suffix == f".{shape}" and not folder.is_dir()
    if out == STDOUT:
        if shape != "csv":
            raise UsageError("tape.no_pipe", hint=UserMessage("tape.no_pipe_hint"))
        folder, is_file, pipe = STDOUT, True, sys.stdout.buffer
    if is_file and not tr:
        raise UsageError("tape.out_is_file", path=out, hint=UserMessage("tape.out_hint"))
    places = tables.ExportTarget(folder, stem, shape, folder if is_file else None, pipe)
    with Tape(source) as found, progress(found.size, t("tape.copying")) as tick:
        result = tables.export(found, places, wanted, replacing=force, tick=tick)
        wrong = list(passed_over(found))
    for path, rows in result.rows.items():
        click.echo(t("tape.exported", path=path, count=f"{rows:,}"), err=True)
    if result.refused:
        click.echo(t("tape.left_out", count=f"{result.refused:,}"), err=True)
    for line in wrong:
        click.echo(line, err=True)


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
def pack(files: tuple[str, ...]) -> None:
    """Make ended tapes smaller in their place (압축): each FILE keeps its name and its entries.

    The packed tape is compared with FILE entry by entry before it replaces it; whatever happens
    meanwhile, one of the two is there as a whole.  A tape that is damaged, or not ended, stays as
    it is; the others are packed all the same.
    """
    from app.tape.packing import PASSES, pack_tape

    places = ProgramFolders.find()
    failure: KisTuiError | None = None
    for file in dict.fromkeys(files):
        try:
            if file == library.DEMO:
                raise UsageError("tape.pack_demo")
            path = library.find(file, places)
            with Tape(path) as found:
                length = PASSES * found.size
            with progress(length, t("tape.packing", name=path.name)) as tick:
                sizes = pack_tape(path, tick)
        except KisTuiError as error:
            # The last one ends the command, with its hint and exit code.
            if failure is not None:
                click.echo(message_text(failure.message), err=True)
            failure = error
            continue
        before, after = size_words(sizes.before), size_words(sizes.after)
        key = "tape.packed" if sizes.after < sizes.before else "tape.packed_already"
        click.echo(t(key, path=path, before=before, after=after), err=True)
    if failure is not None:
        raise failure


def _moment(tape: Tape, typed: datetime | None, otherwise: int) -> int:
    """Return the wall time of a time of day on a tape, in ns.

    Raises:
        UsageError: the tape does not say of which day it is.
    """
    if typed is None:
        return otherwise
    first = moment(tape.segments[0].wall) if tape.segments else None
    if first is None:
        raise UsageError("tape.nothing", path=tape.path)
    found = on(tape.header.session, typed.time(), first)
    return nanoseconds(found)
