"""``kis-tui tape auctions``: what was indicated in the auctions of a tape, and what came of it."""

import json

import click

from app.cli.progress import progress
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.reader import Tape
from widgets.texts import t


@click.command()
@click.argument("file")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print them; json has the keys phase, session, begin, end, lost, contracts, …",
)
def auctions(file: str, shape: str) -> None:
    """Report every auction of FILE: first and last expected price, uncross, difference, path.

    The uncross is the first trade after the auction.  Times without a recording are named.
    """
    from app.cli.auction_text import report_lines, report_objects
    from app.tape.auction_report import report_auctions

    with Tape(library.find(file, ProgramFolders.find())) as found:
        with progress(found.size, t("tape.reading")) as tick:
            report = report_auctions(found, tick)
        path = str(found.path)
    if shape == "json":
        result = {"file": path, "auctions": report_objects(report)}
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    click.echo(path)
    for line in report_lines(report):
        click.echo(line)
