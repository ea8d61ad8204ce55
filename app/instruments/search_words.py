"""Spellings that people type for a contract, and the splitting of a typed text into words.

The keys of the tables are the marks of a series in the search index.
"""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

LONGEST = 80
"""Characters of a typed text that are read."""

SPELLINGS: dict[str, tuple[str, ...]] = {
    "call": ("콜", "콜옵션", "call", "calls", "c"),
    "put": ("풋", "풋옵션", "put", "puts", "p"),
    "future": ("선물", "future", "futures", "fut", "f"),
    "option": ("옵션", "option", "options", "opt"),
    "spread": ("스프레드", "spread", "spreads", "sp"),
    "weekly": ("위클리", "주간옵션", "weekly", "weeklies", "wk", "위클"),
    "monthly": ("월물", "먼슬리", "monthly"),
    "monday": ("월", "월요일", "mon", "monday", "위클리m", "m"),
    "thursday": ("목", "목요일", "thu", "thursday"),
    "mini": ("미니", "mini"),
    "night": ("야간", "night"),
    "index": ("지수", "index"),
    "stock": ("주식", "개별주식", "stock", "stocks"),
    "kospi200": ("코스피", "코스피200", "kospi", "kospi200", "k200", "kp200", "ks200"),
    "kosdaq150": ("코스닥", "코스닥150", "kosdaq", "kosdaq150", "ksq", "ksq150", "kq150", "k150"),
    # KRX' and KIS' own short names.
    "01": ("k2i",),
    "05": ("mki",),
    "06": ("kqi",),
    "09": ("wki",),
    "AF": ("wkm",),
    "krx300": ("krx300", "k300"),
    "commodity": ("상품", "상품선물", "commodity", "commodities"),
    "bond": ("국채", "국채선물", "채권", "금리", "bond", "bonds", "ktb"),
    "currency": ("통화", "외환", "환율", "currency", "fx"),
    "B03": ("3년국채", "국채3년", "3년", "ktb3", "3y", "3yr"),
    "B05": ("5년국채", "국채5년", "5년", "ktb5", "5y", "5yr"),
    "B10": ("10년국채", "국채10년", "10년", "ktb10", "10y", "10yr"),
    "USD": ("달러", "미국달러", "미달러", "달러선물", "usd", "usdkrw", "dollar"),
    "JPY": ("엔", "엔화", "일본엔", "엔선물", "jpy", "yen"),
    "EUR": ("유로", "유로화", "유로선물", "eur", "euro"),
    "CMU": ("위안", "위안화", "중국위안", "cnh", "cny", "yuan"),
    "GLD": ("금", "금선물", "gold"),
    "LHG": ("돈육", "돼지", "hog", "hogs"),
    "RFR": ("무위험지표금리", "kofr", "rfr"),
    "volatility": ("변동성", "브이코스피", "vkospi", "v-kospi"),
}

NICKNAMES: dict[str, tuple[str, ...]] = {
    "삼성전자": ("삼전", "samsung"),
    "SK하이닉스": ("하닉", "hynix"),
    "현대차": ("현차", "hyundai"),
    "기아": ("기아차", "kia"),
    "NAVER": ("네이버", "naver"),
    "카카오": ("kakao",),
    "카카오뱅크": ("카뱅",),
    "LG에너지솔루션": ("엔솔", "엘지엔솔"),
    "LG화학": ("엘화", "엘지화학"),
    "LG전자": ("엘전", "엘지전자"),
    "삼성바이오로직스": ("삼바",),
    "삼성SDI": ("삼스디",),
    "POSCO홀딩스": ("포스코", "포홀"),
    "한국전력": ("한전", "kepco"),
    "두산에너빌리티": ("두빌", "두에빌"),
    "한화에어로스페이스": ("한에어", "에어로"),
    "셀트리온": ("셀트",),
}

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_LETTERS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# A comma with three digits after it, or fewer where the text ends: 1,125 as it is typed.
GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})*,\d{1,3}(?![\d,]|\w\d)")
# 16만 5천 is one amount.
_APART = re.compile(r"(?<=만)\s+(?=\d+천)|(?<=천)\s+(?=\d백)")
_AMOUNT = re.compile(
    r"(?:(?P<ten_thousands>\d{1,4}(?:\.\d{1,4})?)만)?"
    r"(?:(?P<thousands>\d{1,3}(?:\.\d{1,3})?)천)?"
    r"(?:(?P<hundreds>\d)백)?"
    r"(?P<rest>\d{1,7})?(?P<won>원)?",
    re.ASCII,
)
_UNITS = {"ten_thousands": 10_000, "thousands": 1_000, "hundreds": 100}
_BRACKETS = re.compile(r"\([^)]*\)?")


def words_of(typed: str) -> list[str]:
    """The words of a typed text: lower case, half width, a strike's commas left out.

    Letters of the Hangul keyboard stay single letters, as NFKC would not leave them.
    """
    text = unicodedata.normalize("NFC", typed[:LONGEST]).translate(FULL_WIDTH).lower()
    text = GROUPED.sub(lambda match: match[0].replace(",", ""), _BRACKETS.sub(" ", text))
    return _APART.sub("", text.replace(",", " ")).split()


def squeezed(name: str) -> str:
    """A name as it is compared with what is typed: lower case, without blanks."""
    return "".join(name.lower().split())


def initials(name: str) -> str:
    """The first letter of every Hangul syllable; other characters stay."""
    return "".join(
        _LETTERS[(ord(c) - 0xAC00) // 588] if "가" <= c <= "힣" else c for c in squeezed(name)
    )


def are_initials(word: str) -> bool:
    """Return whether a word consists of Hangul initials (초성) only."""
    return all(character in _LETTERS for character in word)


def month_spellings(year: int, month: int) -> tuple[str, ...]:
    """Return the spellings of a contract month."""
    name = MONTHS[month - 1]
    return (
        f"{month}월",
        f"{month}월물",
        name,
        name[:3],
        f"{year}{month:02}",
        f"{year % 100}{month:02}",
        f"{year % 100}년{month}월",
    )


def week_spellings(year: int, month: int, nth: int) -> tuple[str, ...]:
    """Return the spellings of a weekly's week, in addition to those of its month."""
    return (f"{year % 100}{month:02}w{nth}", f"w{nth}", f"{nth}주", f"{nth}주차")


def strike_spelling(strike: float) -> str:
    """Return a strike as it is compared with typed text: no commas, no trailing zeros."""
    return plain(f"{strike:.2f}")


class TypedAmount(NamedTuple):
    """An amount in words of a unit, and the amounts from `begin` to `end` that it may turn into."""

    value: float
    begin: float
    end: float


def amount_of(word: str) -> TypedAmount | None:
    """Read an amount in 만, 천, 백 or 원: 16만, 16만5천, 16.5만, 160000원; None for other words.

    Digits behind the last unit are written out, 16만2500; a single one is of the next unit, so that
    16만5 is 16만5천.  Until more is typed 16만 may turn into 165,000, and 16만25 into 162,500.
    """
    found = _AMOUNT.fullmatch(word)
    if found is None or not (word[:1].isdigit() and not word.isdigit()):
        return None
    amount, place = Decimal(0), Decimal(1)
    for name, unit in _UNITS.items():
        if digits := found[name]:
            amount += Decimal(digits) * unit
            place = unit / Decimal(10) ** len(digits.partition(".")[2])
    value, step, rest = amount, place, found["rest"] or ""
    if rest:
        step = max(Decimal(1), place / 10 ** len(rest))
        value = amount + int(rest) * (step if len(rest) == 1 else 1)
    if found["won"]:
        return TypedAmount(float(value), float(value), float(value + 1))
    begin = amount + int(rest or 0) * step
    return TypedAmount(float(value), float(begin), float(begin + step))


def plain(number: str) -> str:
    """A typed number without the zeros after its point."""
    return number.rstrip("0").rstrip(".") if "." in number else number
