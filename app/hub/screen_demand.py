"""What a joined kis-tui asks of the owner: its registrations with their ranks, without a socket."""

from datetime import datetime
from math import inf

from msgspec.structs import replace

from app.feed.demand import (
    RegistrationDemand,
    WatchRequest,
    count_reserved,
    rank_registrations,
    turn_at,
)
from app.feed.feed_settings import FeedSettings
from app.feed.registration_state import RegistrationKey
from app.feed.subscriber import LOOK_EVERY, expected_by_rest
from app.hub.screen_messages import ScreenRequest
from specs.catalog import Absent, Channel, Session


class ScreenDemand:
    """Ranks what the screen watches, as the owner's own feed does for its screen."""

    def __init__(self, settings: FeedSettings) -> None:
        self._settings = settings
        self._expects = settings.expects_always or settings.channels == {Channel.EXPECTED}
        self._request = WatchRequest()
        self._demand = RegistrationDemand((), {})
        self._turn: tuple[Session, bool] | None = None
        self._sent: ScreenRequest | None = None
        self._retry = False
        self._due = -inf
        self.keys: frozenset[RegistrationKey] = frozenset()
        """The registrations that were last asked for."""

    @property
    def asleep(self) -> dict[str, Absent]:
        """Codes without a trade TR in this session, and why."""
        return self._demand.asleep

    def update_request(self, request: WatchRequest) -> None:
        """Watch something else from now on."""
        self._request, self._turn, self._due = request, None, -inf

    def ask_retry(self) -> None:
        """Have the next request ask the owner to reconnect."""
        self._retry, self._due = True, -inf

    def poll(self, moment: datetime, now: float, limit: int) -> ScreenRequest | None:
        """Return what is to be asked for at a moment (KST), or None if nothing is new."""
        if now < self._due:
            return None
        self._due = now + LOOK_EVERY
        session, auction = turn_at(moment, self._settings.schedule)
        turn = (session, auction or self._expects)
        if turn != self._turn:
            self._turn = turn
            self._demand = rank_registrations(
                self._request,
                session,
                auction=turn[1],
                channels=self._settings.channels,
                reader=self._settings.reader,
            )
        ranked = self._demand.fitting(limit)
        wanted = tuple((want.key.tr_id, want.key.code, want.rank) for want in ranked)
        asked = ScreenRequest(
            wanted, count_reserved(self._request, ranked), self._retry, *self._of_rest(moment)
        )
        if asked == self._sent:
            return None
        self.keys = frozenset(want.key for want in ranked)
        self._sent = replace(asked, retry=False)
        self._retry = False
        return asked

    def _of_rest(self, moment: datetime) -> tuple[tuple[tuple[str, Session], ...], str, bool]:
        """Return what is shown, the code with an expected price by REST, and whether with bars."""
        settings = self._settings
        if settings.picture is None or self._turn is None:
            return (), "", False
        read, session = map(settings.reader, self._request.codes), self._turn[0]
        shown = tuple((facts.code, session) for facts in read if facts is not None)
        focus = expected_by_rest(self._request.focus, moment, settings)
        return shown, focus.code if focus is not None else "", settings.picture.asks_bars
