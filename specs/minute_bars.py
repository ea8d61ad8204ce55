"""FHKIF03020200: minute bars of a derivative over REST (선물옵션 분봉조회).

``GET /uapi/domestic-futureoption/v1/quotations/inquire-time-fuopchartprice``.  An answer has up to
102 bars in ``output2``, the newest first, from an hour of a date backwards.  Bars of a night carry
the date of its evening and hours from 24 to 30 after midnight.  A minute without trades has no bar.
[?] Whether a bar is named by the start of its minute is documented nowhere; so is the unit of its
turnover, which is not read.  Source: KIS Developers portal, domestic futures and options.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone

import msgspec
from msgspec import Struct, field

from specs.market.bars import Bar
from specs.quotation import QuotationError, read_answer, read_number

TR_ID = "FHKIF03020200"
PATH = "/uapi/domestic-futureoption/v1/quotations/inquire-time-fuopchartprice"
MOST = 102
"""Bars of an answer at most."""

SECONDS = 60
_KST = timezone(timedelta(hours=9))
_DAY = 86_400
_DATE, _TIME = re.compile(r"20[0-9]{6}"), re.compile(r"[0-3][0-9][0-5][0-9]{3}")


class _Bar(Struct):
    """The texts of a bar."""

    date: str = field(default="", name="stck_bsop_date")  # 영업일자
    time: str = field(default="", name="stck_cntg_hour")  # 체결시간
    close: str = field(default="", name="futs_prpr")  # 현재가
    open: str = field(default="", name="futs_oprc")  # 시가
    high: str = field(default="", name="futs_hgpr")  # 최고가
    low: str = field(default="", name="futs_lwpr")  # 최저가
    volume: str = field(default="", name="cntg_vol")  # 체결거래량


def query(day: date, until: datetime) -> Mapping[str, str]:
    """Return the parameters of a call for the bars up to a moment of a session.

    `day` is the date on which the session began; its hours count from there, beyond 24.
    """
    seconds = int((until - datetime(day.year, day.month, day.day, tzinfo=_KST)).total_seconds())
    hour, minute = divmod(seconds // 60, 60)
    return {
        "FID_HOUR_CLS_CODE": str(SECONDS),
        "FID_PW_DATA_INCU_YN": "Y",
        "FID_FAKE_TICK_INCU_YN": "N",
        "FID_INPUT_DATE_1": f"{day:%Y%m%d}",
        "FID_INPUT_HOUR_1": f"{hour:02}{minute:02}00",
    }


def read(body: bytes, begin: float, end: float) -> list[Bar]:
    """Return the bars that lie between two moments, the oldest first.

    The moments are seconds since 1970.  A bar that cannot be read is left out.

    Raises:
        QuotationError: KIS refuses, or the answer cannot be read.
    """
    _, series = read_answer(body)
    try:
        texts = msgspec.json.decode(series, type=list[_Bar]) if series else []
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise QuotationError("shape") from error
    bars = {bar.start: bar for text in texts if (bar := _bar(text, begin)) is not None}
    return [bars[at] for at in sorted(bars) if begin <= at and at + SECONDS <= end]


def _bar(text: _Bar, begin: float) -> Bar | None:
    """Return a bar, or None if it cannot be read; an hour after midnight may be without its 24."""
    day, time = text.date.strip(), text.time.strip()
    if not _DATE.fullmatch(day) or not _TIME.fullmatch(time):
        return None
    try:
        midnight = datetime.strptime(day, "%Y%m%d").replace(tzinfo=_KST)
        names = ("open", "high", "low", "close", "volume")
        first, high, low, last, volume = (read_number(getattr(text, name)) for name in names)
    except ValueError:
        return None
    start = int(midnight.timestamp()) + int(time[:2]) * 3600 + int(time[2:4]) * 60
    if start < begin and int(time[:2]) < 12:
        start += _DAY
    if not (low <= first <= high and low <= last <= high and volume >= 0):
        return None
    # The typical price stands for the average, for which the turnover's unit would be needed.
    return Bar(start, first, high, low, last, volume, (high + low + last) / 3)
