"""The registrations that a watch request needs, and their order."""

from datetime import datetime, timedelta

import pytest

from app.feed.demand import RegistrationDemand, WatchRequest, rank_registrations, turn_at
from app.feed.registrations import RegistrationKey
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.system.clock import KST
from specs.catalog import CATALOG, Absent, Channel, Session

CODES = ("A01612", "B01612A31", "C09FMWA33", "A11612", "B11612001", "nonsense")
FUTURE, CALL, PUT = CODES[:3]


def said(found: RegistrationDemand) -> list[tuple[str, Channel]]:
    return [(want.key.code, CATALOG[want.key.tr_id].channel) for want in found.registrations]


def test_at_night_index_contracts_stream_and_stock_contracts_sleep() -> None:
    found = rank_registrations(
        WatchRequest(CODES), Session.NIGHT, auction=False, channels=frozenset((Channel.TRADE,))
    )
    assert [want.key for want in found.registrations] == [
        RegistrationKey("H0MFCNT0", FUTURE),
        RegistrationKey("H0EUCNT0", CALL),
        RegistrationKey("H0EUCNT0", PUT),
    ]
    assert found.asleep == {"A11612": Absent.STOCK_AT_NIGHT, "B11612001": Absent.STOCK_AT_NIGHT}


def test_trades_come_before_books_and_expected_executions_only_in_an_auction() -> None:
    found = said(rank_registrations(WatchRequest(CODES), Session.NIGHT, auction=False))
    assert found == [
        *((code, Channel.TRADE) for code in CODES[:3]),
        *((code, Channel.BOOK) for code in CODES[:3]),
    ]


def test_the_row_in_focus_comes_first_then_those_in_sight_then_the_others() -> None:
    request = WatchRequest((FUTURE, CALL, PUT), focus=PUT, visible=frozenset((CALL, PUT)))
    assert said(rank_registrations(request, Session.NIGHT, auction=False)) == [
        (PUT, Channel.TRADE),
        (PUT, Channel.BOOK),
        (CALL, Channel.TRADE),
        (CALL, Channel.BOOK),
        (FUTURE, Channel.TRADE),
        (FUTURE, Channel.BOOK),
    ]


@pytest.mark.parametrize("auction", [False, True])
def test_codes_of_other_lists_get_what_the_open_list_leaves(auction: bool) -> None:
    request = WatchRequest(
        (FUTURE, CALL, PUT), CALL, frozenset((CALL, PUT)), others=frozenset((FUTURE, PUT))
    )
    found = said(rank_registrations(request, Session.NIGHT, auction=auction))
    assert {code for code, _ in found[: len(found) - 2 - auction]} == {CALL, PUT}
    assert found[-1] == (FUTURE, Channel.BOOK)
    hidden = WatchRequest(
        (FUTURE, CALL), CALL, frozenset((CALL,)), others=frozenset((FUTURE, CALL))
    )
    assert said(rank_registrations(hidden, Session.NIGHT, auction=False))[0][0] == CALL


def test_books_come_before_trades_where_quotes_are_looked_at() -> None:
    request = WatchRequest((FUTURE, CALL, PUT), FUTURE, frozenset((FUTURE, CALL)), books_first=True)
    assert said(rank_registrations(request, Session.NIGHT, auction=False)) == [
        (FUTURE, Channel.BOOK),
        (FUTURE, Channel.TRADE),
        (CALL, Channel.BOOK),
        (CALL, Channel.TRADE),
        (PUT, Channel.BOOK),
        (PUT, Channel.TRADE),
    ]


def test_in_an_auction_expected_executions_take_the_slots_of_books() -> None:
    request = WatchRequest((FUTURE, CALL, PUT), focus=FUTURE, visible=frozenset((FUTURE, CALL)))
    assert said(rank_registrations(request, Session.NIGHT, auction=True)) == [
        (FUTURE, Channel.TRADE),
        (FUTURE, Channel.BOOK),
        (CALL, Channel.TRADE),
        (CALL, Channel.EXPECTED),
        (PUT, Channel.TRADE),
        (PUT, Channel.EXPECTED),
        (CALL, Channel.BOOK),
        (PUT, Channel.BOOK),
    ]


def test_by_day_every_family_streams_and_stock_derivatives_have_expected_executions() -> None:
    found = rank_registrations(
        WatchRequest(CODES),
        Session.DAY,
        auction=True,
        channels=frozenset((Channel.TRADE, Channel.EXPECTED)),
    )
    assert [want.key.tr_id for want in found.registrations] == [
        "H0IFCNT0",
        "H0IOCNT0",
        "H0IOCNT0",
        "H0ZFCNT0",
        "H0ZOCNT0",
        "H0ZFANC0",
        "H0ZOANC0",
    ]
    assert not found.asleep


def test_only_the_channels_that_are_asked_for_are_registered() -> None:
    only = frozenset((Channel.EXPECTED,))
    found = rank_registrations(WatchRequest(CODES), Session.DAY, auction=True, channels=only)
    assert {want.key.tr_id for want in found.registrations} == {"H0ZFANC0", "H0ZOANC0"}


def test_a_session_keeps_its_registrations_for_the_prints_that_come_late() -> None:
    end = datetime(2026, 11, 20, 15, 45, tzinfo=KST)
    assert turn_at(end - timedelta(seconds=1)) == (Session.DAY, True)
    assert turn_at(end + timedelta(seconds=29)) == (Session.DAY, True)
    assert turn_at(end + timedelta(seconds=30)) == (Session.NIGHT, False)
    opened = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
    assert turn_at(opened - timedelta(minutes=12)) == (Session.NIGHT, True)
    assert turn_at(opened + timedelta(seconds=30)) == (Session.NIGHT, False)


@pytest.mark.parametrize("session", list(Session))
def test_a_product_whose_tr_is_unknown_registers_nothing(session: Session) -> None:
    found = rank_registrations(WatchRequest(("A99612", "B75612083")), session, auction=True)
    assert found.registrations == ()
    assert set(found.asleep.values()) == {Absent.UNKNOWN_PRODUCT}


def test_a_reader_places_a_code_that_does_not_place_itself() -> None:
    contracts = Contracts(
        Master.from_lines(["9|AB9612|KR4AB96C0007|새섹터 F 202612| |00000.00|1|3204|새섹터"])
    )
    found = rank_registrations(
        WatchRequest(("AB9612",)), Session.DAY, auction=False, reader=contracts.code
    )
    assert {want.key.tr_id for want in found.registrations} == {"H0IFCNT0", "H0IFASP0"}


@pytest.mark.parametrize(
    ("code", "session", "tr_ids"),
    [
        ("A75612", Session.DAY, {"H0CFCNT0", "H0CFASP0"}),
        ("A75612", Session.NIGHT, {"H0MFCNT0", "H0MFASP0"}),
        ("A65612", Session.NIGHT, {"H0MFCNT0", "H0MFASP0"}),
        ("A67612", Session.NIGHT, {"H0MFCNT0", "H0MFASP0"}),
        ("A76612", Session.DAY, {"H0CFCNT0", "H0CFASP0"}),
        ("A76612", Session.NIGHT, set()),
        ("A04612", Session.NIGHT, set()),
    ],
)
def test_commodity_futures_have_the_trs_of_their_session(
    code: str, session: Session, tr_ids: set[str]
) -> None:
    found = rank_registrations(WatchRequest((code,)), session, auction=False)
    assert {want.key.tr_id for want in found.registrations} == tr_ids
    assert (code in found.asleep) is (not tr_ids)


STOCKS = ("A11612", "C11612040")


def test_expected_executions_of_stock_products_are_spare_outside_of_auctions() -> None:
    """A re-opening after a circuit breaker or a VI is on no calendar."""
    request = WatchRequest((*STOCKS, "A01612", "B01612A31"), focus="C11612040")
    found = rank_registrations(request, Session.DAY, auction=False)
    assert [want.key.tr_id for want in found.spare] == ["H0ZOANC0", "H0ZFANC0"]
    assert all(want.rank > found.registrations[-1].rank for want in found.spare)
    for limit, spare in ((8, 0), (9, 1), (10, 2), (41, 2)):
        assert len(found.fitting(limit)) == 8 + spare
    assert rank_registrations(request, Session.DAY, auction=True).spare == ()
    only = frozenset((Channel.TRADE,))
    assert rank_registrations(request, Session.DAY, auction=False, channels=only).spare == ()


def test_a_page_of_an_auction_has_expected_executions_first_and_watched_codes_keep_theirs() -> None:
    request = WatchRequest(
        (FUTURE, CALL, PUT), focus=FUTURE, visible=frozenset((FUTURE, CALL)), expected_first=True
    )
    assert said(rank_registrations(request, Session.NIGHT, auction=True)) == [
        (FUTURE, Channel.TRADE),
        (FUTURE, Channel.BOOK),
        (PUT, Channel.TRADE),
        (PUT, Channel.EXPECTED),
        (CALL, Channel.EXPECTED),
        (CALL, Channel.TRADE),
        (CALL, Channel.BOOK),
        (PUT, Channel.BOOK),
    ]
    usual = WatchRequest((FUTURE, CALL, PUT), focus=FUTURE, visible=frozenset((FUTURE, CALL)))
    assert said(rank_registrations(request, Session.NIGHT, auction=False)) == said(
        rank_registrations(usual, Session.NIGHT, auction=False)
    )
