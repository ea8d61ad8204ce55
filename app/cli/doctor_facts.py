"""The facts of ``kis-tui doctor``, and their JSON with English names and values.

The JSON has the members of `as_json`; a member is never renamed, and `FORMAT` grows when one goes.
"""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from math import isnan
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from app.cli.invocation import Invocation
from app.feed import feed_loop
from app.feed.dial_budget import WINDOWS
from app.feed.dial_file import DialFile
from app.instruments.master import Master, load_master
from app.krx import corrections
from app.krx.calendar import MarketState, at
from app.pricing.diagnostics_file import Diagnostics, DiagnosticsFile
from app.storage.credentials import MAIN, Endpoints, find_endpoints
from app.storage.profiles import choose_profiles, find_profiles, profile_names
from app.storage.settings import Settings
from app.system.clock import SystemClock
from app.system.errors import KisTuiError, OccupiedError
from app.system.files import ProgramFolders
from app.system.lock import holder, is_held, lock_path
from specs.user_message import UserMessage
from widgets.message_text import message_text

FORMAT = 1
PACKAGES = ("kis-tui", "textual", "aiohttp", "msgspec", "click")


class DialWindow(Struct, frozen=True):
    """Dials spent and allowed within a number of seconds."""

    seconds: float
    spent: int
    most: int


class KeyFacts(Struct):
    """Addresses, the source of the keys of a profile, their lock and their dials."""

    endpoints: Endpoints | None = None
    profile: str = MAIN
    source: str | None = None
    warnings: tuple[UserMessage, ...] = ()
    locked: bool | None = None
    """Whether another process holds the lock of the app key; None without a key."""
    locked_by: int | None = None
    dials: tuple[DialWindow, ...] = ()
    problem: KisTuiError | None = None


class DoctorFacts(Struct):
    """All facts; `problems` keep a session from starting, the first one decides the exit code."""

    versions: dict[str, str]
    config: Path
    settings: Settings | KisTuiError
    profiles: tuple[KeyFacts, ...]
    """The keys of each profile that a session would use, the first one first."""
    market: MarketState
    master: Master
    last_run: Diagnostics | None
    problems: tuple[KisTuiError, ...]

    @property
    def keys(self) -> KeyFacts:
        """The keys of the first profile."""
        return self.profiles[0]


def find_facts(invocation: Invocation, *, paper: bool = False, profile: str = "") -> DoctorFacts:
    """Look at settings, real or paper keys, market, masters and what the last run left.

    `profile` names the profiles, with commas between, or all if it is empty.
    """
    places, problems = invocation.folders, []
    settings: Settings | KisTuiError
    try:
        settings = invocation.settings
        corrections.use(settings.calendar)
    except KisTuiError as error:
        settings = error
        problems.append(error)
    places_of_keys = {} if isinstance(settings, KisTuiError) else settings.profiles
    profiles = _find_profiles(places, places_of_keys, profile, paper=paper)
    first, *others = (one.problem for one in profiles)
    problems += [] if first is None else [first]
    # A session starts without a key that another program has, but for the first one.
    problems += [one for one in others if one and not isinstance(one, OccupiedError)]
    return DoctorFacts(
        versions={
            **{name: version(name) for name in PACKAGES},
            "python": platform.python_version(),
            "system": platform.platform(terse=True),
            "loop": feed_loop.name(),
        },
        config=invocation.config_path,
        settings=settings,
        profiles=profiles,
        market=at(SystemClock().now()),
        master=load_master(places),
        last_run=DiagnosticsFile(places.state / "diagnostics.json").load(),
        problems=tuple(problems),
    )


def as_json(facts: DoctorFacts) -> dict[str, Any]:
    """Return the facts as builtin values for JSON."""
    market, master = facts.market, facts.master
    failed = isinstance(facts.settings, KisTuiError)
    return {
        "format": FORMAT,
        "versions": facts.versions,
        "settings": {
            "file": str(facts.config),
            "values": None
            if failed
            else msgspec.to_builtins(facts.settings, order="deterministic"),
            "problem": _problem(facts.settings) if failed else None,
        },
        "keys": _keys_as_json(facts.keys),
        "profiles": [{"name": one.profile, **_keys_as_json(one)} for one in facts.profiles],
        "market": {
            "session": market.session,
            "phase": market.phase,
            "trade_date": market.trade_date,
            "next_session": market.next_session,
            "next_phase": market.next_phase,
            "next_change": market.next_change,
        },
        "master": {
            "contracts": master.count,
            "date": master.date,
            "missing": list(master.missing),
        },
        "last_run": _last_run(facts.last_run),
        "verdict": {
            "ready": not facts.problems,
            "problem": _problem(facts.problems[0]) if facts.problems else None,
        },
    }


def _keys_as_json(keys: KeyFacts) -> dict[str, Any]:
    return {
        "rest": keys.endpoints.rest if keys.endpoints else None,
        "ws": keys.endpoints.ws if keys.endpoints else None,
        "source": keys.source,
        "warnings": [message_text(warning) for warning in keys.warnings],
        "locked": keys.locked,
        "locked_by": keys.locked_by,
        "dials": msgspec.to_builtins(keys.dials),
        "problem": _problem(keys.problem) if keys.problem else None,
    }


def _last_run(found: Diagnostics | None) -> dict[str, Any] | None:
    if found is None:
        return None
    counters = found.counters
    return {
        "written": found.written,
        "frames": counters.frames,
        "records": counters.records,
        "refused": counters.refused,
        "dropped": counters.dropped,
        "unreadable": counters.unreadable,
        "samples": counters.samples,
        "unasked": counters.unasked,
        "backwards": counters.backwards,
        "appended": counters.appended,
        "clock_skew": None if isnan(counters.skew) else round(counters.skew, 1),
        "transitions": [
            # A detail may be a sentence in the language of that run.
            msgspec.to_builtins(step) | {"detail": step.detail if step.detail.isascii() else ""}
            for step in found.transitions
        ],
        "volatility_scales": msgspec.to_builtins(dict(found.scales)),
        "last_trading_days": msgspec.to_builtins(found.expiries),
        "log": list(found.log),
    }


def _problem(error: object) -> dict[str, Any]:
    assert isinstance(error, KisTuiError)
    return {
        "kind": type(error).__name__,
        "exit_code": error.exit_code,
        "message": message_text(error.message),
        "hint": message_text(error.hint),
    }


def _find_profiles(
    folders: ProgramFolders, places: Mapping[str, str], chosen: str, *, paper: bool
) -> tuple[KeyFacts, ...]:
    """Return the facts of each profile; of one with a problem where none can be told apart."""
    try:
        endpoints = find_endpoints(paper=paper)
        names = choose_profiles(chosen, profile_names(places, paper=paper))
    except KisTuiError as error:
        return (KeyFacts(problem=error),)
    found = tuple(_find_keys(folders, places, name, endpoints, paper=paper) for name in names)
    if not any(one.source is None for one in found):
        try:
            find_profiles(places, chosen, paper=paper)
        except KisTuiError as error:
            found[0].problem = error
    return found


def _find_keys(
    folders: ProgramFolders,
    places: Mapping[str, str],
    name: str,
    endpoints: Endpoints,
    *,
    paper: bool,
) -> KeyFacts:
    keys = KeyFacts(endpoints, name)
    try:
        [found] = find_profiles(places, name, paper=paper)
    except KisTuiError as error:
        keys.problem = error
        return keys
    clock, app_key = SystemClock(), found.credentials.app_key
    keys.source, keys.warnings = found.credentials.source, found.warnings
    path = lock_path(folders, app_key)
    keys.locked = is_held(path)
    if keys.locked:
        keys.locked_by = holder(path)
        keys.problem = OccupiedError("lock.held", pid=keys.locked_by or "?")
    now, budget = clock.monotonic(), DialFile(folders.state, app_key, clock).load()
    keys.dials = tuple(
        DialWindow(seconds, sum(moment > now - seconds for moment in budget.spent), most)
        for seconds, most in WINDOWS
    )
    return keys
