"""The content and the damage of a tape, as text and as JSON."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.cli.columns import table
from app.cli.damage_text import SHOWN, clock, lines
from app.screens.link_text import reason_words
from app.storage.csv_text import whole
from app.tape.check import DamageKind, Finding
from app.tape.copying import MissingEntries
from app.tape.entry import Header
from app.tape.summary import RecordedContract, RecordingGap, Summary
from app.tape.times import moment
from specs.clean import clean
from widgets import times
from widgets.byte_sizes import size_words
from widgets.texts import has, t

_MISSING = "—"
_LONGEST = 86_400 * 366.0


def summary_lines(summary: Summary) -> Iterator[str]:
    """The lines of ``tape info``."""
    yield from table([(t(f"tape.info_{name}"), words) for name, words in _facts(summary)])
    rows: list[tuple[str, ...]]
    if summary.records:
        rows = [("TR", t("tape.info_records"))]
        rows += [(tr_id, f"{count:,}") for tr_id, count in sorted(summary.records.items())]
        yield from ("", *table(rows, right=(1,)))
    if summary.contracts:
        heading = tuple(t(f"tape.info_{name}") for name in ("code", "name", "records", "missed"))
        contracts = sorted(summary.contracts.items(), key=_busiest)
        rows = [heading, *(_contract(code, contract) for code, contract in contracts)]
        yield from ("", *table(rows, right=(2, 3)))
    if summary.holes:
        heading = tuple(t(f"tape.info_{name}") for name in ("hole", "length", "why", "lost"))
        rows = [heading, *(_hole(hole) for hole in summary.holes[:SHOWN])]
        yield from ("", *table(rows, right=(1, 3)))
        yield from _more(len(summary.holes))
    if summary.findings:
        yield ""
        yield from lines(summary.findings)


def missing_words(holes: Sequence[MissingEntries]) -> Iterator[str]:
    """A line for each place at which entries are missing, and how many more there are."""
    for hole in holes[:SHOWN]:
        time, size = clock(hole.wall), size_words(hole.size)
        span = "" if hole.seconds is None else times.span(_bounded(hole.seconds))
        if hole.seconds is None and hole.count is None:
            yield t("tape.missing_to_end", time=time, size=size)
        elif hole.seconds is None:
            yield t("tape.missing_some", count=f"{hole.count:,}")
        elif hole.count is None:
            yield t("tape.missing_unknown", time=time, span=span, size=size)
        else:
            yield t("tape.missing", time=time, span=span, count=f"{hole.count:,}")
    if len(holes) > SHOWN:
        yield t("tape.missing_more", count=len(holes) - SHOWN)


def session_words(header: Header) -> str:
    """Trade date and session of a tape."""
    session = header.session
    words = t(f"session.{session}") if has(f"session.{session}") else clean(session, 20)
    demo = t("tape.info_demo") if header.demo else ""
    return f"{clean(header.trade_date, 20)} {words} {demo}".strip() or _MISSING


def state_words(summary: Summary) -> str:
    """Return how a tape ends, and whether it is complete."""
    torn = [one.count for one in summary.findings if one.what is DamageKind.TORN]
    if len(summary.findings) > len(torn):
        return t("tape.state_damaged")
    if torn:
        return t("tape.state_torn", count=torn[0])
    if summary.ended is None:
        return t("tape.state_growing" if summary.growing else "tape.state_open")
    known = f"tape.ended_{summary.ended}"
    why = t(known) if has(known) else clean(summary.ended, 40)
    return t("tape.state_ended", why=why) if why else t("tape.state_whole")


def as_json(summary: Summary) -> dict[str, Any]:
    """The object of ``tape info --json``."""
    return {
        **at_a_glance(summary),
        "seconds": round(summary.seconds, 3),
        "entries": summary.entries,
        "messages": summary.frames,
        "refused": summary.refused,
        "bytes_per_entry": _per_entry(summary),
        "records": dict(sorted(summary.records.items())),
        "codes": [
            {
                "code": code,
                "name": clean(contract.name) or None,
                "records": contract.records,
            }
            | {"missed": whole(contract.missed)}
            for code, contract in sorted(summary.contracts.items(), key=_busiest)
        ],
        "connections": summary.connected,
        "dials": summary.dialled,
        "gaps": [gap_object(hole) for hole in summary.holes],
        "auctions": [
            {"phase": one.phase, "from": one.begin.isoformat(), "to": one.end.isoformat()}
            for one in summary.auctions
        ],
    }


def at_a_glance(summary: Summary) -> dict[str, Any]:
    """Return an object of ``tape list --json``: the facts from both ends of a tape."""
    header = summary.header
    return {
        "trade_date": clean(header.trade_date) or None,
        "session": clean(header.session) or None,
        "demo": header.demo,
        "program": clean(header.program) or None,
        "from": _iso(summary.first),
        "to": _iso(summary.last),
        "size": summary.size,
        "recording": summary.growing,
        "ended": None if summary.ended is None else clean(summary.ended),
        "damage": as_findings(summary.findings),
    }


def as_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the damage of a tape as JSON."""
    return [
        {"what": one.what, "byte": one.at, "time": _iso(one.wall), "count": one.count}
        for one in findings
    ]


def _facts(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "session", session_words(summary.header)
    span = times.span(min(_LONGEST, summary.seconds))
    yield "time", f"{clock(summary.first)} – {clock(summary.last)} KST · {span}"
    counts = (f"{count:,}" for count in (summary.entries, summary.frames, summary.refused))
    yield (
        "entries",
        t("tape.info_counts", **dict(zip(("all", "frames", "bad"), counts, strict=True))),
    )
    per = _per_entry(summary)
    words = "" if per is None else " · " + t("tape.info_per_entry", bytes=f"{per:g}")
    yield "size", size_words(summary.size) + words
    counts = (f"{count:,}" for count in (summary.connected, summary.dialled))
    yield "dialled", t("tape.info_links", **dict(zip(("up", "all"), counts, strict=True)))
    auctions = [
        f"{t(f'phase.{one.phase}')} {one.begin:%H:%M}–{one.end:%H:%M}" for one in summary.auctions
    ]
    yield "auctions", ", ".join(auctions[:SHOWN]) or _MISSING
    yield "state", state_words(summary)


def _contract(code: str, contract: RecordedContract) -> tuple[str, ...]:
    missed = f"{contract.missed:,.0f}" if contract.missed else ""
    return clean(code, 20), clean(contract.name, 40), f"{contract.records:,}", missed


def _hole(hole: RecordingGap) -> tuple[str, ...]:
    lost = "" if hole.missed is None else f"{hole.missed:,}"
    return clock(hole.wall), times.span(_bounded(hole.seconds)), why_words(hole), lost


def gap_object(hole: RecordingGap) -> dict[str, Any]:
    """Return a time without a recording as JSON."""
    return {
        "from": _iso(hole.wall),
        "seconds": round(_bounded(hole.seconds), 3),
        "of": "recorder" if hole.link is None else "connection",
        "phase": None if hole.link is None else hole.link.phase,
        "reason": clean(hole.why if hole.link is None else hole.link.reason) or None,
        "words": why_words(hole),
        "missed": hole.missed,
    }


def why_words(hole: RecordingGap) -> str:
    if hole.link is None:
        return t(hole.why) if has(hole.why) else clean(hole.why, 60)
    return reason_words(hole.link.reason, hole.link.detail) or t(f"link.{hole.link.phase}")


def _bounded(seconds: float) -> float:
    return min(_LONGEST, max(0.0, seconds)) if math.isfinite(seconds) else 0.0


def _per_entry(summary: Summary) -> float | None:
    return round(summary.size / summary.entries, 1) if summary.entries else None


def _busiest(item: tuple[str, RecordedContract]) -> tuple[int, str]:
    return -item[1].records, item[0]


def _iso(wall: int | None) -> str | None:
    found = None if wall is None else moment(wall)
    return None if found is None else found.isoformat(timespec="milliseconds")


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield t("tape.more", count=count - SHOWN)
