"""The dashboard from the command line: which layout it opens, and what it keeps on the way out."""

import gc
from contextlib import AbstractContextManager
from typing import Any

from msgspec.structs import replace

from app.alerts.alert_file import AlertStore
from app.cli.demo_options import Demo
from app.cli.invocation import Invocation
from app.cli.options import chosen_keys
from app.cli.recording_option import taping
from app.cli.requested_rows import read_rows
from app.cli.run_setup import RunSetup, start
from app.cli.terminal import check_terminal, with_appearance
from app.feed.feed_settings import FeedSettings
from app.market.auction_file import AuctionFile
from app.portfolio.store import PositionStore
from app.pricing.diagnostics_file import DiagnosticsFile
from app.pricing.smile_file import SmileFile
from app.screens.services import Services
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout, with_rows
from app.system.clock import SystemClock
from app.system.crash import CrashReports, no_core_dumps
from app.system.errors import KisTuiError
from app.tape.library import folder
from app.tape.tape_history import TapeHistory
from specs.catalog import Session
from specs.preferences import Updown
from widgets.message_text import message_text
from widgets.texts import t


def dashboard(invocation: Invocation, options: dict[str, Any]) -> int:
    """Run the dashboard until it is left; its exit code."""
    no_core_dumps()
    demo = options["demo"]
    settings, places = invocation.settings, invocation.folders
    store = LayoutStore(places, SystemClock())
    override = Session(options["session"]) if options["session"] else None
    with (
        _started(invocation, options, override) as started,
        taping(invocation, started, options["record"], demo) as begun,
    ):
        check_terminal()
        notices = [message_text(warning) for warning in begun.warnings]
        if begun.feed.is_paper:
            notices.append(t("paper.tried"))
        layout = _layout(store, begun, options, settings.updown, notices)
        program = Services(
            clock=begun.clock,
            feed=_remembering(begun, invocation, is_demo=demo is not None),
            contracts=begun.contracts,
            store=store,
            layout=layout,
            auctions=AuctionFile(places.state / f"auction{'-demo' if demo else ''}.json"),
            positions=PositionStore(places, SystemClock(), demo=demo is not None),
            alerts=AlertStore(places, SystemClock(), demo=demo is not None),
            smiles=SmileFile(places.state / f"smiles{'-demo' if demo else ''}.json"),
            badge="DEMO" if demo else "",
            notices=tuple(notices),
            settings=settings,
            diagnostics=DiagnosticsFile(places.state / "diagnostics.json", invocation.log),
            log=invocation.log,
            reports=CrashReports(places.state / "crashes", SystemClock(), invocation.log),
            save_session=lambda kept: store.save_session(kept, demo=_demo_session(demo)),
        )
        from app.screens.app import KisTui

        gc.freeze()
        gc.enable()
        return KisTui(with_appearance(program, invocation, options)).run() or 0


def _started(
    invocation: Invocation, options: dict[str, Any], session: Session | None
) -> AbstractContextManager[RunSetup]:
    """Return the start of a run with a key of its own, or of a screen at a desk."""
    if options["nats"]:
        from app.cli.desk_options import start_screen

        return start_screen(invocation, options["nats"], options, session)
    keys = chosen_keys(invocation, options)
    return start(invocation.settings, invocation.folders, options["demo"], session, **keys)


def _layout(
    store: LayoutStore,
    begun: RunSetup,
    options: dict[str, Any],
    updown: Updown,
    notices: list[str],
) -> Layout:
    watch: tuple[str, ...] = ()
    if options["watch"]:
        watch = read_rows((options["watch"],), begun.contracts, begun.clock.now().date())
    layout: Layout | None = None
    if options["layout"]:
        layout = store.load(options["layout"])
    else:
        try:
            layout = store.last_session(demo=_demo_session(options["demo"]))
        except KisTuiError as error:
            notices.append(message_text(error.message))
    if layout is None:
        layout = Layout(name="", codes=list(begun.codes), updown=updown)
    if watch:
        layout = with_rows(layout, watch)
    if options["updown"]:
        layout = replace(layout, updown=options["updown"])
    if layout.codes and not begun.contracts.named:
        notices.append(t("cli.no_master"))
    return layout


def _remembering(begun: RunSetup, invocation: Invocation, *, is_demo: bool) -> FeedSettings:
    """Return the settings of a feed that begins with what is known of the session.

    That are its tapes, and with a first picture the minute bars over REST.

    Every run of the demo begins its night anew, so that its tapes are of another one.
    """
    feed = begun.feed
    if feed.picture is not None:
        feed = replace(feed, picture=replace(feed.picture, asks_bars=True))
    if is_demo:
        return feed
    return replace(feed, history=TapeHistory(folder(invocation.folders), begun.clock))


def _demo_session(demo: Demo | None) -> Session | None:
    """Return the session that a demo begins with; None for a live run."""
    return demo.session if demo is not None else None
