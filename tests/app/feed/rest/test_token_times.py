"""When a token is issued, kept, dropped and replaced."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.feed.rest.token_file import Token, TokenFile
from app.feed.rest.token_issuer import TokenIssuer
from app.system.clock import KST, ManualClock
from app.system.secret import Secret
from specs.bearer import BearerError, BearerToken

NOW = datetime(2026, 11, 20, 19, tzinfo=KST)
WALL = NOW.timestamp()
DAY = 86_400.0


class Issued:
    """An issuer on a clock that is moved, the calls to KIS, and the waits before them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, file: TokenFile | None = None) -> None:
        self.clock = ManualClock(NOW)
        self.calls = 0
        self.refusals: list[str] = []
        self.waits: list[float] = []
        monkeypatch.setattr("app.feed.rest.token_issuer.asyncio.sleep", self._sleep)
        self.issuer = TokenIssuer(self._issue, self.clock, file)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 6))
        self.later(seconds)

    async def _issue(self) -> BearerToken:
        self.calls += 1
        if self.refusals:
            raise BearerError(self.refusals.pop(0))
        return BearerToken(f"token-number-{self.calls:08}", DAY)

    def later(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    async def token(self) -> str:
        return (await self.issuer.token()).reveal()


@pytest.fixture
def issued(monkeypatch: pytest.MonkeyPatch) -> Issued:
    return Issued(monkeypatch)


async def test_a_token_serves_until_it_is_all_but_over(issued: Issued) -> None:
    first = await issued.token()
    assert issued.waits == [0.0]
    issued.later(DAY - 601)
    assert await issued.token() == first
    issued.later(2)
    assert await issued.token() != first
    assert (issued.calls, issued.waits) == (2, [0.0, 0.0])


async def test_a_token_is_asked_for_a_minute_after_the_last_try(issued: Issued) -> None:
    issued.refusals.append("EGW00999")
    with pytest.raises(BearerError):
        await issued.token()
    issued.later(20)
    await issued.token()
    # A minute, and a second beyond it.
    assert issued.waits == [0.0, 41.0]


async def test_a_token_that_came_too_soon_is_asked_for_once_more(issued: Issued) -> None:
    issued.refusals.append("EGW00133")
    assert await issued.token() == "token-number-00000002"
    assert issued.waits == [0.0, 61.0]
    issued.issuer.drop()
    issued.refusals += ["EGW00133", "EGW00133"]
    with pytest.raises(BearerError) as caught:
        await issued.token()
    assert (caught.value.code, issued.calls) == ("EGW00133", 4)
    assert issued.waits == [0.0, 61.0, 61.0, 61.0]


async def test_a_dropped_token_is_replaced_once_in_twelve_hours(issued: Issued) -> None:
    first = await issued.token()
    assert issued.issuer.drop()
    second = await issued.token()
    assert second != first
    issued.later(43_000)
    assert not issued.issuer.drop()
    issued.later(43_200)
    assert not issued.issuer.drop()
    issued.later(43_200.5)
    assert issued.issuer.drop()


async def test_a_token_on_disk_tells_when_the_last_one_was_issued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = TokenFile(tmp_path, Secret("PSABCDEFGH0123456789"))
    file.save(Token(Secret("kept-token-0123456789"), WALL - 20, WALL - 20 + DAY))
    issued = Issued(monkeypatch, file)
    assert await issued.token() == "kept-token-0123456789"
    assert (issued.calls, issued.waits) == (0, [])
    assert issued.issuer.drop()
    assert await issued.token() == "token-number-00000001"
    assert issued.waits == [41.0]
    kept = file.load()
    assert kept is not None
    assert (kept.secret.reveal(), kept.issued) == ("token-number-00000001", WALL + 41)
    assert kept.expires == WALL + 41 + DAY


async def test_a_token_of_the_future_counts_as_one_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = TokenFile(tmp_path, Secret("PSABCDEFGH0123456789"))
    file.save(Token(Secret("kept-token-0123456789"), WALL + 30, WALL + DAY))
    issued = Issued(monkeypatch, file)
    issued.issuer.drop()
    await issued.token()
    assert issued.waits == [61.0]


async def test_without_a_token_there_is_nothing_to_drop(issued: Issued) -> None:
    assert issued.issuer.drop()
    assert not issued.issuer.drop()
    assert await issued.token() == "token-number-00000001"


@pytest.mark.parametrize(
    ("secret", "issued", "expires", "good"),
    [
        ("token", -100.0, 700.0, True),
        ("", -100.0, 700.0, False),
        # Ten minutes before its end a token is not used any more.
        ("token", -100.0, 600.5, True),
        ("token", -100.0, 600.0, False),
        # A clock may have been set back by a minute since.
        ("token", 60.0, 9000.0, True),
        ("token", 60.5, 9000.0, False),
        # No token lives for more than a day.
        ("token", 0.0, 86_401.0, True),
        ("token", 0.0, 86_401.5, False),
    ],
)
def test_a_token_is_good_between_its_issue_and_its_end(
    secret: str, issued: float, expires: float, good: bool
) -> None:
    token = Token(Secret(secret), WALL + issued, WALL + expires)
    assert token.good(WALL) is good
