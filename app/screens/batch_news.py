"""What a batch has to report, as messages that are shown once."""

from app.feed.batch import Batch, Counters, LinkState
from app.feed.link_news import link_news
from app.feed.recording import Recording
from app.feed.rest.rest_events import RestTrouble
from app.market.market import Market
from app.market.stated_expiry import apply_stated_expiries
from app.tape.recording_news import news
from specs.user_message import News


def batch_news(
    link: LinkState, counters: Counters, recording: Recording, batch: Batch, market: Market
) -> list[News]:
    """Return the news of a batch against the states before it, which it was not applied to yet."""
    of_expiries = apply_stated_expiries(batch.rest_events, market.contracts, market.book)
    of_link = link_news(link, counters, batch)
    of_rest = [News(e.message, True) for e in batch.rest_events if isinstance(e, RestTrouble)]
    return [*news(recording, batch.recording), *of_link, *of_expiries, *of_rest]
