"""The start of every run of a feed: addresses, clock, and the demo's simulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.cli.demo_options import DEMO_KEY, Demo
from app.cli.live_session import live_session
from app.cli.run_log import log_run
from app.feed.dial_file import DialFile
from app.feed.feed import FeedSettings
from app.feed.feed_settings import AppKey
from app.feed.rest.price_snapshot import PriceSnapshotSettings
from app.feed.rest.token_file import TokenFile
from app.instruments.combination_search import is_combination_text
from app.instruments.contracts import Contracts
from app.instruments.master import Master, load_master
from app.krx.calendar import Schedule
from app.storage.credentials import Credentials, Endpoints, Secret, find_endpoints
from app.storage.profiles import find_profiles
from app.storage.settings import Settings
from app.system.clock import Clock, ScaledClock, SystemClock
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from app.system.logs import use_clock
from specs.catalog import Channel, Session
from specs.clean import clean
from specs.code_input import code_of
from specs.user_message import UserMessage
from widgets.message_text import message_text


class RunSetup(Struct, frozen=True):
    """Everything for one run of a feed."""

    clock: Clock
    feed: FeedSettings
    contracts: Contracts
    codes: tuple[str, ...] = ()
    """Default codes of a demo."""
    warnings: tuple[UserMessage, ...] = ()


@contextmanager
def start(
    settings: Settings,
    places: ProgramFolders,
    demo: Demo | None,
    session: Session | None = None,
    channels: frozenset[Channel] = frozenset(Channel),
    *,
    paper: bool = False,
    profile: str = "",
    joins: bool = True,
) -> Iterator[RunSetup]:
    """Everything for one run, live or demo; a demo's simulator ends with it.

    A live run with `paper` has paper keys and connects to KIS' mock servers; `profile` names the
    profiles whose keys it uses, with commas between, or all if it is empty.  With `joins` it may
    share the session of another process that owns the key.

    Raises:
        CredentialsError: no usable credentials for a live run.
        OccupiedError: another process owns the key.
        UsageError: an address that is refused.
    """
    if demo is None:
        found, clock = find_profiles(settings.profiles, profile, paper=paper), SystemClock()
        endpoints = find_endpoints(paper=paper)
        credentials = [one.credentials for one in found]
        feed = _feed(settings, endpoints, credentials[0], Schedule(session), channels)
        app_keys = [one.app_key for one in credentials]
        with live_session(settings, places, app_keys, endpoints, joins=joins) as live:
            contracts = Contracts(load_master(places))
            feed = replace(feed, reader=contracts.code, is_paper=paper, source=live.source)
            if not live.is_client:
                dials = [DialFile(places.state, one, clock) for one in app_keys]
                more = tuple(map(AppKey, credentials[1:], dials[1:], live.locks))
                feed = replace(feed, dials=dials[0], more_keys=more)
            if feed.source is not None or not live.is_client:
                picture = _picture(settings, feed, TokenFile(places.state, app_keys[0]))
                feed = replace(feed, picture=picture)
            mode = "hub" if live.is_client or live.joined else "paper" if paper else "live"
            log_run(settings, feed, feed.schedule.state_at(clock.now()), mode, session)
            warnings = [warning for one in found for warning in one.warnings]
            yield RunSetup(clock, feed, contracts, warnings=(*warnings, *live.warnings))
        return
    from app.simulator.hours import demo_start
    from app.simulator.instruments import demo_codes
    from app.simulator.master_files import master_files
    from app.simulator.thread import SimulatorThread

    moment = demo_start(demo.session, demo.day, demo.start, demo.lead)
    clock = ScaledClock(moment, demo.speed)
    simulator = SimulatorThread(session=demo.session, start=moment, seed=demo.seed, clock=clock)
    simulator.start()
    try:
        endpoints = Endpoints(rest=simulator.rest_url, ws=simulator.ws_url)
        key = Credentials(Secret(DEMO_KEY), Secret(DEMO_KEY), "demo")
        contracts = Contracts(Master.from_files(master_files(demo.day)))
        feed = _feed(settings, endpoints, key, _schedule(demo.session, moment), channels)
        feed = replace(feed, picture=_picture(settings, feed), reader=contracts.code)
        use_clock(clock)
        log_run(settings, feed, feed.schedule.state_at(moment), "demo", demo.session)
        yield RunSetup(
            clock,
            feed,
            contracts,
            tuple(demo_codes(moment, demo.session)),
        )
    finally:
        simulator.stop()


def _schedule(session: Session, moment: datetime) -> Schedule:
    """Return the sessions of a demo: those of the calendar and the one that it begins with."""
    from app.simulator.hours import SimulatedHours

    return Schedule(extra=frozenset([(session, SimulatedHours.containing(session, moment).day)]))


def _feed(
    settings: Settings,
    endpoints: Endpoints,
    credentials: Credentials,
    schedule: Schedule,
    channels: frozenset[Channel],
) -> FeedSettings:
    return FeedSettings(
        endpoints,
        credentials,
        beat=settings.beat_ms / 1000,
        limit=settings.registration_limit,
        customer=settings.custtype,
        schedule=schedule,
        channels=channels,
        describe=message_text,
    )


def _picture(
    settings: Settings, feed: FeedSettings, tokens: TokenFile | None = None
) -> PriceSnapshotSettings | None:
    if not settings.first_picture:
        return None
    return PriceSnapshotSettings(feed.endpoints, feed.credentials, tokens, settings.custtype)


def read_codes(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the short codes of the command line, each once.

    Raises:
        UsageError: one of them is neither a short code nor an ISIN; a combination is neither.
    """
    codes: dict[str, None] = {}
    for typed in (part.strip() for word in words for part in word.split(",")):
        code = code_of(typed) if typed else ""
        if code is None and is_combination_text(typed):
            hint = UserMessage("cli.combination_hint")
            raise UsageError("cli.no_combination", text=clean(typed, 40), hint=hint)
        if code is None:
            raise UsageError(
                "cli.not_a_code", code=clean(typed, 16), hint=UserMessage("cli.code_hint")
            )
        if code:
            codes[code] = None
    return tuple(codes)
