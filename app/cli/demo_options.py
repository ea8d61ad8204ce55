"""What a demo is asked to be; light to import, since every start of the program does."""

from datetime import date, time

from msgspec import Struct

from specs.catalog import Session

DEMO_DAY = date(2026, 11, 20)
"""A Friday: its night belongs to Monday's trade date."""


DEMO_KEY = "demo-session"
"""App key and secret of a demo: of the form that a key has, since its hub prints it for others."""


class Demo(Struct, frozen=True):
    """Options of a demo."""

    session: Session = Session.NIGHT
    day: date = DEMO_DAY
    start: time | None = None
    lead: float = 60.0
    """Seconds from its first moment to the open, without a `start`; below 0 after the open."""
    speed: float = 1.0
    seed: int = 1
