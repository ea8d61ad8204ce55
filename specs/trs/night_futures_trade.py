"""H0MFCNT0: KRX night futures trade (KRX야간선물 실시간종목체결), 49 fields in wire order."""

from specs.record import Flag, FuturesTradeRecord, Quantity, Sign, TimeOfDay, number, text


class NightFuturesTrade(FuturesTradeRecord, frozen=True):
    """One record of H0MFCNT0.

    Turnover comes in thousand won; the volume counts the night session only.
    """

    code: str = text("FUTS_SHRN_ISCD")  # 선물 단축 종목코드
    time: TimeOfDay = text("BSOP_HOUR")  # 영업 시간
    change: float = number("FUTS_PRDY_VRSS")  # 선물 전일 대비
    change_sign: Sign = text("PRDY_VRSS_SIGN")  # 전일 대비 부호
    change_percent: float = number("FUTS_PRDY_CTRT")  # 선물 전일 대비율
    price: float = number("FUTS_PRPR")  # 선물 현재가
    open: float = number("FUTS_OPRC")  # 선물 시가2
    high: float = number("FUTS_HGPR")  # 선물 최고가
    low: float = number("FUTS_LWPR")  # 선물 최저가
    last_volume: Quantity = number("LAST_CNQN")  # 최종 거래량
    accumulated_volume: Quantity = number("ACML_VOL")  # 누적 거래량
    accumulated_turnover: Quantity = number("ACML_TR_PBMN")  # 누적 거래 대금
    theoretical_price: float = number("HTS_THPR")  # HTS 이론가
    market_basis: float = number("MRKT_BASIS")  # 시장 베이시스
    disparity_percent: float = number("DPRT")  # 괴리율
    near_month_price: float = number("NMSC_FCTN_STPL_PRC")  # 근월물 약정가
    far_month_price: float = number("FMSC_FCTN_STPL_PRC")  # 원월물 약정가
    spread_price: float = number("SPEAD_PRC")  # 스프레드1
    open_interest: Quantity = number("HTS_OTST_STPL_QTY")  # HTS 미결제 약정 수량
    open_interest_change: float = number("OTST_STPL_QTY_ICDC")  # 미결제 약정 수량 증감
    open_time: TimeOfDay = text("OPRC_HOUR")  # 시가 시간
    change_from_open_sign: Sign = text("OPRC_VRSS_PRPR_SIGN")  # 시가2 대비 현재가 부호
    change_from_open: float = number("OPRC_VRSS_NMIX_PRPR")  # 시가 대비 지수 현재가
    high_time: TimeOfDay = text("HGPR_HOUR")  # 최고가 시간
    change_from_high_sign: Sign = text("HGPR_VRSS_PRPR_SIGN")  # 최고가 대비 현재가 부호
    change_from_high: float = number("HGPR_VRSS_NMIX_PRPR")  # 최고가 대비 지수 현재가
    low_time: TimeOfDay = text("LWPR_HOUR")  # 최저가 시간
    change_from_low_sign: Sign = text("LWPR_VRSS_PRPR_SIGN")  # 최저가 대비 현재가 부호
    change_from_low: float = number("LWPR_VRSS_NMIX_PRPR")  # 최저가 대비 지수 현재가
    buy_ratio: float = number("SHNU_RATE")  # 매수2 비율
    trade_strength: float = number("CTTR")  # 체결강도
    disparity: float = number("ESDG")  # 괴리도
    open_interest_last_change: float = number(
        "OTST_STPL_RGBF_QTY_ICDC"
    )  # 미결제 약정 직전 수량 증감
    theoretical_basis: float = number("THPR_BASIS")  # 이론 베이시스
    ask: float = number("FUTS_ASKP1")  # 선물 매도호가1
    bid: float = number("FUTS_BIDP1")  # 선물 매수호가1
    ask_size: Quantity = number("ASKP_RSQN1")  # 매도호가 잔량1
    bid_size: Quantity = number("BIDP_RSQN1")  # 매수호가 잔량1
    sell_trade_count: Quantity = number("SELN_CNTG_CSNU")  # 매도 체결 건수
    buy_trade_count: Quantity = number("SHNU_CNTG_CSNU")  # 매수 체결 건수
    net_buy_trade_count: float = number("NTBY_CNTG_CSNU")  # 순매수 체결 건수
    sell_volume: Quantity = number("SELN_CNTG_SMTN")  # 총 매도 수량
    buy_volume: Quantity = number("SHNU_CNTG_SMTN")  # 총 매수 수량
    total_ask_size: Quantity = number("TOTAL_ASKP_RSQN")  # 총 매도호가 잔량
    total_bid_size: Quantity = number("TOTAL_BIDP_RSQN")  # 총 매수호가 잔량
    volume_change_percent: float = number("PRDY_VOL_VRSS_ACML_VOL_RATE")  # 전일 거래량 대비 등락율
    dynamic_upper_limit: float = number("DYNM_MXPR")  # 실시간상한가
    dynamic_lower_limit: float = number("DYNM_LLAM")  # 실시간하한가
    dynamic_limit_flag: Flag = text("DYNM_PRC_LIMT_YN")  # 실시간가격제한구분
