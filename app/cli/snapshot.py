"""``kis-tui snapshot``: the latest state of every row on standard output, once."""

import sys
from math import inf
from typing import Any

import click
import msgspec

from app.cli.feed_run import FeedRun
from app.cli.invocation import Invocation
from app.cli.options import chosen_keys, demo_of, demo_options, session_option
from app.cli.requested_codes import layout_option, wanted
from app.cli.run_setup import RunSetup, start
from app.feed.batch import Batch
from app.feed.registrations import RegistrationState
from app.feed.rest.rest_events import RestPrice, RestRefusal, RestTrouble
from app.krx.calendar import MarketPhase
from app.market.book import Book
from app.market.combinations import Combinations
from app.market.row_export import all_fields, entry, flat_fields, note
from app.market.stated_expiry import apply_stated_expiries
from app.storage.csv_text import delimited
from specs.catalog import Absent, Channel, Session
from specs.combination_code import contract_codes
from specs.market.ticker import Ticker
from widgets.message_text import message_text

_GIVEN_UP = (RegistrationState.NO_SLOT, RegistrationState.REFUSED)


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@layout_option
@session_option
@click.option(
    "--wait",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    metavar="S",
    help="Print after so many seconds, whatever is still missing.",
)
@click.option(
    "--format",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="An array of objects, or a table.",
)
@click.option(
    "--all", "whole", is_flag=True, help="Add every field that KIS sent, under KIS' names."
)
@demo_options
@click.pass_obj
def snapshot(invocation: Invocation, /, codes: tuple[str, ...], **options: Any) -> None:
    """Print what is known of CODE... or of a layout as soon as every row has a price.

    A row without one is there too, with the reason in `note`.  With --all it waits for the order
    books, too.  A combination of legs (C1085+P1085, C1085-C1090 dec) is a row as well: its price
    is the mid of what it brings and costs at the best quotes.
    """
    asked = wanted(invocation, codes, options, accepts_combinations=True)
    session = None if options["session"] == "auto" else Session(options["session"])
    settings, demo = invocation.settings, demo_of(options)
    keys = chosen_keys(invocation, options)
    with start(settings, invocation.folders, demo, session, **keys) as begun:
        run = Snapshot(begun, asked.rows_for_run(begun), whole=options["whole"])
        found = run.collect(options["wait"], flat=options["format"] == "csv")
    if options["format"] == "csv":
        columns = dict.fromkeys(name for row in found for name in row)
        lines = ([row.get(name) for name in columns] for row in found)
        sys.stdout.buffer.write(delimited([columns, *lines]))
    else:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    sys.stdout.buffer.flush()


class Snapshot:
    """Watches codes until each has what it can have."""

    def __init__(self, begun: RunSetup, rows: tuple[str, ...], *, whole: bool = False) -> None:
        """`rows` are codes and combinations; `whole` is whether every field is wanted."""
        codes = contract_codes(rows)
        self._codes = rows
        self._whole = whole
        self._clock = begun.clock
        self._contracts = begun.contracts
        now = begun.clock.now()
        self._expired = {code: False for code in codes if begun.contracts.expired(code, now)}
        self._rest_is_over = begun.feed.picture is None
        self._refused: set[str] = set()
        self._book = Book(begun.contracts.instrument, named=begun.contracts.named)
        self._book.watch(codes)
        self._combinations = Combinations(self._book.row, begun.contracts.instrument)
        market = begun.feed.schedule.state_at(now)
        trading = market.phase in (MarketPhase.CONTINUOUS, MarketPhase.CLOSING_AUCTION)
        self._open_since = begun.clock.monotonic() if trading else inf
        self._tick()
        awake = tuple(code for code in codes if code not in self._expired)
        self._run = FeedRun(begun, awake, take=self._take) if awake else None

    def collect(self, wait: float, *, flat: bool = False) -> list[dict[str, Any]]:
        """Every row as data, once all is there or `wait` seconds are over.

        `flat` puts all fields of the records beside the others, else they are under ``fields``.

        Raises:
            KisTuiError: the connection never came up.
        """
        if self._run is not None:
            self._run.to_end(wait)
        self._tick()
        now = self._clock.monotonic()
        self._combinations.watch(self._codes)
        rows = [self._book.row(code) or self._combinations.row(code) for code in self._codes]
        return [
            entry(row, now)
            | {"note": message_text(note(row)) or None}
            | self._fields(row, flat=flat)
            for row in rows
            if row is not None
        ]

    def _fields(self, row: Ticker, *, flat: bool) -> dict[str, Any]:
        if not self._whole:
            return {}
        return flat_fields(row) if flat else {"fields": all_fields(row)}

    def _tick(self) -> None:
        self._book.tick(self._clock.monotonic(), expired=self._expired, open_since=self._open_since)

    def _take(self, batch: Batch) -> None:
        self._book.apply(batch)
        for news in apply_stated_expiries(batch.rest_events, self._contracts, self._book):
            click.echo(message_text(news.message), err=True)
        for event in batch.rest_events:
            match event:
                case RestPrice():
                    self._book.apply_rest_trade(event.record, event.at)
                case RestRefusal():
                    self._refused.add(event.code)
                case RestTrouble():
                    click.echo(message_text(event.message), err=True)
                    self._rest_is_over = self._rest_is_over or event.over
        if self._run is not None and all(map(self._is_done, self._book.rows)):
            self._run.stop()

    def _is_done(self, row: Ticker) -> bool:
        """Whether a row has its price, or will have none."""
        if row.code in self._expired:
            return True
        if row.trade is not None or row.expected is not None:
            return not self._whole or self._has_book(row)
        if self._book.asleep(row.code) is Absent.UNKNOWN_PRODUCT:
            return True
        hopeless = (
            self._book.asleep(row.code) is not None
            or self._book.registration_status(row.code, Channel.TRADE).state in _GIVEN_UP
        )
        # REST may still have a price that the stream does not bring.
        return hopeless and (self._rest_is_over or row.code in self._refused)

    def _has_book(self, row: Ticker) -> bool:
        """Whether a row has its order book, or will have none."""
        return (
            row.book is not None
            or self._book.asleep(row.code) is not None
            or self._book.registration_status(row.code, Channel.BOOK).state in _GIVEN_UP
        )
