"""``kis-tui calendar``: the sessions that KRX holds and the series that expire, day by day."""

from datetime import date, datetime, timedelta

import click
import msgspec

from app.cli.columns import table
from app.krx.expiring_series import ExpiringSeries, expiring_on
from app.krx.hours import held, hours
from app.krx.trading_days import next_trading_day
from app.system.clock import SystemClock
from app.system.errors import UsageError
from specs.catalog import Session
from widgets.texts import t

YEARS = (2000, 2100)
"""Years that are asked about."""

_HEADING = (
    "calendar.date",
    "calendar.session",
    "phase.opening_auction",
    "phase.continuous",
    "phase.closing_auction",
    "next.closed",
    "calendar.trade_date",
    "calendar.expiries",
)


class HeldSession(msgspec.Struct, frozen=True):
    """One session: opening auction from `begin`, trading from `open`, auction from `close`."""

    session: Session
    begin: datetime
    open: datetime
    close: datetime
    end: datetime
    trade_date: date


class CalendarDay(msgspec.Struct, frozen=True):
    """The sessions that begin on a date and the series that expire on it."""

    date: date
    sessions: tuple[HeldSession, ...]
    expiries: tuple[ExpiringSeries, ...]


@click.command()
@click.argument("day", metavar="[DATE]", type=click.DateTime(["%Y-%m-%d"]), required=False)
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=1,
    show_default=True,
    metavar="N",
    help="Print DATE and the N-1 calendar days after it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table, or an array of days: date, sessions, expiries. Times are ISO 8601 in KST.",
)
def calendar(day: datetime | None, days: int, form: str) -> None:
    """Print the sessions held on DATE (YYYY-MM-DD, today) and what expires then.

    A night session stands under the day on which it begins. The [calendar] settings are counted in.
    """
    first = day.date() if day is not None else SystemClock().now().date()
    if not (YEARS[0] <= first.year and (first + timedelta(days=days)).year <= YEARS[1]):
        raise UsageError("calendar.years", first=YEARS[0], last=YEARS[1])
    found = [day_of(first + timedelta(days=away)) for away in range(days)]
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found)))
        return
    rows = [tuple(t(key) for key in _HEADING)]
    for one in found:
        rows += _rows(one)
    click.echo("\n".join(table(rows)))


def day_of(day: date) -> CalendarDay:
    """Return what begins and what expires on a date."""
    return CalendarDay(day, tuple(_sessions(day)), expiring_on(day))


def _sessions(day: date) -> list[HeldSession]:
    found = []
    for session in (Session.DAY, Session.NIGHT):
        if held(session, day):
            trade_date = day if session is Session.DAY else next_trading_day(day)
            found.append(HeldSession(session, *hours(session, day), trade_date))
    return found


def _rows(one: CalendarDay) -> list[tuple[str, ...]]:
    """Return the lines of a day: one for each session, or one for a closed day."""
    expiries = ", ".join(series.series for series in one.expiries)
    if not one.sessions:
        blank = ("",) * (len(_HEADING) - 3)
        return [(_day_name(one.date), t("calendar.day_off"), *blank, expiries)]
    rows: list[tuple[str, ...]] = []
    for held_one in one.sessions:
        times = (held_one.begin, held_one.open, held_one.close, held_one.end)
        rows.append(
            (
                _day_name(one.date) if not rows else "",
                t(f"session.{held_one.session}"),
                *(_time(moment, one.date) for moment in times),
                _day_name(held_one.trade_date),
                expiries if not rows else "",
            )
        )
    return rows


def _time(moment: datetime, day: date) -> str:
    """Return a time of day, marked +1 after midnight of a night session, as the clock marks it."""
    return f"{moment:%H:%M}" + (" +1" if moment.date() > day else "")


def _day_name(day: date) -> str:
    """Return a date as 2026/11/23(월)."""
    return f"{day:%Y/%m/%d}({t('weekday.names').split()[day.weekday()]})"
