"""What the sender puts on a websocket: in order, on the socket that is open, and in time."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

import pytest
from harness.registration_orders import key

from app.feed import sender as sender_module
from app.feed.events import SendControl
from app.feed.sender import Sender, send
from app.feed.socket import Socket
from app.system.secret import Secret


class ListedSocket:
    """A websocket that lists what it is to send; it fails, or hangs, if told so."""

    def __init__(self, error: Exception | None = None, *, hangs: bool = False) -> None:
        self.texts: list[str] = []
        self._error, self._hangs = error, hangs

    async def send_str(self, text: str) -> None:
        if self._hangs:
            await asyncio.Event().wait()
        if self._error is not None:
            raise self._error
        self.texts.append(text)

    @property
    def as_socket(self) -> Socket:
        return cast("Socket", self)

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Return code and type (1 registers, 2 releases) of each message."""
        told = [json.loads(text) for text in self.texts]
        return [(one["body"]["input"]["tr_key"], one["header"]["tr_type"]) for one in told]


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[None]:
    task = asyncio.create_task(sender.run())
    try:
        yield
        for _ in range(20):
            await asyncio.sleep(0)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def order(number: int, *, register: bool = True) -> SendControl:
    return SendControl(key(number), register=register)


async def test_orders_are_sent_in_their_order_with_the_key() -> None:
    sender, socket = Sender(), ListedSocket()
    sender.attach(socket.as_socket)
    sender.approval_key = Secret("approval-key-0123456789")
    async with running(sender):
        for one in (order(1), order(2), order(1, register=False)):
            sender.enqueue(one)
    assert socket.orders == [("B01612A01", "1"), ("B01612A02", "1"), ("B01612A01", "2")]
    header = json.loads(socket.texts[0])["header"]
    assert (header["approval_key"], header["custtype"]) == ("approval-key-0123456789", "P")


async def test_what_was_meant_for_an_earlier_socket_is_not_sent() -> None:
    sender, socket = Sender("B"), ListedSocket()
    sender.enqueue(order(1))
    sender.enqueue(order(2))
    sender.attach(socket.as_socket)
    async with running(sender):
        sender.enqueue(order(3))
    assert socket.orders == [("B01612A03", "1")]
    assert json.loads(socket.texts[0])["header"]["custtype"] == "B"


async def test_without_a_socket_orders_are_dropped() -> None:
    sender, socket = Sender(), ListedSocket()
    assert sender.socket is None
    async with running(sender):
        sender.enqueue(order(1))
    sender.attach(socket.as_socket)
    async with running(sender):
        pass
    assert socket.texts == []


async def test_only_the_socket_that_is_open_can_be_detached() -> None:
    sender, first, second = Sender(), ListedSocket(), ListedSocket()
    sender.attach(first.as_socket)
    sender.attach(second.as_socket)
    sender.detach(first.as_socket)
    assert sender.socket is second.as_socket
    sender.detach(second.as_socket)
    assert sender.socket is None


@pytest.mark.parametrize("error", [ConnectionResetError(), BrokenPipeError(), TimeoutError()])
async def test_a_socket_that_fails_is_left_to_its_reader(error: Exception) -> None:
    sender, broken = Sender(), ListedSocket(error)
    sender.attach(broken.as_socket)
    async with running(sender):
        sender.enqueue(order(1))
    assert broken.texts == []


async def test_a_socket_that_takes_nothing_holds_up_no_later_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sender_module.SEND_TIMEOUT == 5.0
    monkeypatch.setattr(sender_module, "SEND_TIMEOUT", 0.01)
    async with asyncio.timeout(5.0):
        await send(ListedSocket(hangs=True).as_socket, "text")
