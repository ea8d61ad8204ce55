"""``kis-tui tape archive``: ended tapes to Parquet, in folders by TR and trade date."""

from pathlib import Path

import click

from app.archive.archive_index import default_folder
from app.archive.archiving import ArchiveOutcome, ArchiveResult, archive_tape, require_pyarrow
from app.cli.damage_text import passed_over
from app.cli.progress import progress
from app.system.clock import SystemClock
from app.system.errors import KisTuiError, UsageError
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.reader import Tape
from specs.user_message import UserMessage
from widgets.message_text import message_text
from widgets.texts import t


@click.command()
@click.argument("words", metavar="[DIR] [FILE]...", nargs=-1)
def archive(words: tuple[str, ...]) -> None:
    """Write ended tapes to the archive DIR as Parquet, for kis-tui query and other programs.

    DIR is the first word if it is a folder or has a slash and no .ktape at its end (a new one:
    nights/); without it, archive in the data directory.  FILE is a path, the name of a tape of
    yours, or demo; without it, all your tapes.

    The files are tr=H0MFCNT0/trade_date=2026-11-23/<id>.parquet.  A tape that is there adds
    nothing, renamed, moved or packed as it may be; nor does a record that came with another tape.
    After an interruption, start again.  Tapes that are being recorded are left for later; damaged
    ones are archived as far as they can be read.
    """
    require_pyarrow()
    places = ProgramFolders.find()
    folder, files = split_words(words)
    target = (folder or default_folder(places)).absolute()
    named = bool(files)
    files = files or library.names(places)
    if not files:
        click.echo(t("tape.none", folder=library.folder(places)), err=True)
        return
    failure: KisTuiError | None = None
    for file in dict.fromkeys(files):
        try:
            path = library.find(file, places) if named else _own(file, places)
            _archive(path, target, named=named)
        except KisTuiError as error:
            # The last one ends the command, with its hint and exit code.
            if failure is not None:
                click.echo(message_text(failure.message), err=True)
            failure = error
    if failure is not None:
        raise failure
    click.echo(t("archive.folder", folder=target), err=True)


def split_words(words: tuple[str, ...]) -> tuple[Path | None, list[str]]:
    """Return the folder that the first word names, if it names one, and the tapes."""
    if words and words[0]:
        first = Path(words[0])
        has_slash = first.name != words[0]
        if first.is_dir() or (has_slash and first.suffix != library.SUFFIX and not first.is_file()):
            return first, list(words[1:])
    return None, list(words)


def _own(name: str, places: ProgramFolders) -> Path:
    # Not by `find`, for which a file of this name in the current folder comes first.
    return library.folder(places) / (name + library.SUFFIX)


def _archive(path: Path, folder: Path, *, named: bool) -> None:
    """Archive a tape and say what became of it.

    Raises:
        UsageError: it was named, and is still recorded.
        KisTuiError: it cannot be read or written.
    """
    with Tape(path) as found:
        if found.is_growing(SystemClock().now()):
            if named:
                hint = UserMessage("archive.growing_hint")
                raise UsageError("archive.growing", path=path, hint=hint)
            click.echo(t("archive.growing", path=path), err=True)
            return
        with progress(found.size, t("archive.writing", name=path.name)) as tick:
            result = archive_tape(found, folder, tick)
        wrong = list(passed_over(found)) if result.outcome is ArchiveOutcome.WRITTEN else []
    _report(path, result)
    for line in wrong:
        click.echo(line, err=True)


def _report(path: Path, result: ArchiveResult) -> None:
    click.echo(t(f"archive.{result.outcome}", path=path, count=f"{result.rows:,}"), err=True)
    if result.repeated:
        click.echo(t("archive.repeated", count=f"{result.repeated:,}"), err=True)
    if result.refused:
        click.echo(t("tape.left_out", count=f"{result.refused:,}"), err=True)
