"""The option ``--nats``: a hub that publishes on a desk's server, and screens that join it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct
from msgspec.structs import replace

from app.cli.run_log import log_run
from app.cli.run_setup import RunSetup
from app.feed.feed_settings import FeedSettings, Tap
from app.instruments.contracts import Contracts
from app.instruments.master import load_master
from app.krx.calendar import Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import Clock, SystemClock
from app.system.errors import UsageError
from app.system.secret import Secret, key_hash
from specs.catalog import Channel, Session
from specs.user_message import UserMessage
from widgets.message_text import message_text
from widgets.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.cli.invocation import Invocation
    from app.desk.desk_address import DeskAddress
    from app.desk.desk_session import DeskSession
    from app.feed.batch import Batch
    from app.feed.source import Source
    from app.hub.gateway import Gateway

START = "start"

hub_nats_option = click.option(
    "--nats",
    metavar="URL|start[:PORT]",
    help="Publish on this NATS server, too, or on one that starts and ends with the hub.",
)

nats_option = click.option(
    "--nats",
    metavar="URL",
    help="Get all data from the hub on this NATS server; no keys are needed.",
)


class DeskOfHub(Struct, frozen=True):
    """Where a hub publishes: at a server that runs, or at one that it starts at a port."""

    state: Path
    address: "DeskAddress | None" = None
    port: int = 0

    def settings(self, feed: FeedSettings, gateway: "Gateway", clock: Clock) -> FeedSettings:
        """Return the settings of a feed that publishes what it gets."""
        from app.desk.desk_session import DeskSession

        session = DeskSession(gateway, key_hash(feed.credentials.app_key), clock)
        return replace(feed, sharing=session, source=partial(_published, self, session))


def desk_of_hub(typed: str | None, state: Path) -> DeskOfHub | None:
    """Return where a hub publishes, or None if it does not.

    Raises:
        UsageError: the URL is refused, or there is no server to start.
    """
    if typed is None:
        return None
    from app.desk.desk_address import DEFAULT_PORT, read_address

    word, _, port = typed.partition(":")
    if word != START:
        return DeskOfHub(state, read_address(typed, os.environ))
    from app.desk.nats_server import find_binary

    if port and not (port.isascii() and port.isdigit() and int(port) < 1 << 16):
        raise UsageError("desk.bad_port", port=port[:10], hint=UserMessage("desk.url_hint"))
    find_binary()
    return DeskOfHub(state, port=int(port) if port else DEFAULT_PORT)


def _published(
    desk: DeskOfHub,
    session: "DeskSession",
    settings: FeedSettings,
    clock: Clock,
    deliver: "Callable[[Batch], None]",
    tap: Tap | None,
) -> "Source":
    from app.desk.leased_feed import LeasedFeed
    from app.desk.nats_server import NatsServer

    server = desk.address or NatsServer(desk.state, desk.port)
    return LeasedFeed(settings, clock, deliver, tap, server, session, _report)


def _report(event: str, url: str) -> None:
    if event == "published":
        click.echo(f"kis-tui --nats {url}", err=True)
    click.echo(t(f"desk.{event}", url=url), err=True)


@contextmanager
def start_screen(
    invocation: "Invocation",
    url: str,
    options: dict[str, Any],
    session: Session | None,
    channels: frozenset[Channel] = frozenset(Channel),
) -> Iterator[RunSetup]:
    """Everything for one run without a key, whose data come from a hub by NATS.

    Raises:
        UsageError: the URL is refused, nats-py is not installed, or options that need a key.
    """
    from app.desk.desk_address import read_address
    from app.desk.nats_connection import require_client
    from app.desk.nats_server import started_server

    for name in ("demo", "paper", "profile"):
        if options.get(name):
            raise UsageError("desk.needs_no_key", option=f"--{name}")
    places, settings, clock = invocation.folders, invocation.settings, SystemClock()
    address = read_address(url, os.environ, started_server(places.state))
    require_client()
    contracts = Contracts(load_master(places))
    feed = FeedSettings(
        Endpoints(rest="", ws=""),
        Credentials(Secret(""), Secret(""), "nats"),
        beat=settings.beat_ms / 1000,
        limit=settings.registration_limit,
        schedule=Schedule(session),
        channels=channels,
        reader=contracts.code,
        describe=message_text,
        source=partial(_desk_feed, address),
    )
    log_run(settings, feed, feed.schedule.state_at(clock.now()), "desk", session)
    yield RunSetup(clock, feed, contracts)


def _desk_feed(
    address: "DeskAddress",
    settings: FeedSettings,
    clock: Clock,
    deliver: "Callable[[Batch], None]",
    tap: Tap | None,
) -> "Source":
    from app.desk.desk_feed import DeskFeed

    return DeskFeed(settings, clock, deliver, tap, address)
