"""The REST token's request and answer."""

import json

import pytest

from specs.bearer import LIFETIME, BearerError, is_bearer, read, request

TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.abc_def-123"


def test_the_request_names_the_secret_as_this_call_does() -> None:
    assert json.loads(request("key", "secret")) == {
        "grant_type": "client_credentials",
        "appkey": "key",
        "appsecret": "secret",
    }


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(86400, 86400), ("86400", 86400), (50_000, 50_000), (0, LIFETIME), (-5, LIFETIME),
     (10**9, LIFETIME), (30, LIFETIME), (3600, 3600), (3599, LIFETIME), (86_401, LIFETIME)],
)  # fmt: skip
def test_a_life_that_cannot_be_true_is_a_day(told: object, seconds: float) -> None:
    body = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": told}
    issued = read(json.dumps(body).encode())
    assert (issued.token, issued.seconds) == (TOKEN, seconds)


def test_a_token_does_not_print() -> None:
    assert TOKEN not in repr(read(json.dumps({"access_token": TOKEN}).encode()))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"[" * 200_000, b"{}", b'{"access_token":7}', b'{"access_token":""}',
     b'{"access_token":"short"}', b'{"access_token":"a\\r\\nX-Header: 1 aaaaaaaaaaaaaaa"}',
     b'{"access_token":"' + b"a" * 5000 + b'"}', b'{"access_token":"\xff"}'],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
def test_an_answer_that_cannot_be_a_token_is_refused(body: bytes) -> None:
    with pytest.raises(BearerError) as caught:
        read(body)
    assert (caught.value.code, caught.value.words) == ("", "")
    assert str(caught.value) == "unreadable"


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"error_code": "EGW00133", "error_description": "1분당 1회"}, "EGW00133", "1분당 1회"),
        ({"msg_cd": "EGW00105", "msg1": " wrong key "}, "EGW00105", "wrong key"),
        ({"error_code": "EGW00002", "msg1": "busy"}, "EGW00002", "busy"),
        ({"error_code": "EGW00002", "error_description": "a", "msg1": "b"}, "EGW00002", "a"),
        ({"error_code": "EGW00002", "msg_cd": "EGW00105"}, "EGW00002", ""),
        ({"error_code": "no code", "msg1": "busy"}, "?", "busy"),
    ],
)
def test_a_refusal_tells_its_code_and_words(body: dict[str, str], code: str, words: str) -> None:
    with pytest.raises(BearerError) as caught:
        read(json.dumps(body).encode())
    assert (caught.value.code, caught.value.words, str(caught.value)) == (code, words, code)


def test_the_words_of_a_refusal_are_printable() -> None:
    body = {"error_code": "EGW00133", "error_description": "1분당 1회\x1b[2J"}
    with pytest.raises(BearerError) as caught:
        read(json.dumps(body).encode())
    assert caught.value.words.isprintable()


def test_a_token_that_came_with_a_code_is_a_token() -> None:
    body = {"access_token": TOKEN, "error_code": "0"}
    assert read(json.dumps(body).encode()).token == TOKEN


@pytest.mark.parametrize(
    ("length", "is_token"), [(15, False), (16, True), (4096, True), (4097, False)]
)
def test_a_token_has_16_to_4096_characters(length: int, is_token: bool) -> None:
    assert is_bearer("a" * length) is is_token
