"""What a batch says of the connection that deserves a sentence of its own, once."""

from app.feed.batch import Link
from app.feed.connection import Phase
from app.tape.news import News
from widgets.texts import t


def link_news(before: Link, now: Link) -> list[News]:
    """Return what to say when the link goes from one state to another."""
    if now.phase is Phase.UNTRUSTED is not before.phase:
        return [News(t("link_news.untrusted"), bad=True)]
    return []
