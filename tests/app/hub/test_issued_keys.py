"""Approval keys of the gateway: how long they live, and how many there are."""

import json

import pytest

from app.hub.issued_keys import KEY_LIFE, MOST_KEYS, IssuedKeys, RefusedApproval
from app.storage.credentials import Credentials
from app.system.secret import Secret

BODY = json.dumps({"appkey": "PSissued01", "secretkey": "secret-issued"}).encode()


def issued() -> IssuedKeys:
    return IssuedKeys(Credentials(Secret("PSissued01"), Secret("secret-issued"), "test"))


def test_a_key_is_valid_for_a_day() -> None:
    keys = issued()
    key = keys.issue("application/json; utf-8", BODY, 10.0)
    assert keys.is_valid(key, 10.0 + KEY_LIFE - 1)
    assert not keys.is_valid(key, 10.0 + KEY_LIFE)
    assert not keys.is_valid("", 10.0)


def test_the_oldest_key_makes_room() -> None:
    keys = issued()
    made = [keys.issue("application/json", BODY, 0.0) for _ in range(MOST_KEYS + 1)]
    assert len(set(made)) == MOST_KEYS + 1
    assert [keys.is_valid(key, 1.0) for key in (made[0], made[1], made[-1])] == [False, True, True]


def test_every_app_key_of_the_gateway_gets_keys_with_its_own_secret_alone() -> None:
    sources = ("PSissued01", "sign-issued-01"), ("PSissued02", "sign-issued-02")
    keys = IssuedKeys(*(Credentials(Secret(one), Secret(sign), "test") for one, sign in sources))
    for app_key, sign in sources:
        body = json.dumps({"appkey": app_key, "secretkey": sign}).encode()
        assert keys.is_valid(keys.issue("application/json", body, 0.0), 0.0)
    crossed = json.dumps({"appkey": "PSissued01", "secretkey": "sign-issued-02"}).encode()
    with pytest.raises(RefusedApproval, match="EGW00105"):
        keys.issue("application/json", crossed, 0.0)
    unknown = json.dumps({"appkey": "PSissued03", "secretkey": "sign-issued-01"}).encode()
    with pytest.raises(RefusedApproval, match="EGW00103"):
        keys.issue("application/json", unknown, 0.0)
