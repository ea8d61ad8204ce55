"""Names of combinations that fit into a narrow column."""

from widgets.texts import language

_BRIEF = {
    "ko": (
        ("비율스프레드", "RS"), ("스프레드", "SP"), ("버터플라이", "BF"), ("캘린더", "CAL"),
        ("리스크리버설", "RR"), ("합성선물", "합성"), ("스트래들", "STD"), ("스트랭글", "STG"),
    ),
    "en": (
        (" ratio spread", "RS"), (" spread", "SP"), (" butterfly", "BF"), (" calendar", "CAL"),
        ("Risk reversal", "RR"), ("Synthetic", "SYN"), ("Straddle", "STD"), ("Strangle", "STG"),
    ),
}  # fmt: skip
"""Abbreviations of kinds in a narrow column, by language."""


def brief_names(name: str) -> tuple[str, ...]:
    """Return a combination's name in ever fewer cells: without its expiry, then abbreviated."""
    without, _, _ = name.rpartition(" ")
    brief = without or name
    for long, short in _BRIEF[language()]:
        brief = brief.replace(long, short)
    return tuple(one for one in (without, brief) if one)
