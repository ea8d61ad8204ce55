"""FHPIF05110100: the expected execution of an index product over REST (선물옵션 예상체결추이).

``GET /uapi/domestic-futureoption/v1/quotations/exp-price-trend``.  By day KIS streams no expected
executions of index products; this call is the only source.  ``output1`` is the price of now,
``output2`` the series so far with a time in each entry.  [?] The split of the two is a reading of
the field list of KIS' sample.  Source: KIS Developers portal, domestic futures and options.
"""

import re

import msgspec
from msgspec import Struct, field

from specs.catalog import Absent, Channel, Session, choose_for
from specs.codes import CodeFacts
from specs.quotation import QuotationError, read_answer, read_number
from specs.record import ExpectedRecord, Sign, TimeOfDay, number, text

TR_ID = "FHPIF05110100"
PATH = "/uapi/domestic-futureoption/v1/quotations/exp-price-trend"

_MARKETS = {Absent.INDEX_FUTURES_EXPECTED: "F", Absent.INDEX_OPTION_EXPECTED_BY_DAY: "O"}
_TIME = re.compile(r"[0-9]{6}")
_SIGNS = frozenset("12345")


class RestExpected(ExpectedRecord, frozen=True):
    """An expected execution from REST; it has no quantity and no operation code."""

    code: str = text("FID_INPUT_ISCD")  # 종목코드
    time: TimeOfDay = text("STCK_CNTG_HOUR")  # 체결시간
    expected_price: float = number("FUTS_ANTC_CNPR")  # 예상체결가
    expected_change: float = number("FUTS_ANTC_CNTG_VRSS")  # 예상체결대비
    expected_change_sign: Sign = text("ANTC_CNTG_VRSS_SIGN")  # 예상체결대비부호
    expected_change_percent: float = number("ANTC_CNTG_PRDY_CTRT")  # 예상체결전일대비율
    market_operation_code: str = ""


class _Point(Struct):
    """The four values of an expected execution, as KIS' texts; its time is empty in output1."""

    time: str = field(default="", name="stck_cntg_hour")  # 체결시간
    price: str = field(default="", name="futs_antc_cnpr")  # 예상체결가
    sign: str = field(default="", name="antc_cntg_vrss_sign")  # 예상체결대비부호
    change: str = field(default="", name="futs_antc_cntg_vrss")  # 예상체결대비
    percent: str = field(default="", name="antc_cntg_prdy_ctrt")  # 예상체결전일대비율


def market(contract: CodeFacts) -> str | None:
    """Return the market division code to ask with, or None if the call does not serve a contract.

    It serves index futures and options by day, which have no TR for expected executions.
    """
    missing = choose_for(contract, Session.DAY, Channel.EXPECTED)
    return _MARKETS.get(missing) if isinstance(missing, Absent) else None


def read(body: bytes, code: str, now: str) -> RestExpected:
    """Read an answer; `now` (HHMMSS) is its time if the series names none.

    Raises:
        QuotationError: KIS refuses, has no expected price, or the answer cannot be read.
    """
    first, series = read_answer(body)
    try:
        current = msgspec.json.decode(first, type=_Point)
        points = msgspec.json.decode(series, type=list[_Point]) if series else []
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise QuotationError("shape") from error
    newest = max(points, key=lambda point: point.time.strip(), default=current)
    shown = current if current.price.strip() else newest
    price = read_number(shown.price)
    if not price > 0:
        raise QuotationError("no_data")
    time, sign = newest.time.strip(), shown.sign.strip()
    return RestExpected(
        code,
        time if _TIME.fullmatch(time) else now,
        price,
        read_number(shown.change),
        sign if sign in _SIGNS else "",
        read_number(shown.percent),
    )
