"""One websocket of the simulator: its registrations, what it is due, and its echoes."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from app.simulator.answers import answer, pingpong
from app.simulator.client_messages import Echo, RegistrationRequestError, read
from app.simulator.course import SessionCourse
from app.simulator.encode import frame
from app.simulator.faults import Faults
from app.simulator.noise import FrameNoise
from app.simulator.oracle import Oracle, PendingPings, RegistrationPair
from app.simulator.rest import RestServer
from app.simulator.streams import RecordStream, SimulatedRecord
from app.simulator.wire import FrameWriter
from app.system.clock import Clock

FLUSH_EVERY = 0.05
_MOST_RECORDS = 20
_END = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)
# Longer than any session: what one flush finds shares frames, however fast the clock runs.
_ONE_FLUSH = 1e6


class _Registration:
    """One code on one TR; what it is due is held back until it has been acknowledged."""

    def __init__(self, stream: RecordStream) -> None:
        self.stream = stream
        self.acknowledged = False


class ClientHost(Protocol):
    """The part of `Simulator` that the server's side of a websocket uses."""

    clock: Clock
    faults: Faults
    oracle: Oracle
    course: SessionCourse
    rest: RestServer
    echoes: int
    frames_sent: int

    @property
    def elapsed(self) -> float:
        """Seconds since the first session began."""

    def claim(self, app_key: str, client: "SimulatedClient") -> bool:
        """Make a client the one session of an app key; False when another has it."""

    def acknowledged_before(self, client: "SimulatedClient") -> tuple[RegistrationPair, ...]:
        """Return the registrations of the session before a client's, once."""

    def restart(self, seconds: float) -> None:
        """Cut every session and refuse connections for `seconds`."""


class SimulatedClient:
    """The server's side of one websocket."""

    def __init__(
        self, simulator: ClientHost, socket: web.WebSocketResponse, transport: asyncio.Transport
    ) -> None:
        self._simulator = simulator
        self._socket = socket
        self._faults = simulator.faults
        self._wire = FrameWriter(transport, socket, simulator.faults)
        self._noise = FrameNoise(simulator.faults, str(len(simulator.oracle.visits)))
        self._registered: dict[RegistrationPair, _Registration] = {}
        self._late: set[asyncio.Task[None]] = set()
        self._pings = 0
        self._echoes = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self.visit = simulator.oracle.opened(simulator.clock.monotonic())
        self._under_way = PendingPings(self.visit)
        self.polite = False
        """Whether either side sent a close frame."""

    @property
    def registrations(self) -> frozenset[RegistrationPair]:
        """The pairs of TR and code that are registered."""
        return frozenset(self._registered)

    @property
    def pairs(self) -> list[RegistrationPair]:
        """The registered pairs in order of their registration."""
        return list(self._registered)

    async def serve(self) -> None:
        """Answer all messages until the socket closes."""
        try:
            while (message := await self._socket.receive()).type not in _END:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._on_message(message.data)
                elif message.type is WSMsgType.PING:
                    if not self._faults.silent:
                        await self._socket.pong(message.data)
                elif message.type is WSMsgType.PONG and message.data:
                    self._on_echo()
            self.polite = self.polite or message.type is WSMsgType.CLOSE
        finally:
            for task in self._late:
                task.cancel()
            for _, waiter in self._waiting:
                if not waiter.done():
                    waiter.set_result(None)

    async def run(self) -> None:
        """Send what is due, and PINGPONG, as real time goes by."""
        now = self._simulator.clock.monotonic
        last_ping = now()
        try:
            while not self._socket.closed:
                await asyncio.sleep(FLUSH_EVERY)
                await self.flush(self._simulator.elapsed, _ONE_FLUSH)
                if 0 < self._faults.ping_every <= now() - last_ping:
                    last_ping = now()
                    await self.ping()
        finally:
            await self.close()

    async def ping(self) -> None:
        """Send PINGPONG; where faults leave nothing but control frames, one of those."""
        if self._faults.opcodes_only:
            await self._wire.ping()
        if self._faults.mutes_texts:
            return
        self._pings += 1
        self._under_way.sent(self._simulator.clock.monotonic())
        await self._wire.send(pingpong(self._simulator.clock.now()))

    async def barrier(self) -> None:
        """Send PINGPONG and wait until it is back, or the socket closed."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append((self._pings + 1, waiter))
        await self.ping()
        if not self._socket.closed:
            await waiter

    async def flush(self, until: float, together: float) -> None:
        """Send every record up to a second, counted as the course does.

        A code's records that fall within `together` seconds share a frame.
        """
        due: list[SimulatedRecord] = []
        for registration in self._registered.values():
            if registration.acknowledged:
                due.extend(registration.stream.records_until(until))
        if self._faults.no_data or self._faults.mute:
            due = [event for event in due if not self._faults.mutes(event.code)]
        due.sort(key=lambda event: event[:3])
        for good in _frames(due, together):
            for text in self._noise.around(good):
                await self._send_data(text)
        if self._faults.burst:
            for text in self._noise.burst(FLUSH_EVERY):
                await self._send_data(text)

    async def close(self, code: int = WSCloseCode.OK) -> None:
        """End the session from the server's side."""
        self.polite = True
        await self._socket.close(code=code)

    async def send_text(self, raw: str) -> None:
        """Send any text."""
        await self._wire.send(raw)

    def disconnect(self, *, reset: bool = False) -> None:
        """End the session without a close frame."""
        self._wire.disconnect(reset=reset)

    async def refuse(self, code: str) -> None:
        """Answer the connection as a whole with an OPSP code, and close it."""
        await self._wire.send(answer(code))
        await self.close()

    async def _send_data(self, text: str) -> None:
        self._simulator.frames_sent += 1
        await self._wire.send(text, data=True)

    async def _on_message(self, raw: str | bytes) -> None:
        simulator, oracle = self._simulator, self._simulator.oracle
        oracle.secrets += simulator.rest.secrets_in(raw)
        try:
            request = read(raw)
        except RegistrationRequestError as error:
            oracle.strangers += 1
            await self._wire.send(answer(error.code, error.tr_id, error.tr_key))
            return
        if isinstance(request, Echo):
            self._on_echo()
            return
        pair = (request.tr_id, request.tr_key)
        self.visit.requests.append((simulator.clock.monotonic(), request.register, pair))
        owner = simulator.rest.owner(request.approval_key)
        if owner is None or self._faults.bad_keys:
            self._faults.bad_keys = max(0, self._faults.bad_keys - 1)
            await self._wire.send(answer("OPSP0011", *pair))
        elif self._faults.busy or not simulator.claim(owner, self):
            await self.refuse("OPSP8996")
        else:
            await self._answer(
                pair, self._register(pair) if request.register else self._release(pair)
            )
            oracle.registered(self.visit, self.pairs)

    def _register(self, pair: RegistrationPair) -> str:
        if pair[1] in self._faults.refuse:
            return self._faults.refuse[pair[1]]
        if pair in self._registered:
            return "OPSP0002"
        if len(self._registered) >= self._faults.limit:
            return "OPSP0008"
        stream = self._simulator.course.stream(*pair)
        stream.skip(self._simulator.elapsed)
        self._registered[pair] = _Registration(stream)
        return "OPSP0000"

    def _release(self, pair: RegistrationPair) -> str:
        return "OPSP0003" if self._registered.pop(pair, None) is None else "OPSP0001"

    async def _answer(self, pair: RegistrationPair, code: str) -> None:
        if self._faults.ack_after:
            self._late.add(task := asyncio.create_task(self._answer_late(pair, code)))
            task.add_done_callback(self._late.discard)
        else:
            await self._acknowledge(pair, code)

    async def _answer_late(self, pair: RegistrationPair, code: str) -> None:
        await asyncio.sleep(self._faults.ack_after)
        await self._acknowledge(pair, code)

    async def _acknowledge(self, pair: RegistrationPair, code: str) -> None:
        if self._faults.ack_stale:
            for old in self._simulator.acknowledged_before(self):
                await self._wire.send(answer("OPSP0000", *old))
        if pair[1] not in self._faults.ack_never:
            await self._wire.send(answer(code, *pair))
        registration = self._registered.get(pair)
        if registration is not None:
            registration.acknowledged = True

    def _on_echo(self) -> None:
        self._echoes += 1
        self._simulator.echoes += 1
        if not self._under_way.back(self._simulator.clock.monotonic()):
            self._simulator.oracle.strangers += 1
        for place, waiter in self._waiting:
            if self._echoes >= place and not waiter.done():
                waiter.set_result(None)
        self._waiting = [pair for pair in self._waiting if not pair[1].done()]


def _frames(due: Iterable[SimulatedRecord], together: float) -> Iterator[str]:
    """Frames in the order of their first record; a code's records never change their order."""
    gathered: dict[tuple[int, str, str], list[str]] = {}
    for event in due:
        gathered.setdefault((int(event.second // together), event.tr_id, event.code), []).append(
            event.body
        )
    for (_, tr_id, _), bodies in gathered.items():
        for start in range(0, len(bodies), _MOST_RECORDS):
            yield frame(tr_id, bodies[start : start + _MOST_RECORDS])
