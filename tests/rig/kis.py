"""A model of KIS' server: one session per key, 41 registrations, acks, PINGPONG, and its faults.

The attributes of `Kis` are its switches; its counters are the oracle that the runs are held to.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from math import inf

import msgspec
from harness.sample_frames import frame, record
from rig.wire import Wire
from rig.world import World

from app.feed.registrations import LIMIT, RegistrationKey


class Door(StrEnum):
    """The result of a dial."""

    OPEN = "open"
    REFUSED = "unreachable"
    HANG = "timeout"
    HTTP = "handshake"
    NO_DNS = "dns"
    SLAM = "slam"


OPENED = ""
Answer = Callable[[str, Wire | None], None]
"""Called when a dial is over: why it failed (`OPENED` if it did not), and the socket."""

_SUCCESS = {"OPSP0000": "SUBSCRIBE SUCCESS", "OPSP0001": "UNSUBSCRIBE SUCCESS"}


class Request(msgspec.Struct):
    """A request of a client."""

    approval_key: str
    key: RegistrationKey
    register: bool


class Kis:
    """The server; a changed switch acts on the next message."""

    def __init__(self, world: World, limit: int = LIMIT) -> None:
        self.world = world
        self.limit = limit
        self.door = Door.OPEN
        self.latency = (0.01, 0.06)
        self.hold = 0.0
        """Seconds that the slot of a session stays taken when its end was not clean."""
        self.ack_loss = 0.0
        self.ping_every = 10.0
        self.data_every = 0.0
        """Mean seconds between two data frames; 0 sends no data."""
        self.mute = False
        """The server is up but sends nothing."""
        self.slam_after = 0.5
        self.answers_known = True
        """Whether a registration that is repeated is answered."""
        self.codes: dict[RegistrationKey, list[str]] = {}
        """Codes to answer the next registrations of a key with."""
        self.approval: list[str] = []
        """Error codes (or "500", "certificate") for the next calls for an approval key."""
        self.stranger_until = -inf
        """Until when somebody else holds the slot."""
        self.key = 1
        self.keys_valid_from = 1
        self.wires: list[Wire] = []
        self.dials: list[float] = []
        self.local_dials = 0
        self.approvals: list[float] = []
        self.sent: list[tuple[float, Wire, RegistrationKey, bool]] = []
        """Every control message that reached the server: time, socket, key, register."""
        self.opened = 0
        self.answered: Counter[str] = Counter()
        self.overlaps = 0
        self.pings = self.echoes = self.wrong_echoes = 0
        self._ghosts: dict[int, float] = {}

    # --- what the client reaches

    def approve(self, answer: Callable[[str, int], None]) -> None:
        """A call for an approval key: an error code and 0, or "" and the key."""
        error = self.approval.pop(0) if self.approval else ""
        if self.door in (Door.REFUSED, Door.HTTP):
            error = "unreachable"
        if self.door is Door.NO_DNS:
            error = "dns"
        if error not in ("dns", "certificate"):
            self.approvals.append(self.world.time)
        delay = 10.0 if self.door is Door.HANG else self.world.between(0.05, 0.3)
        if self.door is Door.HANG:
            error = "timeout"
        if not error:
            self.key += 1
        key = 0 if error else self.key
        self.world.after(delay, lambda: answer(error, key))

    def dial(self, epoch: int, answer: Answer) -> None:
        """A try to open a websocket."""
        door, world = self.door, self.world
        if door is Door.NO_DNS:
            self.local_dials += 1
            world.after(world.between(0.01, 5.0), lambda: answer("dns", None))
            return
        self.dials.append(world.time)
        if door in (Door.OPEN, Door.SLAM):
            world.after(world.between(0.05, 0.25), lambda: self._open(epoch, answer))
        elif door is Door.HANG:
            world.after(10.0, lambda: answer("timeout", None))
        else:
            world.after(world.between(0.01, 0.1), lambda: answer(str(door), None))

    def _open(self, epoch: int, answer: Answer) -> None:
        if self.door not in (Door.OPEN, Door.SLAM):
            answer("reset", None)
            return
        wire = Wire(self, epoch)
        self.opened += 1
        self.overlaps += any(other.client_open for other in self.wires)
        self.wires = [w for w in self.wires if w.client_open or w.server_open] + [wire]
        answer(OPENED, wire)
        if self.door is Door.SLAM:
            self.world.after(self.slam_after, lambda: self.drop(wire, "1006"))
        self._ping_later(wire)
        if self.data_every:
            self._data_later(wire)

    # --- what it is asked for

    def asked(self, wire: Wire, request: Request) -> None:
        """A registration, or a release, has arrived."""
        if not wire.server_open:
            return
        key, held = request.key, wire.registered
        self.sent.append((self.world.time, wire, key, request.register))
        if request.approval_key != str(self.key) or self.key < self.keys_valid_from:
            self._refuse(wire, "OPSP0011")
        elif self._taken_by_other(wire):
            self._refuse(wire, "OPSP8996")
        elif not request.register:
            code = "OPSP0001" if held.pop(key, 0) else "OPSP0003"
            self._acknowledge(wire, key, code)
        elif key in held:
            if self.answers_known:
                self._acknowledge(wire, key, "OPSP0002")
        elif self.codes.get(key):
            self._acknowledge(wire, key, self.codes[key].pop(0))
        elif len(held) >= self.limit:
            self._acknowledge(wire, key, "OPSP0008")
        else:
            wire.holds_slot = True
            held[key] = 1
            self._acknowledge(wire, key, "OPSP0000")

    def echoed(self, wire: Wire, raw: str) -> None:
        """A PINGPONG came back."""
        if raw in wire.unanswered_pings:
            wire.unanswered_pings.remove(raw)
            self.echoes += 1
        else:
            self.wrong_echoes += 1

    def closed_by_client(self, wire: Wire) -> None:
        """A close frame came: the slot is free at once."""
        wire.server_open = False

    # --- what the world does to it

    def drop(self, wire: Wire, reason: str) -> None:
        """Close a session from this side; the client is notified."""
        if wire.server_open:
            wire.server_open = False
            self._leave_ghost(wire)
            wire.end(reason)

    def drop_all(self, reason: str = "1006") -> None:
        """End every session."""
        for wire in list(self.wires):
            self.drop(wire, reason)

    def go_dead(self, wire: Wire) -> None:
        """Cut the path: neither side receives anything from now on."""
        wire.dead = True
        if wire.server_open:
            self.world.after(60.0, lambda: self._give_up(wire))

    def _give_up(self, wire: Wire) -> None:
        if wire.server_open:
            wire.server_open = False
            self._leave_ghost(wire)

    def invalidate_key(self) -> None:
        """Forget every approval key given so far."""
        self.keys_valid_from = self.key + 1

    def kick(self) -> None:
        """Log somebody else in: notify and close the session."""
        for wire in self.wires:
            if wire.server_open:
                self._refuse(wire, "OPSP8996")

    @property
    def registered(self) -> list[RegistrationKey]:
        """Return the open session's registrations in their order."""
        return list(self.session.registered) if self.session is not None else []

    @property
    def session(self) -> Wire | None:
        """The session that is open at both its ends."""
        for wire in self.wires:
            if wire.client_open and wire.server_open and not wire.dead:
                return wire
        return None

    def _leave_ghost(self, wire: Wire) -> None:
        if wire.holds_slot and self.hold:
            self._ghosts[id(wire)] = self.world.time + self.hold

    def _taken_by_other(self, wire: Wire) -> bool:
        now = self.world.time
        others = any(w.server_open and w.holds_slot for w in self.wires if w is not wire)
        ghosts = any(until > now for until in self._ghosts.values())
        return others or ghosts or now < self.stranger_until

    def _refuse(self, wire: Wire, code: str) -> None:
        self.send_answer(wire, "(null)", "", code, lossy=False)

    def _acknowledge(self, wire: Wire, key: RegistrationKey, code: str) -> None:
        self.send_answer(wire, key.tr_id, key.code, code, lossy=True)

    def send_answer(self, wire: Wire, tr_id: str, code: str, msg_cd: str, *, lossy: bool) -> None:
        """Send an answer of KIS for a row; a `lossy` one is lost with probability `ack_loss`."""
        self.answered[msg_cd] += 1
        if self.mute or (lossy and self.world.random.random() < self.ack_loss):
            return
        rt_cd = "0" if msg_cd in _SUCCESS else "1"
        text = _SUCCESS.get(msg_cd, msg_cd)
        wire.to_client(
            f'{{"header":{{"tr_id":"{tr_id}","tr_key":"{code}","encrypt":"N"}},"body":'
            f'{{"rt_cd":"{rt_cd}","msg_cd":"{msg_cd}","msg1":"{text}"}}}}'
        )

    def _ping_later(self, wire: Wire) -> None:
        def ping() -> None:
            if not wire.server_open:
                return
            if not self.mute:
                moment = self.world.start + timedelta(seconds=self.world.time)
                raw = f'{{"header":{{"tr_id":"PINGPONG","datetime":"{moment:%Y%m%d%H%M%S}"}}}}'
                self.pings += 1
                wire.unanswered_pings.append(raw)
                wire.to_client(raw)
            self._ping_later(wire)

        self.world.after(self.ping_every, ping)

    def _data_later(self, wire: Wire) -> None:
        def data() -> None:
            if not wire.server_open:
                return
            if wire.registered and not self.mute and self.data_every:
                key = self.world.random.choice(list(wire.registered))
                wire.to_client(frame(key.tr_id, record(key.tr_id, key.code)))
            self._data_later(wire)

        self.world.after(self.world.between(0.5, 1.5) * (self.data_every or 60.0), data)
