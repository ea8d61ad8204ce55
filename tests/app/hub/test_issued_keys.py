"""Approval keys of the gateway: how long they live, and how many there are."""

import json

from app.hub.issued_keys import KEY_LIFE, MOST_KEYS, IssuedKeys
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
