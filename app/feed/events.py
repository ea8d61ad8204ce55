"""What happens to a connection, and what it wants done: the words of `connection.step`."""

from enum import StrEnum

from msgspec import Struct

from app.feed.registrations import Key
from specs.control import Reaction


class Event(Struct, frozen=True):
    """Something that happened."""


class Wanted(Event, frozen=True):
    """Somebody watches at least one code (or nobody does any more)."""

    anything: bool


class KeyIssued(Event, frozen=True):
    """An approval key came."""


class Refusal(StrEnum):
    """Why there is no approval key, as far as the next try depends on it."""

    PASSING = "passing"
    """The server is busy, broken or out of reach."""
    LOCAL = "local"
    """Nothing left this machine: no name resolution, no route."""
    CERTIFICATE = "certificate"
    """The server's certificate is not KIS': whoever answers must not get the secret."""
    CREDENTIALS = "credentials"
    """KIS rejects app key or secret: no other try can help."""


class KeyRefused(Event, frozen=True):
    """No approval key; `wait` is the least number of seconds that the server asked to wait."""

    reason: str
    kind: Refusal = Refusal.PASSING
    wait: float = 0.0


class Opened(Event, frozen=True):
    """The websocket handshake is done, which proves nothing yet."""


class Closed(Event, frozen=True):
    """The socket is gone, or never came to be; `local` if nothing of it reached the server.

    `wait` is the least number of seconds that the server asked to wait.
    """

    reason: str
    local: bool = False
    wait: float = 0.0


class Registered(Event, frozen=True):
    """The server acknowledged a registration."""


class Settled(Event, frozen=True):
    """Nothing is left to be registered; `complete` if the server took all of it."""

    complete: bool


class SessionError(Event, frozen=True):
    """The server refused the session itself."""

    code: str
    reaction: Reaction


class Ping(Event, frozen=True):
    """A PINGPONG came."""


class Suspended(Event, frozen=True):
    """The machine slept, and the socket with it."""


class Tick(Event, frozen=True):
    """Time has passed; the moments of the last message and the last data, monotonic seconds.

    `trading` is true while a liquid row would trade without a pause: data that stop then are a
    fault, at night they are the market.
    """

    last_message: float
    last_data: float = float("-inf")
    trading: bool = False


class Retry(Event, frozen=True):
    """The user asks to try now."""


class Stop(Event, frozen=True):
    """The program ends."""


class Effect(Struct, frozen=True):
    """Something to be done."""


class IssueKey(Effect, frozen=True):
    """Get an approval key."""


class Dial(Effect, frozen=True):
    """Open the websocket of this epoch."""

    epoch: int


class Close(Effect, frozen=True):
    """Close the websocket of this epoch, politely."""

    epoch: int


class Abort(Effect, frozen=True):
    """Cancel the dial, or drop the websocket, of this epoch: its end was not reported in time."""

    epoch: int


class Probe(Effect, frozen=True):
    """Ask for a sign of life: register once more what is registered."""


class Renew(Effect, frozen=True):
    """Release and register the most wanted row: its data stopped."""


class Send(Effect, frozen=True):
    """Send a registration, or a release, on the socket of the present epoch."""

    key: Key
    register: bool
