"""FHMIF10000000: which market is asked, and how an answer becomes a record of the trade TR."""

import json
from datetime import date
from math import isnan
from typing import Any

import msgspec
import pytest

from specs.catalog import CATALOG, Session
from specs.codes import Family, parse
from specs.quotation import (
    PERCENT,
    Quotation,
    QuotationError,
    last_trading_day,
    market,
    previous_close,
    read,
    record,
)

CALL, FUTURES, SPREAD = "B01612A18", "A01612", "D0112V5S"
DAY, NIGHT = Session.DAY, Session.NIGHT
FIGURES = {
    "futs_prpr": "       12.55", "futs_prdy_vrss": "-0.45", "prdy_vrss_sign": "5",
    "futs_prdy_ctrt": "-3.46", "futs_oprc": "13.00", "futs_hgpr": "13.20", "futs_lwpr": "12.10",
    "acml_vol": "1288", "hts_otst_stpl_qty": "20311", "otst_stpl_qty_icdc": "-120",
    "basis": "-0.91", "hts_thpr": "12.61", "dprt": "-0.48", "delta_val": "0.4512",
    "gama": "0.002100", "theta": "-0.6105", "vega": "0.9001", "rho": "0.0711",
    "hist_vltl": "31.20", "hts_ints_vltl": "84.55",
}  # fmt: skip


def answer(**changes: Any) -> bytes:
    output = FIGURES | changes
    return json.dumps({"rt_cd": "0", "msg_cd": "MCA00000", "output1": output}).encode()


@pytest.mark.parametrize(
    ("contract", "session", "code"),
    [
        (FUTURES, DAY, "F"), (FUTURES, NIGHT, "CM"),
        (CALL, DAY, "O"), (CALL, NIGHT, "EU"),
        ("A11612", DAY, "JF"), ("A11612", NIGHT, "JF"),
        ("B11612001", DAY, "JO"), ("B11612001", NIGHT, "JO"),
        ("A75612", DAY, "CF"), ("A75612", NIGHT, "CM"),
        ("A76612", DAY, "CF"), ("A76612", NIGHT, "CF"),
        ("A04612", DAY, "F"), ("A04612", NIGHT, "F"),
    ],
)  # fmt: skip
def test_market_is_the_days_at_night_where_a_contract_has_no_night(
    contract: str, session: Session, code: str
) -> None:
    assert market(parse(contract), session) == code


@pytest.mark.parametrize(
    ("code", "session", "tr_id"),
    [
        (CALL, DAY, "H0IOCNT0"), (CALL, NIGHT, "H0EUCNT0"),
        (FUTURES, DAY, "H0IFCNT0"), (FUTURES, NIGHT, "H0MFCNT0"),
        ("A11612", DAY, "H0ZFCNT0"), ("A11612", NIGHT, "H0ZFCNT0"),
        ("B11612001", DAY, "H0ZOCNT0"), ("B11612001", NIGHT, "H0ZOCNT0"),
        ("B09FEWA49", NIGHT, "H0EUCNT0"), (SPREAD, DAY, "H0IFCNT0"),
        ("A75612", DAY, "H0CFCNT0"), ("A75612", NIGHT, "H0MFCNT0"),
        ("A76612", NIGHT, "H0CFCNT0"), ("A04612", NIGHT, "H0IFCNT0"),
    ],
)  # fmt: skip
def test_an_answer_becomes_a_record_of_the_sessions_trade_tr(
    code: str, session: Session, tr_id: str
) -> None:
    found, trade = record(parse(code), session, read(answer()))
    assert (found, type(trade)) == (tr_id, CATALOG[tr_id].spec)
    assert (trade.code, trade.time, trade.price) == (code, "", 12.55)
    assert (trade.change_sign, trade.change, trade.change_percent) == ("5", -0.45, -3.46)
    assert (trade.open, trade.high, trade.low) == (13.0, 13.2, 12.1)
    assert (trade.accumulated_volume, trade.open_interest) == (1288, 20311)
    assert (trade.open_interest_change, trade.theoretical_price) == (-120, 12.61)
    for name in ("bid", "ask", "last_volume", "accumulated_turnover", "trade_strength"):
        assert isnan(getattr(trade, name)), name


def test_greeks_are_an_options_and_basis_a_futures() -> None:
    _, option = record(parse(CALL), NIGHT, read(answer()))
    _, future = record(parse(FUTURES), NIGHT, read(answer()))
    told = msgspec.structs.asdict(option)
    greeks = [told[name] for name in ("delta", "gamma", "theta", "vega", "rho")]
    assert greeks == [0.4512, 0.0021, -0.6105, 0.9001, 0.0711]
    assert isnan(told["market_basis"])
    assert future.market_basis == -0.91


@pytest.mark.parametrize(
    ("code", "family"), [(CALL, Family.INDEX_OPTION), ("B11612001", Family.STOCK_OPTION)]
)
def test_implied_volatility_comes_out_in_percent_through_the_trs_scale(
    code: str, family: Family
) -> None:
    tr_id, trade = record(parse(code), DAY, read(answer(hts_ints_vltl="0.31")))
    told = msgspec.structs.asdict(trade)["implied_volatility"]
    percent = 0.31 * PERCENT[family]
    assert told * CATALOG[tr_id].volatility_scale == pytest.approx(percent)


@pytest.mark.parametrize("missing", ["", "   ", "nan", "-nan", "NaN"])
def test_a_blank_number_is_missing_not_zero(missing: str) -> None:
    changes = dict.fromkeys(FIGURES.keys() - {"futs_prpr", "prdy_vrss_sign"}, missing)
    _, trade = record(parse(CALL), NIGHT, read(answer(**changes)))
    told = msgspec.structs.asdict(trade)
    assert told.pop("price") == 12.55
    assert all(isnan(value) for value in told.values() if isinstance(value, float))


def test_a_price_of_zero_is_none_but_for_a_spread() -> None:
    zeros = dict.fromkeys(("futs_prpr", "futs_oprc", "futs_hgpr", "futs_lwpr"), "0.00")
    _, trade = record(parse(CALL), NIGHT, read(answer(**zeros)))
    assert isnan(trade.price + trade.open + trade.high + trade.low)
    assert trade.open_interest == 20311
    _, trade = record(parse(SPREAD), DAY, read(answer(**zeros)))
    assert (trade.price, trade.open) == (0, 0)


@pytest.mark.parametrize("sign", ["", "9", "12.5", "▲"])
def test_a_sign_that_is_none_is_left_out(sign: str) -> None:
    _, trade = record(parse(CALL), NIGHT, read(answer(prdy_vrss_sign=sign)))
    assert trade.change_sign == ""


@pytest.mark.parametrize(
    "figure", ["1e5", "inf", "0x10", "１２", "1_000", "1,000", "9" * 16, "--1", "\x1b[2J", "."]
)
def test_what_is_no_number_is_refused_as_a_price_and_missing_elsewhere(figure: str) -> None:
    with pytest.raises(QuotationError, match="number"):
        record(parse(CALL), NIGHT, read(answer(futs_prpr=figure)))
    _, trade = record(parse(CALL), NIGHT, read(answer(dprt=figure, hts_otst_stpl_qty=figure)))
    told = msgspec.structs.asdict(trade)
    assert isnan(told["disparity_percent"])
    assert isnan(told["open_interest"])
    assert (told["price"], told["delta"]) == (12.55, 0.4512)


def test_a_negative_volume_is_refused() -> None:
    with pytest.raises(QuotationError, match="number"):
        record(parse(CALL), NIGHT, read(answer(acml_vol="-1")))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "json"), (b"{", "json"), (b"\xff", "json"), (b" <html>", "html"), (b"[]", "shape"),
        (b"null", "shape"), (b'{"rt_cd":0}', "shape"), (b"{}", "shape"),
        (b'{"rt_cd":"0"}', "json"), (b'{"rt_cd":"0","output1":[]}', "shape"),
        (b'{"rt_cd":"0","output1":null}', "shape"), (b"[" * 200_000, "shape"),
        (b'{"rt_cd":"0","output1":' + b"[" * 200_000, "json"),
        (b'{"rt_cd":"0","output1":{"futs_prpr":null}}', "shape"),
        (b'{"rt_cd":"0","output1":{}}', "no_data"), (b" " * 300_000, "oversize"),
        (b'{"rt_cd":"1","msg_cd":"EGW00123","msg1":"x"}', "refused"),
        (b'{"error_code":"EGW00103","error_description":"x"}', "refused"),
    ],
    ids=lambda value: repr(value[:40]),
)  # fmt: skip
def test_an_answer_that_is_no_price_is_refused_by_name(body: bytes, reason: str) -> None:
    with pytest.raises(QuotationError) as caught:
        read(body)
    assert caught.value.reason == reason


def test_what_kis_says_is_cleaned() -> None:
    body = {"rt_cd": "1", "msg_cd": "EGW\x1b[2J", "msg1": " 기간이 \x1b]0;x\x07만료\u202e "}
    with pytest.raises(QuotationError) as caught:
        read(json.dumps(body).encode())
    assert caught.value.code == "?"
    assert caught.value.words.isprintable()
    assert caught.value.words.startswith("기간이")


def test_every_element_is_read_under_kis_own_name() -> None:
    names = {field.encode_name for field in msgspec.structs.fields(Quotation)}
    assert names == {*FIGURES, "futs_last_tr_date", "futs_prdy_clpr"}


@pytest.mark.parametrize(
    ("code", "family"), [(CALL, Family.INDEX_OPTION), ("B11612001", Family.STOCK_OPTION)]
)
def test_record_converts_volatility_by_both_units(
    code: str, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PERCENT, family, 40.0)
    tr_id, trade = record(parse(code), DAY, read(answer(hts_ints_vltl="0.5")))
    told = msgspec.structs.asdict(trade)["implied_volatility"]
    assert told * CATALOG[tr_id].volatility_scale == pytest.approx(20.0)


def test_a_volume_of_zero_is_read() -> None:
    _, trade = record(parse(CALL), NIGHT, read(answer(acml_vol="0", hts_otst_stpl_qty="0")))
    assert (trade.accumulated_volume, trade.open_interest) == (0, 0)


def test_read_refuses_an_answer_above_256_kib() -> None:
    body = answer()
    padded = body + b" " * (256 * 1024 - len(body))
    assert read(padded).price.strip() == "12.55"
    with pytest.raises(QuotationError, match="oversize"):
        read(padded + b" ")


@pytest.mark.parametrize("code", ["A" * 16, "A" * 17, "a", ""])
def test_read_names_a_refusal_by_a_code_of_up_to_16_characters(code: str) -> None:
    body = {"rt_cd": "1", "msg_cd": code, "error_description": "no such app"}
    with pytest.raises(QuotationError) as caught:
        read(json.dumps(body).encode())
    assert caught.value.code == (code if code == "A" * 16 else "?")
    assert caught.value.reason == ("refused" if code else "shape")
    assert caught.value.words == "no such app"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20261210", date(2026, 12, 10)), (" 20261210 ", date(2026, 12, 10)), ("", None),
        ("20261310", None), ("19991210", None), ("2026-12-10", None), ("2026121", None),
    ],
)  # fmt: skip
def test_last_trading_day_reads_a_date_of_this_century(text: str, day: date | None) -> None:
    assert last_trading_day(Quotation(last_trading_date=text)) == day


@pytest.mark.parametrize(
    ("text", "close"),
    [(" 1080.25", 1080.25), ("0.00", 0.0), ("", None), ("-nan", None), ("x", None)],
)
def test_the_close_before_a_session_is_read_or_missing(text: str, close: float | None) -> None:
    found = previous_close(Quotation(previous_close=text))
    assert found == close if close is not None else isnan(found)
