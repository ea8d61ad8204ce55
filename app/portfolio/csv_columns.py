"""Columns of a table of positions by their titles, which differ from broker to broker.

Titles are compared without blanks, underscores and units in brackets, ignoring case.
KIS' titles are from its balance inquiry (CTFO6118R), in English and in Korean.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from app.system.errors import UsageError
from specs.clean import clean
from specs.user_message import MessageList, UserMessage

COLUMNS = ("code", "quantity", "average")

_TITLES = {
    "code": "code", "symbol": "code", "종목코드": "code", "종목번호": "code", "단축코드": "code",
    "코드": "code", "shtnpdno": "code", "단축상품번호": "code", "pdno": "code", "상품번호": "code",
    "isin": "code", "표준코드": "code",
    "name": "name", "종목명": "name", "종목": "name", "상품명": "name", "prdtname": "name",
    "htskorisnm": "name",
    "quantity": "quantity", "qty": "quantity", "수량": "quantity", "보유수량": "quantity",
    "잔고수량": "quantity", "미결제수량": "quantity", "잔고": "quantity", "cblcqty": "quantity",
    "average": "average", "averageprice": "average", "avgprice": "average", "평균단가": "average",
    "평균가": "average", "평균가격": "average", "매입단가": "average", "매입가": "average",
    "매입가격": "average", "매입평균가": "average", "매입평균가격": "average",
    "매입평균단가": "average", "평균매입가": "average", "체결평균단가": "average",
    "체결평균단가1": "average", "ccldavgunpr": "average", "ccldavgunpr1": "average",
    "side": "side", "direction": "side", "buy/sell": "side", "long/short": "side",
    "구분": "side", "매매구분": "side", "매도수구분": "side", "매도매수구분": "side",
    "매수매도구분": "side", "매도/매수": "side", "매수/매도": "side", "매도수": "side",
    "잔고구분": "side", "포지션구분": "side", "매도매수구분명": "side", "매도매수구분코드": "side",
    "매도수구분코드": "side", "매매구분코드": "side", "sllbuydvsnname": "side",
    "sllbuydvsncd": "side", "sllbuydvsn": "side",
}  # fmt: skip
_UNIT = re.compile(r"\([^)]*\)|\[[^]]*\]|[\s_]+")
_SHORT = re.compile(r"매도|숏|\b(?:sell|sold|short)\b")
_LONG = re.compile(r"매수|롱|\b(?:buy|bought|long)\b")
_NUMBERED = {"1": -1, "01": -1, "2": 1, "02": 1}
"""KIS' SLL_BUY_DVSN_CD, which other brokers have as well: 1 sold, 2 bought."""
_KINDS = re.compile(
    r"(?:주식|지수|미니|위클리|콜|풋)?(?:선물|옵션)?|futures?|options?|calls?|puts?"
)
"""Values of a column titled 구분 that holds kinds of contracts instead of sides."""
_SUM = re.compile(r"(?:.*[합총소누]계|계|(?:sub|grand)?total|sum)[:：]?")


class CsvColumns(Struct, frozen=True):
    """Indices of the columns, counted from 0."""

    codes: tuple[int, ...] = (0,)
    """Columns that may name the contract, codes before names."""
    quantity: int = 1
    average: int = 2
    sides: tuple[int, ...] = ()
    """Columns that may hold the side, long or short."""
    labels: tuple[str, ...] = ()
    """The titles as the file has them; empty where it has none."""

    @property
    def width(self) -> int:
        """How many fields a line may have."""
        return len(self.labels) or len(COLUMNS)

    def label(self, place: int) -> UserMessage | str:
        """Return what to call a column in a message."""
        if self.labels:
            return clean(self.labels[place], 24)
        return UserMessage(f"positions.{COLUMNS[place]}")


def names_of(fields: Sequence[str]) -> list[str | None]:
    """Return the column of each title, or None for an unknown title."""
    return [_TITLES.get(_UNIT.sub("", field).casefold()) for field in fields]


def titles_of(fields: Sequence[str]) -> CsvColumns:
    """Return the columns of a line of titles; of several quantities or averages the first.

    Raises:
        UsageError: one is missing.
    """
    names = names_of(fields)
    found = {"code" if name == "name" else name for name in names}
    missing = [UserMessage(f"positions.{name}") for name in COLUMNS if name not in found]
    if missing:
        raise UsageError(
            "positions.no_column", names=MessageList(missing, ", "), known=known_titles()
        )
    sides = tuple(place for place, name in enumerate(names) if name == "side")
    codes = sorted(
        (place for place, name in enumerate(names) if name in ("code", "name")),
        key=lambda place: names[place] == "name",
    )
    quantity, average = names.index("quantity"), names.index("average")
    return CsvColumns(tuple(codes), quantity, average, sides, tuple(fields))


def known_titles() -> str:
    """Return some titles of each column, for messages."""
    return " · ".join(
        ", ".join([title for title, name in _TITLES.items() if name == column][:4])
        for column in ("code", "name", "quantity", "average", "side")
    )


def signed(quantity: int, fields: Sequence[str], titles: CsvColumns) -> int:
    """Return the quantity with the sign of the line's side: below 0 for a short position.

    Raises:
        UsageError: the side is an unknown word, or contradicts the sign or another side column.
    """
    found: set[int] = set()
    for place in titles.sides:
        text = fields[place] if place < len(fields) else ""
        word = "".join(text.split()) if not text.isascii() else text
        word = word.casefold()
        short, long = bool(_SHORT.search(word)), bool(_LONG.search(word))
        if word in _NUMBERED:
            found.add(_NUMBERED[word])
        elif short is not long:
            found.add(-1 if short else 1)
        elif short or not word or not _KINDS.fullmatch(word):
            raise UsageError("positions.bad_side", text=clean(text, 16))
    if not found:
        return quantity
    if len(found) > 1 or (quantity < 0 and -1 not in found):
        raise UsageError("positions.contrary_side")
    return found.pop() * abs(quantity)


def is_sum(fields: Sequence[str]) -> bool:
    """Return whether a line is a sum of others, by its first text."""
    first = next((field for field in fields if field), "")
    return _SUM.fullmatch("".join(first.split()).casefold()) is not None
