"""Alerts under a flood: at 20,000 frames a second over loopback each fires exactly where it must.

The feed is the real one, in a thread of its own as in the dashboard; frames come from a server in
another process.  What must fire is told by the definition of each alert, from the frames alone.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from random import Random

from benchmarks.blaster import TR_ID, code_of
from benchmarks.frames import frames
from msgspec.structs import replace

from app.alerts.alert import Alert, FiredAlert
from app.alerts.alert_parser import parse_alert
from app.alerts.record_tap import RecordTap
from app.feed import feed_loop
from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.feed_settings import FeedSettings
from app.krx.calendar import Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import SystemClock
from app.system.secret import Secret
from specs.catalog import Channel, Session
from specs.frame import decode
from specs.record import Record, TradeRecord

RATE, FRAMES, CODES, ALERTS = 20_000, 60_000, 4, 100
PATIENCE = 90.0
TESTS = Path(__file__).parents[2]


@contextmanager
def flood() -> Iterator[tuple[int, list[str]]]:
    """Yield port and codes of a server that sends `FRAMES` frames at `RATE`."""
    words = [sys.executable, "-m", "benchmarks.blaster", *map(str, (FRAMES, RATE, CODES))]
    env = {**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env) as server:
        try:
            assert server.stdout is not None
            port, *codes = server.stdout.readline().split()
            yield int(port), codes
        finally:
            server.kill()


def sent(codes: list[str]) -> list[TradeRecord]:
    """Return the trades that the server sends, in their order."""
    raws = [raw for raw in frames(TR_ID, 1, True) if code_of(raw) in codes]
    decoded: list[Record] = [decode(raw).records[0] for raw in raws]
    found = list(islice(cycle(decoded), FRAMES))
    return [one for one in found if isinstance(one, TradeRecord)]


def alerts_on(trades: list[TradeRecord]) -> list[Alert]:
    """Return alerts whose limits lie within what these trades have, each several times."""
    draw, found = Random(20), []
    by_code: dict[str, list[TradeRecord]] = {}
    for one in trades[:4_000]:
        by_code.setdefault(one.code, []).append(one)
    codes = sorted(by_code)
    for number in range(ALERTS):
        code = codes[number % len(codes)]
        # Rare values: an alert that fires at every record is of no use to anybody.
        prices = sorted(one.price for one in by_code[code] if one.price > 0)
        sizes = sorted(one.last_volume for one in by_code[code] if one.last_volume > 0)
        price = draw.choice([*prices[:10], *prices[-10:]])
        size = draw.choice(sizes[-10:])
        form = draw.choice((
            "price > {price} repeat 0s hysteresis 0.5", "price < {price} repeat 0s",
            "size >= {size} repeat 0s", "price >= {price}",
        ))  # fmt: skip
        # The highs of these frames are in no order, so that every other one is new.
        form = "high new repeat 0s" if number == 0 else form
        text = f"{code} {form.format(price=f'{price:.2f}', size=f'{size:.0f}')}"
        found.append(replace(parse_alert(text), id=number + 1))
    return found


def due(alert: Alert, trades: list[TradeRecord]) -> list[float]:
    """Return the values at which an alert must fire, by its definition."""
    name, limit = alert.condition.quantity, alert.condition.limit
    found: list[float] = []
    armed, highest = True, float("nan")
    for one in trades:
        if one.code != alert.condition.code:
            continue
        if name == "size":
            found += [one.last_volume] if one.last_volume >= limit else []
        elif name == "high":
            if one.high and one.high == one.high:
                found += [one.high] if one.high > highest else []
                highest = one.high
        elif one.price and one.price == one.price:
            price, above = one.price, alert.condition.relation.value.startswith(">")
            meets = {">": price > limit, ">=": price >= limit, "<": price < limit}
            met = meets[alert.condition.relation.value]
            back = limit - alert.hysteresis if above else limit + alert.hysteresis
            armed = armed or (price <= back if above else price >= back)
            if met and armed:
                found.append(price)
                armed = False
    return found if alert.repeats else found[:1]


def test_alerts_fire_exactly_where_they_must_and_none_is_lost_at_20000_frames_a_second() -> None:
    with flood() as (port, codes):
        trades = sent(codes)
        alerts = alerts_on(trades)
        tap, fired = RecordTap(SystemClock()), list[FiredAlert]()
        tap.watch(alerts, ())
        accepted = 0
        settings = FeedSettings(
            Endpoints(f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"),
            Credentials(Secret("k" * 36), Secret("s" * 180), "test"),
            schedule=Schedule(Session.NIGHT),
            channels=frozenset((Channel.TRADE,)),
        )

        def accept(tr_id: str, records: list[Record], at: float) -> None:
            nonlocal accepted
            accepted += 1
            tap(tr_id, records, at)

        def deliver(batch: Batch) -> None:
            fired.extend(tap.poll())
            if batch.counters.frames >= FRAMES:
                feed.stop()
            feed.acknowledge_batch()

        feed = Feed(settings, SystemClock(), deliver, accept)
        feed.watch(WatchRequest(tuple(codes)))
        thread = threading.Thread(target=lambda: feed_loop.run(feed.run()), daemon=True)
        thread.start()
        thread.join(PATIENCE)
        if thread.is_alive():
            feed.stop()
        fired.extend(tap.poll())
    assert accepted == FRAMES
    by_alert: dict[int, list[float]] = {one.id: [] for one in alerts}
    for one in fired:
        by_alert[one.alert.id].append(one.value)
    expected = {alert.id: due(alert, trades) for alert in alerts}
    assert sum(map(len, expected.values())) > 1_000
    assert by_alert == expected
