"""H0EUCNT0: KRX night option trade (KRX야간옵션 실시간체결), 56 fields in wire order."""

from specs.record import Flag, OptionTradeRecord, Quantity, Sign, TimeOfDay, number, text


class NightOptionTrade(OptionTradeRecord, frozen=True):
    """One record of H0EUCNT0.

    Implied volatility comes in percent, turnover in thousand won.  The dynamic limit flag is
    between its two prices here, unlike in every other TR.
    """

    code: str = text("OPTN_SHRN_ISCD")  # 옵션단축종목코드
    time: TimeOfDay = text("BSOP_HOUR")  # 영업시간
    price: float = number("OPTN_PRPR")  # 옵션현재가
    change_sign: Sign = text("PRDY_VRSS_SIGN")  # 전일대비부호
    change: float = number("OPTN_PRDY_VRSS")  # 옵션전일대비
    change_percent: float = number("PRDY_CTRT")  # 전일대비율
    open: float = number("OPTN_OPRC")  # 옵션시가2
    high: float = number("OPTN_HGPR")  # 옵션최고가
    low: float = number("OPTN_LWPR")  # 옵션최저가
    last_volume: Quantity = number("LAST_CNQN")  # 최종거래량
    accumulated_volume: Quantity = number("ACML_VOL")  # 누적거래량
    accumulated_turnover: Quantity = number("ACML_TR_PBMN")  # 누적거래대금
    theoretical_price: float = number("HTS_THPR")  # HTS이론가
    open_interest: Quantity = number("HTS_OTST_STPL_QTY")  # HTS미결제약정수량
    open_interest_change: float = number("OTST_STPL_QTY_ICDC")  # 미결제약정수량증감
    open_time: TimeOfDay = text("OPRC_HOUR")  # 시가시간
    change_from_open_sign: Sign = text("OPRC_VRSS_PRPR_SIGN")  # 시가2대비현재가부호
    change_from_open: float = number("OPRC_VRSS_NMIX_PRPR")  # 시가대비지수현재가
    high_time: TimeOfDay = text("HGPR_HOUR")  # 최고가시간
    change_from_high_sign: Sign = text("HGPR_VRSS_PRPR_SIGN")  # 최고가대비현재가부호
    change_from_high: float = number("HGPR_VRSS_NMIX_PRPR")  # 최고가대비지수현재가
    low_time: TimeOfDay = text("LWPR_HOUR")  # 최저가시간
    change_from_low_sign: Sign = text("LWPR_VRSS_PRPR_SIGN")  # 최저가대비현재가부호
    change_from_low: float = number("LWPR_VRSS_NMIX_PRPR")  # 최저가대비지수현재가
    buy_ratio: float = number("SHNU_RATE")  # 매수2비율
    premium: float = number("PRMM_VAL")  # 프리미엄값
    intrinsic_value: float = number("INVL_VAL")  # 내재가치값
    time_value: float = number("TMVL_VAL")  # 시간가치값
    delta: float = number("DELTA")  # 델타
    gamma: float = number("GAMA")  # 감마
    vega: float = number("VEGA")  # 베가
    theta: float = number("THETA")  # 세타
    rho: float = number("RHO")  # 로우
    implied_volatility: float = number("HTS_INTS_VLTL")  # HTS내재변동성
    disparity: float = number("ESDG")  # 괴리도
    open_interest_last_change: float = number("OTST_STPL_RGBF_QTY_ICDC")  # 미결제약정직전수량증감
    theoretical_basis: float = number("THPR_BASIS")  # 이론베이시스
    historical_volatility: float = number("UNAS_HIST_VLTL")  # 역사적변동성
    trade_strength: float = number("CTTR")  # 체결강도
    disparity_percent: float = number("DPRT")  # 괴리율
    market_basis: float = number("MRKT_BASIS")  # 시장베이시스
    ask: float = number("OPTN_ASKP1")  # 옵션매도호가1
    bid: float = number("OPTN_BIDP1")  # 옵션매수호가1
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
    dynamic_limit_flag: Flag = text("DYNM_PRC_LIMT_YN")  # 실시간가격제한구분
    dynamic_lower_limit: float = number("DYNM_LLAM")  # 실시간하한가
