"""The source of batches for screens and commands: a live feed, or a tape that is played.

Another broker's feed begins here: it has the methods of `Source` (`batch_source.py`), and
`live_source` chooses it.
"""

from collections.abc import Callable

from app.feed.batch import Batch
from app.feed.batch_source import Source as Source
from app.feed.feed import Feed
from app.feed.feed_settings import FeedSettings, Tap
from app.system.clock import Clock


def live_source(
    settings: FeedSettings,
    clock: Clock,
    deliver: Callable[[Batch], None],
    tap: Tap | None = None,
) -> Source:
    """Return the live feed, KIS' websocket, or one that shares it with other programs.

    `deliver` gets its batches and `tap` every accepted frame, both on the feed's thread.
    """
    if settings.source is not None:
        return settings.source(settings, clock, deliver, tap)
    return Feed(settings, clock, deliver, tap)
