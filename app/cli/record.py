"""``kis-tui record``: a recording without a screen, one tape a session, until it is ended."""

from typing import Any

import click

from app.cli.channels import channel_option, channels, refuse_sleepers, without_expired
from app.cli.invocation import Invocation
from app.cli.options import chosen_keys, demo_of, demo_options, session_option
from app.cli.recorded_run import RecordedRun
from app.cli.recording_option import taping
from app.cli.requested_codes import layout_option, wanted
from app.cli.run_setup import start
from specs.catalog import Channel, Session


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@layout_option
@session_option
@channel_option(",".join(Channel))
@click.option("--timeout", type=click.FloatRange(min=0.1), help="Leave after so many seconds.")
@click.option(
    "--out",
    default="",
    metavar="FILE|DIR",
    help="Record into this new file, or this folder.  [default: the data directory]",
)
@click.option(
    "--alerts",
    "with_alerts",
    is_flag=True,
    help="Evaluate the alerts, too, and record their codes: a JSON object for each that fires.",
)
@demo_options
@click.pass_obj
def record(invocation: Invocation, /, codes: tuple[str, ...], **options: Any) -> None:
    """Record CODE... or a layout, without a screen, until a signal comes.

    A session's tape ends with it, and the next one begins; a FILE holds all sessions.
    """
    asked = wanted(invocation, codes, options)
    session = None if options["session"] == "auto" else Session(options["session"])
    asked_for = channels(options["channel"])
    demo = demo_of(options)
    keys = chosen_keys(invocation, options)
    with start(invocation.settings, invocation.folders, demo, session, asked_for, **keys) as begun:
        codes = asked.for_run(begun)
        found = without_expired(codes, begun.contracts, begun.clock.now())
        if session is not None:
            refuse_sleepers(found, session, asked_for)
        with taping(invocation, begun, options["out"], demo) as taped:
            if options["with_alerts"]:
                from app.cli.alert_run import live_monitor
                from app.cli.alerts import load_alerts, store_of

                alerts = load_alerts(store_of(invocation)).alerts
                monitor = live_monitor(invocation, taped, alerts, is_demo=demo is not None)
                found = tuple(dict.fromkeys((*found, *monitor.codes)))
                tap, take, tick = monitor.accept, monitor.apply, monitor.tick
                run = RecordedRun(taped, found, tap, take=take, tick=tick)
                monitor.notify_codes = lambda more: run.watch(tuple(dict.fromkeys(found + more)))
            else:
                run = RecordedRun(taped, found)
            run.to_end(options["timeout"])
