"""A simulator in the place of KIS, for commands that run without `--demo`."""

from datetime import datetime

from harness.dashboard import at

from app.simulator.thread import SimulatorThread
from app.system.clock import ScaledClock
from specs.catalog import Session


class LiveSimulator:
    """A simulated session in real time; `variables` are the environment that leads to it.

    It is a night from its open on by default; `halt` is the moment of a circuit breaker.
    """

    def __init__(
        self,
        app_key: str | None = None,
        *,
        session: Session = Session.NIGHT,
        start: datetime | None = None,
        halt: datetime | None = None,
    ) -> None:
        moment = start or at(18, 0)
        self.thread = SimulatorThread(
            session=session, start=moment, clock=ScaledClock(moment), app_key=app_key, halt=halt
        )
        self.thread.start()
        self.variables = {
            "KIS_URL_WS": self.thread.ws_url,
            "KIS_URL_REST": self.thread.rest_url,
            "KIS_APP_KEY": "PSuser0123456789",
            "KIS_APP_SECRET": "secret0123456789",
        }

    def stop(self) -> None:
        self.thread.stop()
