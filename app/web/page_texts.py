"""The sentences that the page shows, which the command line makes in the user's language."""

from msgspec import Struct


class PageTexts(Struct, frozen=True):
    """The sentences of the page, in the user's language."""

    language: str
    refused: str
    starting: str
    left: str
    """The dashboard was left."""
    lost: str
    """The connection to the server has ended."""
    stopped: str
    """The server ends."""
    stalled: str
    too_many: str
    again: str
    """The button that opens the dashboard again."""
    ended: str
    """A dashboard ended with the exit code ``{code}`` and without a word."""
