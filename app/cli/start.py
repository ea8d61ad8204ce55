"""What every run begins with: settings, the feed's settings, and the demo's simulator."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from app.clock import Clock, SystemClock
from app.contracts import Contracts
from app.credentials import Credentials, Endpoints, Secret, find_credentials, find_endpoints
from app.feed.feed import FeedSettings
from app.files import Places
from app.settings import Settings, load
from specs.catalog import Channel, Session
from widgets.texts import t, use

if TYPE_CHECKING:
    from app.simulator.thread import SimulatorThread

DEMO_DAY = date(2026, 11, 20)
"""A Friday: its night belongs to the trade date of Monday."""


class Demo(Struct, frozen=True):
    """How a demo is asked for."""

    session: Session = Session.NIGHT
    day: date = DEMO_DAY
    start: str | None = None
    speed: float = 1.0
    seed: int = 1
