"""Answers of a REST server that are not prices, and the error that each becomes."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from harness.scripted_rest import APP_KEY, APP_SECRET, Answer, price_answer, price_refusal
from harness.snapshot_harness import CALL, PUT, run_snapshot
from rig.hurried import hurried

from app.feed.rest.rest_events import RestRefusal
from specs.quotation import LARGEST, REASONS
from widgets.message_text import message_text
from widgets.texts import has


def test_every_reason_has_its_words() -> None:
    assert [reason for reason in REASONS if not has(f"picture.{reason}")] == []


async def _hang(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        while True:
            await response.write(b" " * 65536)
    except ConnectionError:
        return response


async def _cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b"{")
    assert request.transport is not None
    request.transport.close()
    return response


async def _in_pieces(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    body = price_answer(request).body
    assert isinstance(body, bytes)
    for at in range(0, len(body), 9):
        await response.write(body[at : at + 9])
        await asyncio.sleep(0.01)
    return response


def body_of(content: str | bytes, kind: str = "application/json", status: int = 200) -> Answer:
    content = content.encode() if isinstance(content, str) else content
    return lambda request: web.Response(body=content, content_type=kind, status=status)


ANSWERS: dict[str, Answer] = {
    "empty": body_of(""),
    "no object": body_of("[]"),
    "null": body_of("null"),
    "page": body_of("<html>", "text/html"),
    "page under the wrong type": body_of("<html>"),
    "price under the wrong type": body_of('{"rt_cd":"0"}', "text/plain"),
    "deep": body_of("[" * 100_000),
    "deep inside": body_of('{"rt_cd":"0","output1":' + "[" * 100_000),
    "wrong types": body_of('{"rt_cd":"0","output1":{"futs_prpr":12.5}}'),
    "no number": body_of('{"rt_cd":"0","output1":{"futs_prpr":"1e5"}}'),
    "dead code": body_of('{"rt_cd":"0","output1":{"futs_prpr":" "}}'),
    "missing": body_of('{"rt_cd":"0"}'),
    "too large": body_of(b" " * (LARGEST + 1)),
    "endless": _endless,
    "not text": body_of(b'{"rt_cd":"\xff"}'),
    "server error": body_of("<html>", "text/html", 502),
    "server error with a price": body_of('{"rt_cd":"0"}', status=500),
    "wrong market": price_refusal("OPSQ2001", 200),
    "redirect": lambda request: web.Response(status=307, headers={"Location": "/elsewhere"}),
    "escape": price_refusal("\x1b[2J"),
    "encoded": lambda request: web.Response(headers={"Content-Encoding": "gzip"}, body=b"x"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_that_is_no_price_is_refused_with_a_reason(answer: Answer) -> None:
    @hurried
    async def run() -> None:
        async with run_snapshot() as on:
            on.server.prices.append(answer)
            on.ask(CALL, PUT)
            first, _ = await on.wait_for_events(2)
            assert isinstance(first, RestRefusal)
            assert first.code == CALL
            reason = message_text(first.reason)
            assert reason.isprintable()
            assert APP_KEY not in reason
            assert APP_SECRET not in reason
            assert on.asked_codes == [PUT]
            assert on.troubles == []

    run()


@hurried
async def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    async with run_snapshot() as on:
        on.server.prices.append(_in_pieces)
        on.ask(CALL)
        await on.wait_for_events(1)
        assert on.asked_codes == [CALL]


@pytest.mark.parametrize("answer", [_hang, _cut], ids=["silent", "cut"])
def test_a_server_that_does_not_answer_is_said_once_and_tried_again(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> None:
    @hurried
    async def run() -> None:
        async with run_snapshot() as on:
            on.server.prices.extend([answer, answer])
            on.ask(CALL)
            await on.wait_for_events(2, 1000)
            assert [trouble.over for trouble in on.troubles] == [False]
            assert on.asked_codes == [CALL]

    run()
