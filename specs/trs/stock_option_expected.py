"""H0ZOANC0: Stock option expected execution (주식옵션 실시간예상체결), 7 fields in wire order."""

from specs.record import CodeText, ExpectedRecord, Sign, TimeOfDay, number, text


class StockOptionExpected(ExpectedRecord, frozen=True):
    """One record of H0ZOANC0.

    It has no quantity.
    """

    code: str = text("OPTN_SHRN_ISCD")  # 옵션단축종목코드
    time: TimeOfDay = text("BSOP_HOUR")  # 영업시간
    expected_price: float = number("ANTC_CNPR")  # 예상체결가
    expected_change: float = number("ANTC_CNTG_VRSS")  # 예상체결대비
    expected_change_sign: Sign = text("ANTC_CNTG_VRSS_SIGN")  # 예상체결대비부호
    expected_change_percent: float = number("ANTC_CNTG_PRDY_CTRT")  # 예상체결전일대비율
    market_operation_code: CodeText = text("ANTC_MKOP_CLS_CODE")  # 예상장운영구분코드
