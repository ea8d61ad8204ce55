"""``kis-tui hub``: owns the session without a screen, and serves it to other programs."""

from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import click
from msgspec.structs import replace

from app.cli.channels import without_expired
from app.cli.demo_options import DEMO_KEY
from app.cli.desk_options import DeskOfHub, desk_of_hub, hub_nats_option
from app.cli.invocation import Invocation
from app.cli.options import chosen_keys, demo_of, demo_options, session_option
from app.cli.recorded_run import RecordedRun
from app.cli.recording_option import record_option, refuse_code, taping
from app.cli.requested_codes import RequestedCodes, layout_option, wanted
from app.cli.run_setup import RunSetup, start
from app.hub.gateway import Gateway, GatewaySettings
from app.hub.owner_file import OwnerFile
from app.storage.credentials import Endpoints
from app.system.errors import UsageError
from app.system.lock import hold
from specs.catalog import Session
from specs.user_message import UserMessage
from widgets.texts import t

WS_PORT, REST_PORT = 21010, 21011


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@layout_option
@session_option
@click.option(
    "--ws-port",
    type=click.IntRange(0, 65535),
    default=WS_PORT,
    show_default=True,
    help="The websocket's port; 0 is any free one.",
)
@click.option(
    "--rest-port",
    type=click.IntRange(0, 65535),
    default=REST_PORT,
    show_default=True,
    help="The port that issues approval keys; 0 is any free one.",
)
@hub_nats_option
@record_option
@click.option(
    "--alerts",
    "with_alerts",
    is_flag=True,
    help="Evaluate the alerts, too: a JSON object for each that fires.",
)
@demo_options
@click.pass_obj
def hub(invocation: Invocation, /, codes: tuple[str, ...], **options: Any) -> None:
    """Own the session without a screen, and serve it to other programs of this machine.

    Screens, scripts and any other KIS client share one app key: set the two variables that it
    prints, and they get approval keys and market data from here, by KIS' own protocol.  Orders and
    accounts are refused.  CODE... and --layout are registered even when nobody asks for them; what
    others ask for shares the same 41 registrations.  A signal ends it.
    """
    refuse_code(options["record"])
    desk = desk_of_hub(options["nats"], invocation.folders.state)
    asked = RequestedCodes()
    if codes or options["layout"]:
        asked = wanted(invocation, codes, options)
    session = None if options["session"] == "auto" else Session(options["session"])
    demo, keys = demo_of(options), chosen_keys(invocation, options)
    with ExitStack() as stack:
        begun = stack.enter_context(
            start(invocation.settings, invocation.folders, demo, session, joins=False, **keys)
        )
        if demo is not None:
            # Clients of a demo find its hub by the same lock.
            stack.enter_context(hold(invocation.folders, begun.feed.credentials.app_key))
        _refuse_itself(begun.feed.endpoints, options)
        taped = stack.enter_context(taping(invocation, begun, options["record"], demo))
        file = OwnerFile(invocation.folders, begun.feed.credentials.app_key)
        server = HubServer(taped, file, options, desk, is_demo=demo is not None)
        found: tuple[str, ...] = ()
        if asked.codes:
            codes = asked.for_run(begun)
            found = without_expired(codes, begun.contracts, begun.clock.now())
        server.run(invocation, found, options)


class HubServer:
    """A run of the feed with a gateway."""

    def __init__(
        self,
        begun: RunSetup,
        file: OwnerFile,
        options: dict[str, Any],
        desk: DeskOfHub | None,
        *,
        is_demo: bool,
    ) -> None:
        ports = GatewaySettings(
            begun.feed.credentials,
            options["rest_port"],
            options["ws_port"],
            begun.feed.schedule,
            file,
            tuple(one.credentials for one in begun.feed.more_keys),
        )
        self._gateway = Gateway(ports, begun.clock, self._on_open)
        feed = replace(begun.feed, sharing=self._gateway)
        if desk is not None:
            feed = desk.settings(feed, self._gateway, begun.clock)
        self._begun = replace(begun, feed=feed)
        self._is_demo = is_demo
        # Lines of alerts are data; nothing else may stand between them.
        self._to_stderr = bool(options["with_alerts"])
        self._clients = 0

    def run(self, invocation: Invocation, codes: tuple[str, ...], options: dict[str, Any]) -> None:
        """Serve until a signal arrives or the connection fails for good.

        Raises:
            KisTuiError: why it ended, where that is a failure.
            click.exceptions.Exit: a signal ended it, 128 + its number.
        """
        if not options["with_alerts"]:
            RecordedRun(self._begun, codes, tick=self._report_clients).to_end(None)
            return
        from app.cli.alert_run import live_monitor
        from app.cli.alerts import load_alerts, store_of

        alerts = load_alerts(store_of(invocation)).alerts
        monitor = live_monitor(invocation, self._begun, alerts, is_demo=self._is_demo)

        def tick() -> None:
            self._report_clients()
            monitor.tick()

        watched = tuple(dict.fromkeys((*codes, *monitor.codes)))
        run = RecordedRun(self._begun, watched, monitor.accept, take=monitor.apply, tick=tick)
        monitor.notify_codes = lambda more: run.watch(tuple(dict.fromkeys((*codes, *more))))
        run.to_end(None)

    def _on_open(self, addresses: Endpoints) -> None:
        lines = [f"export KIS_URL_REST={addresses.rest}", f"export KIS_URL_WS={addresses.ws}"]
        if self._is_demo:
            lines.append(f"export KIS_APP_KEY={DEMO_KEY} KIS_APP_SECRET={DEMO_KEY}")
        for line in lines:
            click.echo(line, err=self._to_stderr)
        click.echo(t("hub.serving"), err=True)

    def _report_clients(self) -> None:
        clients = len(self._gateway.clients)
        if clients != self._clients:
            self._clients = clients
            click.echo(t("hub.clients", count=clients), err=True)


def _refuse_itself(upstream: Endpoints, options: dict[str, Any]) -> None:
    """Refuse to dial the gateway's own addresses, which the environment of its clients names.

    Raises:
        UsageError: KIS_URL_REST or KIS_URL_WS is what this run would serve.
    """
    for url, port in ((upstream.ws, options["ws_port"]), (upstream.rest, options["rest_port"])):
        if upstream.local and port and urlsplit(url).port == port:
            raise UsageError("hub.itself", url=url, hint=UserMessage("hub.itself_hint"))
