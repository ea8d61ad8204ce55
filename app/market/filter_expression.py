"""Expressions that filter rows, such as ``iv > 21 and delta < .3``, ``콜 or spread > 2``.

    any   = all {("or" | "또는" | "|") all}
    all   = part {["and" | "그리고" | "&" | ","] part}
    part  = ("not" | "아닌" | "!") part | "(" any ")" | value {("<" | ">=" | "=" | …) value} | word
    value = number | HH:MM[:SS] | name | "abs" value

A word matches where it is found in a row's text, in any case; it may be quoted.  A comparison with
a missing value is neither true nor false, and neither is its negation: such a row is left out.
"""

import operator
import re
from collections.abc import Callable
from difflib import get_close_matches
from math import inf, isfinite
from typing import Generic, NoReturn, TypeVar

from app.market.filter_names import FilterNames, name_key, names_pattern, plain
from app.system.errors import UsageError
from specs.clean import clean
from specs.time_of_day import second_of_trade_date
from specs.user_message import UserMessage

LONGEST_EXPRESSION = 120
DEEPEST = 20
"""Brackets and negations within one another."""

Row = TypeVar("Row")
Test = Callable[[Row], bool | None]
"""Returns None where a value is missing."""

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq,
    "==": operator.eq, "!=": operator.ne, "<>": operator.ne, "≤": operator.le, "≥": operator.ge,
    "≠": operator.ne,
}  # fmt: skip
_SIGN = re.compile(r"<=|>=|<>|!=|==|[<>=≤≥≠]")
_AND = re.compile(r"and\b|그리고(?!\w)|&&?|,")
_OR = re.compile(r"or\b|또는(?!\w)|\|\|?")
_NOT = re.compile(r"not\b|아닌(?!\w)|!(?!=)")
_ABS = re.compile(r"abs\b")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)%?(?![\w.:])")
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?!\w)")
_WORD = re.compile(r'"([^"]*)"|[^\s()<>=≤≥≠!&|,"]+')
_BLANK = re.compile(r"\s*")


def parse_filter(typed: str, names: FilterNames[Row]) -> Callable[[Row], bool]:
    """Return the test that an expression describes; it is true for rows to be shown.

    Raises:
        UsageError: what is wrong, and at which character.
    """
    if len(typed) > LONGEST_EXPRESSION:
        raise UsageError("filter.too_long", most=LONGEST_EXPRESSION)
    test = _Parser(plain(typed), names).parse()
    return lambda row: test(row) is True


class _Parser(Generic[Row]):
    """Reads an expression from left to right; `_at` is the next character."""

    def __init__(self, text: str, names: FilterNames[Row]) -> None:
        self._text = text
        self._names = names
        self._values = {name_key(name): value for name, value in names.values.items()}
        self._tests = {name_key(name): test for name, test in names.tests.items()}
        self._name = names_pattern((*names.values, *names.tests))
        self._at = 0
        self._depth = 0

    def parse(self) -> "Test[Row]":
        if not self._text.strip():
            self._refuse("empty")
        test = self._any()
        if self._at < len(self._text):
            self._refuse("closing_bracket" if self._text[self._at] == ")" else "no_value")
        return test

    def _any(self) -> "Test[Row]":
        parts = [self._all()]
        while self._take(_OR):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else _either(parts)

    def _all(self) -> "Test[Row]":
        parts = [self._part()]
        while True:
            is_joined = self._take(_AND)
            if not is_joined and (self._is_at_end(")") or self._sees(_OR)):
                return parts[0] if len(parts) == 1 else _both(parts)
            parts.append(self._part())

    def _part(self) -> "Test[Row]":
        start = self._at
        if self._take(_NOT):
            with_depth = self._deeper(start)
            test = self._part()
            self._depth = with_depth
            return _negated(test)
        if self._take_text("("):
            with_depth = self._deeper(start)
            test = self._any()
            if not self._take_text(")"):
                self._refuse("open_bracket", start)
            self._depth = with_depth
            return test
        return self._comparison()

    def _deeper(self, start: int) -> int:
        """Return the depth before a bracket or a negation, which is one deeper."""
        if self._depth == DEEPEST:
            self._refuse("too_deep", start)
        self._depth += 1
        return self._depth - 1

    def _comparison(self) -> "Test[Row]":
        """Read values and signs between them, or a word where no sign follows."""
        start = self._at
        value = self._value()
        if value is None:
            return self._word(start)
        values, signs = [value], list[str]()
        while sign := self._take(_SIGN):
            signs.append(sign)
            at = self._at
            value = self._value()
            if value is None:
                self._unknown_name(at, sign)
            values.append(value)
        if signs:
            return _compared(values, [_COMPARISONS[sign] for sign in signs])
        word = self._text[start : self._at].strip()
        if _NUMBER.fullmatch(word) or _TIME.fullmatch(word):
            return self._found(word)
        self._refuse("no_comparison", start, word)

    def _value(self) -> Callable[[Row], float] | None:
        """Read a number, a time, or the name of a value; None and nothing read before others."""
        start = self._at
        if name := self._take(self._name):
            found = self._values.get(name_key(name))
            if found is None or (name_key(name) in self._tests and not self._sees(_SIGN)):
                self._at = start
            return found if self._at > start else None
        if time := self._take(_TIME):
            hour, minute, *second = time.split(":")
            seconds = second_of_trade_date(f"{hour:0>2}{minute}{second[0] if second else '00'}")
            if not isfinite(seconds):
                self._refuse("no_time", start, time)
            return lambda row: seconds
        if number := self._take(_NUMBER):
            constant = float(number.rstrip("%").replace(",", ""))
            return lambda row: constant
        if self._take(_ABS):
            inner = self._value_in_brackets()
            return lambda row: abs(inner(row))
        return None

    def _value_in_brackets(self) -> Callable[[Row], float]:
        """Read the value behind ``abs``, which may stand in brackets."""
        start = self._at
        has_bracket = self._take_text("(")
        at = self._at
        name = self._take(self._name)
        value = self._values.get(name_key(name))
        if value is None:
            self._unknown_name(at, "abs")
        if has_bracket and not self._take_text(")"):
            self._refuse("open_bracket", start)
        return value

    def _word(self, start: int) -> "Test[Row]":
        if name := self._take(self._name):
            return self._tests[name_key(name)]
        word = self._take(_WORD)
        if not word:
            self._refuse("no_value" if self._at < len(self._text) else "unfinished", start)
        if self._sees(_SIGN):
            self._unknown_name(start, "")
        return self._found(word.strip('"'))

    def _found(self, word: str) -> "Test[Row]":
        text = self._names.text
        return lambda row: word in text(row)

    # --- characters

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Return what a pattern matches here, and go on behind it; empty if it does not."""
        self._skip()
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _take_text(self, text: str) -> bool:
        self._skip()
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _sees(self, pattern: re.Pattern[str]) -> bool:
        self._skip()
        return pattern.match(self._text, self._at) is not None

    def _is_at_end(self, closing: str) -> bool:
        self._skip()
        return self._at == len(self._text) or self._text.startswith(closing, self._at)

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found is not None else self._at

    # --- errors

    def _unknown_name(self, start: int, sign: str) -> NoReturn:
        """Refuse what stands in the place of a name, with the names nearest to it."""
        self._at = start
        word = self._take(_WORD)
        if not word:
            self._refuse("no_operand", start, sign)
        near = get_close_matches(word, self._values, 3, 0.5)
        hint = UserMessage("filter.near", names=", ".join(near)) if near else None
        self._refuse("no_name", start, word, hint)

    def _refuse(
        self, key: str, at: int | None = None, word: str = "", hint: UserMessage | None = None
    ) -> NoReturn:
        start = self._at if at is None else at
        blank = _BLANK.match(self._text, start)
        place = (blank.end() if blank is not None else start) + 1
        raise UsageError(f"filter.{key}", hint=hint, at=place, word=clean(word, 24))


def _either(tests: "list[Test[Row]]") -> "Test[Row]":
    def test(row: Row) -> bool | None:
        found: bool | None = False
        for one in tests:
            is_true = one(row)
            if is_true:
                return True
            found = None if is_true is None else found
        return found

    return test


def _both(tests: "list[Test[Row]]") -> "Test[Row]":
    return _negated(_either([_negated(one) for one in tests]))


def _negated(test: "Test[Row]") -> "Test[Row]":
    def negated(row: Row) -> bool | None:
        is_true = test(row)
        return None if is_true is None else not is_true

    return negated


def _compared(
    values: list[Callable[[Row], float]], signs: list[Callable[[float, float], bool]]
) -> "Test[Row]":
    """Return the test of all comparisons between neighbours."""

    def test(row: Row) -> bool | None:
        found = [value(row) for value in values]
        if any(one != one or abs(one) == inf for one in found):
            return None
        pairs = zip(signs, found, found[1:], strict=False)
        return all(sign(left, right) for sign, left, right in pairs)

    return test
