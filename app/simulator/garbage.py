"""Frames that no client should believe: seeded damage to good ones, and broken control messages.

None of them may change a value, end a session or move a registration.
"""

from collections.abc import Callable
from random import Random

_CONTROL = (
    "",
    " ",
    "null",
    "[]",
    "{}",
    "{",
    '{"header":{}}',
    '{"header":null,"body":null}',
    '{"header":{"tr_id":"(null)","tr_key":"","encrypt":"N"}}',
    '{"header":{"tr_id":"(null)","tr_key":""},"body":{"rt_cd":"1","msg_cd":"OPSP7777","msg1":"?"}}',
    '{"header":{"tr_id":"H0STCNI0","tr_key":"user"},"body":{"rt_cd":"0","msg_cd":"OPSP0000"}}',
    '{"header":{"tr_id":"H0MFCNT0","tr_key":"\\u001b]0;x\\u0007"},"body":{"msg_cd":"OPSP0000"}}',
    "[" * 3000,
    "<html><body>503</body></html>",
    "0|H0STCNT0|001|005930^090000^70000",
    "1|H0MFCNT0|001|c2VjcmV0c2VjcmV0c2VjcmV0",
)


def _dropped(rng: Random, head: str, values: list[str]) -> str:
    at = rng.randrange(2)
    return head + "^".join(values[:at] + values[at + 1 :])


def _shortened(rng: Random, head: str, values: list[str]) -> str:
    return head + "^".join(values[: rng.randrange(1, 7)])


def _worded(rng: Random, head: str, values: list[str]) -> str:
    at = rng.choice([at for at, value in enumerate(values) if "." in value] or [0])
    wrong = rng.choice(("x", "1e400", "inf", "1,0"))
    return head + "^".join([*values[:at], wrong, *values[at + 1 :]])


def _controlled(rng: Random, head: str, values: list[str]) -> str:
    at = rng.randrange(len(values))
    return head + "^".join([*values[:at], f"{values[at]}\x1b[2J", *values[at + 1 :]])


def _miscounted(rng: Random, head: str, values: list[str]) -> str:
    flag, tr_id, count, _ = head.split("|", 3)
    wrong = rng.choice(("000", "-01", "abc", f"{int(count) + 6:03}", "999999"))
    return f"{flag}|{tr_id}|{wrong}|{'^'.join(values)}"


def _beheaded(rng: Random, head: str, values: list[str]) -> str:
    return (head + "^".join(values))[rng.randrange(1, 12) :]


_DAMAGES: tuple[Callable[[Random, str, list[str]], str], ...] = (
    _dropped,
    _shortened,
    _worded,
    _controlled,
    _miscounted,
    _beheaded,
)


def garbage(rng: Random, good: str) -> str:
    """One piece; `good` is a data frame to be damaged, or anything else."""
    parts = good.split("|", 3)
    if len(parts) != 4 or rng.random() < 0.4:
        return rng.choice(_CONTROL)
    head = "|".join(parts[:3]) + "|"
    return rng.choice(_DAMAGES)(rng, head, parts[3].split("^"))
