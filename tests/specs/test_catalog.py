"""Which TR carries what, and why some carry nothing."""

import pytest

from specs.catalog import CATALOG, Absent, Channel, Entry, Session, choose
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
    assert isinstance(chosen, Entry)
    assert chosen.tr_id == answer
    assert (chosen.family, chosen.session, chosen.channel) == (family, session, channel)
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


def test_index_turnover_comes_in_thousand_won_and_stock_turnover_in_won() -> None:
    """1288 contracts at 590.70 and 250,000 won a point are 190.2e9 won: sent as 190102062."""
    for entry in CATALOG.values():
        if entry.channel is Channel.TRADE:
            index = entry.family in (Family.INDEX_FUTURES, Family.INDEX_OPTION)
            assert entry.turnover_unit == (1000.0 if index else 1.0)


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
    ],
)
def test_a_code_leads_to_its_trade_by_day_and_night(code: str, day: str, night: str) -> None:
    for session, answer in ((Session.DAY, day), (Session.NIGHT, night)):
        chosen = choose(parse(code).family, session, Channel.TRADE)
        assert (chosen.tr_id if isinstance(chosen, Entry) else chosen) == answer
