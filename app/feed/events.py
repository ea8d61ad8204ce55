"""Events and effects of a connection: the input and output of `connection.step`."""

from enum import StrEnum

from msgspec import Struct

from app.feed.registrations import RegistrationKey
from specs.control import RefusalReaction


class LinkEvent(Struct, frozen=True):
    """Something that happened."""


class DemandChanged(LinkEvent, frozen=True):
    """Somebody watches at least one code (or nobody does any more)."""

    anything: bool


class KeyIssued(LinkEvent, frozen=True):
    """An approval key came."""


class Refusal(StrEnum):
    """Kind of failure to get an approval key; it decides about the next try."""

    PASSING = "passing"
    """The server is busy, broken or out of reach."""
    LOCAL = "local"
    """Nothing left this machine: no name resolution, no route."""
    CERTIFICATE = "certificate"
    """The certificate is not of KIS: the server must not get the secret."""
    CREDENTIALS = "credentials"
    """KIS rejects app key or secret: no other try can help."""


class KeyRefused(LinkEvent, frozen=True):
    """No approval key; `wait` is the least number of seconds that the server asked to wait."""

    reason: str
    kind: Refusal = Refusal.PASSING
    wait: float = 0.0


class SocketOpened(LinkEvent, frozen=True):
    """The websocket handshake is done, which proves nothing yet."""


class SocketClosed(LinkEvent, frozen=True):
    """The socket is gone, or never came to be; `local` if nothing of it reached the server.

    `wait` is the least number of seconds that the server asked to wait.
    """

    reason: str
    local: bool = False
    wait: float = 0.0


class RegistrationAcknowledged(LinkEvent, frozen=True):
    """The server acknowledged a registration."""


class RegistrationsSettled(LinkEvent, frozen=True):
    """Nothing is left to be registered; `complete` if the server took all of it."""

    complete: bool


class SessionError(LinkEvent, frozen=True):
    """The server refused the session itself."""

    code: str
    reaction: RefusalReaction


class PingPongReceived(LinkEvent, frozen=True):
    """A PINGPONG came."""


class MachineSuspended(LinkEvent, frozen=True):
    """The machine slept, and the socket with it."""


class TimePassed(LinkEvent, frozen=True):
    """Time has passed; the moments of the last message and the last data, monotonic seconds.

    `trading` is true while a liquid row would trade without a pause: data that stop then are a
    fault, at night they are the market.
    """

    last_message: float
    last_data: float = float("-inf")
    trading: bool = False


class RetryRequested(LinkEvent, frozen=True):
    """The user asks to try now."""


class StopRequested(LinkEvent, frozen=True):
    """The program ends."""


class Effect(Struct, frozen=True):
    """Something to be done."""


class IssueKey(Effect, frozen=True):
    """Get an approval key."""


class DialSocket(Effect, frozen=True):
    """Open the websocket of this epoch."""

    epoch: int


class CloseSocket(Effect, frozen=True):
    """Close the websocket of this epoch, politely."""

    epoch: int


class Abort(Effect, frozen=True):
    """Cancel the dial, or drop the websocket, of this epoch: its end was not reported in time."""

    epoch: int


class SendProbe(Effect, frozen=True):
    """Ask for a sign of life: register once more what is registered."""


class RenewRegistration(Effect, frozen=True):
    """Release and register the most wanted row: its data stopped."""


class SendControl(Effect, frozen=True):
    """Send a registration, or a release, on the socket of the present epoch."""

    key: RegistrationKey
    register: bool
