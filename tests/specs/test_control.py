"""Control messages: acknowledgements, errors, PINGPONG."""

import csv
import json
from pathlib import Path

import pytest

from specs.control import LARGEST, REACTIONS, Ack, PingPong, RefusalReaction, decode, is_control
from specs.frame import FrameError

CODES = Path(__file__).parents[1] / "data" / "control.tsv"
SUCCESS = (
    '{"header":{"tr_id":"H0IFCNT0","tr_key":"A05608","encrypt":"N"},"body":{"rt_cd":"0",'
    '"msg_cd":"OPSP0000","msg1":"SUBSCRIBE SUCCESS","output":{"iv":"0123456789abcdef",'
    '"key":"abcdefghijklmnopabcdefghijklmnop"}}}'
)
IN_USE = (
    '{"header":{"tr_id":"(null)","tr_key":"","encrypt":"N"},"body":{"rt_cd":"9",'
    '"msg_cd":"OPSP8996","msg1":"ALREADY IN USE appkey"}}'
)
PINGPONG = '{"header":{"tr_id":"PINGPONG","datetime":"20260710171541"}}'


def table() -> list[dict[str, str]]:
    with CODES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def answer(**body: object) -> str:
    return json.dumps(
        {"header": {"tr_id": "H0EUCNT0", "tr_key": "B01612A18", "encrypt": "N"}, "body": body}
    )


def ack(raw: str) -> Ack:
    decoded = decode(raw)
    assert isinstance(decoded, Ack)
    return decoded


def reason(raw: str) -> str:
    with pytest.raises(FrameError) as caught:
        decode(raw)
    return caught.value.reason


def test_a_success_names_its_registration() -> None:
    got = ack(SUCCESS)
    assert (got.tr_id, got.tr_key, got.code) == ("H0IFCNT0", "A05608", "OPSP0000")
    assert got.message == "SUBSCRIBE SUCCESS"
    assert got.reaction is RefusalReaction.REGISTERED
    assert not got.of_connection


def test_the_keys_of_an_encrypted_stream_are_kept_nowhere() -> None:
    """B41: their length and type do not matter either."""
    assert "abcdefghijklmnop" not in repr(ack(SUCCESS))
    outputs: tuple[object, ...] = ({"iv": 1, "key": None}, "x", [], None, {"iv": "a" * 500})
    for output in outputs:
        assert ack(answer(rt_cd="0", msg_cd="OPSP0000", output=output)).code == "OPSP0000"


def test_an_app_key_in_use_is_an_error_of_the_connection() -> None:
    """B33"""
    got = ack(IN_USE)
    assert got.of_connection
    assert got.reaction is RefusalReaction.OCCUPIED
    for header in ({"tr_id": "(null)"}, {"tr_id": "H0IFCNT0", "tr_key": None}):
        assert ack(json.dumps({"header": header, "body": {"msg_cd": "OPSP8996"}})).of_connection


@pytest.mark.parametrize("row", table(), ids=lambda row: row["msg_cd"])
def test_every_documented_code_has_its_reaction(row: dict[str, str]) -> None:
    got = ack(answer(rt_cd="1", msg_cd=row["msg_cd"], msg1=row["msg1"]))
    assert got.reaction == row["reaction"]
    assert got.message == row["msg1"]


def test_no_code_beside_the_documented_has_a_reaction() -> None:
    assert sorted(REACTIONS) == sorted(row["msg_cd"] for row in table())
    undocumented = {RefusalReaction.ACCEPTED, RefusalReaction.DECLINED, RefusalReaction.UNKNOWN}
    assert {*REACTIONS.values(), *undocumented} == set(RefusalReaction)
    assert not undocumented & set(REACTIONS.values())


@pytest.mark.parametrize("code", ["OPSP1234", "", "opsp0000", "OPSP00000", "\x1b[2J", "X" * 10_000])
def test_an_undocumented_code_means_what_its_return_code_says(code: str) -> None:
    """B38, B40: only 0 is success, and an answer without a return code says neither."""
    for rt_cd, reaction in (
        ("0", RefusalReaction.ACCEPTED),
        (0, RefusalReaction.ACCEPTED),
        ("1", RefusalReaction.DECLINED),
        (9, RefusalReaction.DECLINED),
        ("00", RefusalReaction.DECLINED),
        ("failure", RefusalReaction.DECLINED),
        ("", RefusalReaction.UNKNOWN),
        (None, RefusalReaction.UNKNOWN),
    ):
        got = ack(answer(rt_cd=rt_cd, msg_cd=code, msg1="?"))
        assert got.reaction is reaction, rt_cd
    assert ack(answer(msg_cd=code)).reaction is RefusalReaction.UNKNOWN
    assert got.code.isprintable()
    assert len(got.code) <= 16


@pytest.mark.parametrize("rt_cd", ["0", "1", "9", None])
def test_an_undocumented_code_of_the_session_says_nothing_of_a_row(rt_cd: object) -> None:
    for header in ({"tr_id": "(null)", "tr_key": ""}, {"tr_id": "(null)", "tr_key": "A05608"}):
        body = {"rt_cd": rt_cd, "msg_cd": "OPSP4711", "msg1": "?"}
        got = ack(json.dumps({"header": header, "body": body}))
        assert (got.of_connection, got.reaction) == (True, RefusalReaction.UNKNOWN)


@pytest.mark.parametrize("body", [{}, {"msg_cd": None, "msg1": None}, {"rt_cd": None}])
def test_a_body_of_nothing_asks_nothing(body: dict[str, object]) -> None:
    assert ack(answer(**body)).reaction is RefusalReaction.UNKNOWN


@pytest.mark.parametrize("rt_cd", ["0", 0, "00", "9", "", None])
def test_the_code_decides_whatever_shape_the_return_code_has(rt_cd: object) -> None:
    """B37"""
    assert ack(answer(rt_cd=rt_cd, msg_cd="OPSP0008")).reaction is RefusalReaction.NO_SLOT
    assert ack(answer(msg_cd="OPSP0008")).reaction is RefusalReaction.NO_SLOT


def test_a_padded_code_and_key_are_read_without_their_blanks() -> None:
    raw = '{"header":{"tr_id":"H0EUCNT0","tr_key":"A05608   "},"body":{"msg_cd":" OPSP0000"}}'
    assert (ack(raw).tr_key, ack(raw).reaction) == ("A05608", RefusalReaction.REGISTERED)


@pytest.mark.parametrize(
    "message", ["\x1b]52;c;eA==\x07", "[red]x[/red][/]", "a" + "\u0301" * 500, "\u202e" * 10_000]
)
def test_a_message_comes_out_printable_and_short(message: str) -> None:
    """B38: markup is kept literally."""
    got = ack(answer(rt_cd="1", msg_cd="OPSP9993", msg1=message))
    assert got.message.isprintable()
    assert len(got.message) <= 120
    if message.isprintable():
        assert got.message == message[:120]


@pytest.mark.parametrize(
    "raw",
    [
        PINGPONG,
        '{"header":{"tr_id":"PINGPONG","datetime":"20260710171541"},"body":null}',
        '{"header":{"datetime":"20260710171541","tr_id":"PINGPONG"},"body":{}}',
        '{"header":{"tr_id":"PINGPONG","datetime":20260710171541}}',
        ' \n{"header": {"tr_id": "PINGPONG", "datetime": "20260710171541"}}\n',
    ],
)
def test_a_sign_of_life_is_known_with_or_without_a_body(raw: str) -> None:
    """B34"""
    assert is_control(raw)
    assert decode(raw) == PingPong("20260710171541")


def test_a_sign_of_life_without_a_time_is_one_too() -> None:
    assert decode('{"header":{"tr_id":"PINGPONG"}}') == PingPong("")


def test_the_time_of_a_sign_of_life_comes_out_printable() -> None:
    """B36"""
    got = decode('{"header":{"tr_id":"PINGPONG","datetime":"\\u001b[2J20260710"}}')
    assert got == PingPong("·[2J20260710")
    longer = decode(json.dumps({"header": {"tr_id": "PINGPONG", "datetime": "0" * 60_000}}))
    assert longer == PingPong("0" * 32)


@pytest.mark.parametrize(
    "raw",
    ["{", "", SUCCESS[:-1], SUCCESS[:40], SUCCESS + "x", SUCCESS + SUCCESS, PINGPONG + "\x00",
     "{'a':1}", '{"header":NaN}', "\ufeff" + PINGPONG, "nul", '"', '{"header":{"tr_id":"\ud800"}}',
     '{"header":{"tr_id":"\\ud800"}}', '{"header":{"tr_id":"\x1b"}}'],
)  # fmt: skip
def test_what_is_no_json_is_refused(raw: str) -> None:
    """B29"""
    assert reason(raw) == "json"


@pytest.mark.parametrize(
    "raw",
    ["null", "true", "[]", '"str"', "123", "{}", '{"header":null}', '{"header":[]}', '{"body":{}}',
     '{"header":{}}', '{"header":{"tr_id":1},"body":{}}', '{"header":{"tr_id":null},"body":{}}',
     '{"header":{"tr_id":"H0EUCNT0"}}', '{"header":{"tr_id":"H0EUCNT0"},"body":null}',
     '{"header":{"tr_id":"H0EUCNT0"},"body":[]}', '{"header":{"tr_id":"x"},"body":{"msg_cd":1}}',
     '{"header":{"tr_id":"x","tr_key":1},"body":{}}', '{"header":{"tr_id":"x"},"body":{"msg1":[]}}',
     '{"header":{"tr_id":"x"},"body":{"rt_cd":%s}}' % ("1" * 5000)],
)  # fmt: skip
def test_another_shape_is_refused(raw: str) -> None:
    """B28, B32"""
    assert reason(raw) == "control"


@pytest.mark.parametrize("opening", ["[", '{"header":', '{"header":{"tr_id":"x"},"body":{"a":['])
def test_a_deep_nesting_is_refused(opening: str) -> None:
    """B30"""
    depth = 60_000 // len(opening)
    assert reason(opening * depth) in ("json", "control")
    nested = '{"header":{"tr_id":"x","z":' + "[" * 20_000 + "]" * 20_000 + '},"body":{}}'
    assert reason(nested) == "json"


def test_a_message_above_the_limit_is_not_even_read() -> None:
    assert reason("[" * 200_000) == "oversize"
    padding = LARGEST - len(answer(msg_cd="OPSP0000", msg1=""))
    assert ack(answer(msg_cd="OPSP0000", msg1="x" * padding)).code == "OPSP0000"
    assert reason(answer(msg_cd="OPSP0000", msg1="x" * (padding + 1))) == "oversize"


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    """B31"""
    raw = '{"header":{"tr_id":"a","tr_id":"H0EUCNT0","tr_key":"k"},"body":{"msg_cd":"OPSP0000"}}'
    assert ack(raw).tr_id == "H0EUCNT0"


@pytest.mark.parametrize("raw", [SUCCESS, IN_USE, PINGPONG, "null", "true", "[]", '"s"'])
def test_json_is_told_from_a_data_frame(raw: str) -> None:
    assert is_control(raw)


@pytest.mark.parametrize("raw", ["", "0|H0EUCNT0|001|x", "1|x", "<html>", "123", " "])
def test_a_data_frame_is_no_control_message(raw: str) -> None:
    assert not is_control(raw)


def test_the_limit_is_64_kib_and_texts_are_cut_at_16_and_120_characters() -> None:
    assert LARGEST == 65_536
    long = {"tr_id": "T" * 40, "tr_key": "K" * 40}
    body = {"rt_cd": "7" * 40, "msg_cd": "C" * 40, "msg1": "m" * 400}
    got = ack(json.dumps({"header": long, "body": body}))
    assert got == Ack("T" * 16, "K" * 16, "C" * 16, "m" * 120, "7" * 16)
