"""The registrar: what the screen watches, turned into what the pilot is to register."""

from datetime import datetime
from math import inf

from app.feed.events import Effect
from app.feed.pilot import Pilot
from app.feed.plan import Wants, Wish, turn_at, wants
from app.feed.planner import Planner
from specs.catalog import Channel, Session

LOOK_EVERY = 1.0
"""Seconds between two looks at session and auction."""


class Registrar:
    """Keeps the pilot's wants in line with wish, session, auction and the slots there are."""

    def __init__(
        self,
        pilot: Pilot,
        session: Session | None = None,
        channels: frozenset[Channel] = frozenset(Channel),
    ) -> None:
        self._pilot = pilot
        self._session = session
        self._channels = channels
        self._planner = Planner()
        self._wish = Wish()
        self._turn: tuple[Session, bool] | None = None
        self._wants = Wants((), {})
        self._stale = True
        self.due = -inf
        """When it is to look again; monotonic seconds."""

    @property
    def wants(self) -> Wants:
        """All that the wish asks for, and what sleeps."""
        return self._wants

    @property
    def watched(self) -> list[tuple[str, Session]]:
        """The codes that are watched, and the session that is on for them."""
        session = self._turn[0] if self._turn is not None else Session.DAY
        return [(code, session) for code in self._wish.codes]

    def wish(self, wish: Wish) -> None:
        """Watch something else from now on."""
        self._wish, self._stale, self.due = wish, True, -inf

    def look(self, moment: datetime, now: float) -> list[Effect] | None:
        """Bring the pilot's wants in line with a moment (KST) and the slots that the server has.

        None where nothing changed.
        """
        if now < self.due:
            return None
        session, auction = turn_at(moment)
        turn = (self._session or session, auction or self._channels == {Channel.EXPECTED})
        turned = turn != self._turn
        changed = turned or self._stale
        if changed:
            self._wants = wants(self._wish, turn[0], auction=turn[1], channels=self._channels)
            self._turn, self._stale = turn, False
        ledger = self._pilot.ledger
        # Where no server has been told anything yet, no change costs it one.
        keys = self._planner.plan(
            self._wants.wants,
            ledger.limit,
            now,
            refused=ledger.refused,
            at_once=turned or not self._pilot.connection.is_open,
        )
        self.due = now + LOOK_EVERY
        if keys == ledger.wanted:
            return [] if changed else None
        return self._pilot.want(keys, now, brisk=turned)
