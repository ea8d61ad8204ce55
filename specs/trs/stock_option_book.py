"""H0ZOASP0: stock option order book (주식옵션 실시간호가), 68 fields in order.

Levels 1 to 5 and the totals come first, levels 6 to 10 after them.
"""

from specs.record import BookRecord, Quantity, TimeOfDay, number, text


class StockOptionBook(BookRecord, frozen=True):
    """One record of H0ZOASP0."""

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
    ask_6: float = number("OPTN_ASKP6")  # 옵션매도호가6
    ask_7: float = number("OPTN_ASKP7")  # 옵션매도호가7
    ask_8: float = number("OPTN_ASKP8")  # 옵션매도호가8
    ask_9: float = number("OPTN_ASKP9")  # 옵션매도호가9
    ask_10: float = number("OPTN_ASKP10")  # 옵션매도호가10
    bid_6: float = number("OPTN_BIDP6")  # 옵션매수호가6
    bid_7: float = number("OPTN_BIDP7")  # 옵션매수호가7
    bid_8: float = number("OPTN_BIDP8")  # 옵션매수호가8
    bid_9: float = number("OPTN_BIDP9")  # 옵션매수호가9
    bid_10: float = number("OPTN_BIDP10")  # 옵션매수호가10
    ask_count_6: Quantity = number("ASKP_CSNU6")  # 매도호가건수6
    ask_count_7: Quantity = number("ASKP_CSNU7")  # 매도호가건수7
    ask_count_8: Quantity = number("ASKP_CSNU8")  # 매도호가건수8
    ask_count_9: Quantity = number("ASKP_CSNU9")  # 매도호가건수9
    ask_count_10: Quantity = number("ASKP_CSNU10")  # 매도호가건수10
    bid_count_6: Quantity = number("BIDP_CSNU6")  # 매수호가건수6
    bid_count_7: Quantity = number("BIDP_CSNU7")  # 매수호가건수7
    bid_count_8: Quantity = number("BIDP_CSNU8")  # 매수호가건수8
    bid_count_9: Quantity = number("BIDP_CSNU9")  # 매수호가건수9
    bid_count_10: Quantity = number("BIDP_CSNU10")  # 매수호가건수10
    ask_size_6: Quantity = number("ASKP_RSQN6")  # 매도호가잔량6
    ask_size_7: Quantity = number("ASKP_RSQN7")  # 매도호가잔량7
    ask_size_8: Quantity = number("ASKP_RSQN8")  # 매도호가잔량8
    ask_size_9: Quantity = number("ASKP_RSQN9")  # 매도호가잔량9
    ask_size_10: Quantity = number("ASKP_RSQN10")  # 매도호가잔량10
    bid_size_6: Quantity = number("BIDP_RSQN6")  # 매수호가잔량6
    bid_size_7: Quantity = number("BIDP_RSQN7")  # 매수호가잔량7
    bid_size_8: Quantity = number("BIDP_RSQN8")  # 매수호가잔량8
    bid_size_9: Quantity = number("BIDP_RSQN9")  # 매수호가잔량9
    bid_size_10: Quantity = number("BIDP_RSQN10")  # 매수호가잔량10
