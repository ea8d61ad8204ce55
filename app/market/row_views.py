"""What the user has set for rows: notes, and what 대비 is measured from, with its prices."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import isfinite, nan
from typing import get_args

from specs.catalog import Session
from specs.market.row_view import Baseline, BaselineSetup, RowView
from specs.market.ticker import Ticker, price, shown_price, trades_at_night

BASELINES: tuple[Baseline, ...] = get_args(Baseline)

LONGEST_UNDO = 50
"""Changes of notes that can be undone."""


class RowViews:
    """Notes by code, the baseline of changes, and the closes of the day session before.

    A close is the price of the last trade that was received by day, else what KIS states over REST
    (전일종가).
    """

    def __init__(self) -> None:
        self.remarks: dict[str, str] = {}
        """The user's notes by code."""
        self._past: list[tuple[dict[str, str], str, int]] = []
        """The notes before each change, its code, and the version of the watchlist then."""
        self.setup = BaselineSetup()
        self._closes: dict[str, float] = {}
        self._stated: dict[str, float] = {}
        self._session: tuple[date, Session] | None = None
        self._views: dict[str, RowView] = {}

    def open_remarks(self, remarks: Mapping[str, str]) -> None:
        """Replace all notes by those of a layout; changes before are undone no longer."""
        self.remarks = dict(remarks)
        self._past.clear()

    def set_remark(self, code: str, remark: str, version: int) -> bool:
        """Set the note of a code, or remove it if empty; return False if it stays the same.

        `version` is that of the watchlist, for one order of all undoing.
        """
        if remark == self.remarks.get(code, ""):
            return False
        self._past.append((self.remarks, code, version))
        del self._past[:-LONGEST_UNDO]
        others = {one: text for one, text in self.remarks.items() if one != code}
        self.remarks = others | ({code: remark} if remark else {})
        return True

    def undo_remark(self, version: int) -> str:
        """Undo the last change of a note and return its code.

        Return an empty text if there is none, or if the watchlist was changed after it.
        """
        if not self._past or self._past[-1][2] != version:
            return ""
        self.remarks, code, _ = self._past.pop()
        return code

    def next_baseline(self, rows: Iterable[Ticker], moment: datetime) -> Baseline:
        """Choose the next baseline and return it; ``mark`` takes the prices of now."""
        kind = BASELINES[(BASELINES.index(self.setup.kind) + 1) % len(BASELINES)]
        if kind == "mark":
            prices = {row.code: shown_price(row) for row in rows}
            marked = {code: price for code, price in prices.items() if isfinite(price)}
            self.setup = BaselineSetup(kind, f"{moment:%H:%M}", marked)
        else:
            self.setup = BaselineSetup(kind)
        return kind

    def note_close(self, code: str, close: float) -> None:
        """Note what KIS states as the last close before the session that is on."""
        if isfinite(close) and close != 0:
            self._stated[code] = close

    def start_session(
        self, trade_date: date, session: Session, rows: Iterable[Ticker], moment: datetime
    ) -> None:
        """Keep the closes of the day session before the one that begins, and no others."""
        before, self._session = self._session, (trade_date, session)
        if before in (None, self._session):
            return
        self._stated.clear()
        if session is Session.NIGHT:
            # A night begins in the evening of the day whose close it is compared with.
            is_next = before == (moment.date(), Session.DAY)
            by_day = (row for row in rows if is_next and not trades_at_night(row))
            self._closes = {row.code: price(row) for row in by_day if isfinite(price(row))}
        elif before != (trade_date, Session.NIGHT):
            self._closes.clear()

    def reset(self) -> None:
        """Discard the closes: a tape was wound to another place."""
        self._session = None
        self._closes.clear()
        self._stated.clear()

    def views(self, rows: Iterable[Ticker]) -> Mapping[str, RowView]:
        """Return the views of rows for which something is set; an unchanged one is the same."""
        found: dict[str, RowView] = {}
        for row in rows:
            remark, kind = self.remarks.get(row.code, ""), self.setup.kind
            if remark or kind != "settlement":
                view, before = RowView(remark, kind, self._base(row)), self._views.get(row.code)
                # By their texts, as nan is not equal to itself.
                found[row.code] = before if repr(before) == repr(view) and before else view
        self._views = found
        return found

    def _base(self, row: Ticker) -> float:
        if self.setup.kind == "mark":
            return self.setup.prices.get(row.code, nan)
        if self.setup.kind != "close":
            return nan
        stated = self._stated.get(row.code, nan)
        at_night = self._session is not None and self._session[1] is Session.NIGHT
        # The last trade of a contract that does not trade at night is that close itself.
        is_close = at_night and not trades_at_night(row)
        return stated if is_close else self._closes.get(row.code, stated)
