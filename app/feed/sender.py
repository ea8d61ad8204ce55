"""Send registrations, releases and echoes on the websocket, in their order."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from app.feed.events import SendControl
from app.system.secret import Secret
from specs import control
from specs.preferences import CustomerType

if TYPE_CHECKING:
    from app.feed.socket import Socket

SEND_TIMEOUT = 5.0


class Sender:
    """Sends on the socket that is open, one control message after the other."""

    def __init__(self, customer: CustomerType = "P") -> None:
        self._customer = customer
        self.socket: Socket | None = None
        self.approval_key = Secret("")
        self._orders: asyncio.Queue[SendControl] = asyncio.Queue()

    def enqueue(self, order: SendControl) -> None:
        """Send a registration or a release after those before it."""
        self._orders.put_nowait(order)

    def attach(self, socket: "Socket") -> None:
        """Send on this socket from now on, and nothing that was meant for an earlier one."""
        while not self._orders.empty():
            self._orders.get_nowait()
        self.socket = socket

    def detach(self, socket: "Socket") -> None:
        """Send on this socket no longer."""
        if self.socket is socket:
            self.socket = None

    async def run(self) -> None:
        """Send orders until cancelled; without a socket they are dropped."""
        while True:
            order = await self._orders.get()
            socket, key = self.socket, order.key
            if socket is None:
                continue
            approval_key = self.approval_key.reveal()
            request = control.request(
                approval_key,
                key.tr_id,
                key.code,
                register=order.register,
                customer=self._customer,
            )
            await send(socket, request)


async def close(socket: "Socket", timeout: float) -> None:  # noqa: ASYNC109
    """Close a websocket; give up after `timeout` seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            await socket.close()


async def send(socket: "Socket", text: str) -> None:
    """Send a text; errors are ignored here, because the read loop notices a closed socket."""
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(SEND_TIMEOUT):
            await socket.send_str(text)
