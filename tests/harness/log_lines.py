"""Capture log lines, and parse them by their documented grammar."""

import ast
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from app.system.clock import KST, Clock, ManualClock
from app.system.event_log import LineFormatter
from app.system.logs import LogRing

NOW = datetime(2026, 11, 30, 19, 0, 1, tzinfo=KST)
HEAD = r"(?P<time>\S+) (?P<level>[A-Z]+) (?P<room>\"[^\"]*\"|\S+)"
PAIR = re.compile(r' (?P<name>[^\s="]+)(?:=(?P<value>"(?:[^"\\]|\\.)*"|[^\s"=\\]+))?')


@contextmanager
def capture_log(level: int = logging.INFO, clock: Clock | None = None) -> Iterator[LogRing]:
    """Capture the lines that are logged meanwhile, from `level` upwards."""
    ring = LogRing()
    ring.setLevel(level)
    ring.setFormatter(LineFormatter(clock or ManualClock(NOW)))
    logger = logging.getLogger("app")
    before, logger.propagate = logger.level, False
    logger.addHandler(ring)
    logger.setLevel(level)
    try:
        yield ring
    finally:
        logger.removeHandler(ring)
        logger.setLevel(before)
        logger.propagate = True


def read_line(line: str) -> tuple[dict[str, str], dict[str, str | None]]:
    """Return time, level and room of a line, and its pairs (grammar: `app.system.event_log`)."""
    head = re.match(HEAD, line)
    assert head is not None, line
    at, pairs = head.end(), {}
    while at < len(line):
        found = PAIR.match(line, at)
        assert found is not None, line[at:]
        value = found["value"]
        quoted = value is not None and value.startswith('"')
        pairs[found["name"]] = ast.literal_eval(value) if quoted and value else value
        at = found.end()
    return head.groupdict(), pairs
