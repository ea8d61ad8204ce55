"""The server's JSON messages: acknowledgements, errors, PINGPONG."""

from datetime import datetime

import msgspec

MESSAGES = {
    "OPSP0000": "SUBSCRIBE SUCCESS",
    "OPSP0001": "UNSUBSCRIBE SUCCESS",
    "OPSP0002": "ALREADY IN SUBSCRIBE",
    "OPSP0003": "UNSUBSCRIBE ERROR(not found!)",
    "OPSP0007": "SUBSCRIBE INTERNAL ERROR",
    "OPSP0008": "MAX SUBSCRIBE OVER",
    "OPSP0009": "SUBSCRIBE ERROR : mci send failed",
    "OPSP0010": "SUBSCRIBE WARNING : invalid appkey",
    "OPSP0011": "invalid approval : NOT FOUND",
    "OPSP8991": "invalid tr_id",
    "OPSP8992": "invalid tr_key",
    "OPSP8993": "JSON invalid tr_key",
    "OPSP8994": "personalseckey not found",
    "OPSP8995": "appsecret not found",
    "OPSP8996": "ALREADY IN USE appkey",
    "OPSP8997": "invalid tr_type",
    "OPSP8998": "invalid custtype",
    "OPSP8999": "resource not available",
    "OPSP9990": "tr_key not found",
    "OPSP9991": "input not found",
    "OPSP9992": "body not found",
    "OPSP9993": "internal error",
    "OPSP9994": "INVALID appkey",
    "OPSP9995": "resource not available",
    "OPSP9996": "appkey not available",
    "OPSP9997": "custtype not found",
    "OPSP9998": "header not found",
    "OPSP9999": "invalid json format",
}
_GOOD = frozenset(("OPSP0000", "OPSP0001"))
_CONNECTION = frozenset(("OPSP8996",))
# The cipher that KIS hands out with every registration, also of TRs that are never ciphered.
_CIPHER = {"iv": "0123456789abcdef", "key": "abcdefghijklmnopabcdefghijklmnop"}


def answer(code: str, tr_id: str = "(null)", tr_key: str = "") -> str:
    """The answer with an OPSP code to a registration, or to the connection as a whole."""
    body: dict[str, object] = {
        "rt_cd": "0" if code in _GOOD else "9" if code in _CONNECTION else "1",
        "msg_cd": code,
        "msg1": MESSAGES.get(code, "undocumented code"),
    }
    if code == "OPSP0000":
        body["output"] = _CIPHER
    header = {"tr_id": tr_id, "tr_key": tr_key, "encrypt": "N"}
    return msgspec.json.encode({"header": header, "body": body}).decode()


def pingpong(now: datetime) -> str:
    """A sign of life."""
    header = {"tr_id": "PINGPONG", "datetime": f"{now:%Y%m%d%H%M%S}"}
    return msgspec.json.encode({"header": header}).decode()
