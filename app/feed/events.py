"""What happens to a connection, and what it wants done: the words of `connection.step`."""

from msgspec import Struct

from specs.control import Reaction


class Event(Struct, frozen=True):
    """Something that happened; `draw` in [0, 1) is the chance that a jittered wait is made of."""


class Wanted(Event, frozen=True):
    """Somebody watches at least one code (or nobody does any more)."""

    anything: bool


class KeyIssued(Event, frozen=True):
    """An approval key is at hand."""


class KeyRefused(Event, frozen=True):
    """No approval key: final where the credentials are at fault, else to be tried again."""

    reason: str
    final: bool


class Opened(Event, frozen=True):
    """The websocket handshake is done, which proves nothing yet."""


class Closed(Event, frozen=True):
    """The socket is gone, or never came to be."""

    reason: str


class Registered(Event, frozen=True):
    """The server acknowledged a registration."""


class SessionError(Event, frozen=True):
    """The server refused the session itself."""

    code: str
    reaction: Reaction


class Tick(Event, frozen=True):
    """Time has passed."""

    last_message: float


class Retry(Event, frozen=True):
    """The user asks to try now."""


class Stop(Event, frozen=True):
    """The program ends."""


class Effect(Struct, frozen=True):
    """Something to be done."""


class IssueKey(Effect, frozen=True):
    """Get an approval key; `fresh` forbids the one in memory."""

    fresh: bool


class Dial(Effect, frozen=True):
    """Open the websocket of this epoch."""

    epoch: int


class Close(Effect, frozen=True):
    """Close the websocket of this epoch, politely."""

    epoch: int
