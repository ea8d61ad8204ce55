"""``kis-tui stream --replay``: what a tape holds on standard output, as fast as it can be read."""

from collections.abc import Collection
from contextlib import closing
from math import inf
from typing import Any

import click

from app.cli.channels import channels
from app.cli.damage_text import passed_over
from app.cli.invocation import Invocation
from app.cli.record_writer import RecordWriter, lines_of
from app.cli.replay import contracts_of
from app.cli.requested_codes import wanted
from app.instruments.master import load_master
from app.krx.calendar import format_clock
from app.system.clock import SystemClock
from app.system.errors import KisTuiError, UsageError
from app.tape.library import find
from app.tape.reader import Tape
from app.tape.records import TimeSpan, records_of
from app.tape.tape_index import TapeIndex
from app.tape.times import nanoseconds, time_of_day
from specs.catalog import CATALOG, Channel, Session
from specs.user_message import UserMessage
from widgets.texts import t

_REFUSED = ("demo", "day", "start", "speed", "seed", "record")
"""Options that mean nothing to a tape, or the opposite of one."""


def stream_tape(invocation: Invocation, codes: tuple[str, ...], options: dict[str, Any]) -> None:
    """Print the records of a tape; of `codes` alone where there are any.

    Raises:
        UsageError: no such tape, options that do not go together, or nothing is as asked for.
        KisTuiError: there are not as many as were asked for.
    """
    for name in _REFUSED:
        if options[name] not in (None, False):
            option = "--date" if name == "day" else f"--{name}"
            raise UsageError("replay.excludes", option=option)
    if options["timeout"] is not None:
        raise UsageError(
            "replay.excludes", option="--timeout", hint=UserMessage("stream.no_timeout")
        )
    session = None if options["session"] == "auto" else Session(options["session"])
    asked_for = channels(options["channel"])
    with closing(Tape(find(options["replay"], invocation.folders))) as tape:
        tape_index = TapeIndex(tape)
        span = _span(tape_index, options["begin"], options["end"])
        named = codes or options["layout"]
        found = wanted(invocation, codes, options).codes if named else tuple(tape_index.codes)
        if tape.is_growing(SystemClock().now()):
            click.echo(t("stream.growing"), err=True)
        sessions = [session] if session else list(Session)
        reader = contracts_of(tape_index, load_master(invocation.folders)).code
        lines = lines_of(found, sessions, asked_for, options, reader)
        try:
            _print(tape_index, span, lines, found if named else None, asked_for, session)
        finally:
            for line in passed_over(tape):
                click.echo(line, err=True)


def _print(
    tape_index: TapeIndex,
    span: TimeSpan,
    lines: RecordWriter,
    codes: Collection[str] | None,
    channels: frozenset[Channel],
    session: Session | None,
) -> None:
    sessions, known = set[Session](), frozenset(codes or ())
    for tr_id, records, at in records_of(tape_index, span):
        entry = CATALOG[tr_id]
        sessions.add(entry.session)
        if entry.channel not in channels or session not in (None, entry.session):
            continue
        chosen = records if codes is None else [one for one in records if one.code in known]
        if not lines.write(tr_id, chosen, at):
            return
    if lines.written == 0:
        if session is not None and session not in sessions:
            raise UsageError("stream.no_session", session=UserMessage(f"session.{session}"))
        raise UsageError("tape.no_records", path=tape_index.tape.path)
    if lines.left != inf:
        raise KisTuiError("replay.too_few", left=int(lines.left))


def _span(tape_index: TapeIndex, begin: str | None, end: str | None) -> TimeSpan:
    """Return the span of ``--from`` and ``--to`` on a tape.

    Raises:
        UsageError: they are no times, or the tape holds nothing between them.
    """
    first = TimeSpan().begin if begin is None else _nanoseconds(tape_index, begin, "--from")
    last = TimeSpan().end if end is None else _nanoseconds(tape_index, end, "--to")
    if first > last:
        raise UsageError("tape.backwards")
    low, high = tape_index.ends
    for asked, outside in ((begin, first > nanoseconds(high)), (end, last < nanoseconds(low))):
        if asked is not None and outside:
            ends = {"begin": format_clock(low), "end": format_clock(high)}
            raise UsageError(
                "replay.beyond", text=asked, hint=UserMessage("replay.beyond_hint", **ends)
            )
    return TimeSpan(first, last)


def _nanoseconds(tape_index: TapeIndex, asked: str, option: str) -> int:
    hours = time_of_day(asked)
    if hours is None:
        hint = t("stream.time_hint", option=option)
        raise UsageError("replay.no_time", text=asked, hint=hint)
    return nanoseconds(tape_index.moment_of(hours))
