"""Sentences about the connection that are shown once, when its state changes."""

from collections.abc import Sequence
from math import ceil

from app.feed.batch import Batch, Counters, KeyState, LinkState
from app.feed.connection import LinkPhase
from app.feed.paper_watch import PaperState
from app.feed.server_clock import ALARMING
from specs.user_message import Countdown, News, UserMessage

_DOWN = frozenset((LinkPhase.OCCUPIED, LinkPhase.FATAL, LinkPhase.BLOCKED, LinkPhase.UNTRUSTED))
"""Phases of a key that no short wait ends."""


def link_news(link: LinkState, counters: Counters, batch: Batch) -> list[News]:
    """Return the news of a batch; `link` and `counters` belong to the previous batch.

    A clock that is a minute off is reported again only after it was right in between.
    """
    news = []
    if batch.link.phase is LinkPhase.UNTRUSTED is not link.phase:
        news.append(News(UserMessage("link_news.untrusted"), bad=True))
    news += key_news(link.keys, batch.link.keys)
    if batch.link.paper is PaperState.SILENT is not link.paper:
        news.append(News(UserMessage("paper.silent"), bad=True))
    skew = batch.counters.skew
    if abs(skew) >= ALARMING and not abs(counters.skew) >= ALARMING:
        key = "link_news.clock_slow" if skew > 0 else "link_news.clock_fast"
        news.append(News(UserMessage(key, span=Countdown(ceil(abs(skew)))), bad=True))
    if link.via_hub and not batch.link.via_hub:
        news.append(News(UserMessage("hub.owner_now")))
    return news


def key_news(before: Sequence[KeyState], after: Sequence[KeyState]) -> list[News]:
    """Return the news of an app key that cannot be used any more, while another one can.

    `before` and `after` are the states of all keys; a short cut is no news.
    """
    if all(one.phase in _DOWN for one in after):
        return []
    known = {one.name: one.phase for one in before}
    return [
        News(
            UserMessage("link_news.key_down", name=one.name, why=UserMessage(f"link.{one.phase}")),
            bad=True,
        )
        for one in after
        if one.phase in _DOWN and known.get(one.name) not in _DOWN
    ]
