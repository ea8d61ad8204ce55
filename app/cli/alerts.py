"""``kis-tui alerts``: list, add, remove, and evaluate them without a screen."""

import json
from typing import Any

import click

from app.alerts.alert import Alert
from app.alerts.alert_file import AlertList, AlertStore, PartlySavedAlerts
from app.cli.columns import table
from app.cli.invocation import Invocation
from app.cli.options import demo_options, session_option
from app.system.clock import SystemClock
from app.system.errors import UsageError
from specs.user_message import UserMessage
from widgets.message_text import message_text
from widgets.texts import t


@click.group()
def alerts() -> None:
    """Alerts on prices, greeks, positions and the link.

    One line describes one: B01612A34 iv > 25, A01612 high new, A01612 quiet 60s, link down 30s,
    with repeat 5m, hysteresis 0.5, 20:00-02:00 or session behind it.
    """


@alerts.command("list")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A table, or one JSON object per line.",
)
@click.pass_obj
def list_alerts(invocation: Invocation, shape: str) -> None:
    """Print the alerts."""
    found = load_alerts(store_of(invocation)).alerts
    if shape == "json":
        for one in found:
            moments = {"ends": one.ends, "fired": one.fired}
            texts = {name: at.isoformat() if at else None for name, at in moments.items()}
            click.echo(json.dumps({"id": one.id, "alert": one.text, **texts}))
        return
    if found:
        head = (t("alerts.id"), t("alerts.alert"), t("alerts.fired_at"), t("alerts.ends_at"))
        for line in table([head, *map(_row, found)], right=(0,)):
            click.echo(line)
    else:
        click.echo(t("alerts.none"), err=True)


@alerts.command("add")
@click.argument("text", nargs=-1, required=True)
@click.pass_obj
def add_alert(invocation: Invocation, text: tuple[str, ...]) -> None:
    """Add the alert that TEXT describes, and print its number and its line."""
    from app.alerts.alert import dated
    from app.alerts.alert_parser import parse_alert
    from app.krx.calendar import KRX

    alert = dated(parse_alert(" ".join(text)), KRX, SystemClock().now())
    added = store_of(invocation).update(lambda kept: kept.add(alert)).alerts[-1]
    click.echo(f"{added.id}  {added.text}")


@alerts.command("remove")
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(1), metavar="ID...")
@click.pass_obj
def remove_alert(invocation: Invocation, numbers: tuple[int, ...]) -> None:
    """Remove the alerts with these numbers, all or none."""

    def without(kept: AlertList) -> AlertList:
        for number in numbers:
            kept = kept.remove(number)
        return kept

    store_of(invocation).update(without)


@alerts.command("run")
@session_option
@click.option("--timeout", type=click.FloatRange(min=0.1), help="Leave after so many seconds.")
@click.option(
    "--replay",
    metavar="FILE",
    help="Evaluate a tape (or demo, the one that is built in) as fast as it can be read.",
)
@demo_options
@click.pass_obj
def run_alerts(invocation: Invocation, /, **options: Any) -> None:
    """Print every alert that fires, one JSON object per line, until a signal or the tape's end."""
    found = load_alerts(store_of(invocation)).alerts
    if not found:
        raise UsageError("alerts.none", hint=UserMessage("alerts.examples"))
    from app.cli import alert_run

    if options["replay"] is not None:
        alert_run.over_tape(invocation, found, options)
    else:
        alert_run.live(invocation, found, options)


def store_of(invocation: Invocation) -> AlertStore:
    """Return the user's alerts."""
    return AlertStore(invocation.folders, SystemClock())


def load_alerts(store: AlertStore) -> AlertList:
    """Return the alerts; of a damaged file those that can be read, with a warning.

    Raises:
        KisTuiError: the file cannot be read, or is of a newer version.
    """
    try:
        return store.load()
    except PartlySavedAlerts as error:
        click.echo(message_text(error.message), err=True)
        store.save(error.good)
        return error.good


def _row(alert: Alert) -> tuple[str, ...]:
    moments = (f"{at:%m-%d %H:%M:%S}" if at else "—" for at in (alert.fired, alert.ends))
    return str(alert.id), alert.text, *moments
