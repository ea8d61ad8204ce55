"""``kis-tui master``: bring KIS' code masters into the cache, and say what is there."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click

from app.cli.columns import table
from app.instruments.master_download import SOURCE, Progress
from app.instruments.master_file import FileReport
from app.instruments.master_store import CheckedMasterFile, import_files
from app.system.clock import SystemClock
from app.system.files import ProgramFolders
from widgets.texts import t

_NAMED = 8
"""Codes with a wrong check digit that are named; --json names all."""


@click.group()
def master() -> None:
    """Names and strikes: KIS' code masters."""


@master.command()
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read this .mst or .zip instead of downloading; may be given several times.",
)
@click.option(
    "--insecure-master",
    is_flag=True,
    help="Download without verifying the certificate of that one server.",
)
def update(files: tuple[Path, ...], insecure_master: bool) -> None:
    """Bring the masters into the cache: index, stock, commodity, night futures and options."""
    from app.instruments import master_download

    places = ProgramFolders.find()
    if files:
        if insecure_master:
            raise click.UsageError(t("master.insecure_for_downloads"))
        for file in import_files(places, files):
            _report(file)
        return
    if insecure_master:
        click.echo(t("master.insecure", host=urlsplit(SOURCE).hostname), err=True)
    click.echo(t("master.downloading"), err=True)
    arriving = master_download.update(
        places, SystemClock(), verified=not insecure_master, progress=_narrated()
    )
    for file in arriving:
        _report(file)


def _report(file: CheckedMasterFile) -> None:
    """Print how many contracts were stored, and how many lines are wrong."""
    key = "master.stored_one" if file.count == 1 else "master.stored"
    click.echo(t(key, name=file.name, count=file.count), err=True)
    if file.bad_lines or file.bad_digits:
        wrong = t("master.wrong", name=file.name, lines=file.bad_lines, digits=file.bad_digits)
        click.echo(wrong, err=True)


def _narrated() -> Callable[[Progress], None]:
    """Return a callback that prints the progress of a download, one line per second."""
    shown: dict[str, int] = {}

    def show_progress(progress: Progress) -> None:
        if int(progress.seconds) <= shown.get(progress.name, 0):
            return
        shown[progress.name] = int(progress.seconds)
        name, received = progress.name, progress.received // 1024
        if progress.total is None:
            click.echo(t("master.progress", name=name, received=received), err=True)
        else:
            total = progress.total // 1024
            click.echo(t("master.progress_of", name=name, received=received, total=total), err=True)

    return show_progress


@master.command()
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print an array: file, date, contracts, bad_lines, bad_check_digits (codes).",
)
def info(as_json: bool) -> None:
    """Say what the cache holds, by file: date, contracts, lines and check digits that are wrong."""
    from app.instruments.master import load_master

    found = load_master(ProgramFolders.find())
    reports = found.reports()
    if as_json:
        absent = [FileReport(name, None, 0, 0, ()) for name in found.missing]
        click.echo(json.dumps([_entry(report) for report in (*reports, *absent)], indent=2))
    elif reports:
        heading = ("file", "date", "contracts", "bad_lines", "bad_digits")
        rows = [tuple(t(f"master.{name}") for name in heading), *map(_row, reports)]
        click.echo("\n".join(table(rows, right=(2, 3))))
    if not reports:
        click.echo(t("master.none"), err=True)
    elif found.missing:
        click.echo(t("master.missing", names=", ".join(found.missing)), err=True)


def _entry(report: FileReport) -> dict[str, object]:
    return {
        "file": report.name,
        "date": str(report.day) if report.day is not None else None,
        "contracts": report.contracts,
        "bad_lines": report.bad_lines,
        "bad_check_digits": list(report.bad_digits),
    }


def _row(report: FileReport) -> tuple[str, ...]:
    codes = report.bad_digits
    wrong = str(len(codes))
    if codes:
        more = " …" if len(codes) > _NAMED else ""
        wrong += f" ({' '.join(codes[:_NAMED])}{more})"
    return report.name, str(report.day), str(report.contracts), str(report.bad_lines), wrong
