"""KIS' REST price of one contract (``inquire-price``, FHMIF10000000), its expected execution and
its minute bars.

Prices are from the last trade so far; at night the day's market codes stay at the day's close, and
by day the night's codes at the night's.  Texts and numbers are padded with blanks.  Source: KIS
Developers portal, domestic futures and options, basic quotations.
"""

from collections import deque
from math import isnan

import msgspec
from aiohttp import web

from app.simulator.auction import ExpectedExecution
from app.simulator.course import SessionCourse
from app.simulator.instrument import KOSPI200, SimulatedInstrument
from app.simulator.market import MarketModel
from app.simulator.minute_charts import MinuteCharts
from app.simulator.oracle import Oracle
from app.simulator.quotes import Values, sign, trade_values
from app.simulator.rest import RestServer
from app.simulator.running_totals import RunningTotals
from app.system.clock import Clock
from specs.catalog import CatalogEntry, Channel, Session, choose
from specs.codes import Family
from specs.expected_trend import TR_ID as EXPECTED_TR
from specs.minute_bars import TR_ID as MINUTES_TR
from specs.quotation import TR_ID

MOST_A_SECOND = 5

_POINTS = 30
_TREND = (
    "stck_cntg_hour", "futs_antc_cnpr", "antc_cntg_vrss_sign", "futs_antc_cntg_vrss",
    "antc_cntg_prdy_ctrt",
)  # fmt: skip

_SENTENCES = {
    "EGW00103": "유효하지 않은 AppKey입니다.",
    "EGW00105": "유효하지 않은 AppSecret입니다.",
    "EGW00123": "기간이 만료된 token 입니다.",
    "EGW00201": "초당 거래건수를 초과하였습니다.",
    "OPSQ2001": "ERROR INVALID FID_COND_MRKT_DIV_CODE",
    "OPSQ2002": "ERROR INVALID INPUT",
}
_MARKETS = {
    "F": ((Family.INDEX_FUTURES,), Session.DAY),
    "O": ((Family.INDEX_OPTION,), Session.DAY),
    "JF": ((Family.STOCK_FUTURES,), Session.DAY),
    "JO": ((Family.STOCK_OPTION,), Session.DAY),
    "CF": ((Family.COMMODITY_FUTURES,), Session.DAY),
    "CM": ((Family.INDEX_FUTURES, Family.COMMODITY_FUTURES), Session.NIGHT),
    "EU": ((Family.INDEX_OPTION,), Session.NIGHT),
}

_PRICES = {
    "futs_prpr": "price",
    "futs_prdy_vrss": "change",
    "futs_oprc": "open",
    "futs_hgpr": "high",
    "futs_lwpr": "low",
    "basis": "market_basis",
    "hts_thpr": "theoretical_price",
}
_PERCENT = {
    "futs_prdy_ctrt": "change_percent",
    "dprt": "disparity_percent",
    "hist_vltl": "historical_volatility",
    "hts_ints_vltl": "implied_volatility",
}
_COUNTS = {
    "acml_vol": "accumulated_volume",
    "acml_tr_pbmn": "accumulated_turnover",
    "hts_otst_stpl_qty": "open_interest",
    "otst_stpl_qty_icdc": "open_interest_change",
}
_GREEKS = {
    "delta_val": "delta",
    "gama": "gamma",
    "theta": "theta",
    "vega": "vega",
    "rho": "rho",
}
_OTHERS = (
    "hts_kor_isnm", "prdy_vrss_sign", "futs_prdy_clpr", "futs_sdpr", "futs_mxpr", "futs_llam",
    "futs_last_tr_date", "hts_rmnn_dynu", "acpr",
)  # fmt: skip
_FIELDS = (*_OTHERS, *_PRICES, *_PERCENT, *_COUNTS, *_GREEKS)

_DAILY_LIMIT = 0.08
_NAME_CELLS, _NUMBER_CELLS = 40, 12
# KOSPI divided by KOSPI200.
_KOSPI = 6.9


class Quotations:
    """Answers price calls; each contract's trades advance from call to call."""

    def __init__(
        self, clock: Clock, rest: RestServer, course: SessionCourse, oracle: Oracle
    ) -> None:
        self._clock, self._rest, self._course, self._oracle = clock, rest, course, oracle
        self._calls: deque[float] = deque()
        self._charts = MinuteCharts()
        self._tapes: dict[tuple[MarketModel, str], RunningTotals] = {}

    async def price(self, request: web.Request) -> web.Response:
        """Answer ``GET /uapi/domestic-futureoption/v1/quotations/inquire-price``."""
        code = request.query.get("FID_INPUT_ISCD", "").strip()
        market = request.query.get("FID_COND_MRKT_DIV_CODE", "").strip()
        self._oracle.quoted.append((self._clock.monotonic(), code))
        fault = self._fault(request) or _fault(market, code)
        if fault:
            return _refusal(fault)
        values = dict.fromkeys(_FIELDS, "") | self._values(*_MARKETS[market], code)
        return _answer(
            {
                "rt_cd": "0",
                "msg_cd": "MCA00000",
                "msg1": "정상처리 되었습니다.",
                "output1": values,
                "output2": self._index("0001", "종합", _KOSPI),
                "output3": self._index("2001", "KOSPI200", 1.0),
            }
        )

    async def expected(self, request: web.Request) -> web.Response:
        """Answer ``GET …/exp-price-trend`` (FHPIF05110100), of index products by day."""
        code = request.query.get("FID_INPUT_ISCD", "").strip()
        market = request.query.get("FID_COND_MRKT_DIV_CODE", "").strip()
        self._oracle.quoted.append((self._clock.monotonic(), code))
        fault = self._fault(request, EXPECTED_TR) or ("" if market in ("F", "O") else "OPSQ2001")
        if fault:
            return _refusal(fault)
        name, base, series = self._trend(market, code)
        newest = series[0] if series else {}
        first: dict[str, str] = {element: newest.get(element, "") for element in _TREND[1:]}
        return _answer(
            {
                "rt_cd": "0",
                "msg_cd": "MCA00000",
                "msg1": "정상처리 되었습니다.",
                "output1": first | {"hts_kor_isnm": name, "futs_sdpr": base},
                "output2": series,
            }
        )

    async def minutes(self, request: web.Request) -> web.Response:
        """Answer ``GET …/inquire-time-fuopchartprice`` (FHKIF03020200), of minutes alone."""
        asked = {name: value.strip() for name, value in request.query.items()}
        code, market = asked.get("FID_INPUT_ISCD", ""), asked.get("FID_COND_MRKT_DIV_CODE", "")
        day, hour = asked.get("FID_INPUT_DATE_1", ""), asked.get("FID_INPUT_HOUR_1", "")
        self._oracle.quoted.append((self._clock.monotonic(), code))
        fault = self._fault(request, MINUTES_TR) or _fault(market, code)
        if not (asked.get("FID_HOUR_CLS_CODE") == "60" and len(day) == 8 and len(hour) == 6):
            fault = fault or "OPSQ2002"
        if fault:
            return _refusal(fault)
        families, session = _MARKETS[market]
        found, bars = self._course.latest(session, self._second), list[dict[str, str]]()
        if found is not None and f"{found[0].hours.day:%Y%m%d}" == day:
            instrument = found[0].instruments.get(code)
            sleeps = session is Session.NIGHT and not (
                instrument and instrument.underlying.at_night
            )
            if instrument is not None and instrument.family in families and not sleeps:
                bars = self._charts.page(found[0], instrument, found[1], hour)
        answer = {"rt_cd": "0", "msg_cd": "MCA00000", "msg1": "정상처리 되었습니다."}
        return _answer(answer | {"output1": {}, "output2": bars})

    def _trend(self, division: str, code: str) -> tuple[str, str, list[dict[str, str]]]:
        """Return name, reference price and expected executions of the last auction by day."""
        families, session = _MARKETS[division]
        market, second = self._course.latest(session, self._second) or (self._course.first, -1.0)
        instrument = market.instruments.get(code)
        if instrument is None or instrument.family not in families:
            return "", "", []
        before = market.tape(instrument).previous
        said: list[ExpectedExecution] = []
        for auction in market.auctions(instrument):
            said = [one for one in auction.expected() if one.second <= second] or said
        series = []
        for one in reversed(said[-_POINTS:]):
            change = one.price - before
            figures = (one.price * instrument.unit, change * instrument.unit, 100 * change / before)
            price, moved, percent = (_figure(value, 2) for value in figures)
            written = (market.time(one.second), price, sign(change), moved, percent)
            series.append(dict(zip(_TREND, written, strict=True)))
        return instrument.name.ljust(_NAME_CELLS), _figure(before * instrument.unit, 2), series

    @property
    def _second(self) -> float:
        return self._course.first.hours.seconds(self._clock.now())

    def _fault(self, request: web.Request, tr_id: str = TR_ID) -> str:
        now, headers = self._clock.monotonic(), request.headers
        while self._calls and self._calls[0] <= now - 1:
            self._calls.popleft()
        if len(self._calls) >= MOST_A_SECOND:
            return "EGW00201"
        self._calls.append(now)
        app_key = self._rest.bearer(headers.get("authorization", ""))
        if app_key is None:
            return "EGW00123"
        if headers.get("appkey") != app_key:
            return "EGW00103"
        if not headers.get("appsecret"):
            return "EGW00105"
        known = headers.get("tr_id") == tr_id and headers.get("custtype") in ("P", "B")
        return "" if known else "OPSQ2002"

    def _values(self, families: tuple[Family, ...], session: Session, code: str) -> dict[str, str]:
        """Return the answer's fields for a contract; empty if it is not listed in the session."""
        found = self._course.latest(session, self._second)
        market, second = found or (self._course.first, None)
        instrument = market.instruments.get(code)
        if instrument is None or instrument.family not in families:
            return {}
        if session is Session.NIGHT and not instrument.underlying.at_night:
            return {}
        entry = choose(instrument.family, session, Channel.TRADE)
        assert isinstance(entry, CatalogEntry)
        if second is None:
            tape = market.tape(instrument)
            tape.recall()
        else:
            if (market, code) not in self._tapes:
                self._forget(session, market)
                self._tapes[market, code] = market.tape(instrument)
            tape = self._tapes[market, code]
            tape.advance(second)
        return _written(instrument, tape, trade_values(tape, entry, ""), market)

    def _forget(self, session: Session, market: MarketModel) -> None:
        """Drop the trades of the days (or nights) before the one that is on."""
        for key in list(self._tapes):
            if key[0] is not market and key[0].hours.session is session:
                del self._tapes[key]

    def _index(self, code: str, name: str, scale: float) -> dict[str, str]:
        number = self._course.number(self._second)
        market = self._course.market(number)
        level, before = market.spot(KOSPI200, self._second - self._course.offset(number))
        change = (level - before) * scale
        return {
            "bstp_cls_code": code,
            "hts_kor_isnm": name,
            "bstp_nmix_prpr": f"{level * scale:.2f}",
            "prdy_vrss_sign": sign(round(change, 2)),
            "bstp_nmix_prdy_vrss": f"{change:.2f}",
            "bstp_nmix_prdy_ctrt": f"{100 * (level / before - 1):.2f}",
        }


def _fault(market: str, code: str) -> str:
    if market not in _MARKETS:
        return "OPSQ2001"
    return "" if code else "OPSQ2002"


def _written(
    instrument: SimulatedInstrument, tape: RunningTotals, values: Values, market: MarketModel
) -> dict[str, str]:
    decimals = 0 if instrument.family is Family.STOCK_FUTURES else 2
    before = tape.previous * instrument.unit
    room = _DAILY_LIMIT * (instrument.underlying.level if instrument.is_spread else before)
    limits = (before + room, before - room)
    left = (instrument.expiry - market.hours.day).days
    groups = ((_PRICES, decimals), (_PERCENT, 2), (_COUNTS, 0), (_GREEKS, 4))
    figures = {
        name: _figure(values.get(own, 0.0), places)
        for group, places in groups
        for name, own in group.items()
    }
    return {
        "hts_kor_isnm": instrument.name.ljust(_NAME_CELLS),
        "prdy_vrss_sign": str(values["change_sign"]),
        "futs_prdy_clpr": _figure(before, decimals),
        "futs_sdpr": _figure(before, decimals),
        "futs_mxpr": _figure(limits[0], decimals),
        "futs_llam": _figure(limits[1], decimals),
        "futs_last_tr_date": f"{instrument.expiry:%Y%m%d}",
        "hts_rmnn_dynu": _figure(left, 0),
        "acpr": _figure(instrument.strike, 2),
        **figures,
    }


def _figure(value: float | str, decimals: int) -> str:
    """Return a number padded on the left; "" for nan."""
    assert not isinstance(value, str)
    return "" if isnan(value) else f"{value:.{decimals}f}".rjust(_NUMBER_CELLS)


def _refusal(code: str) -> web.Response:
    # Refusals of the gateway have HTTP status 500, those of the service behind it 200.
    gateway = code.startswith("EGW")
    body = {"rt_cd": "1" if gateway else "2", "msg_cd": code, "msg1": _SENTENCES[code]}
    return _answer(body, 500 if gateway else 200)


def _answer(body: object, status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json"
    )
