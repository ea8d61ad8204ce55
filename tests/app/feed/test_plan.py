"""Which registrations codes ask for."""

from datetime import datetime, timedelta

from app.clock import KST
from app.feed.ledger import Key
from app.feed.plan import plan, turn_at
from specs.catalog import Absent, Channel, Session

CODES = ("A01612", "B01612A31", "C09FMWA33", "A11612", "B11612001", "nonsense")


def test_at_night_index_contracts_stream_and_stock_contracts_sleep() -> None:
    wanted = plan(CODES, Session.NIGHT, expected=False)
    assert wanted.keys == (
        Key("H0MFCNT0", "A01612"),
        Key("H0EUCNT0", "B01612A31"),
        Key("H0EUCNT0", "C09FMWA33"),
    )
    assert wanted.asleep == {
        "A11612": Absent.STOCK_AT_NIGHT,
        "B11612001": Absent.STOCK_AT_NIGHT,
    }


def test_near_an_auction_each_expected_execution_comes_right_after_its_trade() -> None:
    wanted = plan(CODES, Session.NIGHT, expected=True)
    assert wanted.keys[1:] == (
        Key("H0EUCNT0", "B01612A31"),
        Key("H0EUANC0", "B01612A31"),
        Key("H0EUCNT0", "C09FMWA33"),
        Key("H0EUANC0", "C09FMWA33"),
    )


def test_by_day_every_family_streams_and_stock_derivatives_have_expected_executions() -> None:
    wanted = plan(CODES, Session.DAY, expected=True)
    assert [key.tr_id for key in wanted.keys] == [
        "H0IFCNT0",
        "H0IOCNT0",
        "H0IOCNT0",
        "H0ZFCNT0",
        "H0ZFANC0",
        "H0ZOCNT0",
        "H0ZOANC0",
    ]
    assert not wanted.asleep


def test_only_the_channels_that_are_asked_for_are_registered() -> None:
    wanted = plan(CODES, Session.DAY, expected=True, channels=frozenset((Channel.EXPECTED,)))
    assert {key.tr_id for key in wanted.keys} == {"H0ZFANC0", "H0ZOANC0"}


def test_a_session_keeps_its_registrations_for_the_prints_that_come_late() -> None:
    end = datetime(2026, 11, 20, 15, 45, tzinfo=KST)
    assert turn_at(end - timedelta(seconds=1)) == (Session.DAY, True)
    assert turn_at(end + timedelta(seconds=29)) == (Session.DAY, True)
    assert turn_at(end + timedelta(seconds=30)) == (Session.NIGHT, False)
    opened = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
    assert turn_at(opened - timedelta(minutes=12)) == (Session.NIGHT, True)
    assert turn_at(opened + timedelta(seconds=30)) == (Session.NIGHT, False)
