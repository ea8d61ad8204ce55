"""What a joined kis-tui and the owner of the key say to each other beside KIS' protocol.

A joined kis-tui opens a websocket at `PATH` with the owner's token in the header `TOKEN`.  It sends
a `ScreenRequest` as JSON; it receives KIS' data frames as they came, a `HubState` as JSON, each
second and whenever it changed, and results of REST as binary frames
(`app.feed.rest.event_codec`).  Spans are seconds and relative to the moment of sending; None
stands for infinity, which JSON lacks.
"""

from math import inf
from typing import TypeAlias

import msgspec
from msgspec import Struct

from app.feed.batch import KeyState, Sharer
from app.feed.demand import RankedRegistration, Reader
from app.feed.liveness import NOTICE
from app.feed.paper_watch import PaperState
from app.feed.phase import LinkPhase
from app.feed.registration_state import RegistrationKey, RegistrationState
from app.feed.rest.rest_demand import RestDemand
from app.hub.client_requests import CODE
from specs.catalog import CATALOG, Session

PREFIX = "/kis-tui/"
PATH = f"{PREFIX}1"
MEMORY_PATH = f"{PATH}/memory"
"""The number is raised when the messages change.  ``GET /memory?code=…`` at the port of REST gives
the session's trades of a code, and what REST said of it (`app.hub.trade_memory`)."""

TOKEN = "X-Kis-Tui-Token"
STATE_EVERY = 1.0
MOST_WANTED = 2000
LARGEST_SCREEN_REQUEST = 256 * 1024

RankedPair: TypeAlias = tuple[str, str, int]
"""TR, code and rank of a registration: the lower the rank, the more it is wanted."""


class ScreenRequest(Struct, frozen=True, omit_defaults=True):
    """Everything that a joined kis-tui wants registered; it replaces its last request."""

    wanted: tuple[RankedPair, ...] = ()
    reserved: int = 0
    """How many of the first ones other programs must leave to it."""
    retry: bool = False
    """Whether its user asked to reconnect."""
    shown: tuple[tuple[str, Session], ...] = ()
    """Codes of which it wants what REST gives, with the session that is on for each."""
    expected: str = ""
    """The code whose expected execution it wants of REST."""
    bars: bool = False
    """Whether it wants minute bars of REST, too."""

    def ranked(self) -> list[RankedRegistration]:
        """Return what is wanted of the market as registrations, up to `MOST_WANTED`."""
        return [
            RankedRegistration(RegistrationKey(tr_id, code), rank)
            for tr_id, code, rank in self.wanted[:MOST_WANTED]
            if tr_id in CATALOG and CODE.fullmatch(code)
        ]

    def rest_demand(self, reader: Reader) -> RestDemand:
        """Return what is wanted of REST; `reader` reads a code."""
        read = (
            (reader(c), session) for c, session in self.shown[:MOST_WANTED] if CODE.fullmatch(c)
        )
        contracts = tuple((facts, session) for facts, session in read if facts is not None)
        expected = reader(self.expected) if CODE.fullmatch(self.expected) else None
        return RestDemand(contracts, expected, self.bars)


class SharedStatus(Struct, frozen=True, omit_defaults=True):
    """The state of one registration at the owner's session."""

    tr_id: str
    code: str
    state: RegistrationState
    refusal: str = ""
    detail: str = ""
    age: float | None = None
    """Seconds since KIS accepted it."""
    app_key: str = ""
    """The profile of the app key that it is on, where there are several."""


class HubState(Struct, frozen=True, omit_defaults=True):
    """The owner's link as in `app.feed.batch.LinkState`, and the registrations of the receiver."""

    phase: LinkPhase = LinkPhase.OFF
    reason: str = ""
    detail: str = ""
    next_in: float | None = None
    failures: int = 0
    used: int = 0
    limit: int = 0
    waiting: int = 0
    age: float | None = None
    """Seconds since the last message of KIS."""
    notice: float = NOTICE
    paper: PaperState = PaperState.NONE
    statuses: tuple[SharedStatus, ...] = ()
    sharers: tuple[Sharer, ...] = ()
    """The other programs of the session, the owner first."""
    keys: tuple[KeyState, ...] = ()
    """The session of each app key, where there are several, without the time of its next try."""


_STATES = msgspec.json.Decoder(HubState)
_REQUESTS = msgspec.json.Decoder(ScreenRequest)


def encode_message(message: ScreenRequest | HubState) -> str:
    """Return a message as the text of a websocket frame."""
    return msgspec.json.encode(message).decode()


def read_state(raw: str) -> HubState | None:
    """Return the state in a text, or None if it is none."""
    try:
        return _STATES.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def read_screen_request(raw: str | bytes) -> ScreenRequest | None:
    """Return the request in a text, or None if it is none."""
    try:
        return _REQUESTS.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def span_between(earlier: float, later: float) -> float | None:
    """Return the seconds between two moments (monotonic), or None if one is infinite."""
    span = later - earlier
    return span if -inf < span < inf else None


def moment_before(now: float, span: float | None, unknown: float = -inf) -> float:
    """Return the moment `span` seconds before `now`, or `unknown` for None."""
    return unknown if span is None else now - span


def moment_after(now: float, span: float | None) -> float:
    """Return the moment `span` seconds after `now`, or infinity for None."""
    return inf if span is None else now + span
