"""The session of a live run: its own with the key's lock, or that of the key's owner."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from app.feed.feed_settings import FeedSettings, KeyLock, SourceFactory, Tap
from app.hub.key_owner import AdditionalKey, KeyOwnership
from app.hub.owner_file import OwnerAddress
from app.storage.credentials import Endpoints
from app.storage.settings import Settings
from app.system.clock import Clock
from app.system.errors import OccupiedError
from app.system.files import ProgramFolders
from app.system.secret import Secret
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from app.feed.batch import Batch
    from app.feed.source import Source

TRIES, TRY_EVERY = 40, 0.05
"""How long a start waits for an owner that has just begun, or is about to end."""


class LiveSession(Struct, frozen=True):
    """How a live run comes to its session."""

    was_left: bool = False
    """Whether the key's last owner never gave it back."""
    joined: OwnerAddress | None = None
    """The owner whose session this run shares; it becomes the owner when that one ends."""
    is_client: bool = False
    """Whether KIS' addresses are those of a hub, so that this run never owns the key."""
    source: SourceFactory | None = None
    """Makes the source of a run that shares its session."""
    locks: tuple[KeyLock, ...] = ()
    """The locks of the other app keys, which the run tries to get while it has the first one."""

    @property
    def warnings(self) -> tuple[UserMessage, ...]:
        """Return what the user is to know of it."""
        if self.joined is not None:
            return (UserMessage("hub.joined", pid=self.joined.pid),)
        return (UserMessage("crash.recovered"),) if self.was_left else ()


@contextmanager
def live_session(
    settings: Settings,
    places: ProgramFolders,
    app_keys: Sequence[Secret],
    endpoints: Endpoints,
    *,
    joins: bool = True,
) -> Iterator[LiveSession]:
    """Own an app key, or share the session of its owner, while the block runs.

    The first key decides; the run gets the others where no other process has them.  With `joins`
    false, or the setting ``hub`` off, the run is the owner or nothing.

    Raises:
        OccupiedError: another process owns the key and does not share its session.
        KisTuiError: the lock cannot be made.
    """
    key = KeyOwnership(places, app_keys[0])
    more = [AdditionalKey(places, one, key.file) for one in app_keys[1:]]
    owner = key.find_owner()
    if owner is not None and endpoints.ws == owner.ws:
        # What they name is no server of KIS: this run joins whoever owns the key, or waits.
        source = partial(_shared_source, key, takes_over=False) if settings.hub == "on" else None
        yield LiveSession(is_client=True, source=source)
        return
    try:
        shares = settings.hub == "on"
        joined = _acquire(key, joins=joins and shares)
        source = partial(_shared_source, key) if shares and joins else None
        yield LiveSession(key.was_left, joined, source=source, locks=tuple(more))
    finally:
        for one in more:
            one.release()
        key.release()


def _acquire(key: KeyOwnership, *, joins: bool) -> OwnerAddress | None:
    """Own the key, or return who serves this run.

    Raises:
        OccupiedError: another process owns the key and does not share its session.
        KisTuiError: the lock cannot be made.
    """
    pause = threading.Event()
    for _ in range(TRIES):
        try:
            key.acquire()
        except OccupiedError as error:
            owner = key.find_owner()
            if owner is not None and joins:
                return owner
            if owner is not None:
                about = {"pid": owner.pid, "rest": owner.rest, "ws": owner.ws}
                raise OccupiedError("hub.held", hint=error.hint, **about) from error
            if not joins:
                raise
        else:
            return None
        pause.wait(TRY_EVERY)
    key.acquire()
    return None


def _shared_source(
    key: KeyOwnership,
    settings: FeedSettings,
    clock: Clock,
    deliver: "Callable[[Batch], None]",
    tap: Tap | None,
    *,
    takes_over: bool = True,
) -> "Source":
    from app.hub.shared_source import SharedSource

    return SharedSource(settings, clock, deliver, tap, key, takes_over=takes_over)
