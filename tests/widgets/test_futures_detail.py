"""The numbers of one future in panel 2."""

from datetime import date
from math import nan

import pytest
from msgspec.structs import replace

from specs.codes import Family
from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record import TradeRecord
from specs.trs.index_futures_trade import IndexFuturesTrade
from specs.trs.night_futures_trade import NightFuturesTrade
from specs.trs.stock_futures_trade import StockFuturesTrade
from specs.user_message import UserMessage
from widgets.futures_detail import futures_lines
from widgets.texts import speaking, t

FUTURE = Instrument("A01612", "F 202612", Family.INDEX_FUTURES)
TRADE = IndexFuturesTrade(
    "A01612", "100003", 14.3, "2", 1.33, 1080.3, 1078.0, 1091.1, 1070.05, 4.0, 7_671.0,
    208_135_520.0, 1081.1, -0.91, -0.07, 1080.3, 1082.4, 2.1, 102_859.0, 113.0,
    "084500", "2", 2.3, "091213", "5", -10.8, "000000", "2", 10.25,
    0.49, 94.95, -0.8, -3.0, -0.11, 1080.35, 1080.3, 5.0, 6.0, 1_530.0, 1_552.0, 22.0,
    3_818.0, 3_853.0, 122.0, 416.0, 25.66, 300.0, 1091.1, 1069.5, "2",
)  # fmt: skip


def facts(trade: TradeRecord, instrument: Instrument = FUTURE) -> dict[str, str]:
    """Return the values of the detail by their labels, read from lines of one column."""
    lines = futures_lines(Ticker(instrument, trade, 100.0), 30, 100.0)[:-1]
    return dict(line.plain.split(maxsplit=1) for line in lines)


def test_futures_detail_shows_every_number_of_the_trade() -> None:
    """Source: the portal's fields of H0IFCNT0; its turnover comes in thousand won."""
    assert facts(TRADE) == {
        "기초자산": "1,081.21",
        "이론가": "1,081.10",
        "베이시스": "-0.91",
        "이론베이시스": "-0.11",
        "괴리도": "-0.80",
        "괴리율": "-0.07%",
        "실시간상한": "1,091.10 +1.00%",
        "실시간하한": "1,069.50 -1.00%",
        "가격제한구분": "2",
        "잔존": "—",
        "미결제": "102,859",
        "미결제증감": "+113",
        "미결제직전": "-3",
        "거래대금": "2,081.36억",
        "전일거래량비": "25.66%",
        "체결강도": "94.95%",
        "매수비율": "49.00%",
        "시가": "1,078.00",
        "시가대비": "+2.30 08:45:00",
        "고가": "1,091.10",
        "고가대비": "-10.80 09:12:13",
        "저가": "1,070.05",
        "저가대비": "+10.25",
        "매도체결건수": "1,530",
        "매수체결건수": "1,552",
        "총매도수량": "3,818",
        "총매수수량": "3,853",
        "순매수건수": "+22",
        "최종거래량": "4",
        "총매도잔량": "122",
        "총매수잔량": "416",
        "근월물": "1,080.30",
        "원월물": "1,082.40",
        "스프레드": "2.10",
        "협의대량": "300",
    }


def test_futures_detail_shows_no_limits_that_may_be_shifted_columns() -> None:
    shifted = replace(TRADE, dynamic_limit_flag="1069.50", dynamic_lower_limit=2.0)
    for trade in (shifted, replace(TRADE, dynamic_upper_limit=0.0, dynamic_lower_limit=0.0)):
        found = facts(trade)
        assert (found["실시간상한"], found["실시간하한"]) == ("—", "—")
        assert "가격제한구분" not in found


def test_stock_future_shows_whole_won_and_a_turnover_in_won() -> None:
    stock = Instrument("A11612", "삼성전자 F 202612", Family.STOCK_FUTURES)
    trade = StockFuturesTrade(
        "A11612", "100003", price=77_560.0, market_basis=360.0, accumulated_turnover=1_337_128_000.0
    )
    found = facts(trade, stock)
    assert (found["기초자산"], found["베이시스"]) == ("77,200", "+360")
    assert found["거래대금"] == "133,713만"
    assert found["협의대량"] == "—"


def test_underlying_is_its_close_at_night() -> None:
    """Source: the index stands still at night."""
    night = NightFuturesTrade("A01612", "190000", price=1080.3, market_basis=-0.91)
    assert facts(night)["기초종가"] == "1,081.21"
    assert "기초자산" not in facts(night)


def test_missing_numbers_are_dashes() -> None:
    row = Ticker(FUTURE, IndexFuturesTrade("A01612", "100003", price=1080.3), 100.0)
    words = " ".join(line.plain for line in futures_lines(row, 56, 100.0)[:-1]).split()
    assert set(words[1::2]) == {"—"}
    assert facts(replace(TRADE, accumulated_turnover=nan))["거래대금"] == "—"


@pytest.mark.parametrize(
    ("today", "left", "words"),
    [
        (date(2026, 11, 20), 1_780_000.0, "20일"),
        (date(2026, 12, 10), 19_220.0, "5시간20분"),
        (date(2026, 12, 10), -1.0, "만기"),
    ],
)
def test_futures_detail_counts_hours_and_minutes_on_the_last_day(
    today: date, left: float, words: str
) -> None:
    row = Ticker(replace(FUTURE, expiry=date(2026, 12, 10)), TRADE, 100.0)
    lines = futures_lines(row, 30, 100.0, today, left)
    assert ["잔존", words] in [line.plain.split() for line in lines]


def test_disparity_of_a_theory_near_zero_is_missing() -> None:
    """Source: KIS sends 9999.99 where the percentage has no room."""
    assert facts(replace(TRADE, disparity_percent=9999.99))["괴리율"] == "—"
    assert facts(replace(TRADE, disparity_percent=-9999.99))["괴리율"] == "—"


def test_a_row_without_a_trade_shows_its_note() -> None:
    (line,) = futures_lines(Ticker(FUTURE), 56, 0.0)
    assert line.plain == "체결 없음"
    noted = Ticker(FUTURE, note=UserMessage("row.waiting"))
    assert futures_lines(noted, 56, 0.0)[0].plain == t("row.waiting")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [40, 56, 76, 116])
def test_no_value_is_cut_at_any_width(language: str, width: int) -> None:
    won = replace(
        TRADE, open_interest_change=-1_234_567.0, open_interest_last_change=-12_345.0,
        accumulated_turnover=1e15, change_from_open=-10_080.3,
    )  # fmt: skip
    with speaking(language):
        lines = futures_lines(Ticker(FUTURE, won, 100.0), width, 100.0)
    assert not [line.plain for line in lines if "…" in line.plain or line.cell_length > width]


def test_values_grow_dim_with_the_age_of_the_trade() -> None:
    row = Ticker(FUTURE, TRADE, 100.0)
    dim = {
        now: {str(span.style) for span in futures_lines(row, 56, now)[0].spans}
        for now in (100.0, 115.0, 170.0)
    }
    assert not {"$text-older", "$text-old"} & dim[100.0]
    assert "$text-older" in dim[115.0]
    assert "$text-old" in dim[170.0]
