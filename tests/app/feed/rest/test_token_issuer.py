"""The REST token on disk: private, used while it lasts, and never a reason to fail."""

import json
import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from app.feed.rest.token_file import MARGIN, Token, TokenFile
from app.feed.rest.token_issuer import TokenIssuer
from app.system.clock import KST, ManualClock
from app.system.secret import Secret
from specs.bearer import LIFETIME, BearerToken

KEY = Secret("PSABCDEFGH0123456789")
TOKEN = "token-of-the-day-0123456789"
NOW = datetime(2026, 11, 20, 19, tzinfo=KST)
WALL = NOW.timestamp()


def only(folder: Path) -> Path:
    (path,) = folder.glob("token-*.json")
    return path


def kept(folder: Path, age: float = 100.0) -> TokenFile:
    file = TokenFile(folder, KEY)
    file.save(Token(Secret(TOKEN), WALL - age, WALL - age + LIFETIME))
    return file


async def drawn(file: TokenFile) -> tuple[str, int]:
    """The token that a purse gives, and how many had to be issued for it."""
    issued = 0

    async def issue() -> BearerToken:
        nonlocal issued
        issued += 1
        return BearerToken("another-token-0123456789", LIFETIME)

    token = await TokenIssuer(issue, ManualClock(NOW), file).token()
    return token.reveal(), issued


def test_the_file_is_for_its_user_alone_and_does_not_tell_the_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        kept(tmp_path / "state")
    finally:
        os.umask(before)
    path = only(tmp_path / "state")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert KEY.reveal() not in path.name + path.read_text()


def test_a_token_does_not_print(tmp_path: Path) -> None:
    assert TOKEN not in repr(kept(tmp_path).load())


async def test_a_token_that_is_good_is_used(tmp_path: Path) -> None:
    assert await drawn(kept(tmp_path)) == (TOKEN, 0)


@pytest.mark.parametrize("age", [LIFETIME - MARGIN, LIFETIME * 2])
async def test_a_token_that_is_all_but_over_is_replaced(tmp_path: Path, age: float) -> None:
    token, issued = await drawn(kept(tmp_path, age))
    assert (token, issued) == ("another-token-0123456789", 1)
    assert json.loads(only(tmp_path).read_text())["token"] == token


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b'{"token":7}', b" " * 2_000_000,
     b'{"token":"a\\r\\nb-0123456789abcdef","issued":0,"expires":9e9}',
     b'{"token":"token-0123456789","issued":0,"expires":9e99}',
     b'{"token":"token-0123456789","issued":null,"expires":1}'],
    ids=lambda content: repr(content[:30]),
)  # fmt: skip
async def test_a_damaged_file_is_passed_over_and_replaced(tmp_path: Path, content: bytes) -> None:
    file = kept(tmp_path)
    only(tmp_path).write_bytes(content)
    assert await drawn(file) == ("another-token-0123456789", 1)
    assert await drawn(file) == ("another-token-0123456789", 0)


async def test_a_folder_in_place_of_the_file_costs_only_the_next_issue(tmp_path: Path) -> None:
    file = kept(tmp_path)
    path = only(tmp_path)
    path.unlink()
    path.mkdir()
    assert await drawn(file) == ("another-token-0123456789", 1)


def test_a_dropped_token_is_not_used_by_the_next_run(tmp_path: Path) -> None:
    async def issue() -> BearerToken:
        raise AssertionError

    file = kept(tmp_path)
    purse = TokenIssuer(issue, ManualClock(NOW), file)
    assert purse.drop()
    loaded = file.load()
    assert loaded is not None
    assert not loaded.good(WALL)
    assert TOKEN not in only(tmp_path).read_text()
    assert not purse.drop()
