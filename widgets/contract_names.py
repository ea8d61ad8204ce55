"""Names of contracts in the language in use: KRX' Korean ones, and English ones made of them.

A master has Korean names alone.  In English their words are replaced (``위클리C`` by ``Weekly C``);
a stock without an English name here is called by its code, such as ``005930 F 202612``.
"""

import re
from calendar import month_abbr
from functools import lru_cache

from specs.market.instrument import Instrument
from widgets.texts import has, language, t

_WORDS = (
    ("코스피200", "KOSPI200 "),
    ("코스닥150", "KOSDAQ150 "),
    ("스트래들", "Straddle "),
    ("스트랭글", "Strangle "),
    ("합성선물", "Synthetic "),
    ("리스크리버설", "Risk reversal "),
    ("비율스프레드", " ratio spread "),
    ("스프레드", " spread "),
    ("버터플라이", " butterfly "),
    ("캘린더", " calendar "),
    ("콜", "Call"),
    ("풋", "Put"),
    ("선물", "Future"),
    ("매도", "short"),
    ("위클리M", "Weekly M "),
    ("위클리", "Weekly "),
    ("미니", "Mini "),
    ("변동성", "VKOSPI "),
    ("미국달러", "USD "),
    ("중국위안", "CNH "),
    ("일본엔", "JPY "),
    ("유로스톡스50", "EuroStoxx50 "),
    ("유로", "EUR "),
    ("3년국채", "KTB3Y "),
    ("5년국채", "KTB5Y "),
    ("10년국채", "KTB10Y "),
    ("30년국채", "KTB30Y "),
    ("돈육", "Lean hogs "),
    ("금", "Gold "),
)
"""Words of products other than stocks, longer ones first where one begins another."""

_STOCKS = {
    "삼성전자": "Samsung Elec", "SK하이닉스": "SK hynix", "현대차": "Hyundai Motor", "기아": "Kia",
    "카카오": "Kakao", "LG화학": "LG Chem", "삼성SDI": "Samsung SDI", "LG에너지솔루션": "LG Energy",
    "셀트리온": "Celltrion", "삼성바이오로직스": "Samsung Bio", "KB금융": "KB Financial",
    "신한지주": "Shinhan Fin", "하나금융지주": "Hana Fin", "현대모비스": "Hyundai Mobis",
    "한국전력": "KEPCO", "SK이노베이션": "SK Innovation", "LG전자": "LG Elec",
    "두산에너빌리티": "Doosan Enerbility", "한화에어로스페이스": "Hanwha Aerospace",
    "SK텔레콤": "SK Telecom", "POSCO홀딩스": "POSCO Holdings", "삼성전기": "Samsung EM",
}  # fmt: skip

_HANGUL = re.compile("[가-힣]")
_MONTH = re.compile(r"\b(1[0-2]|[1-9])월")
_PREFIX = re.compile(r"^(.*?)\s*(?=\b(?:F|SP|C|P)\s+\d)")


def contract_name(instrument: Instrument) -> str:
    """Return the name of a contract in the language in use, or its code if it has none."""
    if not instrument.name:
        return instrument.code
    return shown_name(instrument.name, instrument.underlying_code)


def name_beside_code(instrument: Instrument) -> str:
    """Return the name of a contract in the language in use; empty if its code is all there is."""
    return contract_name(instrument) if instrument.name else ""


def shown_name(name: str, underlying_code: str = "") -> str:
    """Return a Korean name in the language in use."""
    return name if language() == "ko" else english_name(name, underlying_code)


def underlying_name(underlying: str) -> str:
    """Return the name of an index or a stock in the language in use."""
    key = f"chain.{underlying.lower()}"
    return t(key) if has(key) else shown_name(underlying)


@lru_cache(maxsize=4_000)
def english_name(name: str, underlying_code: str = "") -> str:
    """Return a name without Korean words; what has no English one is named by `underlying_code`.

    Without a code such a word stays as it is.
    """
    if not _HANGUL.search(name):
        return name
    found = _PREFIX.match(name)
    first = found[1] if found is not None else name
    english = _STOCKS.get(first, "") or _replaced(first)
    if _HANGUL.search(english) and underlying_code:
        english = underlying_code
    return f"{english} {name[len(first) :].strip()}".strip()


def _replaced(words: str) -> str:
    for korean, english in _WORDS:
        words = words.replace(korean, english)
    words = _MONTH.sub(lambda found: month_abbr[int(found[1])], words)
    return " ".join(words.split())
