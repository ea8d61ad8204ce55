"""What a client sends, read as KIS reads it; the codes are those of the portal's FAQ."""

import json
from typing import Any

import pytest

from app.feed.registration_state import RegistrationKey
from app.hub.client_requests import ClientRequest, RefusedRequest, read_request
from app.hub.kis_answers import acknowledgement

KEY = RegistrationKey("H0MFCNT0", "A01612")


def message(**changes: Any) -> dict[str, Any]:
    header = {"approval_key": "k", "custtype": "P", "tr_type": "1", "content-type": "utf-8"}
    pair = {"tr_id": KEY.tr_id, "tr_key": KEY.code}
    for name, value in changes.items():
        (pair if name in pair else header)[name] = value
    return {"header": header, "body": {"input": pair}}


def test_a_registration_and_a_release_are_read() -> None:
    assert read_request(json.dumps(message())) == ClientRequest("k", KEY, True)
    assert read_request(json.dumps(message(tr_type="2"))) == ClientRequest("k", KEY, False)
    assert read_request(json.dumps(message(tr_type=1, custtype="B")).encode()) == ClientRequest(
        "k", KEY, True
    )
    # The legacy sample pads codes.
    assert read_request(json.dumps(message(tr_key="A01612 "))) == ClientRequest("k", KEY, True)


def test_a_pingpong_that_comes_back_asks_for_nothing() -> None:
    raw = '{"header":{"tr_id":"PINGPONG","datetime":"20260710171541"}}'
    assert read_request(raw) is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "OPSP9999"),
        ("{", "OPSP9999"),
        ("[" * 100_000, "OPSP9999"),
        (b"\xff", "OPSP9999"),
        ("{}", "OPSP9998"),
        ('{"header":{}}', "OPSP9992"),
        ('{"header":{},"body":{}}', "OPSP9991"),
        ('{"header":{},"body":{"input":{}}}', "OPSP9990"),
        (json.dumps(message(tr_key=" ")), "OPSP9990"),
        (json.dumps(message(custtype="")), "OPSP9997"),
        (json.dumps(message(custtype="X")), "OPSP8998"),
        (json.dumps(message(tr_type="3")), "OPSP8997"),
        (json.dumps(message(tr_key="A01612^")), "OPSP8992"),
        (json.dumps(message(tr_key="A" * 13)), "OPSP8992"),
        # Notices of orders, of every market.
        (json.dumps(message(tr_id="H0IFCNI0")), "OPSP8991"),
        (json.dumps(message(tr_id="H0MFCNI0")), "OPSP8991"),
        (json.dumps(message(tr_id="H0EUCNI0")), "OPSP8991"),
        (json.dumps(message(tr_id="H0STCNI0")), "OPSP8991"),
        (json.dumps(message(tr_id="x" * 10_000)), "OPSP8991"),
    ],
)
def test_what_kis_would_refuse_is_refused_with_its_code(raw: str | bytes, code: str) -> None:
    with pytest.raises(RefusedRequest) as refused:
        read_request(raw)
    assert refused.value.code == code
    assert len(refused.value.key.tr_id) <= 16
    answer = json.loads(acknowledgement(code, refused.value.key))
    assert answer["body"]["msg_cd"] == code
    assert answer["body"]["msg1"]
    assert answer["body"]["rt_cd"] != "0"
    assert "output" not in answer["body"]
