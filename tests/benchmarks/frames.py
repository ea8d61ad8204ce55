"""Frames to measure with: the simulator's own records of a session, one or several to a frame.

As KIS sends them, a tenth of the records has blanks for some numbers, and another tenth has
``nan`` or ``-nan`` in what is computed (theory, greeks, disparities) if its TR has that; `clean`
ones have neither.
"""

import random
from datetime import date
from functools import cache

from msgspec.structs import fields

from app.simulator.encode import frame
from app.simulator.hours import SimulatedHours, demo_start
from app.simulator.market import MarketModel
from specs.catalog import CATALOG, Channel, Session

DAY = date(2026, 11, 20)
SEED = 5
RECORDS = 256
BLANK, NAN = 0.1, 0.1
_COMPUTED = (
    "theoretical_price", "delta", "gamma", "vega", "theta", "rho", "disparity", "disparity_percent",
)  # fmt: skip


@cache
def bodies(tr_id: str, mixed: bool) -> tuple[str, ...]:
    """The same records of a TR at every call, four of a code in a row.

    Those of a mix differ from the clean ones in blanks and nan alone.
    """
    clean = _drawn(tr_id)
    if not mixed:
        return clean
    draw = random.Random(f"{SEED}/{tr_id}")
    names = [field.name for field in fields(CATALOG[tr_id].spec)]
    # The newest price is in every record; what a contract lacks is another thing.
    numbers = [at for at, name in enumerate(names) if at > 4 and not _is_text(name)]
    computed = [at for at, name in enumerate(names) if name in _COMPUTED]
    changed = []
    for body in clean:
        values, kind = body.split("^"), draw.random()
        if kind < BLANK:
            for at in draw.sample(numbers, min(3, len(numbers))):
                values[at] = ""
        elif kind < BLANK + NAN:
            for at in computed:
                values[at] = draw.choice(("nan", "-nan"))
        changed.append("^".join(values))
    return tuple(changed)


def frames(tr_id: str, count: int, mixed: bool) -> list[str]:
    """The records of a TR, so many to a frame."""
    records = bodies(tr_id, mixed)
    return [frame(tr_id, records[at : at + count]) for at in range(0, len(records), count)]


@cache
def _market(session: Session) -> MarketModel:
    return MarketModel(SimulatedHours.containing(session, demo_start(session, DAY)), seed=SEED)


def _drawn(tr_id: str) -> tuple[str, ...]:
    entry = CATALOG[tr_id]
    market = _market(entry.session)
    drawn: list[str] = []
    for code, instrument in market.instruments.items():
        stream = market.stream(tr_id, code) if instrument.family is entry.family else None
        if stream is None:
            continue
        hours = market.hours
        # An hour of trading, or the whole auction before it.
        begin = 0 if entry.channel is Channel.EXPECTED else hours.open
        events = stream.records_until(begin + 3600)
        some = [event.body for event, _ in zip(events, range(16), strict=False)]
        # A frame's records are one code's.
        drawn += some[: len(some) // 4 * 4]
        if len(drawn) >= RECORDS:
            break
    return tuple((drawn * RECORDS)[:RECORDS])


def _is_text(name: str) -> bool:
    return name == "time" or name.endswith(("sign", "flag", "code", "_time"))
