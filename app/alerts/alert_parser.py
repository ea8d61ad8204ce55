"""Parses the line that describes an alert, such as ``B01612A34 iv > 25 repeat 5m``.

    CODE QUANTITY > NUMBER [OPTION]...     also >=, <, <=, above, below
    CODE high new      CODE low new        a new high or low of the session
    CODE limit touched                     a dynamic limit; upper or lower for one of them
    CODE quiet 60s                         no data for so long
    link down 30s                          the link is not live for so long
    pnl < -1000000                         of all positions; with a code of that one

Options: ``once``, ``repeat [5m]`` (with the least time between two firings), ``hysteresis 0.5``,
``20:00-02:00`` (active hours, KST), ``session`` (ends with it), ``kept``.
"""

import re
from collections.abc import Callable, Sequence
from datetime import time
from difflib import get_close_matches
from math import isfinite, nan

from msgspec.structs import replace

from app.alerts.alert import PAUSE, Alert, Condition, Relation
from app.alerts.quantities import BY_WORD, EXTREMES, LIMITS, NEVER_NEGATIVE, Quantity, Subject
from app.system.errors import UsageError
from specs.catalog import Absent, Channel, Session, choose_for
from specs.clean import clean
from specs.code_input import code_of
from specs.codes import is_spread, read
from specs.user_message import UserMessage

LONGEST_TEXT = 200

_RELATIONS = {
    **{one.value: one for one in Relation if one is not Relation.NEW},
    "above": Relation.ABOVE, "below": Relation.BELOW, "over": Relation.ABOVE,
    "under": Relation.BELOW, "초과": Relation.ABOVE, "이상": Relation.AT_LEAST,
    "미만": Relation.BELOW, "이하": Relation.AT_MOST, "≥": Relation.AT_LEAST,
    "≤": Relation.AT_MOST,
}  # fmt: skip
_GLUED = re.compile(r"(>=|<=|>|<|≥|≤)")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|초|분|시간)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "초": 1, "분": 60, "시간": 3600}
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


def parse_alert(typed: str, is_known: Callable[[str], bool] = lambda code: True) -> Alert:
    """Return the alert that a line describes, without an id.

    `is_known` returns whether there is a contract of a code.

    Raises:
        UsageError: it describes none, with what is wrong with it.
    """
    if len(typed) > LONGEST_TEXT:
        raise UsageError("alerts.too_long", most=LONGEST_TEXT)
    words = _GLUED.sub(r" \1 ", typed).split()
    if not words:
        raise UsageError("alerts.empty", hint=UserMessage("alerts.examples"))
    code, rest = _subject(words, is_known)
    if not rest:
        raise UsageError("alerts.no_condition", code=code, hint=UserMessage("alerts.examples"))
    quantity, rest = _quantity(code, rest[0]), rest[1:]
    condition, options = _condition(code, quantity, rest)
    return _with_options(Alert("", condition), options)


def _subject(words: list[str], is_known: Callable[[str], bool]) -> tuple[str, list[str]]:
    """Return the code, empty where the text begins with a quantity, and the words after it."""
    first = BY_WORD.get(words[0].lower())
    if first is not None:
        if first.subject is Subject.CONTRACT:
            raise UsageError(
                "alerts.needs_code", word=first.word, hint=UserMessage("alerts.examples")
            )
        return "", words
    code = code_of(words[0])
    if code is None:
        hint = UserMessage("cli.code_hint")
        raise UsageError("alerts.not_a_code", code=clean(words[0], 16), hint=hint)
    if not is_known(code):
        raise UsageError("alerts.unknown_code", code=code)
    return code, words[1:]


def _quantity(code: str, word: str) -> Quantity:
    found = BY_WORD.get(word.lower())
    if found is None:
        near = get_close_matches(word.lower(), BY_WORD, 1)
        hint = (
            UserMessage("alerts.did_you_mean", word=near[0])
            if near
            else UserMessage("alerts.quantities", words=", ".join(one.word for one in _words(code)))
        )
        raise UsageError("alerts.no_quantity", word=clean(word, 24), hint=hint)
    if code and found.subject is Subject.LINK:
        raise UsageError("alerts.link_has_no_code", code=code)
    known = read(code)
    if known is None:
        return found
    if found.of_options and known.right is None:
        raise UsageError("alerts.no_option", code=code, word=found.word)
    expects = Channel.EXPECTED in found.readers
    if expects and all(
        isinstance(choose_for(known, session, Channel.EXPECTED), Absent) for session in Session
    ):
        raise UsageError("alerts.no_expected", code=code)
    return found


def _words(code: str) -> list[Quantity]:
    """Return the quantities that a code can have; without one those that need none."""
    known = read(code)
    return [
        one
        for one in {one.name: one for one in BY_WORD.values()}.values()
        if (one.subject is not Subject.LINK if code else one.subject is not Subject.CONTRACT)
        and not (one.of_options and known is not None and known.right is None)
    ]


def _condition(
    code: str, quantity: Quantity, words: Sequence[str]
) -> tuple[Condition, Sequence[str]]:
    """Return the condition on a quantity, and the words after it."""
    name, first = quantity.name, words[0].lower() if words else ""
    if name in EXTREMES:
        if first not in ("new", "갱신"):
            raise UsageError("alerts.wants_new", word=quantity.word)
        return Condition(code, name, Relation.NEW), words[1:]
    if name in LIMITS:
        if first not in ("touched", "도달"):
            raise UsageError("alerts.wants_touched", word=quantity.word)
        return Condition(code, name, Relation.AT_MOST, 0.0), words[1:]
    if quantity.is_duration:
        if name == "link":
            if first not in ("down", "끊김"):
                raise UsageError("alerts.wants_down")
            words = words[1:]
        seconds = _span(words[0] if words else "")
        _check_bounds(quantity, seconds)
        return Condition(code, name, Relation.AT_LEAST, seconds), words[1:]
    relation = _RELATIONS.get(first)
    if relation is None:
        raise UsageError("alerts.no_relation", word=clean(first, 16) or "…")
    limit = _number(words[1] if len(words) > 1 else "")
    _check_bounds(quantity, limit)
    if limit < 0 and name in NEVER_NEGATIVE and not is_spread(code):
        raise UsageError("alerts.negative_price", code=code, value=f"{limit:g}")
    return Condition(code, name, relation, limit), words[2:]


def _check_bounds(quantity: Quantity, limit: float) -> None:
    if not quantity.least <= limit <= quantity.most:
        least, most = f"{quantity.least:g}", f"{quantity.most:g}"
        raise UsageError(
            "alerts.impossible", word=quantity.word, value=f"{limit:g}", least=least, most=most
        )


def _with_options(alert: Alert, words: Sequence[str]) -> Alert:
    """Return an alert with the options that follow its condition, and its canonical text."""
    left = list(words)
    repeats = only_session = False
    hysteresis, pause = 0.0, alert.pause
    hours: tuple[time, time] | None = None
    while left:
        word = left.pop(0).lower()
        if word in ("once", "한번"):
            repeats = False
        elif word in ("repeat", "반복"):
            repeats = True
            if left and left[0][:1].isdigit() and not _HOURS.fullmatch(left[0]):
                pause = _span(left.pop(0))
        elif word in ("hysteresis", "이력폭"):
            hysteresis = _number(left.pop(0) if left else "")
            if hysteresis < 0 or not isfinite(alert.condition.limit):
                raise UsageError("alerts.bad_hysteresis")
        elif word in ("session", "세션"):
            only_session = True
        elif word in ("kept", "유지"):
            only_session = False
        elif _HOURS.fullmatch(word):
            hours = _hours(word)
        else:
            raise UsageError(
                "alerts.bad_option", word=clean(word, 24), hint=UserMessage("alerts.options")
            )
    done = replace(
        alert,
        repeats=repeats,
        hysteresis=hysteresis,
        pause=pause,
        hours=hours,
        only_session=only_session,
    )
    return replace(done, text=alert_text(done))


def alert_text(alert: Alert) -> str:
    """Return the line that describes an alert; it parses to the same alert."""
    condition, spec = alert.condition, alert.condition.spec
    words = [condition.code] if condition.code else []
    words.append(spec.word)
    if spec.name in LIMITS:
        words.append("touched")
    elif condition.relation is Relation.NEW:
        words.append("new")
    elif spec.is_duration:
        words += ["down"] if spec.name == "link" else []
        words.append(_span_text(condition.limit))
    else:
        words += [condition.relation.value, f"{condition.limit:.12g}"]
    if alert.repeats:
        words.append("repeat")
        words += [] if alert.pause == PAUSE else [_span_text(alert.pause)]
    if alert.hysteresis:
        words += ["hysteresis", f"{alert.hysteresis:.12g}"]
    if alert.hours is not None:
        words.append("-".join(f"{at:%H:%M}" for at in alert.hours))
    if alert.only_session:
        words.append("session")
    return " ".join(words)


def _number(text: str) -> float:
    try:
        # Python reads 1_000, too, which nobody means.
        found = float(text.replace(",", "")) if "_" not in text else nan
    except ValueError:
        found = nan
    if not isfinite(found):
        raise UsageError("alerts.no_number", text=clean(text, 24) or "…")
    return found


def _span(text: str) -> float:
    found = _SPAN.fullmatch(text.lower())
    if found is None:
        raise UsageError("alerts.no_span", text=clean(text, 24) or "…")
    return float(found[1]) * _SECONDS[found[2]]


def _span_text(seconds: float) -> str:
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:.12g}{unit}"
    return f"{seconds:.12g}s"


def _hours(word: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(word)
    assert found is not None
    hour, minute, end_hour, end_minute = map(int, found.groups())
    # The night's hours are written 24 to 30 as often as 0 to 6.
    if max(hour, end_hour) > 30 or max(minute, end_minute) > 59:
        raise UsageError("alerts.bad_hours", text=word)
    begin, end = time(hour % 24, minute), time(end_hour % 24, end_minute)
    if begin == end:
        raise UsageError("alerts.bad_hours", text=word)
    return begin, end
