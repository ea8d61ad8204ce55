"""The smiles of a session: their numbers over time, and where the last session left them.

Every expiry whose options have books is looked at, on the page of smiles or on the boards.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import inf, isfinite, nan

from app.feed.demand import trading_at
from app.instruments.option_chain import SeriesKey, key_of
from app.krx.calendar import KRX, Schedule
from app.krx.hours import last_trade_moment
from app.pricing.earlier_smiles import EarlierSmiles
from app.pricing.forward import Forward
from app.pricing.smile_curve import FEWEST, QuotedOption, quoted, smile
from app.pricing.smile_file import SavedSmile, SmileFile
from app.pricing.year_fraction import years_left
from app.system.errors import KisTuiError
from specs.catalog import Session
from specs.item_errors import report_item_error
from specs.market.instrument import Instrument
from specs.market.smile import Curve
from specs.market.ticker import Ticker
from specs.user_message import UserText

EVERY = 30.0
"""Seconds between two points of a path."""

MOST = 1440
"""Points of a path that are kept at least, twelve hours."""

FILL_AFTER = 3.0
"""Seconds after the last earlier quotes before points are made of them: those of all strikes."""

FILLED_AT_ONCE = 3
"""Earlier points that are added at once: some 3 ms each, of 40 strikes."""

MOST_PATHS = 32
SAVE_EVERY = 300.0
FADES = timedelta(hours=1)
"""Time for which a smile of many strikes is preferred to a later one of far fewer."""

RICHER = 1.5
NUMBERS = ("money", "reversal", "butterfly")
_NOTHING = array("f")


class SmileTracker:
    """Samples every smile each half minute, and saves the last one of each session."""

    def __init__(
        self, file: SmileFile | None, complain: Callable[[UserText], None], schedule: Schedule = KRX
    ) -> None:
        """Set the file, None to save nothing; `complain` gets the problems with it."""
        self._file = file
        self._complain = complain
        self._schedule = schedule
        self._paths: dict[SeriesKey, tuple[array[float], ...]] = {}
        self._kept: dict[SeriesKey, list[SavedSmile]] = {}
        self._turn: tuple[date, Session] | None = None
        self._due: float | None = None
        self._save_due: float | None = None
        self._dirty = False
        self._loaded = file is None
        self._earlier = EarlierSmiles()
        self._last_at = nan
        self._fill_due: float | None = None

    def path(self, key: SeriesKey, number: str) -> Sequence[float]:
        """Return the points of a figure in this session, oldest first, one each half minute."""
        return self._paths[key][NUMBERS.index(number)] if key in self._paths else _NOTHING

    def add_earlier(self, quotes: "Mapping[str, array[float]]") -> None:
        """Have the paths begin earlier, by quotes that another program kept of this session."""
        self._earlier.add(quotes)
        self._fill_due = None

    def close(self, key: SeriesKey, moment: datetime) -> SavedSmile | None:
        """Return the last smile of an expiry from an earlier session, or None."""
        self._load()
        turn = trading_at(moment, self._schedule)
        before = [k for k in self._kept.get(key, ()) if k.turn != turn and k.at <= moment]
        return before[-1] if before else None

    def update(
        self,
        rows: Iterable[Ticker],
        forward: Callable[[Instrument], Forward | None],
        rate: float,
        moment: datetime,
        now: float,
        since: float,
    ) -> bool:
        """Append a point if one is due while the market trades; return whether it was.

        `now` and `since` are in monotonic seconds; older quotes than `since` are not used.  `rate`
        is a fraction a year.
        """
        turn = trading_at(moment, self._schedule)
        if turn != self._turn or (self._due is not None and now < self._due - EVERY):
            self._paths.clear()
            if self._turn is not None:
                self._earlier.clear()
            self._turn, self._due = turn, None
        if self._fill_due is None:
            self._fill_due = now + FILL_AFTER
        rows = list(rows)
        if now >= self._fill_due:
            self._fill_earlier(rows, forward, rate, moment.timestamp() + since - now)
        due = now if self._due is None else self._due
        if now < due:
            return False
        missed = min(int((now - due) / EVERY), MOST)
        self._due = due + (missed + 1) * EVERY if missed < MOST else now + EVERY
        self._last_at = moment.timestamp()
        found = _curves(rows, forward, rate, moment, since)
        for key in dict.fromkeys((*self._paths, *found)):
            curve, expiry = found.get(key, (None, None))
            self._append(key, curve, missed)
            if curve is not None and expiry is not None and key in self._paths:
                self._keep(key, expiry, curve, moment)
        return True

    def reset(self) -> None:
        """Discard the paths: the next rows are of another time."""
        self._paths.clear()
        self._earlier.clear()
        self._due = None

    def save(self, now: float, *, leaving: bool = False) -> None:
        """Save changed smiles every five minutes, and when `leaving`.

        Raises:
            KisTuiError: the file cannot be written.
        """
        if self._file is None or not self._dirty:
            return
        if self._save_due is None:
            self._save_due = now + SAVE_EVERY
        if leaving or now >= self._save_due:
            self._save_due = now + SAVE_EVERY
            self._load()
            self._file.save([kept for one in self._kept.values() for kept in one])
            self._dirty = False

    def _fill_earlier(
        self,
        rows: Sequence[Ticker],
        forward: Callable[[Instrument], Forward | None],
        rate: float,
        opened: float,
    ) -> None:
        """Put some points before those of the paths, back to `opened` (seconds since 1970)."""
        if not self._earlier.first < inf:
            return
        begin, left = max(self._earlier.first, opened), FILLED_AT_ONCE
        options = [row.instrument for row in rows if row.instrument.right is not None]
        for key, paths in self._paths.items():
            while left and len(paths[0]) < MOST:
                at = self._last_at - len(paths[0]) * EVERY
                if at < begin:
                    break
                curve = self._earlier.curve(key, options, forward, rate, at)
                for path, number in zip(paths, NUMBERS, strict=True):
                    path.insert(0, getattr(curve, number) if curve is not None else nan)
                left -= 1

    def _append(self, key: SeriesKey, curve: Curve | None, missed: int) -> None:
        paths = self._paths.get(key)
        if paths is None:
            if curve is None or len(self._paths) >= MOST_PATHS:
                return
            paths = self._paths[key] = tuple(array("f") for _ in NUMBERS)
        for path, number in zip(paths, NUMBERS, strict=True):
            if path and missed:
                path.extend([nan] * missed)
            path.append(getattr(curve, number) if curve is not None else nan)
            if len(path) >= MOST + MOST // 8:
                del path[: len(path) - MOST]

    def _keep(self, key: SeriesKey, expiry: date, curve: Curve, moment: datetime) -> None:
        assert self._turn is not None
        self._load()
        known = [k for k in self._kept.get(key, ()) if k.at <= moment]
        if known and known[-1].turn == self._turn:
            last = known[-1]
            much_richer = len(last.curve.points) > RICHER * len(curve.points)
            if much_richer and moment - last.at < FADES:
                return
            del known[-1]
        self._kept[key] = [*known[-1:], SavedSmile(*key, expiry, *self._turn, moment, curve)]
        for old, its in list(self._kept.items()):
            if last_trade_moment(its[-1].expiry) <= moment:
                del self._kept[old]
        self._dirty = True

    def _load(self) -> None:
        if self._loaded or self._file is None:
            return
        self._loaded = True
        try:
            kept = self._file.load()
        except KisTuiError as error:
            self._complain(error.message)
            return
        for one in kept:
            self._kept.setdefault(one.key, []).append(one)


def _curves(
    rows: Iterable[Ticker],
    forward: Callable[[Instrument], Forward | None],
    rate: float,
    moment: datetime,
    since: float,
) -> dict[SeriesKey, tuple[Curve, date]]:
    """The smiles among the rows that quotes of now are enough for."""
    found: dict[SeriesKey, tuple[Instrument, list[QuotedOption]]] = {}
    for row in rows:
        option = row.instrument
        if option.right is None or option.expiry is None or row.book is None:
            continue
        try:
            one = quoted(row, since)
        except Exception as error:
            report_item_error(error)
            continue
        if one is not None and not one.volatility > 0:
            found.setdefault(key_of(option), (option, []))[1].append(one)
    curves: dict[SeriesKey, tuple[Curve, date]] = {}
    for key, (option, quotes) in found.items():
        try:
            level = forward(option) if len(quotes) >= FEWEST else None
            if level is None or option.expiry is None:
                continue
            years = years_left(option.expiry, moment)
            curve = smile(quotes, level.price, years, rate)
        except Exception as error:
            report_item_error(error)
            continue
        if isfinite(curve.money):
            curves[key] = curve, option.expiry
    return curves
