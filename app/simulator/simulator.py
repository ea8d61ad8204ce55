"""The simulator's server: REST and websocket of KIS on loopback, session after session behind.

Any path is the websocket's, as at KIS.  With a clock that runs, records are sent as they fall due;
with a `ManualClock` nothing moves but through `step_to`.
"""

import asyncio
import os
from datetime import datetime
from math import inf

from aiohttp import WSCloseCode, web

from app.simulator import master_files
from app.simulator.client import FLUSH_EVERY, SimulatedClient
from app.simulator.course import SessionCourse
from app.simulator.faults import Faults
from app.simulator.hours import SimulatedHours, demo_start
from app.simulator.market import MarketModel
from app.simulator.oracle import Oracle, RegistrationPair
from app.simulator.quotations import Quotations
from app.simulator.rest import RestServer
from app.system.clock import Clock, ManualClock
from app.system.errors import UsageError
from specs import expected_trend, minute_bars
from specs.catalog import Session
from specs.quotation import PATH
from specs.user_message import UserMessage

__all__ = ["Simulator", "demo_start"]

LOOPBACK = "127.0.0.1"
_LARGEST_MESSAGE = 64 * 1024
_CLOSE_TIMEOUT = 1.0


class Simulator:
    """Trading sessions served on loopback, and counters of what went on.

    `session` and `start` decide which is the first; those after it follow the calendar of KRX.
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
        self.clock = clock
        self.faults = faults if faults is not None else Faults()
        self.oracle = Oracle()
        hours = SimulatedHours.containing(session, start)
        self.hours = hours if halt is None else hours.halted_at(halt)
        self.course = SessionCourse(self.hours, seed, appended_fields)
        self.rest = RestServer(clock, seed, app_key, self.faults)
        self.quotations = Quotations(clock, self.rest, self.course, self.oracle)
        self.dials = 0
        self.echoes = 0
        self.frames_sent = 0
        self._clients: set[SimulatedClient] = set()
        self._claims: dict[str, SimulatedClient] = {}
        self._held_until: dict[str, float] = {}
        self._acknowledged: tuple[RegistrationPair, ...] = ()
        self._restart: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self._sites: list[web.TCPSite] = []
        self._ports = (0, 0)

    @property
    def ws_url(self) -> str:
        """The address of the websocket."""
        return f"ws://{LOOPBACK}:{self._ports[0]}"

    @property
    def rest_url(self) -> str:
        """The base address of REST."""
        return f"http://{LOOPBACK}:{self._ports[1]}"

    @property
    def sessions(self) -> int:
        """Websockets open now."""
        return len(self._clients)

    @property
    def clients(self) -> tuple[SimulatedClient, ...]:
        """The clients of the open websockets."""
        return tuple(self._clients)

    @property
    def registrations(self) -> frozenset[RegistrationPair]:
        """Pairs of TR and code that are registered now."""
        return frozenset().union(*(client.registrations for client in tuple(self._clients)))

    @property
    def approvals(self) -> int:
        """Approval keys issued."""
        return self.rest.approvals

    @property
    def market(self) -> MarketModel:
        """The market of the first session."""
        return self.course.first

    @property
    def elapsed(self) -> float:
        """Seconds since the first session began."""
        return self.hours.seconds(self.clock.now())

    @property
    def has_ended(self) -> bool:
        """Whether one session has ended and the next not begun."""
        return self.course.has_ended(self.elapsed)

    @property
    def following(self) -> SimulatedHours:
        """The session after the one that began last."""
        return self.course.market(self.course.number(self.elapsed) + 1).hours

    async def start(self, port: int = 0, rest_port: int | None = None) -> None:
        """Start serving.  Port 0 is any free port; without `rest_port` REST shares the websocket's.

        Raises:
            UsageError: a port is not available.
        """
        application = web.Application()
        application.router.add_post("/oauth2/Approval", self.rest.approval)
        application.router.add_post("/oauth2/tokenP", self.rest.token)
        application.router.add_get(master_files.PATH, self._on_master)
        application.router.add_get(PATH, self.quotations.price)
        application.router.add_get(expected_trend.PATH, self.quotations.expected)
        application.router.add_get(minute_bars.PATH, self.quotations.minutes)
        application.router.add_get("/{path:.*}", self._on_dial)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            first = await self._listen(self._runner, port)
            second = first if rest_port is None else await self._listen(self._runner, rest_port)
        except UsageError:
            await self._runner.cleanup()
            raise
        self._ports = (first, second)

    async def stop(self) -> None:
        """Close every session and stop serving."""
        if self._restart is not None:
            self._restart.cancel()
        await asyncio.gather(*(client.close() for client in tuple(self._clients)))
        if self._runner is not None:
            await self._runner.cleanup()

    async def step_to(self, moment: datetime) -> None:
        """Move a `ManualClock` on and send everything that falls due up to then."""
        assert isinstance(self.clock, ManualClock)
        self.clock.move_to(moment)
        for client in tuple(self._clients):
            await client.flush(self.elapsed, FLUSH_EVERY)

    async def barrier(self) -> None:
        """Wait until every client has read all that was sent, which an echoed PINGPONG shows.

        Without a client there is nothing to wait for; one that leaves ends the wait.
        """
        await asyncio.gather(*(client.barrier() for client in tuple(self._clients)))

    def claim(self, app_key: str, client: SimulatedClient) -> bool:
        """Make a client the one session of an app key; false when another has it."""
        if self._claims.get(app_key) is client:
            return True
        if app_key in self._claims:
            self.oracle.overlaps += 1
            return False
        if self.clock.monotonic() < self._held_until.get(app_key, -inf):
            return False
        self._claims[app_key] = client
        return True

    def session_of(self, app_key: str) -> SimulatedClient | None:
        """Return the client that has the session of an app key, or None."""
        return self._claims.get(app_key)

    def acknowledged_before(self, client: SimulatedClient) -> tuple[RegistrationPair, ...]:
        """Return the registrations of the session before a client's, once."""
        old, self._acknowledged = self._acknowledged, ()
        return tuple(pair for pair in old if pair not in client.registrations)

    def restart(self, seconds: float) -> None:
        """Reset every connection, and refuse new ones for `seconds`."""
        self._restart = asyncio.create_task(self._reopen(seconds))

    async def _reopen(self, seconds: float) -> None:
        for client in self.clients:
            client.disconnect(reset=True)
        sites, self._sites = self._sites, []
        for site in sites:
            await site.stop()
        await asyncio.sleep(seconds)
        assert self._runner is not None
        for port in dict.fromkeys(self._ports):
            await self._listen(self._runner, port)

    async def _listen(self, runner: web.AppRunner, port: int) -> int:
        site = web.TCPSite(runner, LOOPBACK, port)
        try:
            await site.start()
        except OSError as error:
            raise UsageError(
                "simulator.port_taken",
                port=port,
                reason=os.strerror(error.errno or 0),
                hint=UserMessage("simulator.port_hint"),
            ) from error
        self._sites.append(site)
        return int(runner.addresses[-1][1])

    async def _on_dial(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(
            timeout=_CLOSE_TIMEOUT, autoping=False, max_msg_size=_LARGEST_MESSAGE
        )
        if not socket.can_prepare(request):
            raise web.HTTPNotFound
        self.oracle.dials.append(self.clock.monotonic())
        if self.faults.handshake:
            return self._no_websocket()
        await socket.prepare(request)
        assert request.transport is not None
        client = SimulatedClient(self, socket, request.transport)
        self.dials += 1
        self._clients.add(client)
        pump = None if isinstance(self.clock, ManualClock) else asyncio.create_task(client.run())
        try:
            if self.faults.accept_close:
                await client.close()
            await client.serve()
        finally:
            self._leave(client)
            await socket.close(code=WSCloseCode.GOING_AWAY)
            if pump is not None:
                pump.cancel()
                [ended] = await asyncio.gather(pump, return_exceptions=True)
                if isinstance(ended, Exception):
                    raise ended
        return socket

    async def _on_master(self, request: web.Request) -> web.Response:
        market = self.course.market(self.course.number(self.elapsed))
        return master_files.download(market.hours.day, request.match_info["name"])

    def _no_websocket(self) -> web.Response:
        status = self.faults.handshake
        elsewhere = {"Location": f"{self.rest_url}/elsewhere"} if 300 <= status < 400 else {}
        return web.Response(
            status=status, text="<html></html>", content_type="text/html", headers=elsewhere
        )

    def _leave(self, client: SimulatedClient) -> None:
        now = self.clock.monotonic()
        self._clients.discard(client)
        self.oracle.closed(client.visit, now, polite=client.polite)
        self._acknowledged = client.visit.registered or self._acknowledged
        for app_key in [key for key, holder in self._claims.items() if holder is client]:
            del self._claims[app_key]
            if self.faults.hold and not client.polite:
                self._held_until[app_key] = now + self.faults.hold
