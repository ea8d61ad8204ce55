"""The first picture against a REST server that says what it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from rest_desk import APP_KEY, APP_SECRET, CREDENTIALS, Answer, RestDesk, no_token, price, refusal
from rig.hurried import LoopClock, hurried, until

from app.clock import KST
from app.feed.socket import client
from app.picture.first_picture import PAUSES, FirstPicture, PictureSettings
from app.picture.tokens import TokenFile
from app.picture.told import Asked, Refused, Told, Trouble
from specs.catalog import Session
from specs.quotation import LARGEST

NIGHT = datetime(2026, 11, 20, 19, tzinfo=KST)
CALL, PUT, FUTURES = "B01612A18", "C01612745", "A01612"
MANY = [f"B01612{strike}" for strike in range(700, 741)]


class Stage:
    """A first picture that runs, and all that it told."""

    def __init__(self, desk: RestDesk, picture: FirstPicture, clock: LoopClock) -> None:
        self.desk, self.picture, self.clock = desk, picture, clock
        self.told: list[Told] = []
        self.running: asyncio.Task[None]

    def ask(self, *codes: str, session: Session = Session.NIGHT) -> None:
        self.picture.ask([(code, session) for code in codes])

    @property
    def asked(self) -> list[str]:
        return [told.record.code for told in self.told if isinstance(told, Asked)]

    @property
    def troubles(self) -> list[Trouble]:
        return [told for told in self.told if isinstance(told, Trouble)]

    async def hears(self, count: int, within: float = 60.0) -> list[Told]:
        await until(lambda: len(self.told) >= count, within)
        return self.told


@asynccontextmanager
async def stage(tokens: TokenFile | None = None) -> AsyncIterator[Stage]:
    clock = LoopClock(NIGHT)
    async with RestDesk() as desk, client() as http:
        told: list[Told] = []
        settings = PictureSettings(desk.endpoints, CREDENTIALS, tokens)
        picture = FirstPicture(settings, http, clock, told.append)
        set_up = Stage(desk, picture, clock)
        set_up.told = told
        set_up.running = asyncio.create_task(picture.run())
        try:
            yield set_up
        finally:
            set_up.running.cancel()
            await asyncio.wait([set_up.running])
            assert set_up.running.cancelled() or set_up.running.exception() is None


@hurried
async def test_a_code_is_asked_for_in_the_market_of_its_session() -> None:
    async with stage() as on:
        on.picture.ask(
            [(CALL, Session.NIGHT), (FUTURES, Session.DAY), ("B11612001", Session.NIGHT)]
        )
        first, *rest = await on.hears(3)
        assert [call.market for call in on.desk.calls] == ["EU", "F", "JO"]
        assert isinstance(first, Asked)
        assert (first.tr_id, first.record.code, first.record.price) == ("H0EUCNT0", CALL, 12.5)
        assert first.at == "190000"
        assert [told.tr_id for told in rest if isinstance(told, Asked)] == ["H0IFCNT0", "H0ZOCNT0"]


@hurried
async def test_forty_one_rows_take_at_most_four_calls_a_second() -> None:
    async with stage() as on:
        on.ask(*MANY)
        await on.hears(41)
        times = [call.at for call in on.desk.calls]
        assert len(times) == 41
        assert all(sum(at <= time < at + 1 for time in times) <= 4 for at in times)
        assert times[-1] - times[0] < 15
        assert on.desk.codes == MANY
        assert len(on.desk.issues) == 1


@hurried
async def test_a_code_is_asked_for_once_in_a_session() -> None:
    async with stage() as on:
        on.ask(CALL, PUT)
        await on.hears(2)
        on.ask(PUT, CALL, FUTURES)
        on.ask(PUT, CALL, FUTURES)
        await on.hears(3)
        assert on.desk.codes == [CALL, PUT, FUTURES]
        on.clock.step(timedelta(days=3).total_seconds())
        on.ask(CALL)
        await on.hears(4, 200)
        assert on.desk.codes[3:] == [CALL]


@hurried
async def test_a_code_that_is_removed_before_its_turn_is_skipped() -> None:
    async with stage() as on:
        on.ask(*MANY)
        await on.hears(3)
        on.ask(PUT, *MANY[:1])
        await until(lambda: PUT in on.asked, 10.0)
        assert on.desk.codes[-1] == PUT
        assert len(on.desk.calls) <= 5


@hurried
async def test_a_code_that_is_none_is_passed_over() -> None:
    async with stage() as on:
        on.ask("<script>", "", CALL)
        await on.hears(1)
        assert on.desk.codes == [CALL]


@hurried
async def test_a_call_too_many_is_tried_again_a_second_later() -> None:
    async with stage() as on:
        on.desk.prices.extend([refusal("EGW00201")] * 2)
        on.ask(CALL)
        await on.hears(1)
        assert on.asked == [CALL]
        first, second, third = (call.at for call in on.desk.calls)
        assert second - first >= 1
        assert third - second >= 1


@hurried
async def test_a_call_too_many_is_tried_again_twice_and_no_more() -> None:
    async with stage() as on:
        on.desk.prices.extend([refusal("EGW00201")] * 3)
        on.ask(CALL, PUT)
        first, _ = await on.hears(2)
        assert isinstance(first, Refused)
        assert "EGW00201" in first.reason
        assert on.asked == [PUT]


@pytest.mark.parametrize("code", ["EGW00121", "EGW00123"])
def test_a_refused_token_is_issued_once_more(code: str) -> None:
    @hurried
    async def run() -> None:
        async with stage() as on:
            on.desk.prices.append(refusal(code))
            on.ask(CALL)
            await on.hears(1, 120)
            assert on.asked == [CALL]
            first, second = on.desk.issues
            assert second - first >= 60
            assert on.desk.calls[0].token != on.desk.calls[1].token

    run()


@hurried
async def test_a_token_that_is_refused_again_ends_it() -> None:
    async with stage() as on:
        on.desk.always = refusal("EGW00123")
        on.ask(*MANY)
        await on.hears(1, 120)
        await asyncio.wait_for(on.running, 10)
        assert [trouble.over for trouble in on.troubles] == [True]
        assert len(on.desk.issues) == 2
        assert len(on.desk.calls) == 2


@hurried
async def test_a_token_that_comes_too_soon_is_waited_for_a_minute() -> None:
    async with stage() as on:
        on.desk.tokens.append(no_token("EGW00133"))
        on.ask(CALL)
        await on.hears(1, 120)
        assert on.asked == [CALL]
        first, second = on.desk.issues
        assert second - first >= 60


@hurried
async def test_a_token_that_comes_too_soon_twice_ends_it() -> None:
    async with stage() as on:
        on.desk.tokens.extend([no_token("EGW00133")] * 2)
        on.ask(CALL)
        await asyncio.wait_for(on.running, 200)
        assert [trouble.over for trouble in on.troubles] == [True]
        assert on.desk.calls == []


@pytest.mark.parametrize("code", ["EGW00103", "EGW00105"])
def test_keys_that_are_refused_end_it_without_a_second_try(code: str) -> None:
    @hurried
    async def run() -> None:
        async with stage() as on:
            on.desk.tokens.append(no_token(code))
            on.ask(*MANY)
            await asyncio.wait_for(on.running, 30)
            [trouble] = on.troubles
            assert trouble.over
            assert code in trouble.message
            assert len(on.desk.issues) == 1

    run()


async def _hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(600)
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
    body = price(request).body
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
    "wrong market": refusal("OPSQ2001", 200),
    "redirect": lambda request: web.Response(status=307, headers={"Location": "/elsewhere"}),
    "escape": refusal("\x1b[2J"),
    "encoded": lambda request: web.Response(headers={"Content-Encoding": "gzip"}, body=b"x"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_that_is_no_price_is_refused_with_a_reason(answer: Answer) -> None:
    @hurried
    async def run() -> None:
        async with stage() as on:
            on.desk.prices.append(answer)
            on.ask(CALL, PUT)
            first, _ = await on.hears(2)
            assert isinstance(first, Refused)
            assert first.code == CALL
            assert first.reason.isprintable()
            assert APP_KEY not in first.reason
            assert APP_SECRET not in first.reason
            assert on.asked == [PUT]
            assert on.troubles == []

    run()


@hurried
async def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    async with stage() as on:
        on.desk.prices.append(_in_pieces)
        on.ask(CALL)
        await on.hears(1)
        assert on.asked == [CALL]


@pytest.mark.parametrize("answer", [_hang, _cut], ids=["silent", "cut"])
def test_a_server_that_does_not_answer_is_said_once_and_tried_again(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> None:
    @hurried
    async def run() -> None:
        async with stage() as on:
            on.desk.prices.extend([answer, answer])
            on.ask(CALL)
            await on.hears(2, 1000)
            assert [trouble.over for trouble in on.troubles] == [False]
            assert on.asked == [CALL]

    run()


@hurried
async def test_a_server_that_never_answers_is_given_up() -> None:
    async with stage() as on:
        on.desk.tokens.extend([body_of("<html>", "text/html")] * 20)
        on.ask(*MANY)
        await asyncio.wait_for(on.running, 2000)
        assert [trouble.over for trouble in on.troubles] == [False, True]
        assert len(on.desk.issues) == len(PAUSES) + 1
        on.ask(FUTURES)
        assert on.desk.calls == []


@hurried
async def test_no_sentence_tells_a_key() -> None:
    async with stage() as on:
        on.desk.tokens.append(no_token("EGW00999"))
        on.desk.prices.append(refusal("EGW00999"))
        on.ask(CALL)
        await on.hears(2, 200)
        assert "***" in repr(on.told)
        assert APP_KEY not in repr(on.told)
        assert APP_SECRET not in repr(on.told)


def test_a_token_on_disk_saves_an_issue(tmp_path: Path) -> None:
    @hurried
    async def run() -> None:
        file = TokenFile(tmp_path, CREDENTIALS.app_key)
        for _ in range(3):
            async with stage(file) as on:
                issues = len(on.desk.issues)
                on.ask(CALL)
                await on.hears(1)
                issues = len(on.desk.issues)
                last = on.desk.calls[-1].token
        assert issues == 0
        assert last == "token-0001-of-the-desk"

    run()
