"""KIS' own answers, as a gateway gives them: acknowledgements, refusals and PINGPONG.

Sources: KIS Developers portal, websocket guide and FAQ (OPSP codes), OAuth (EGW codes and their
sentences).
"""

from datetime import datetime

import msgspec

from app.feed.registration_state import RegistrationKey

SESSION = RegistrationKey("(null)", "")
"""The header of an answer that concerns the whole connection."""

MESSAGES = {
    "OPSP0000": "SUBSCRIBE SUCCESS",
    "OPSP0001": "UNSUBSCRIBE SUCCESS",
    "OPSP0002": "ALREADY IN SUBSCRIBE",
    "OPSP0003": "UNSUBSCRIBE ERROR(not found!)",
    "OPSP0007": "SUBSCRIBE INTERNAL ERROR",
    "OPSP0008": "MAX SUBSCRIBE OVER",
    "OPSP0011": "invalid approval : NOT FOUND",
    "OPSP8991": "invalid tr_id",
    "OPSP8992": "invalid tr_key",
    "OPSP8996": "ALREADY IN USE appkey",
    "OPSP8997": "invalid tr_type",
    "OPSP8998": "invalid custtype",
    "OPSP9990": "tr_key not found",
    "OPSP9991": "input not found",
    "OPSP9992": "body not found",
    "OPSP9994": "INVALID appkey",
    "OPSP9997": "custtype not found",
    "OPSP9998": "header not found",
    "OPSP9999": "invalid json format",
}
"""KIS' sentence for each code that the gateway gives by itself."""

_SUCCEEDED = frozenset(("OPSP0000", "OPSP0001", "OPSP0002"))

REST_SENTENCES = {
    "EGW00101": "유효하지 않은 요청입니다.",
    "EGW00102": "AppKey는 필수입니다.",
    "EGW00103": "유효하지 않은 AppKey입니다.",
    "EGW00104": "AppSecret은 필수입니다.",
    "EGW00105": "유효하지 않은 AppSecret입니다.",
    "EGW00132": "Content-Type이 유효하지 않습니다.",
}
"""KIS' sentence for each error of REST that the gateway gives."""

_UNUSED_KEY, _UNUSED_IV = "0" * 32, "0" * 16
"""Clients may read key and iv of every acknowledgement; market data are never encrypted."""


def acknowledgement(code: str, key: RegistrationKey, detail: str = "") -> str:
    """Return the answer to a registration or a release; `detail` replaces KIS' usual sentence."""
    succeeded = code in _SUCCEEDED
    body: dict[str, object] = {
        "rt_cd": "0" if succeeded else "9" if key == SESSION else "1",
        "msg_cd": code,
        "msg1": detail or MESSAGES.get(code, ""),
    }
    if code == "OPSP0000":
        body["output"] = {"iv": _UNUSED_IV, "key": _UNUSED_KEY}
    header = {"tr_id": key.tr_id, "tr_key": key.code, "encrypt": "N"}
    return msgspec.json.encode({"header": header, "body": body}).decode()


def heartbeat(now: datetime) -> str:
    """Return a PINGPONG of a moment (KST)."""
    header = {"tr_id": "PINGPONG", "datetime": f"{now:%Y%m%d%H%M%S}"}
    return msgspec.json.encode({"header": header}).decode()


def oauth_refusal(code: str) -> bytes:
    """Return the body of a refused call under ``/oauth2``."""
    return msgspec.json.encode(
        {"error_description": REST_SENTENCES[code], "error_code": code},
    )


def call_refusal(code: str) -> bytes:
    """Return the body of any other refused call of REST."""
    return msgspec.json.encode({"rt_cd": "1", "msg_cd": code, "msg1": REST_SENTENCES[code]})
