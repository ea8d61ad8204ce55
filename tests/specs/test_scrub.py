"""Control messages are scrubbed before they are stored: no key by any name is left."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs import control
from specs.control import Ack, scrub

IV, KEY = "c1f3e71ec70e1b2d", "c1f3e7c1f3e7c1f3e7c1f3e7c1f3e7c1"
ACK = json.dumps(
    {
        "header": {"tr_id": "H0EUCNT0", "tr_key": "B01612A18", "encrypt": "N"},
        "body": {
            "rt_cd": "0",
            "msg_cd": "OPSP0000",
            "msg1": "SUBSCRIBE SUCCESS",
            "output": {"iv": IV, "key": KEY},
        },
    }
)
PING = '{"header": {"tr_id": "PINGPONG", "datetime": "20261120180000"}}'


def test_an_answer_loses_its_cipher_and_means_the_same() -> None:
    scrubbed = scrub(ACK)
    assert IV not in scrubbed
    assert KEY not in scrubbed
    assert json.loads(scrubbed)["body"]["output"] == {"iv": "", "key": ""}
    assert control.decode(scrubbed) == control.decode(ACK)


@pytest.mark.parametrize(
    "raw", [PING, '{"header":{"tr_id":"(null)"},"body":{"msg_cd":"OPSP8996","msg1":"IN USE"}}', "x"]
)
def test_a_message_without_a_key_stays_as_it_came(raw: str) -> None:
    assert scrub(raw) == raw


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps({"header": {"approval_key": KEY}}),
        json.dumps({"Authorization": f"Bearer {KEY}"}),
        json.dumps({"header": {"tr_id": "X"}, "body": {"msg1": f"no such key {KEY}!"}}),
        json.dumps({KEY: 1}),
        json.dumps([[{"output": [KEY, {"x": KEY}]}]]),
        f'{{"key": "{KEY}"',
        f"<html>{KEY}</html>",
        "[" * 5000 + f'"{KEY}"' + "]" * 5000,
    ],
)
def test_a_key_is_taken_out_wherever_it_stands(raw: str) -> None:
    assert KEY in raw
    assert KEY not in scrub(raw)


def test_a_short_value_under_a_telling_name_is_taken_out_too() -> None:
    assert "pin7" not in scrub('{"secretkey": "pin7", "\\u006bey": "pin7"}')
    assert scrub('{"key": 1234567}') == '{"key":""}'


def test_a_key_written_with_escapes_is_taken_out() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    for raw in (f'{{"x": "{escaped}"}}', f'{{"x": "{escaped}"'):
        scrubbed = scrub(raw)
        assert escaped not in scrubbed
        assert KEY not in scrubbed


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_any_json_comes_out_as_text(value: object) -> None:
    assert isinstance(scrub(json.dumps(value)), str)


@given(st.text(max_size=64))
def test_any_text_comes_out_as_text(raw: str) -> None:
    assert isinstance(scrub(raw), str)


def test_an_answer_stays_an_answer() -> None:
    assert isinstance(control.decode(scrub(ACK)), Ack)


def test_scrub_keeps_all_other_values_beside_a_key() -> None:
    others = {"n": 7, "x": 1.5, "yes": True, "none": None, "text": "OPSP0000", "list": [1, "a"]}
    scrubbed = json.loads(scrub(json.dumps(others | {"output": {"key": KEY}})))
    assert scrubbed == others | {"output": {"key": ""}}


@pytest.mark.parametrize("raw", ['{"x": "%s"}', '{"x": "%s"'])
def test_scrub_masks_from_sixteen_characters_on(raw: str) -> None:
    """Times of 14 digits and codes are shorter than any key."""
    assert scrub(raw % ("a" * 15)) == raw % ("a" * 15)
    assert "a" * 15 not in scrub(raw % ("a" * 16))
