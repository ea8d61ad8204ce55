"""Make frames with a plausible value in every documented field, and decode them."""

from functools import cache

import msgspec
import pytest
from msgspec.structs import fields

from specs.catalog import CATALOG
from specs.frame import FrameError, decode
from specs.record import Record
from specs.trs.night_option_trade import NightOptionTrade

TEXTS = {"code": "B01612A18", "time": "190612", "market_operation_code": "112"}


@cache
def _field_names(tr_id: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(CATALOG[tr_id].spec))


def record(tr_id: str, code: str = "B01612A18", **changed: str) -> list[str]:
    """Return a record's values in wire order; field n of the spec is ``n.5``, signs are 2."""
    values = []
    for position, name in enumerate(_field_names(tr_id), 1):
        if name in changed:
            values.append(changed[name])
        elif name == "code":
            values.append(code)
        elif name.endswith(("sign", "flag")):
            values.append("2")
        elif name == "time" or name.endswith("_time"):
            values.append("190612")
        else:
            values.append(TEXTS.get(name, f"{position}.5"))
    return values


def frame(tr_id: str, *records: list[str], count: str | None = None) -> str:
    """Return a data frame of these records; `count` replaces the right record count."""
    body = "^".join("^".join(values) for values in records)
    return f"0|{tr_id}|{count or format(len(records), '03')}|{body}"


def refusal_reason(raw: str) -> str:
    """Return the reason for which a frame is refused."""
    with pytest.raises(FrameError) as caught:
        decode(raw)
    return caught.value.reason


def decode_one(raw: str) -> Record:
    """Decode a frame of one record."""
    [decoded] = decode(raw).records
    return decoded


def values_of(decoded: Record) -> list[str | float]:
    """Return a record's values in wire order."""
    return list(msgspec.structs.astuple(decoded))


def night_option(**changed: str) -> NightOptionTrade:
    """Return a night option's trade with some fields changed."""
    decoded = decode_one(frame("H0EUCNT0", record("H0EUCNT0", **changed)))
    assert isinstance(decoded, NightOptionTrade)
    return decoded
