"""Notes on rows, and the prices from which changes are measured."""

from datetime import date, datetime
from math import isnan, nan

from msgspec.structs import replace

from app.market.row_views import BASELINES, RowViews
from app.market.watchlist import Watchlist
from app.system.clock import KST
from specs.catalog import Session
from specs.market.instrument import Instrument
from specs.market.row_view import BaselineSetup
from specs.market.ticker import Ticker
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_futures_trade import NightFuturesTrade

CODE = "A01612"
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
BY_DAY = Ticker(Instrument(CODE), trade=IndexFuturesTrade(CODE, price=1080.0))
AT_NIGHT = replace(BY_DAY, trade=NightFuturesTrade(CODE, price=1085.0))
SILENT = Ticker(Instrument("A05612"))


def at(hour: int, day: date = FRIDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=KST)


def base(views: RowViews, row: Ticker) -> float:
    return views.views([row])[row.code].base


def test_nothing_is_set_for_a_row_without_a_note_and_without_a_baseline() -> None:
    assert RowViews().views([BY_DAY, SILENT]) == {}


def test_a_view_stays_the_same_object_until_it_changes() -> None:
    views = RowViews()
    views.remarks[CODE] = "roll on Thursday"
    first = views.views([BY_DAY])[CODE]
    assert first.remark == "roll on Thursday"
    assert views.views([AT_NIGHT])[CODE] is first
    views.remarks[CODE] = "rolled"
    assert views.views([BY_DAY])[CODE].remark == "rolled"


def test_notes_are_undone_one_by_one_unless_the_watchlist_was_changed_after() -> None:
    views, watchlist = RowViews(), Watchlist([CODE])
    assert not views.undo_remark(watchlist.version)
    assert views.set_remark(CODE, "roll", watchlist.version)
    assert not views.set_remark(CODE, "roll", watchlist.version)
    assert views.set_remark(CODE, "", watchlist.version)
    watchlist.add(["A05612"])
    watchlist.remove("A05612")
    assert not views.undo_remark(watchlist.version), "the watchlist was changed last"
    assert watchlist.undo()
    assert watchlist.undo()
    assert views.undo_remark(watchlist.version) == CODE
    assert views.remarks == {CODE: "roll"}
    assert views.undo_remark(watchlist.version) == CODE
    assert views.remarks == {}
    views.set_remark(CODE, "roll", watchlist.version)
    views.open_remarks({CODE: "of a layout"})
    assert not views.undo_remark(watchlist.version)


def test_the_baseline_goes_round_and_a_mark_takes_the_prices_of_now() -> None:
    views = RowViews()
    chosen = [views.next_baseline([AT_NIGHT, SILENT], at(21)) for _ in BASELINES]
    assert chosen == ["close", "open", "mark", "settlement"]
    for _ in range(3):
        views.next_baseline([AT_NIGHT, SILENT], at(21))
    assert views.setup == BaselineSetup("mark", "21:00", {CODE: 1085.0})
    assert base(views, BY_DAY) == 1085.0
    assert isnan(base(views, SILENT))


def test_a_night_is_measured_from_the_close_that_was_received_by_day() -> None:
    views = RowViews()
    views.next_baseline([], at(15))
    views.start_session(FRIDAY, Session.DAY, [BY_DAY], at(15))
    assert isnan(base(views, BY_DAY))
    views.start_session(MONDAY, Session.NIGHT, [BY_DAY], at(18))
    # Before its first trade of the night a row shows the close itself.
    assert isnan(base(views, BY_DAY))
    assert base(views, AT_NIGHT) == 1080.0
    views.start_session(MONDAY, Session.DAY, [AT_NIGHT], at(9, MONDAY))
    assert base(views, BY_DAY) == 1080.0


def test_a_close_of_an_earlier_day_is_discarded() -> None:
    views = RowViews()
    views.next_baseline([], at(15))
    views.start_session(FRIDAY, Session.DAY, [BY_DAY], at(15))
    # The machine slept from Friday's day to Monday's night.
    views.start_session(date(2026, 11, 24), Session.NIGHT, [BY_DAY], at(18, MONDAY))
    assert isnan(base(views, AT_NIGHT))


def test_the_close_that_kis_states_stands_in_until_the_next_session() -> None:
    views = RowViews()
    views.next_baseline([], at(18))
    views.start_session(MONDAY, Session.NIGHT, [], at(18))
    for close in (nan, 0.0):
        views.note_close(CODE, close)
        assert isnan(base(views, AT_NIGHT))
    views.note_close(CODE, 1079.5)
    assert base(views, AT_NIGHT) == 1079.5
    views.start_session(MONDAY, Session.DAY, [], at(9, MONDAY))
    assert isnan(base(views, AT_NIGHT))
