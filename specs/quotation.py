"""FHMIF10000000: the current price of a derivative over REST (선물옵션 시세), and its record.

``GET /uapi/domestic-futureoption/v1/quotations/inquire-price``.  Every number is a string, maybe
padded; a code that is valid but dead is answered with blanks under ``rt_cd`` 0.  An error names its
code as ``msg_cd``, or as ``error_code`` where KIS' gateway refused the call.  Source: KIS
Developers portal, domestic futures and options, basic quotations.
"""

import re
from datetime import date
from math import nan
from typing import cast

import msgspec
from msgspec import Struct, field

from specs.catalog import CatalogEntry, Channel, Session, choose_for
from specs.clean import clean
from specs.codes import CodeFacts, Family
from specs.record import FuturesTradeRecord, TradeRecord

TR_ID = "FHMIF10000000"
PATH = "/uapi/domestic-futureoption/v1/quotations/inquire-price"
LARGEST = 256 * 1024

PERCENT = {Family.INDEX_OPTION: 1.0, Family.STOCK_OPTION: 100.0}
"""Percent in one unit of an answer's implied volatility; [?] taken from the trade TRs."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")
_DATE = re.compile(r"20[0-9]{6}")
_CODE = re.compile(r"[A-Z0-9]{1,16}")
_MISSING = frozenset(("", "nan", "-nan"))
_SIGNS = frozenset("12345")

# At night F and O stay frozen at the day's close.  [?] Whether CM serves the night's commodity
# futures is not documented; its name, night futures, suggests it.
_MARKETS = {
    (Family.INDEX_FUTURES, Session.DAY): "F",
    (Family.INDEX_OPTION, Session.DAY): "O",
    (Family.INDEX_FUTURES, Session.NIGHT): "CM",
    (Family.INDEX_OPTION, Session.NIGHT): "EU",
    (Family.STOCK_FUTURES, Session.DAY): "JF",
    (Family.STOCK_OPTION, Session.DAY): "JO",
    (Family.COMMODITY_FUTURES, Session.DAY): "CF",
    (Family.COMMODITY_FUTURES, Session.NIGHT): "CM",
}

REASONS = ("oversize", "html", "json", "shape", "number", "no_data", "refused", "type", "status")


class QuotationError(ValueError):
    """An answer without a price; `reason` is one of `REASONS`, `code` and `words` are KIS'."""

    def __init__(self, reason: str, code: str = "", words: str = "") -> None:
        super().__init__(reason)
        self.reason, self.code, self.words = reason, code, words


class Quotation(Struct, frozen=True, gc=False):
    """The fields read from ``output1``: KIS' texts under their element names."""

    price: str = field(default="", name="futs_prpr")  # 현재가
    change: str = field(default="", name="futs_prdy_vrss")  # 전일대비
    change_sign: str = field(default="", name="prdy_vrss_sign")  # 전일대비부호
    change_percent: str = field(default="", name="futs_prdy_ctrt")  # 전일대비율
    previous_close: str = field(default="", name="futs_prdy_clpr")  # 전일종가
    open: str = field(default="", name="futs_oprc")  # 시가
    high: str = field(default="", name="futs_hgpr")  # 최고가
    low: str = field(default="", name="futs_lwpr")  # 최저가
    accumulated_volume: str = field(default="", name="acml_vol")  # 누적거래량
    open_interest: str = field(default="", name="hts_otst_stpl_qty")  # 미결제약정수량
    open_interest_change: str = field(default="", name="otst_stpl_qty_icdc")  # 미결제약정수량증감
    market_basis: str = field(default="", name="basis")  # 베이시스
    theoretical_price: str = field(default="", name="hts_thpr")  # 이론가
    disparity_percent: str = field(default="", name="dprt")  # 괴리율
    delta: str = field(default="", name="delta_val")  # 델타
    gamma: str = field(default="", name="gama")  # 감마
    theta: str = field(default="", name="theta")  # 세타
    vega: str = field(default="", name="vega")  # 베가
    rho: str = field(default="", name="rho")  # 로우
    historical_volatility: str = field(default="", name="hist_vltl")  # 역사적변동성
    implied_volatility: str = field(default="", name="hts_ints_vltl")  # 내재변동성
    last_trading_date: str = field(default="", name="futs_last_tr_date")  # 최종거래일


class _Answer(Struct):
    rt_cd: str = ""
    msg_cd: str = ""
    msg1: str = ""
    error_code: str = ""
    error_description: str = ""
    output1: msgspec.Raw = msgspec.Raw()
    output2: msgspec.Raw = msgspec.Raw()


# KIS sends 0 for a missing price; only a spread trades at 0.
_PRICES = ("price", "open", "high", "low")
# [?] An option's basis is documented nowhere; the unit of the turnover neither, so it is not read.
_OPTION_ONLY = (
    "delta", "gamma", "theta", "vega", "rho", "historical_volatility", "implied_volatility",
)  # fmt: skip
_TEXTS = ("change_sign", "last_trading_date", "previous_close")
_QUANTITIES = ("accumulated_volume", "open_interest")
_REQUIRED = ("price", "accumulated_volume")


def market(contract: CodeFacts, session: Session) -> str:
    """Return the market division code to ask with (``FID_COND_MRKT_DIV_CODE``).

    A contract that does not trade at night is requested in the day's market.

    Raises:
        KeyError: the family of the contract is not known.
    """
    return _MARKETS[cast(Family, contract.family), _session_of(contract, session)]


def read_answer(body: bytes) -> tuple[msgspec.Raw, msgspec.Raw]:
    """Return ``output1`` and ``output2`` of an answer.

    Raises:
        QuotationError: KIS refuses, or the answer cannot be read.
    """
    if len(body) > LARGEST:
        raise QuotationError("oversize")
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except msgspec.ValidationError as error:
        raise QuotationError("shape") from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _unreadable(body) from error
    code = answer.msg_cd or answer.error_code
    if answer.rt_cd != "0":
        words = clean((answer.msg1 or answer.error_description).strip())
        raise QuotationError("refused" if code else "shape", _named(code), words)
    return answer.output1, answer.output2


def _unreadable(body: bytes) -> QuotationError:
    return QuotationError("html" if body.lstrip()[:1] == b"<" else "json")


def read(body: bytes) -> Quotation:
    """Read an answer.

    Raises:
        QuotationError: KIS refuses, knows nothing of the code, or the answer cannot be read.
    """
    output, _ = read_answer(body)
    try:
        quotation = msgspec.json.decode(output, type=Quotation)
    except msgspec.ValidationError as error:
        raise QuotationError("shape") from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise _unreadable(body) from error
    if quotation.price.strip().lower() in _MISSING:
        raise QuotationError("no_data")
    return quotation


def previous_close(quotation: Quotation) -> float:
    """Return the close before the session of an answer (전일종가); nan if it lacks one."""
    text = quotation.previous_close.strip()
    return float(text) if _NUMBER.fullmatch(text) else nan


def last_trading_day(quotation: Quotation) -> date | None:
    """Return the last trading day in an answer (YYYYMMDD), or None if it lacks one."""
    text = quotation.last_trading_date.strip()
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def record(contract: CodeFacts, session: Session, quotation: Quotation) -> tuple[str, TradeRecord]:
    """Return the TR of a contract's trades in a session, and the answer as a record of that TR.

    Its time is empty, and fields that REST does not send or that cannot be read are missing.  A
    contract that does not trade at night gets the day's TR at night too.

    Raises:
        QuotationError: price or volume is not a number, or the volume is negative.
    """
    entry = choose_for(contract, _session_of(contract, session), Channel.TRADE)
    assert isinstance(entry, CatalogEntry)
    assert contract.family is not None
    values: dict[str, float] = {}
    for name in Quotation.__struct_fields__:
        if name in _TEXTS:
            continue
        try:
            value = read_number(getattr(quotation, name))
            if name in _QUANTITIES and value < 0:
                raise QuotationError("number")
        except QuotationError:
            if name in _REQUIRED:
                raise
            value = nan
        values[name] = value
    if contract.code[0] not in "D4":
        values |= {name: nan for name in _PRICES if values[name] == 0}
    if issubclass(entry.spec, FuturesTradeRecord):
        values = {name: value for name, value in values.items() if name not in _OPTION_ONLY}
    else:
        del values["market_basis"]
        values["implied_volatility"] *= PERCENT[contract.family] / entry.volatility_scale
    sign = quotation.change_sign.strip()
    made = entry.spec(
        code=contract.code,
        change_sign=sign if sign in _SIGNS else "",
        **values,
    )
    assert isinstance(made, TradeRecord)
    return entry.tr_id, made


def _session_of(contract: CodeFacts, session: Session) -> Session:
    return session if contract.night else Session.DAY


def _named(code: str) -> str:
    return code if _CODE.fullmatch(code) else "?"


def read_number(text: str) -> float:
    """Return a number of an answer; nan if it is blank.

    Raises:
        QuotationError: it is not a number.
    """
    figure = text.strip()
    if figure.lower() in _MISSING:
        return nan
    if not _NUMBER.fullmatch(figure):
        raise QuotationError("number")
    return float(figure)
