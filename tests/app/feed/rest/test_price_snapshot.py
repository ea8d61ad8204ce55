"""The first picture's queue: its rate, its one token, and when it gives up."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from harness.scripted_rest import (
    APP_KEY,
    APP_SECRET,
    CREDENTIALS,
    Answer,
    html_answer,
    price_refusal,
    token_refusal,
)
from harness.snapshot_harness import CALL, FUTURES, MANY, PUT, run_snapshot
from rig.hurried import hurried, until

from app.feed.rest.price_snapshot import PAUSES
from app.feed.rest.rest_events import RestPrice, RestRefusal
from app.feed.rest.token_file import TokenFile
from specs.catalog import Session
from specs.codes import parse


@hurried
async def test_a_code_is_asked_for_in_the_market_of_its_session() -> None:
    async with run_snapshot() as on:
        on.snapshot.ask(
            [
                (parse(CALL), Session.NIGHT),
                (parse(FUTURES), Session.DAY),
                (parse("B11612001"), Session.NIGHT),
            ]
        )
        first, *rest = await on.wait_for_events(3)
        assert [call.market for call in on.server.calls] == ["EU", "F", "JO"]
        assert isinstance(first, RestPrice)
        assert (first.tr_id, first.record.code, first.record.price) == ("H0EUCNT0", CALL, 12.5)
        assert first.at == "190000"
        assert [told.tr_id for told in rest if isinstance(told, RestPrice)] == [
            "H0IFCNT0",
            "H0ZOCNT0",
        ]


@hurried
async def test_every_call_names_the_customer_type_of_the_settings() -> None:
    async with run_snapshot(customer="B") as on:
        on.ask(CALL)
        await on.wait_for_events(1)
        assert [call.customer for call in on.server.calls] == ["B"]


@hurried
async def test_forty_one_rows_take_at_most_four_calls_a_second() -> None:
    async with run_snapshot() as on:
        on.ask(*MANY)
        await on.wait_for_events(41)
        times = [call.at for call in on.server.calls]
        assert len(times) == 41
        assert all(sum(at <= time < at + 1 for time in times) <= 4 for at in times)
        assert times[-1] - times[0] < 15
        assert on.server.codes == MANY
        assert len(on.server.issued_at) == 1


@hurried
async def test_a_code_is_asked_for_once_in_a_session() -> None:
    async with run_snapshot() as on:
        on.ask(CALL, PUT)
        await on.wait_for_events(2)
        on.ask(PUT, CALL, FUTURES)
        on.ask(PUT, CALL, FUTURES)
        await on.wait_for_events(3)
        assert on.server.codes == [CALL, PUT, FUTURES]
        on.clock.step(timedelta(days=3).total_seconds())
        on.ask(CALL)
        await on.wait_for_events(4, 200)
        assert on.server.codes[3:] == [CALL]


@hurried
async def test_a_code_that_is_removed_before_its_turn_is_skipped() -> None:
    async with run_snapshot() as on:
        on.ask(*MANY)
        await on.wait_for_events(3)
        on.ask(PUT, *MANY[:1])
        await until(lambda: PUT in on.asked_codes, 10.0)
        assert on.server.codes[-1] == PUT
        assert len(on.server.calls) <= 5


@hurried
async def test_a_contract_of_an_unknown_product_is_not_asked_for() -> None:
    async with run_snapshot() as on:
        on.ask("A99612", "B75612083", CALL)
        await on.wait_for_events(1)
        assert on.server.codes == [CALL]


@hurried
async def test_a_call_too_many_is_tried_again_a_second_later() -> None:
    async with run_snapshot() as on:
        on.server.prices.extend([price_refusal("EGW00201")] * 2)
        on.ask(CALL)
        await on.wait_for_events(1)
        assert on.asked_codes == [CALL]
        first, second, third = (call.at for call in on.server.calls)
        assert second - first >= 1
        assert third - second >= 1


@hurried
async def test_a_call_too_many_is_tried_again_twice_and_no_more() -> None:
    async with run_snapshot() as on:
        on.server.prices.extend([price_refusal("EGW00201")] * 3)
        on.ask(CALL, PUT)
        first, _ = await on.wait_for_events(2)
        assert isinstance(first, RestRefusal)
        assert "EGW00201" in str(first.reason)
        assert on.asked_codes == [PUT]


@pytest.mark.parametrize("code", ["EGW00121", "EGW00123"])
def test_a_refused_token_is_issued_once_more(code: str) -> None:
    @hurried
    async def run() -> None:
        async with run_snapshot() as on:
            on.server.prices.append(price_refusal(code))
            on.ask(CALL)
            await on.wait_for_events(1, 120)
            assert on.asked_codes == [CALL]
            first, second = on.server.issued_at
            assert second - first >= 60
            assert on.server.calls[0].token != on.server.calls[1].token

    run()


@hurried
async def test_a_token_that_is_refused_again_ends_it() -> None:
    async with run_snapshot() as on:
        on.server.default_answer = price_refusal("EGW00123")
        on.ask(*MANY)
        await on.wait_for_events(1, 120)
        await asyncio.wait_for(on.running, 10)
        assert [trouble.over for trouble in on.troubles] == [True]
        assert len(on.server.issued_at) == 2
        assert len(on.server.calls) == 2


@hurried
async def test_a_token_that_comes_too_soon_is_waited_for_a_minute() -> None:
    async with run_snapshot() as on:
        on.server.tokens.append(token_refusal("EGW00133"))
        on.ask(CALL)
        await on.wait_for_events(1, 120)
        assert on.asked_codes == [CALL]
        first, second = on.server.issued_at
        assert second - first >= 60


@hurried
async def test_a_token_that_comes_too_soon_twice_ends_it() -> None:
    async with run_snapshot() as on:
        on.server.tokens.extend([token_refusal("EGW00133")] * 2)
        on.ask(CALL)
        await asyncio.wait_for(on.running, 200)
        assert [trouble.over for trouble in on.troubles] == [True]
        assert on.server.calls == []


@pytest.mark.parametrize("code", ["EGW00103", "EGW00105"])
def test_keys_that_are_refused_end_it_without_a_second_try(code: str) -> None:
    @hurried
    async def run() -> None:
        async with run_snapshot() as on:
            on.server.tokens.append(token_refusal(code))
            on.ask(*MANY)
            await asyncio.wait_for(on.running, 30)
            [trouble] = on.troubles
            assert trouble.over
            assert code in str(trouble.message)
            assert len(on.server.issued_at) == 1

    run()


@hurried
async def test_a_server_that_never_answers_is_given_up() -> None:
    async with run_snapshot() as on:
        on.server.tokens.extend([html_answer] * 20)
        on.ask(*MANY)
        await asyncio.wait_for(on.running, 2000)
        assert [trouble.over for trouble in on.troubles] == [False, True]
        assert len(on.server.issued_at) == len(PAUSES) + 1
        on.ask(FUTURES)
        assert on.server.calls == []


def busy(pause: str, status: int = 503) -> Answer:
    """An overloaded server that asks for a pause."""
    return lambda request: web.Response(status=status, headers={"Retry-After": pause})


@pytest.mark.parametrize("status", [429, 503])
@hurried
async def test_a_price_call_waits_as_long_as_an_overloaded_server_asks(status: int) -> None:
    async with run_snapshot() as on:
        on.server.prices.append(busy("90", status))
        on.ask(CALL)
        await on.wait_for_events(2, 300)
        first, second = [call.at for call in on.server.calls]
        assert second - first == pytest.approx(90, abs=5)
        assert on.asked_codes == [CALL]
        [trouble] = on.troubles
        assert str(status) in str(trouble.message)
        assert not trouble.over


@hurried
async def test_a_token_call_waits_as_long_as_an_overloaded_server_asks() -> None:
    async with run_snapshot() as on:
        on.server.tokens.append(busy("240"))
        on.ask(CALL)
        await on.wait_for_events(2, 400)
        first, second = on.server.issued_at
        assert second - first == pytest.approx(240, abs=5)
        assert on.asked_codes == [CALL]


@hurried
async def test_a_pause_of_a_day_is_kept_to_ten_minutes() -> None:
    async with run_snapshot() as on:
        on.server.prices.append(busy("86400"))
        on.ask(CALL)
        await on.wait_for_events(2, 900)
        first, second = [call.at for call in on.server.calls]
        assert second - first == pytest.approx(600, abs=5)


def test_no_sentence_and_no_log_tells_a_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    @hurried
    async def run() -> None:
        async with run_snapshot() as on:
            on.server.tokens.append(token_refusal("EGW00999"))
            on.server.prices.append(price_refusal("EGW00999"))
            on.ask(CALL)
            await on.wait_for_events(2, 200)
            told = repr(on.events) + repr(vars(on.snapshot))
            assert "***" in told
            for secret in (APP_KEY, APP_SECRET, on.server.calls[0].token):
                assert secret not in told
                assert secret not in caplog.text

    run()


def test_a_token_on_disk_saves_an_issue(tmp_path: Path) -> None:
    @hurried
    async def run() -> None:
        file = TokenFile(tmp_path, CREDENTIALS.app_key)
        for _ in range(3):
            async with run_snapshot(file) as on:
                issues = len(on.server.issued_at)
                on.ask(CALL)
                await on.wait_for_events(1)
                issues = len(on.server.issued_at)
                last = on.server.calls[-1].token
        assert issues == 0
        assert last == "token-0001-of-the-desk"

    run()
