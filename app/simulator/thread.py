"""A simulator on a thread and loop of its own: for the demo, and for tests that have no loop."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from app.simulator.faults import Faults
from app.simulator.simulator import Simulator
from app.system.clock import Clock
from specs.catalog import Session

TIMEOUT = 30.0

T = TypeVar("T")


class SimulatorThread:
    """Starts, steps and stops a simulator from another thread; every call blocks until it is done.

    `simulator` is for its counters; nothing of it may be called from outside its thread.
    """

    def __init__(
        self,
        *,
        session: Session,
        start: datetime,
        seed: int = 1,
        app_key: str | None = None,
        clock: Clock,
        appended_fields: int = 0,
        faults: Faults | None = None,
        halt: datetime | None = None,
    ) -> None:
        self.simulator = Simulator(
            session=session,
            start=start,
            seed=seed,
            app_key=app_key,
            clock=clock,
            appended_fields=appended_fields,
            faults=faults,
            halt=halt,
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    @property
    def ws_url(self) -> str:
        """The address of the websocket."""
        return self.simulator.ws_url

    @property
    def rest_url(self) -> str:
        """The base address of REST."""
        return self.simulator.rest_url

    def start(self, port: int = 0, rest_port: int | None = None) -> None:
        """Start serving.

        Raises:
            UsageError: a port cannot be had.
        """
        self._thread.start()
        try:
            self._call(self.simulator.start(port, rest_port))
        except BaseException:
            self._end()
            raise

    def stop(self) -> None:
        """Close every session and end the thread."""
        if self._thread.is_alive():
            try:
                self._call(self.simulator.stop())
            finally:
                self._end()

    def step_to(self, moment: datetime) -> None:
        """Move a `ManualClock` on and send everything that falls due up to then."""
        self._call(self.simulator.step_to(moment))

    def barrier(self) -> None:
        """Wait until every client has read all that was sent."""
        self._call(self.simulator.barrier())

    def call(self, action: Callable[[Simulator], T]) -> T:
        """Turn a switch, cut a session or read the oracle, on the simulator's own thread."""

        async def act() -> T:
            return action(self.simulator)

        return self._call(act())

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(TIMEOUT)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT)
