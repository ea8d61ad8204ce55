"""Last trading days that KIS states over REST: they win, and a difference is shown once."""

from collections.abc import Iterable

from app.feed.rest.rest_events import RestEvent, RestPrice
from app.instruments.contracts import Contracts
from app.market.book import Book
from specs.user_message import News, UserMessage


def apply_stated_expiries(
    events: Iterable[RestEvent], contracts: Contracts, book: Book
) -> list[News]:
    """Take the last trading days of REST answers; return a sentence for each that differs.

    The rows of the book get the new days.
    """
    news = []
    for one in events:
        if not isinstance(one, RestPrice) or one.last_trading_day is None:
            continue
        found = contracts.state_expiry(one.record.code, one.last_trading_day)
        if found is not None:
            name = contracts.instrument(found.code).name or found.code
            computed = str(found.computed) if found.computed is not None else "—"
            words = UserMessage(
                "calendar.expiry_differs", name=name, stated=found.stated, computed=computed
            )
            news.append(News(words, bad=True))
    if news:
        book.renew_instruments()
    return news
