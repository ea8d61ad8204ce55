"""The TR of each kind of data, and the reason where there is none."""

import pytest

from specs.catalog import CATALOG, Absent, CatalogEntry, Channel, Session, choose, choose_for
from specs.codes import Family, parse

TRADE = {
    (Family.INDEX_FUTURES, Session.DAY): "H0IFCNT0",
    (Family.INDEX_FUTURES, Session.NIGHT): "H0MFCNT0",
    (Family.INDEX_OPTION, Session.DAY): "H0IOCNT0",
    (Family.INDEX_OPTION, Session.NIGHT): "H0EUCNT0",
    (Family.STOCK_FUTURES, Session.DAY): "H0ZFCNT0",
    (Family.STOCK_FUTURES, Session.NIGHT): Absent.STOCK_AT_NIGHT,
    (Family.STOCK_OPTION, Session.DAY): "H0ZOCNT0",
    (Family.STOCK_OPTION, Session.NIGHT): Absent.STOCK_AT_NIGHT,
    (Family.COMMODITY_FUTURES, Session.DAY): "H0CFCNT0",
    (Family.COMMODITY_FUTURES, Session.NIGHT): "H0MFCNT0",
}
BOOK = {
    (Family.INDEX_FUTURES, Session.DAY): "H0IFASP0",
    (Family.INDEX_FUTURES, Session.NIGHT): "H0MFASP0",
    (Family.INDEX_OPTION, Session.DAY): "H0IOASP0",
    (Family.INDEX_OPTION, Session.NIGHT): "H0EUASP0",
    (Family.STOCK_FUTURES, Session.DAY): "H0ZFASP0",
    (Family.STOCK_FUTURES, Session.NIGHT): Absent.STOCK_AT_NIGHT,
    (Family.STOCK_OPTION, Session.DAY): "H0ZOASP0",
    (Family.STOCK_OPTION, Session.NIGHT): Absent.STOCK_AT_NIGHT,
    (Family.COMMODITY_FUTURES, Session.DAY): "H0CFASP0",
    (Family.COMMODITY_FUTURES, Session.NIGHT): "H0MFASP0",
}
EXPECTED = {
    (Family.INDEX_FUTURES, Session.DAY): Absent.INDEX_FUTURES_EXPECTED,
    (Family.INDEX_FUTURES, Session.NIGHT): Absent.INDEX_FUTURES_EXPECTED,
    (Family.INDEX_OPTION, Session.DAY): Absent.INDEX_OPTION_EXPECTED_BY_DAY,
    (Family.INDEX_OPTION, Session.NIGHT): "H0EUANC0",
    (Family.STOCK_FUTURES, Session.DAY): "H0ZFANC0",
    (Family.STOCK_FUTURES, Session.NIGHT): Absent.STOCK_AT_NIGHT,
    (Family.STOCK_OPTION, Session.DAY): "H0ZOANC0",
    (Family.STOCK_OPTION, Session.NIGHT): Absent.STOCK_AT_NIGHT,
    (Family.COMMODITY_FUTURES, Session.DAY): Absent.COMMODITY_FUTURES_EXPECTED,
    (Family.COMMODITY_FUTURES, Session.NIGHT): Absent.COMMODITY_FUTURES_EXPECTED,
}
CHOICES = [
    (family, session, channel, answer)
    for channel, answers in (
        (Channel.TRADE, TRADE),
        (Channel.BOOK, BOOK),
        (Channel.EXPECTED, EXPECTED),
    )
    for (family, session), answer in answers.items()
]


@pytest.mark.parametrize(("family", "session", "channel", "answer"), CHOICES)
def test_a_channel_of_a_family_has_its_tr_or_its_reason(
    family: Family, session: Session, channel: Channel, answer: str | Absent
) -> None:
    chosen = choose(family, session, channel)
    if isinstance(answer, Absent):
        assert chosen is answer
        return
    assert isinstance(chosen, CatalogEntry)
    assert chosen.tr_id == answer
    # Night futures of every kind come on the TRs of the index futures.
    shared = family is Family.COMMODITY_FUTURES and session is Session.NIGHT
    assert chosen.family is (Family.INDEX_FUTURES if shared else family)
    assert (chosen.session, chosen.channel) == (session, channel)
    assert CATALOG[answer] is chosen


def test_every_choice_there_is_has_been_asked() -> None:
    assert len(CHOICES) == len(Family) * len(Session) * len(Channel)
    assert {answer for *_, answer in CHOICES if not isinstance(answer, Absent)} == set(CATALOG)


def test_no_tr_carries_orders_or_accounts() -> None:
    assert not [tr_id for tr_id in CATALOG if "CNI" in tr_id]
    assert all(len(tr_id) == 8 for tr_id in CATALOG)


def test_only_the_stock_option_sends_its_volatility_as_a_fraction() -> None:
    scales = {tr_id: entry.volatility_scale for tr_id, entry in CATALOG.items()}
    assert {tr_id for tr_id, scale in scales.items() if scale != 1.0} == {"H0ZOCNT0"}
    assert scales["H0ZOCNT0"] == 100.0


def test_turnover_comes_in_thousand_won_but_for_stocks() -> None:
    """1288 contracts at 590.70 and 250,000 won a point are 190.2e9 won: sent as 190102062."""
    for entry in CATALOG.values():
        if entry.channel is Channel.TRADE:
            stock = entry.family in (Family.STOCK_FUTURES, Family.STOCK_OPTION)
            assert entry.turnover_unit == (1.0 if stock else 1000.0)


@pytest.mark.parametrize(
    ("code", "day", "night"),
    [
        ("A01612", "H0IFCNT0", "H0MFCNT0"),
        ("A05610", "H0IFCNT0", "H0MFCNT0"),
        ("A06609", "H0IFCNT0", "H0MFCNT0"),
        ("B01612A18", "H0IOCNT0", "H0EUCNT0"),
        ("C09F7WA45", "H0IOCNT0", "H0EUCNT0"),
        ("BAFBZWA49", "H0IOCNT0", "H0EUCNT0"),
        ("A11607", "H0ZFCNT0", "stock_at_night"),
        ("B11610083", "H0ZOCNT0", "stock_at_night"),
        ("301V06362", "H0IOCNT0", "H0EUCNT0"),
        ("211V05059", "H0ZOCNT0", "stock_at_night"),
        ("A75612", "H0CFCNT0", "H0MFCNT0"),
        ("A65612", "H0CFCNT0", "H0MFCNT0"),
        ("A67612", "H0CFCNT0", "H0MFCNT0"),
        ("D7561201", "H0CFCNT0", "H0MFCNT0"),
        ("A66612", "H0CFCNT0", "not_at_night"),
        ("A76612", "H0CFCNT0", "not_at_night"),
        ("A04612", "H0IFCNT0", "not_at_night"),
        ("AA0612", "H0IFCNT0", "not_at_night"),
        ("A99612", "unknown_product", "unknown_product"),
        ("B75612083", "unknown_product", "unknown_product"),
    ],
)
def test_a_code_leads_to_its_trade_by_day_and_night(code: str, day: str, night: str) -> None:
    for session, answer in ((Session.DAY, day), (Session.NIGHT, night)):
        chosen = choose_for(parse(code), session, Channel.TRADE)
        assert (chosen.tr_id if isinstance(chosen, CatalogEntry) else chosen) == answer
