"""H0EUASP0: night option order book (KRX야간옵션 실시간호가), 38 fields in order."""

from specs.record import BookRecord, Quantity, TimeOfDay, number, text


class NightOptionBook(BookRecord, frozen=True):
    """One record of H0EUASP0."""

    code: str = text("OPTN_SHRN_ISCD")  # 옵션단축종목코드
    time: TimeOfDay = text("BSOP_HOUR")  # 영업시간
    ask: float = number("OPTN_ASKP1")  # 옵션매도호가1
    ask_2: float = number("OPTN_ASKP2")  # 옵션매도호가2
    ask_3: float = number("OPTN_ASKP3")  # 옵션매도호가3
    ask_4: float = number("OPTN_ASKP4")  # 옵션매도호가4
    ask_5: float = number("OPTN_ASKP5")  # 옵션매도호가5
    bid: float = number("OPTN_BIDP1")  # 옵션매수호가1
    bid_2: float = number("OPTN_BIDP2")  # 옵션매수호가2
    bid_3: float = number("OPTN_BIDP3")  # 옵션매수호가3
    bid_4: float = number("OPTN_BIDP4")  # 옵션매수호가4
    bid_5: float = number("OPTN_BIDP5")  # 옵션매수호가5
    ask_count: Quantity = number("ASKP_CSNU1")  # 매도호가건수1
    ask_count_2: Quantity = number("ASKP_CSNU2")  # 매도호가건수2
    ask_count_3: Quantity = number("ASKP_CSNU3")  # 매도호가건수3
    ask_count_4: Quantity = number("ASKP_CSNU4")  # 매도호가건수4
    ask_count_5: Quantity = number("ASKP_CSNU5")  # 매도호가건수5
    bid_count: Quantity = number("BIDP_CSNU1")  # 매수호가건수1
    bid_count_2: Quantity = number("BIDP_CSNU2")  # 매수호가건수2
    bid_count_3: Quantity = number("BIDP_CSNU3")  # 매수호가건수3
    bid_count_4: Quantity = number("BIDP_CSNU4")  # 매수호가건수4
    bid_count_5: Quantity = number("BIDP_CSNU5")  # 매수호가건수5
    ask_size: Quantity = number("ASKP_RSQN1")  # 매도호가잔량1
    ask_size_2: Quantity = number("ASKP_RSQN2")  # 매도호가잔량2
    ask_size_3: Quantity = number("ASKP_RSQN3")  # 매도호가잔량3
    ask_size_4: Quantity = number("ASKP_RSQN4")  # 매도호가잔량4
    ask_size_5: Quantity = number("ASKP_RSQN5")  # 매도호가잔량5
    bid_size: Quantity = number("BIDP_RSQN1")  # 매수호가잔량1
    bid_size_2: Quantity = number("BIDP_RSQN2")  # 매수호가잔량2
    bid_size_3: Quantity = number("BIDP_RSQN3")  # 매수호가잔량3
    bid_size_4: Quantity = number("BIDP_RSQN4")  # 매수호가잔량4
    bid_size_5: Quantity = number("BIDP_RSQN5")  # 매수호가잔량5
    total_ask_count: Quantity = number("TOTAL_ASKP_CSNU")  # 총매도호가건수
    total_bid_count: Quantity = number("TOTAL_BIDP_CSNU")  # 총매수호가건수
    total_ask_size: Quantity = number("TOTAL_ASKP_RSQN")  # 총매도호가잔량
    total_bid_size: Quantity = number("TOTAL_BIDP_RSQN")  # 총매수호가잔량
    total_ask_size_change: float = number("TOTAL_ASKP_RSQN_ICDC")  # 총매도호가잔량증감
    total_bid_size_change: float = number("TOTAL_BIDP_RSQN_ICDC")  # 총매수호가잔량증감
