"""H0ZFCNT0: Stock futures trade, day session (주식선물 실시간체결가), 49 fields in wire order."""

from specs.record import Flag, FuturesTradeRecord, Quantity, Sign, TimeOfDay, number, text


class StockFuturesTrade(FuturesTradeRecord, frozen=True):
    """One record of H0ZFCNT0.

    Turnover comes in won.  The sign comes before the change here, as in option trades.
    """

    code: str = text("FUTS_SHRN_ISCD")  # 선물단축종목코드
    time: TimeOfDay = text("BSOP_HOUR")  # 영업시간
    price: float = number("STCK_PRPR")  # 주식현재가
    change_sign: Sign = text("PRDY_VRSS_SIGN")  # 전일대비부호
    change: float = number("PRDY_VRSS")  # 전일대비
    change_percent: float = number("FUTS_PRDY_CTRT")  # 선물전일대비율
    open: float = number("STCK_OPRC")  # 주식시가2
    high: float = number("STCK_HGPR")  # 주식최고가
    low: float = number("STCK_LWPR")  # 주식최저가
    last_volume: Quantity = number("LAST_CNQN")  # 최종거래량
    accumulated_volume: Quantity = number("ACML_VOL")  # 누적거래량
    accumulated_turnover: Quantity = number("ACML_TR_PBMN")  # 누적거래대금
    theoretical_price: float = number("HTS_THPR")  # HTS이론가
    market_basis: float = number("MRKT_BASIS")  # 시장베이시스
    disparity_percent: float = number("DPRT")  # 괴리율
    near_month_price: float = number("NMSC_FCTN_STPL_PRC")  # 근월물약정가
    far_month_price: float = number("FMSC_FCTN_STPL_PRC")  # 원월물약정가
    spread_price: float = number("SPEAD_PRC")  # 스프레드1
    open_interest: Quantity = number("HTS_OTST_STPL_QTY")  # HTS미결제약정수량
    open_interest_change: float = number("OTST_STPL_QTY_ICDC")  # 미결제약정수량증감
    open_time: TimeOfDay = text("OPRC_HOUR")  # 시가시간
    change_from_open_sign: Sign = text("OPRC_VRSS_PRPR_SIGN")  # 시가2대비현재가부호
    change_from_open: float = number("OPRC_VRSS_PRPR")  # 시가2대비현재가
    high_time: TimeOfDay = text("HGPR_HOUR")  # 최고가시간
    change_from_high_sign: Sign = text("HGPR_VRSS_PRPR_SIGN")  # 최고가대비현재가부호
    change_from_high: float = number("HGPR_VRSS_PRPR")  # 최고가대비현재가
    low_time: TimeOfDay = text("LWPR_HOUR")  # 최저가시간
    change_from_low_sign: Sign = text("LWPR_VRSS_PRPR_SIGN")  # 최저가대비현재가부호
    change_from_low: float = number("LWPR_VRSS_PRPR")  # 최저가대비현재가
    buy_ratio: float = number("SHNU_RATE")  # 매수2비율
    trade_strength: float = number("CTTR")  # 체결강도
    disparity: float = number("ESDG")  # 괴리도
    open_interest_last_change: float = number("OTST_STPL_RGBF_QTY_ICDC")  # 미결제약정직전수량증감
    theoretical_basis: float = number("THPR_BASIS")  # 이론베이시스
    ask: float = number("ASKP1")  # 매도호가1
    bid: float = number("BIDP1")  # 매수호가1
    ask_size: Quantity = number("ASKP_RSQN1")  # 매도호가잔량1
    bid_size: Quantity = number("BIDP_RSQN1")  # 매수호가잔량1
    sell_trade_count: Quantity = number("SELN_CNTG_CSNU")  # 매도체결건수
    buy_trade_count: Quantity = number("SHNU_CNTG_CSNU")  # 매수체결건수
    net_buy_trade_count: float = number("NTBY_CNTG_CSNU")  # 순매수체결건수
    sell_volume: Quantity = number("SELN_CNTG_SMTN")  # 총매도수량
    buy_volume: Quantity = number("SHNU_CNTG_SMTN")  # 총매수수량
    total_ask_size: Quantity = number("TOTAL_ASKP_RSQN")  # 총매도호가잔량
    total_bid_size: Quantity = number("TOTAL_BIDP_RSQN")  # 총매수호가잔량
    volume_change_percent: float = number("PRDY_VOL_VRSS_ACML_VOL_RATE")  # 전일거래량대비등락율
    dynamic_upper_limit: float = number("DYNM_MXPR")  # 실시간상한가
    dynamic_lower_limit: float = number("DYNM_LLAM")  # 실시간하한가
    dynamic_limit_flag: Flag = text("DYNM_PRC_LIMT_YN")  # 실시간가격제한구분
