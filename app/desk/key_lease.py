"""Which of several hubs has the session of an app key: a lease on the server, renewed each second.

A lease is one message on ``kis.lease.HUB``, published on the condition that the last one there is
the holder's own, or that there is none (JetStream's ``Nats-Expected-Last-Subject-Sequence``).
A hub that has lost the server keeps its session: nobody else can get the lease then.
"""

import msgspec

from app.desk.desk_messages import LEASE
from app.desk.nats_connection import NatsConnection
from app.desk.record_streams import error_of, free_lease, last_lease

RENEW_EVERY = 1.0

STANDS_BACK = 2.0
"""Seconds after a connection for which a hub that waits leaves the lease to the one that had it."""

_CONDITION = "Nats-Expected-Last-Subject-Sequence"


class KeyLease:
    """The lease of one app key, as one hub sees it."""

    def __init__(self, hub: str, epoch: str) -> None:
        self._subject = f"{LEASE}.{hub}"
        self._payload = msgspec.json.encode({"epoch": epoch})
        self._last = 0
        self.is_held = False
        """Whether this hub got it, and nobody else since."""

    async def renew(self, connection: NatsConnection) -> bool:
        """Get or keep the lease; return whether it is this hub's.

        Raises:
            Unreachable: the server does not answer.
        """
        # A message that has expired is as none at all.
        for expected in dict.fromkeys((self._last, 0)):
            if await self._publish(connection, expected):
                return True
        # What this hub sent on a connection that ended may have arrived, though not its answer.
        last = await connection.request(last_lease(self._subject))
        self._last, self.is_held = 0, False
        if last.data != self._payload or last.headers is None:
            return False
        return await self._publish(connection, int(last.headers["Nats-Sequence"]))

    async def _publish(self, connection: NatsConnection, expected: int) -> bool:
        headers = {_CONDITION: str(expected)}
        answer = await connection.request(self._subject, self._payload, headers)
        if error_of(answer.data) is not None:
            return False
        self._last = int(msgspec.json.decode(answer.data)["seq"])
        self.is_held = True
        return True

    async def release(self, connection: NatsConnection) -> None:
        """Give the lease back, so that another hub need not wait until it expires.

        Raises:
            Unreachable: the server does not answer.
        """
        if self.is_held:
            self.is_held = False
            await free_lease(connection, self._subject)
