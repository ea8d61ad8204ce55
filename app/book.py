"""The book: the newest of everything that is known of each watched code, as rows for the boards."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from app.feed.batch import Batch
from app.feed.connection import SETTLED
from app.feed.ledger import Standing
from specs.catalog import CATALOG, Absent, Channel
from specs.kinds import Expected, Trade
from widgets.row import Instrument, Row
from widgets.texts import t

MOST_DROPPED = 200
"""Rows that are remembered after nobody watches them."""


class Book:
    """Rows by code; lives on the screen's thread and is written by batches alone."""

    def __init__(self, instrument: Callable[[str], Instrument]) -> None:
        self._instrument = instrument
        self._rows: dict[str, Row] = {}
        self._dropped: dict[str, Row] = {}
        self._standings: dict[str, tuple[Standing, str]] = {}
        self._asleep: dict[str, Absent] = {}
        self._live = False

    @property
    def rows(self) -> list[Row]:
        """All rows, in the order of the codes."""
        return list(self._rows.values())

    def row(self, code: str) -> Row | None:
        """The row of a code."""
        return self._rows.get(code)

    def watch(self, codes: Iterable[str]) -> None:
        """Hold these codes and no others, in this order."""
        # KIS sends no snapshot: a row that comes back must not have lost its last trade.
        self._dropped |= self._rows
        self._rows = {
            code: self._dropped.pop(code) if code in self._dropped else Row(self._instrument(code))
            for code in codes
        }
        while len(self._dropped) > MOST_DROPPED:
            del self._dropped[next(iter(self._dropped))]
        for code, row in self._rows.items():
            self._rows[code] = self._noted(row)

    def restore(self, expected: Iterable[Expected]) -> None:
        """Take expected executions that were kept, where no newer one is known."""
        for record in expected:
            row = self._rows.get(record.code)
            if row is not None and row.expected is None:
                self._rows[record.code] = replace(row, expected=record)

    def forget_expected(self) -> None:
        """A new auction begins: what the last one expected is over."""
        for code, row in self._rows.items():
            if row.expected is not None:
                self._rows[code] = replace(row, expected=None)

    def apply(self, batch: Batch) -> list[Row]:
        """Take a batch; the rows that changed."""
        changed: dict[str, Row] = {}
        for heard in batch.heard:
            record = heard.record
            row = self._rows.get(record.code)
            if row is None:
                continue
            if CATALOG[heard.tr_id].channel is Channel.TRADE and isinstance(record, Trade):
                row = replace(row, trade=record, trade_at=heard.at, note="")
            elif isinstance(record, Expected):
                row = replace(row, expected=record, expected_at=heard.at)
            changed[row.code] = self._rows[row.code] = row
        self._live = batch.link.phase in SETTLED
        self._asleep = batch.asleep
        self._standings = {
            key.code: standing
            for key, standing in batch.standings.items()
            if CATALOG[key.tr_id].channel is Channel.TRADE
        }
        for code, row in self._rows.items():
            noted = self._noted(row)
            if noted is not row:
                changed[code] = self._rows[code] = noted
        return list(changed.values())

    def _noted(self, row: Row) -> Row:
        note = "" if row.trade is not None else self._note(row.code)
        return row if note == row.note else replace(row, note=note)

    def _note(self, code: str) -> str:
        asleep = self._asleep.get(code)
        if asleep is not None:
            return t(f"absent.{asleep}")
        standing, refusal = self._standings.get(code, (Standing.NONE, ""))
        if not self._live or standing is Standing.NONE:
            return t("row.waiting")
        if standing is Standing.ACTIVE:
            return t("row.no_trade")
        return t(f"row.{standing}", code=refusal)
