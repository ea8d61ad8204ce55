"""A hundred thousand random keys, pastes, clicks and sizes for the real program on a terminal.

``PYTHONPATH=tests python -m rig.hands [--keys 100000] [--session 2500] [--seed 0] [--mode both]``

A session is one home with the program in it, on ``--demo`` or ``--replay demo``.  It is sent steps:
bursts in one write, keys with pauses, bursts while the terminal is not read.  A walk leads through
all screens: it goes on with the command that was used least.  A key that ends the program as it
should is followed by another start.  A finding is anything else that ends it, an exception in the
log or in a crash report, a toast of severity error, a screen that does not answer, a terminal that
is not restored, and memory that grows.  It is printed with its seed, and with the shortest steps
that were found to repeat it; ``--repeat FILE`` sends those again.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from random import Random

from rig.figures import Stopwatch, percentile
from rig.hands_session import Finding, Session, Setup
from rig.hands_walk import BURSTS, Step, Walk
from rig.shortest import shortest

MODES = ("demo", "replay")
OPTIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "demo": (
        ("--demo",),
        ("--demo", "--speed", "30"),
        ("--demo", "--session", "day"),
        ("--demo", "--start", "05:48", "--speed", "60"),
        ("--demo", "--lang", "en", "--updown", "us"),
        ("--demo", "--watch", "A01612"),
    ),
    "replay": (
        ("--replay", "demo"),
        ("--replay", "demo", "--speed", "100"),
        ("--replay", "demo", "--speed", "max"),
        ("--replay", "demo", "--at", "18:36", "--lang", "en"),
    ),
}
SIZES = ((120, 40), (80, 24), (200, 50), (60, 14))
KEPT = Path(tempfile.gettempdir())
TRIES = 60
"""Runs that looking for the shortest steps may take."""


class Report:
    """The sums over all sessions."""

    def __init__(self) -> None:
        self.keys = self.sessions = self.starts = 0
        self.visits: Counter[str] = Counter()
        self.answers: list[float] = []
        self.growth: list[float] = []
        self.findings: list[tuple[str, Finding]] = []

    def count(self, session: Session) -> None:
        """Add up a session that has ended."""
        self.keys += session.keys
        self.sessions += 1
        self.starts += session.starts
        self.visits += session.visits
        self.answers += session.answers
        self.growth += session.growth

    def __str__(self) -> str:
        answers = self.answers
        lines = [
            f"{self.keys:,} keys in {self.sessions} sessions, {self.starts} starts; "
            f"{len(self.findings)} findings",
            f"answers: p50 {percentile(answers, 0.5):.2f} s, "
            f"p99 {percentile(answers, 0.99):.2f} s, most {max(answers, default=0.0):.2f} s",
            f"memory of a start: at most {max(self.growth, default=0.0):.0f} MiB more",
            "screens:",
            *(f"  {count:6,} {name}" for name, count in self.visits.most_common()),
        ]
        return "\n".join(lines)


def setup_of(mode: str, seed: int, number: int) -> tuple[Setup, Random]:
    """Return how the session of a seed and number begins, and what its keys are drawn from."""
    random = Random(f"{mode} {seed} {number}")
    # Every second session of each mode; both begin with some, so that a short run has them too.
    has_positions = number // 2 % 2 == 0
    return Setup(random.choice(OPTIONS[mode]), random.choice(SIZES), has_positions), random


def run_session(
    mode: str, seed: int, number: int, keys: int, bursts: Sequence[int] = BURSTS
) -> tuple[Session, Finding | None, list[Step]]:
    """Send one session its keys; return it, what was found, and the steps that were sent."""
    setup, random = setup_of(mode, seed, number)
    walk = Walk(random, setup.size, replay=mode == "replay", bursts=bursts)
    return _played(setup, walk.steps(keys), walk)


def repeated(setup: Setup, steps: Sequence[Step], fault: str = "") -> Finding | None:
    """Send steps again; return what they find."""
    return _played(setup, iter(steps), None, fault)[1]


def _played(
    setup: Setup, steps: Iterator[Step], walk: Walk | None, fault: str = ""
) -> tuple[Session, Finding | None, list[Step]]:
    home = Path(tempfile.mkdtemp(prefix="hands-"))
    session, sent, found = Session(setup, home, fault), [], None
    try:
        with session:
            for step in steps:
                sent.append(step)
                session.send(step)
                if walk is not None:
                    walk.now_on(session.stack)
            session.finish()
    except Finding as finding:
        found = finding
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return session, found, sent


def shortened(setup: Setup, steps: list[Step], found: Finding, fault: str = "") -> list[Step]:
    """Return the shortest steps found that end in the same finding; all of them if none do."""

    def fails(tried: Sequence[Step]) -> bool:
        again = repeated(setup, tried, fault)
        return again is not None and again.kind == found.kind

    return shortest(steps, fails, Step.parts, TRIES)


def main() -> int:
    """All sessions, and the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--session", type=int, default=2500, help="keys of a session")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mode", choices=(*MODES, "both"), default="both")
    parser.add_argument("--only", type=int, help="this session alone")
    parser.add_argument("--minutes", type=float, default=inf, help="after which no session begins")
    parser.add_argument("--findings", type=int, default=10, help="after which it ends")
    parser.add_argument("--repeat", type=Path, help="steps to be sent again")
    parser.add_argument(
        "--as-found", action="store_true", help="do not look for the shortest steps"
    )
    given = parser.parse_args()
    if given.repeat:
        told = json.loads(given.repeat.read_text())
        positions = told.get("has_positions", False)
        setup = Setup(tuple(told["options"]), tuple(told["size"]), positions)
        found = repeated(setup, [Step.read(one) for one in told["steps"]])
        print(found or "nothing found")
        return int(found is not None)
    # The program on the terminal must not outlive the run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    watch, report, number = Stopwatch(), Report(), given.only or 0
    modes = MODES if given.mode == "both" else (given.mode,)
    while report.keys < given.keys and watch.seconds < given.minutes * 60:
        mode = modes[number % len(modes)]
        session, found, steps = run_session(mode, given.seed, number, given.session)
        report.count(session)
        print(
            f"{mode} {given.seed} {number}: {session.keys} keys, {session.starts} starts",
            flush=True,
        )
        if found is not None:
            name = f"--mode {mode} --seed {given.seed} --only {number} --session {given.session}"
            report.findings.append((name, found))
            print(f"{name} fails: {found}", flush=True)
            setup = setup_of(mode, given.seed, number)[0]
            if not given.as_found:
                steps = shortened(setup, steps, found)
            path = KEPT / f"hands-{mode}-{given.seed}-{number}.json"
            told = {
                "options": setup.options,
                "size": setup.size,
                "has_positions": setup.has_positions,
                "steps": [s.told() for s in steps],
            }
            path.write_text(json.dumps(told, ensure_ascii=True, indent=0))
            print(f"{len(steps)} steps in {path}: {steps[-8:]}", flush=True)
        number += 1
        if given.only is not None or len(report.findings) >= given.findings:
            break
    print(f"{report}\n{watch}")
    return int(bool(report.findings))


if __name__ == "__main__":
    sys.exit(main())
