"""What the price requests write to the log, and the seconds between their tries."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from aiohttp import web
from harness.log_lines import capture_log
from harness.scripted_rest import Answer, price_refusal, token_refusal
from harness.snapshot_harness import CALL, run_snapshot
from rig.hurried import hurried

from specs.user_message import UserMessage


async def cut_off(request: web.Request) -> web.StreamResponse:
    """End the connection in the middle of the answer."""
    response = web.StreamResponse(headers={"Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b"{")
    assert request.transport is not None
    request.transport.close()
    return response


def rest_lines(lines: tuple[str, ...]) -> list[str]:
    """Return the lines of the room without time and level."""
    return [line.partition(" rest ")[2] for line in lines if " rest " in line]


def unreadable(request: web.Request) -> web.Response:
    return web.json_response({"access_token": ""})


def busy(request: web.Request) -> web.Response:
    return web.Response(status=503, headers={"Retry-After": "90"})


ISSUED = "token=issued lasts=86400s"
FAILED = "failed=error path=/uapi"


@pytest.mark.parametrize(
    ("tokens", "prices", "lines"),
    [
        ([], [], [ISSUED]),
        ([], [price_refusal("OPSQ2001", 200)], [ISSUED, f"refused=OPSQ2001 code={CALL}"]),
        ([], [busy], [ISSUED, "busy status=503 wait=90.0s",
                      "wait=90.0s why=overloaded attempt=1"]),
        ([token_refusal("EGW00999")], [], ["token=refused code=EGW00999",
                                           "wait=5.0s why=token attempt=1", ISSUED]),
        ([unreadable], [], ["token=refused code=unreadable", "wait=5.0s why=token attempt=1",
                            ISSUED]),
        ([token_refusal("EGW00103")], [], ["token=refused code=EGW00103", "given_up"]),
        ([], [price_refusal("EGW00105")], [ISSUED, "given_up"]),
    ],
    ids=["price", "refused", "busy", "token", "unreadable", "keys", "price keys"],
)  # fmt: skip
def test_each_answer_is_a_line_of_the_log(
    tokens: list[Answer], prices: list[Answer], lines: list[str]
) -> None:
    @hurried
    async def run() -> None:
        with capture_log() as log:
            async with run_snapshot() as on:
                on.server.tokens.extend(tokens)
                on.server.prices.extend(prices)
                on.ask(CALL)
                await on.wait_for_events(2 if "wait" in str(lines) else 1, 300)
            found.extend(rest_lines(log.lines()))

    found: list[str] = []
    run()
    assert [line.replace("86400.0s", "86400s") for line in found] == lines


@hurried
async def test_calls_without_an_answer_are_5_60_and_300_seconds_apart() -> None:
    hang_up: Callable[[web.Request], Awaitable[web.StreamResponse]] = cut_off
    with capture_log() as log:
        async with run_snapshot() as on:
            on.server.prices.extend([hang_up] * 9)
            on.ask(CALL)
            await on.wait_for_events(2, 1000)
            at = [call.at for call in on.server.calls]
            assert [trouble.over for trouble in on.troubles] == [False, True]
        waits = [line for line in rest_lines(log.lines()) if line.startswith("wait")]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert gaps == pytest.approx([5.0, 60.0, 300.0], abs=2.0)
    assert waits == [
        f"wait={wait} why=unreachable attempt={number}"
        for number, wait in enumerate(("5.0s", "60.0s", "300.0s"), 1)
    ]


@pytest.mark.parametrize("answers", [[], [price_refusal("OPSQ2001")]], ids=["price", "refusal"])
def test_an_answer_forgets_the_failures_before_it(answers: list[Answer]) -> None:
    hang_up: Callable[[web.Request], Awaitable[web.StreamResponse]] = cut_off

    @hurried
    async def run() -> None:
        async with run_snapshot() as on:
            on.server.prices.extend([hang_up, *answers])
            on.ask(CALL)
            await on.wait_for_events(2, 100)
            on.server.prices.append(hang_up)
            on.ask("B01612A20")
            await on.wait_for_events(3, 100)
            at.extend(call.at for call in on.server.calls)

    at: list[float] = []
    run()
    assert at[1] - at[0] == pytest.approx(5.0, abs=2.0)
    assert at[3] - at[2] == pytest.approx(5.0, abs=2.0)


KEYS_REFUSED = UserMessage("picture.keys", code="EGW00104")


@pytest.mark.parametrize(
    ("tokens", "prices", "messages"),
    [
        ([], [price_refusal("EGW00104")], [KEYS_REFUSED]),
        ([token_refusal("EGW00104")], [], [KEYS_REFUSED]),
        ([token_refusal("EGW00133")] * 2, [], [UserMessage("picture.token_too_soon")]),
        ([], [price_refusal("EGW00123")] * 2,
         [UserMessage("picture.token_refused", code="EGW00123")]),
        ([unreadable] * 4, [],
         [UserMessage("picture.no_token", told="?"), UserMessage("picture.over")]),
    ],
)  # fmt: skip
def test_requests_end_with_their_reason(
    tokens: list[Answer], prices: list[Answer], messages: list[UserMessage]
) -> None:
    @hurried
    async def run() -> None:
        async with run_snapshot() as on:
            on.server.tokens.extend(tokens)
            on.server.prices.extend(prices)
            on.ask(CALL)
            await asyncio.wait_for(on.running, 2000)
            assert [one.message for one in on.troubles] == messages
            assert [one.over for one in on.troubles] == [False] * (len(messages) - 1) + [True]

    run()
