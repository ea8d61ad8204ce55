"""Alerts on positions: profit and delta of one contract and of all, on trades and on quotes."""

import json
from datetime import datetime, timedelta
from math import isnan, nan
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from harness.dashboard import at, demo_contracts, run_dashboard
from harness.sample_frames import frame, record
from msgspec.structs import replace

from app.alerts.alert import Condition, FiredAlert
from app.alerts.alert_parser import parse_alert
from app.alerts.monitor import AlertMonitor
from app.feed.batch import Batch, Counters, LinkState, Received
from app.market.market import Market
from app.portfolio.position_alerts import position_value
from app.portfolio.positions import Position
from app.storage.settings import Settings
from app.system.clock import KST, ManualClock
from specs.frame import decode

FUTURE, OPTION, MULTIPLIER = "A01612", "B01612A34", 250_000
EVENING = datetime(2026, 11, 20, 21, 0, tzinfo=KST)
HELD = (Position(FUTURE, -2, 1080.0), Position(OPTION, 3, 20.0))


class PositionBench:
    """A monitor with alerts on positions, and what fired."""

    def __init__(self, *texts: str, held: tuple[Position, ...] = HELD) -> None:
        self.clock = ManualClock(EVENING)
        self.fired: list[FiredAlert] = []
        contracts = demo_contracts()

        def value(condition: Condition, market: Market) -> float:
            seconds = self.clock.monotonic()
            return position_value(condition, market, held, self.clock.now, 0.027, seconds)

        alerts = [replace(parse_alert(text), id=number) for number, text in enumerate(texts, 1)]
        self.monitor = AlertMonitor(
            alerts,
            self.clock,
            contracts,
            self.fired.append,
            settings=Settings(),
            positions=value,
            position_codes=[one.code for one in held],
        )

    def quote(self, future: float, option: float | None = None) -> None:
        """Let quotes about these middles come, and a second pass."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=1))
        now, received = self.clock.monotonic(), []
        for tr_id, code, middle in (
            ("H0MFASP0", FUTURE, future), ("H0EUASP0", OPTION, option),
        ):  # fmt: skip
            if middle is not None:
                values = {
                    "bid": f"{middle - 0.05:.2f}", "bid_size": "5",
                    "ask": f"{middle + 0.05:.2f}", "ask_size": "5",
                }  # fmt: skip
                [one] = decode(frame(tr_id, record(tr_id, code, **values))).records
                received.append(Received(tr_id, one, now))
        self.monitor.apply(Batch(tuple(received), LinkState(), Counters(), {}, (), {}))
        self.monitor.tick()

    @property
    def found(self) -> list[tuple[int, float]]:
        return [(one.alert.id, round(one.value)) for one in self.fired]


def test_profit_of_one_position_fires_once_where_it_passes_the_limit() -> None:
    bench = PositionBench(f"{FUTURE} pnl < -1000000")
    for level in (1080.0, 1081.0, 1081.9):
        bench.quote(level)
    # Two short futures: 1.9 points are 950,000 won.
    assert bench.found == []
    bench.quote(1082.1)
    bench.quote(1085.0)
    assert bench.found == [(1, round(-2.1 * 2 * MULTIPLIER))]


def test_profit_of_all_positions_needs_a_value_of_each() -> None:
    bench = PositionBench("pnl > 0")
    bench.quote(1070.0)
    assert bench.found == []
    bench.quote(1070.0, 21.0)
    total = (10.0 * 2 + 1.0 * 3) * MULTIPLIER
    assert bench.found == [(1, round(total))]


def test_profit_fires_again_after_its_hysteresis_and_its_pause() -> None:
    bench = PositionBench(f"{FUTURE} pnl > 500000 repeat 3s hysteresis 250000")
    for level in (1078.0, 1079.2, 1078.0, 1079.5, 1078.0, 1078.0):
        bench.quote(level)
    # 1,000,000; 400,000 is not far enough back; 250,000 is; then the pause is over as well.
    assert bench.found == [(1, 1_000_000), (1, 1_000_000)]
    assert bench.fired[1].at - bench.fired[0].at >= timedelta(seconds=3)


def test_delta_of_a_position_is_in_futures_of_its_underlying() -> None:
    bench = PositionBench(f"{FUTURE} position-delta < -1.5", f"{OPTION} position-delta > 1")
    bench.quote(1082.5, 25.0)
    assert [one.alert.id for one in bench.fired] == [1, 2]
    assert bench.fired[0].value == -2
    # Three calls at the money.
    assert bench.fired[1].value == pytest.approx(1.5, abs=0.15)


def test_delta_of_all_positions_fires_when_the_underlying_has_moved() -> None:
    bench = PositionBench("position-delta > 0 repeat 0s", held=(
        Position(FUTURE, -1, 1080.0), Position(OPTION, 2, 20.0),
    ))  # fmt: skip
    bench.quote(1060.0, 14.0)
    assert bench.found == []
    bench.quote(1120.0, 48.0)
    assert len(bench.fired) == 1
    assert bench.fired[0].value > 0


def test_without_positions_nothing_fires() -> None:
    bench = PositionBench("pnl > -1", f"{FUTURE} position-delta > -100", held=())
    bench.quote(1082.5, 25.0)
    assert bench.found == []


async def test_the_dashboard_tells_of_the_profit_of_its_positions() -> None:
    async with run_dashboard((FUTURE,), start=at(18, 0, 5)) as stage:
        center, positions = stage.app.workspace.alerts, stage.app.workspace.positions
        await stage.step_to(at(18, 1))
        positions.change(positions.positions.replace_all([Position(FUTURE, 1, 1.0)]))
        center.add(center.parse(f"{FUTURE} pnl > 1000000"))
        center.add(center.parse("position-delta > 5"))
        await stage.step_to(at(18, 2))
        [fired] = center.history
        row = stage.app.market.book.row(FUTURE)
        assert row is not None
        assert fired.value == pytest.approx((row.trade.price - 1) * MULTIPLIER, rel=0.01)  # type: ignore[union-attr]
        positions.change(positions.positions.replace_all([Position(FUTURE, 6, 1.0)]))
        await stage.step_to(at(18, 2, 30))
        assert [one.alert.text for one in center.history][1:] == ["position-delta > 5"]
        assert center.history[-1].value == 6
        assert isnan(center.value(Condition("A05612", "pnl", fired.alert.condition.relation, nan)))


def test_run_knows_the_positions_on_a_tape(kis_tui: CommandLine, tmp_path: Path) -> None:
    held = tmp_path / "held.csv"
    held.write_text("code,quantity,average\nA01612,-2,1\n")
    added = kis_tui("positions", "import", held)
    assert added.code == 0, added.err
    for text in ("A01612 pnl < -1000000", "position-delta < -1", "pnl > 0"):
        assert kis_tui("alerts", "add", text).code == 0
    done = kis_tui("alerts", "run", "--replay", "demo")
    assert done.code == 0, done.err
    found = {one["id"]: one for one in map(json.loads, done.out.splitlines())}
    assert set(found) == {1, 2}
    assert found[2]["value"] == -2
    # Both were sold at one point, some thousand points below the market.
    assert found[1]["value"] == pytest.approx(-2 * 1080 * MULTIPLIER, rel=0.05)
    assert found[1]["code"] == "A01612"
    assert found[2]["code"] is None
