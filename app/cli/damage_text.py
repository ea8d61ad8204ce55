"""The text about a damaged tape."""

from collections.abc import Iterator, Sequence

from app.tape.check import Finding, damage_events
from app.tape.reader import Tape
from app.tape.times import moment
from widgets.byte_sizes import size_words
from widgets.texts import t

SHOWN = 20
"""Findings that are shown of many."""

_MISSING = "—"


def clock(wall: int | None) -> str:
    """A wall time as date and time in KST."""
    found = None if wall is None else moment(wall)
    return _MISSING if found is None else f"{found:%Y-%m-%d %H:%M:%S}"


def clause(finding: Finding) -> str:
    """Return the text of a finding."""
    size = size_words(finding.size)
    if finding.count is None:
        return t(f"tape.wrong_{finding.what}_unknown", size=size)
    return t(f"tape.wrong_{finding.what}", count=f"{finding.count:,}", size=size)


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """A line for each thing that is wrong: its byte, the time before it, and what it is."""
    for finding in findings[:SHOWN]:
        at, time = f"{finding.at:,}", clock(finding.wall)
        yield t("tape.wrong_at", at=at, time=time, what=clause(finding))
    if len(findings) > SHOWN:
        yield t("tape.more", count=len(findings) - SHOWN)


def passed_over(tape: Tape) -> Iterator[str]:
    """Yield lines about the parts of a tape that could not be read, if any.

    Raises:
        TapeError: it cannot be read any more.
    """
    findings = damage_events(tape)
    if findings:
        yield t("tape.passed_over", path=tape.path)
        yield from lines(findings)
        if tape.segments:
            yield t("tape.mend", name=tape.path)
