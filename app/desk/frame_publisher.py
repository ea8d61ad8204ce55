"""The frames that a hub publishes: one record each, numbered, and never later than live.

While there is no connection whose server answers, frames are dropped and counted; the newest of
each registration is published when there is one again, with the time at which it came.
"""

import asyncio
from collections.abc import Collection, Iterator

from app.desk.desk_messages import FrameStamp, raw_subject
from app.desk.nats_connection import NatsConnection
from app.feed.registration_state import RegistrationKey
from app.hub.client_requests import CODE
from app.system.clock import Clock
from specs.catalog import CATALOG
from specs.record import Record

MOST_QUEUED = 20_000
"""Frames that wait for the connection; beyond that the newest of each registration."""


def split_records(
    raw: str, tr_id: str, records: "list[Record]"
) -> Iterator[tuple[RegistrationKey, str]]:
    """Yield each record of a data frame as a frame of its own, byte for byte, with its key.

    `records` are those that were accepted; what else the frame holds is left out.
    """
    flag, _, count, payload = raw.split("|", 3)
    if int(count) == 1:
        yield RegistrationKey(tr_id, records[0].code), raw
        return
    fields = payload.split("^")
    width, odd = divmod(len(fields), int(count))
    if odd:
        width = CATALOG[tr_id].width
    accepted = {record.code for record in records}
    for start in range(0, width * int(count), width):
        record = fields[start : start + width]
        if record and (code := record[0].strip()) in accepted:
            single = f"{flag}|{tr_id}|{'1'.zfill(len(count))}|{'^'.join(record)}"
            yield RegistrationKey(tr_id, code), single


class FramePublisher:
    """Queues frames for the connection; all of it runs on the feed's loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = clock.now().timestamp() - clock.monotonic()
        self.epoch = f"{int(clock.now().timestamp() * 1000):x}"
        self._sequence = 0
        self._queue: list[tuple[str, bytes, FrameStamp]] = []
        self._newest: dict[RegistrationKey, tuple[str, bytes, FrameStamp]] = {}
        self._is_open = False
        self.arrived = asyncio.Event()
        self.dropped = 0
        """Frames that were not published because there was no connection."""

    def stamp(self) -> FrameStamp:
        """Return the stamp of this moment and of the last frame."""
        return FrameStamp(self._nanoseconds(), self._sequence, self.epoch)

    def accept(self, raw: str, tr_id: str, records: "list[Record]") -> None:
        """Queue the records of a data frame."""
        now = self._nanoseconds()
        for key, single in split_records(raw, tr_id, records):
            if not CODE.fullmatch(key.code):
                continue
            self._sequence += 1
            stamp = FrameStamp(now, self._sequence, self.epoch)
            message = raw_subject(key), single.encode(), stamp
            self._newest[key] = message
            if self._is_open:
                self._queue.append(message)
            else:
                self.dropped += 1
        if self._is_open:
            if len(self._queue) > MOST_QUEUED:
                self._keep_newest()
            self.arrived.set()

    def open(self) -> None:
        """Publish from now on, the newest frame of each registration first."""
        self._is_open = True
        self._queue = list(self._newest.values())
        self.arrived.set()

    def close(self) -> None:
        """Publish nothing more: what waits would come late."""
        self._is_open = False
        self.dropped += len(self._queue)
        self._queue.clear()

    def retain(self, keys: Collection[RegistrationKey]) -> list[RegistrationKey]:
        """Discard the newest frames of other registrations, and return which they were of."""
        gone = [key for key in self._newest if key not in keys]
        for key in gone:
            del self._newest[key]
        return gone

    async def send(self, connection: NatsConnection) -> None:
        """Publish what waits."""
        self.arrived.clear()
        while self._queue and self._is_open:
            queued, self._queue = self._queue, []
            for number, (subject, payload, stamp) in enumerate(queued):
                if not (self._is_open and connection.is_answering):
                    self.dropped += len(queued) - number
                    return
                await connection.publish(subject, payload, stamp.headers())

    def _keep_newest(self) -> None:
        newest = {subject: (subject, payload, stamp) for subject, payload, stamp in self._queue}
        self.dropped += len(self._queue) - len(newest)
        self._queue = list(newest.values())

    def _nanoseconds(self) -> int:
        # Wall time is read once: a step of it would look like a delay.
        return int((self._wall + self._clock.monotonic()) * 1e9)
