"""What each answer to a request for an approval key means, and its line in the log."""

import aiohttp
import pytest
from harness.log_lines import capture_log

from app.feed import approval
from app.feed.approval import NoApprovalKey, key_refused
from app.feed.events import KeyRefused, Refusal
from app.system.errors import CredentialsError, UsageError
from specs.user_message import UserMessage

KEY = "approval-key-0123"


def refused(status: int, body: bytes, wait: float = 0.0) -> tuple[Exception, list[str]]:
    """Return the error of an answer and the lines that it writes to the log."""
    with capture_log() as log, pytest.raises((NoApprovalKey, CredentialsError)) as caught:
        approval._read(status, body, wait)
    return caught.value, [line.partition(" WARNING feed ")[2] for line in log.lines()]


@pytest.mark.parametrize(("length", "is_key"), [(15, False), (16, True), (512, True), (513, False)])
def test_a_key_has_16_to_512_characters(length: int, is_key: bool) -> None:
    body = b'{"approval_key":"%b"}' % (b"a" * length)
    if is_key:
        assert approval._read(200, body, 0.0) == "a" * length
    else:
        error, lines = refused(200, body)
        assert isinstance(error, NoApprovalKey)
        assert error.message == UserMessage("approval.unreadable", status=200)
        assert lines == ["approval=unreadable status=200"]


@pytest.mark.parametrize(
    ("status", "body", "message", "line"),
    [
        (200, b"<html>", UserMessage("approval.unreadable", status=200),
         "approval=unreadable status=200"),
        (502, b"[" * 9999, UserMessage("approval.unreadable", status=502),
         "approval=unreadable status=502"),
        (503, b"{}", UserMessage("approval.refused", code="503", words=""),
         "approval=refused status=503"),
        (200, b'{"error_code":"EGW00999","error_description":"busy"}',
         UserMessage("approval.refused", code="EGW00999", words="busy"),
         "approval=refused status=200 code=EGW00999 words=busy"),
        (500, b'{"error_code":"EGW00999-and-much-more"}',
         UserMessage("approval.refused", code="EGW00999-and-mu…", words=""), None),
        (403, b'{"approval_key":"approval-key-0123"}',
         UserMessage("approval.refused", code="403", words=""), "approval=refused status=403"),
    ],
)  # fmt: skip
def test_an_answer_without_a_key_may_be_mended_by_another_try(
    status: int, body: bytes, message: UserMessage, line: str | None
) -> None:
    error, lines = refused(status, body, 7.0)
    assert isinstance(error, NoApprovalKey)
    assert (error.message.key, error.kind, error.wait) == (  # type: ignore[union-attr]
        message.key, Refusal.PASSING, 7.0,
    )  # fmt: skip
    if line is not None:
        assert error.message == message
        assert lines == [line]


@pytest.mark.parametrize(
    ("code", "which"),
    [
        ("EGW00102", "approval.app_key"), ("EGW00103", "approval.app_key"),
        ("EGW00104", "approval.secret"), ("EGW00105", "approval.secret"),
    ],
)  # fmt: skip
def test_a_wrong_app_key_or_secret_is_final(code: str, which: str) -> None:
    error, lines = refused(403, b'{"error_code":"%b"}' % code.encode(), 7.0)
    assert isinstance(error, CredentialsError)
    assert error.message == UserMessage("approval.rejected", which=UserMessage(which), code=code)
    assert lines == [f"approval=refused status=403 code={code}"]
    assert key_refused(error, str) == KeyRefused(str(error.message), Refusal.CREDENTIALS)


@pytest.mark.parametrize(
    ("error", "word"), [(TimeoutError(), "timeout"), (ConnectionResetError(), "reset"),
                        (aiohttp.ClientError(), "error")]
)  # fmt: skip
def test_a_server_out_of_reach_is_asked_again(error: Exception, word: str) -> None:
    with capture_log() as log:
        found = approval._unreachable(error)
    assert (found.kind, found.wait) == (Refusal.PASSING, 0.0)
    assert found.message == UserMessage(
        "approval.unreachable", why=UserMessage(f"why.{word}", word)
    )
    assert [line.partition(" feed ")[2] for line in log.lines()] == [f"approval=failed why={word}"]


def test_a_refusal_carries_its_kind_and_wait() -> None:
    message = UserMessage("approval.refused", code="1")
    assert NoApprovalKey(message).kind is Refusal.PASSING
    for kind in Refusal:
        error = NoApprovalKey(message, kind, wait=3.0)
        assert key_refused(error, str) == KeyRefused(str(message), kind, 3.0)
    other = UsageError("files.unwritable")
    assert key_refused(other, str) == KeyRefused(str(other.message), Refusal.PASSING)
