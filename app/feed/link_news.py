"""Sentences about the connection that are shown once, when its state changes."""

from math import ceil

from app.feed.batch import Batch, Counters, LinkState
from app.feed.connection import LinkPhase
from app.feed.paper_watch import PaperState
from app.feed.server_clock import ALARMING
from specs.user_message import Countdown, News, UserMessage


def link_news(link: LinkState, counters: Counters, batch: Batch) -> list[News]:
    """Return the news of a batch; `link` and `counters` belong to the previous batch.

    A clock that is a minute off is reported again only after it was right in between.
    """
    news = []
    if batch.link.phase is LinkPhase.UNTRUSTED is not link.phase:
        news.append(News(UserMessage("link_news.untrusted"), bad=True))
    if batch.link.paper is PaperState.SILENT is not link.paper:
        news.append(News(UserMessage("paper.silent"), bad=True))
    skew = batch.counters.skew
    if abs(skew) >= ALARMING and not abs(counters.skew) >= ALARMING:
        key = "link_news.clock_slow" if skew > 0 else "link_news.clock_fast"
        news.append(News(UserMessage(key, span=Countdown(ceil(abs(skew)))), bad=True))
    if link.via_hub and not batch.link.via_hub:
        news.append(News(UserMessage("hub.owner_now")))
    return news
