"""The thread of the feed, from the first picture to the end of the dashboard."""

import threading

from app.feed import feed_loop
from app.feed.source import Source
from app.screens.exits import PATIENCE
from app.screens.textual_compat import SafeApp


class FeedThread:
    """Runs a source on a thread of its own; an error of it ends the app."""

    def __init__(self, app: SafeApp, source: Source) -> None:
        self._app = app
        self._source = source
        self._ended = threading.Event()
        self._ended.set()

    def start(self) -> None:
        """Start the thread."""
        self._ended.clear()
        self._app.run_worker(self._run, thread=True, exit_on_error=True)

    def stop(self) -> None:
        """Stop the source, and wait until the thread has ended or `PATIENCE` is over."""
        self._source.stop()
        self.wait(PATIENCE)

    def wait(self, seconds: float) -> bool:
        """Wait for the thread's end, and return whether it has come."""
        return self._ended.wait(seconds)

    def _run(self) -> None:
        try:
            feed_loop.run(self._source.run())
        except Exception as error:
            # Without a feed the screen would show old prices as if they were new.
            self._app.fatal_error = error
            raise
        finally:
            self._ended.set()
