"""Several app keys on the screen: their slots, who has which registration, and their news."""

from math import inf

from app.feed.batch import Batch, Counters, KeyState, LinkState
from app.feed.link_news import key_news
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState, RegistrationStatus
from app.market.book import Book
from app.screens.dialogs.slots_dialog import slots_text
from app.screens.key_text import slots_words
from specs.market.instrument import Instrument
from specs.user_message import News, UserMessage
from widgets.texts import speaking

FIRST = KeyState("mine", LinkPhase.LIVE, used=37, limit=41)
SECOND = KeyState("office", LinkPhase.LIVE, used=20, limit=41)
TAKEN = KeyState("office", LinkPhase.OCCUPIED, "occupied", "OPSP8996", inf, 0, 41)
SPARE = KeyState("third", LinkPhase.OFF, limit=41)
LIVE = LinkPhase.LIVE


def link(*keys: KeyState) -> LinkState:
    return LinkState(LIVE, used=sum(one.used for one in keys), limit=82, keys=keys)


def test_status_line_has_the_slots_of_each_key() -> None:
    with speaking("en"):
        assert slots_words(link(FIRST, SECOND)) == "37/41 · 20/41 registered"
        assert slots_words(link(FIRST, TAKEN)) == "37/41 · ✕0/41 registered"
        assert slots_words(LinkState(LIVE, used=3, limit=41)) == "3/41 registered"
    assert slots_words(link(FIRST, SECOND)) == "등록 37/41 · 20/41"


def test_page_of_registrations_numbers_the_keys_and_says_who_has_what() -> None:
    book = Book(Instrument)
    book.watch(["A01612"])
    trade, quotes = RegistrationKey("H0MFCNT0", "A01612"), RegistrationKey("H0MFASP0", "A01612")
    active = RegistrationState.ACTIVE
    states = {
        trade: RegistrationStatus(active, app_key="mine"),
        quotes: RegistrationStatus(active, app_key="office"),
    }
    shown = link(FIRST, SECOND, SPARE)
    book.apply(Batch((), shown, Counters(), states, (), {}))
    with speaking("en"):
        _, _, _, row, *_ = slots_text(book, shown).plain.splitlines()
        lines = slots_text(book, link(FIRST, TAKEN, SPARE)).plain.splitlines()
    assert [word for word in row.split() if "●" in word] == ["●1", "●2"]
    heading, first, taken, spare = lines[-4:]
    assert heading == "app keys; the numbers above are theirs"
    assert first.split() == ["1", "mine", "37/41", "LIVE"]
    assert taken.split()[:3] == ["2", "office", "0/41"]
    assert taken.endswith("this app key is in use elsewhere (another program or computer)")
    assert spare.split(maxsplit=3) == ["3", "third", "0/41", "spare: not needed yet"]


def test_key_that_is_taken_is_news_once_and_not_when_no_other_is_left() -> None:
    why = UserMessage("link.occupied")
    news = News(UserMessage("link_news.key_down", name="office", why=why), bad=True)
    assert key_news((FIRST, SECOND), (FIRST, TAKEN)) == [news]
    assert key_news((FIRST, TAKEN), (FIRST, TAKEN)) == []
    assert key_news((FIRST, TAKEN), (FIRST, SECOND)) == []
    assert key_news((SECOND,), (TAKEN,)) == []
