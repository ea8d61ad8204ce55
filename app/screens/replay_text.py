"""The words and marks of a replay on timeline and status line."""

from datetime import datetime
from math import isfinite

from app.feed.batch import LinkState
from app.feed.connection import SETTLED
from app.feed.link_step import LinkStep
from app.krx.calendar import MarketPhase, format_clock
from app.screens.link_text import link_words, reason_words
from app.tape.check import Finding
from app.tape.gap import Gap
from app.tape.tape_clock import PlaybackPace
from app.tape.tape_index import TapeIndex
from app.tape.timeline import (
    AUCTIONS,
    EventKind,
    PhaseSpan,
    PriceMove,
    Timeline,
    TimelineEvent,
    gap_message,
)
from widgets import times
from widgets.message_text import message_text
from widgets.status import StatusPart
from widgets.texts import t
from widgets.timeline import PlaybackHead, TimelineMark, TimelinePicture, TimelineShade

_SIGNS = {
    EventKind.AUCTION: ("┃", "mark"),
    EventKind.GAP: ("◆", "gap"),
    EventKind.DAMAGE: ("✖", "gap"),
    EventKind.MOVE: ("▲", "mark"),
}
_DOWN = "▼"


def speed(value: float) -> str:
    """A speed: 0.25×, 10×, max."""
    return f"{value:g}×" if isfinite(value) else t("replay.fastest")


def state(pace: PlaybackPace) -> str:
    """Return how the tape is played: paused, playing or ended, with the speed."""
    if pace.ended:
        return t("replay.ended")
    if not pace.playing:
        return f"⏸ {speed(pace.speed)}"
    return f"{'▶' if isfinite(pace.speed) else '⏵⏵'} {speed(pace.speed)}"


def was_live(link: LinkState, now: float) -> bool:
    """Whether the link brought data then."""
    return link.phase in SETTLED and link.is_live(now)


def link_parts(link: LinkState, now: float, pace: PlaybackPace) -> list[StatusPart]:
    """Return the replay's state and the link's state at that moment, for the place of the link."""
    playing = StatusPart(t("replay.playing", state=state(pace)), 0, "bold $accent")
    if was_live(link, now):
        return [playing]
    words = t("replay.then", words=link_words(link, now))
    return [playing, StatusPart(words, 2, "$warning", shorter=t(f"link.{link.phase}"))]


def course(tape_index: TapeIndex, timeline: Timeline) -> TimelinePicture:
    """Return the part of the timeline that does not depend on the position."""
    length = max(timeline.length, 1e-9)
    shades = tuple(
        TimelineShade(one.begin / length, one.end / length, names_of(one), tone_of(one))
        for one in timeline.stretches
    )
    # Marks that are drawn later lie above: moves lowest, then auctions, gaps and damage.
    order = (EventKind.MOVE, EventKind.AUCTION, EventKind.GAP, EventKind.DAMAGE)
    events = sorted(timeline.events, key=lambda event: order.index(event.what))
    marks = tuple(TimelineMark(event.position / length, *sign_of(event)) for event in events)
    begin, end = tape_index.ends
    return TimelinePicture(f"{begin:%H:%M}", f"{end:%H:%M}", shades, marks)


def head(tape_index: TapeIndex, place: float, now: datetime, pace: PlaybackPace) -> PlaybackHead:
    """Return the head of the timeline at a position."""
    return PlaybackHead(
        place / max(tape_index.length, 1e-9), f" {format_clock(now)}", f" {state(pace)}"
    )


def names_of(stretch: PhaseSpan) -> tuple[str, ...]:
    """The name of a phase with its session's, without, and shorter still."""
    if stretch.session is None:
        return (t("calendar.between"),)
    phase = t(f"phase.{stretch.phase}")
    names = f"{t(f'session.{stretch.session}')} {phase}", phase
    return (*names, t("event.auction")) if stretch.phase in AUCTIONS else names


def tone_of(stretch: PhaseSpan) -> str:
    """Return the tone in which a phase is drawn."""
    if stretch.phase in AUCTIONS:
        return "auction"
    return "open" if stretch.phase is MarketPhase.CONTINUOUS else "closed"


def sign_of(event: TimelineEvent) -> tuple[str, str]:
    """The sign of an event and its tone."""
    sign, tone = _SIGNS[event.what]
    return (_DOWN if event.size < 0 else sign), tone


def event_words(event: TimelineEvent) -> str:
    """Return what happened, as a clause."""
    match event.cause:
        case MarketPhase():
            return t(f"phase.{event.cause}")
        case Gap():
            return message_text(gap_message(event.cause))
        case LinkStep():
            span = times.minutes(event.end - event.position)
            why = reason_words(event.cause.reason, event.cause.detail)
            return (
                t("replay.outage_why", span=span, why=why) if why else t("replay.outage", span=span)
            )
        case Finding(count=None):
            return t("replay.broken")
        case Finding(count=count):
            return t("replay.damaged", count=f"{count:,}")
        case PriceMove(name, before, after, decimals):
            return t(
                "replay.move",
                name=name,
                price=f"{before:,.{decimals}f}",
                to=f"{after:,.{decimals}f}",
                change=f"{event.size:+.2f}%",
                span=times.minutes(event.end - event.position),
            )


def event_text(event: TimelineEvent, at: datetime) -> str:
    """An event with its time."""
    return t(
        "replay.event", at=format_clock(at), what=t(f"event.{event.what}"), words=event_words(event)
    )
