"""The dashboard over a tape: its keys, its timeline, and what differs where nothing is live."""

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from app.feed.batch import Batch
from app.krx.calendar import format_clock
from app.screens import keymap, replay_text, status_text
from app.screens.app import KisTui
from app.screens.bound_keys import bind_replay_keys
from app.screens.page_screen import PageScreen
from app.screens.services import Services
from app.tape.player import Player
from app.tape.recording_news import news
from app.tape.tape_clock import SPEEDS, TapeClock, moment
from app.tape.tape_index import LONGEST
from app.tape.timeline import LACKING, EventKind, TimelineEvent
from app.tape.times import nanoseconds, time_of_day
from specs.user_message import News
from widgets.status import StatusPart
from widgets.texts import t
from widgets.timeline import TimelineBar

TIMELINE_EVERY = 0.1
"""Real seconds between two updates of the timeline."""


class ReplayApp(KisTui):
    """The terminal dashboard, played from a tape; it never dials."""

    BINDINGS: ClassVar[list[BindingType]] = [*keymap.replay_bindings()]

    bind_keys = bind_replay_keys

    feed: Player

    def __init__(self, program: Services, clock: TapeClock) -> None:
        self.tape_clock = clock
        self._has_scanned = False
        """Whether the scan of the tape is complete and its damage was shown."""
        super().__init__(program)

    @property
    def player(self) -> Player:
        """The player of the tape."""
        return self.feed

    def below(self) -> tuple[Widget, ...]:
        return (TimelineBar(),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action != "replay_key":
            return super().check_action(action, parameters)
        screen = self.screen
        is_free = not isinstance(screen, PageScreen) or parameters[0] not in screen.first_keys
        return is_free and not screen.is_modal

    def on_mount(self) -> None:
        self.set_interval(TIMELINE_EVERY, self.update_timelines)

    def tick(self) -> None:
        super().tick()
        self.update_timelines()

    def update_timelines(self) -> None:
        """Show the tape's position on every timeline."""
        pace, player = self.tape_clock.pace, self.player
        course = replay_text.course(player.tape_index, player.timeline)
        place, now = self.tape_clock.position, self.tape_clock.now()
        if player.timeline.complete and not self._has_scanned:
            self._has_scanned = True
            self._show_damage()
        for screen in {self.main, self.front}:
            for bar in screen.below:
                assert isinstance(bar, TimelineBar)
                bar.show(course, replay_text.head(player.tape_index, place, now, pace))

    def _show_damage(self) -> None:
        found = self.player.timeline.of_kind(EventKind.DAMAGE)
        if found:
            at = format_clock(moment(self.player.tape_index.wall_at(found[0].position)))
            self.show_toast(t("replay.has_damage", count=len(found), at=at), warning=True)

    def link_parts(self) -> list[StatusPart]:
        pace, place = self.tape_clock.pace, self.tape_clock.position
        now = self.clock.monotonic()
        # The link itself shows an outage, in the words of that moment.
        gap = self.player.timeline.gap_at(place) if replay_text.was_live(self.link, now) else None
        link = replay_text.link_parts(self.link, now, pace)
        lost = StatusPart(replay_text.event_words(gap) if gap is not None else "", 3, "$warning")
        return [*link, lost, *status_text.traffic_parts(self.link, self.counters, now)]

    def news_of(self, batch: Batch) -> list[News]:
        # News of the recording's link need no action in a replay.
        return list(news(self.recording, batch.recording))

    # --- keys

    async def action_replay_key(self, key: str) -> None:
        """Run the command of a key; it comes before the keys of boards and pages."""
        await self.run_action(next(one.action for one in self.table if key in one.keys))

    def action_pause(self) -> None:
        """Pause or play on; at the end of the tape, play from the beginning."""
        pace = self.tape_clock.pace
        if pace.ended:
            self.player.seek(0.0)
            self.player.play(True)
        else:
            self.player.play(not pace.playing)

    def action_step(self, way: int) -> None:
        """Show what was recorded next, or before."""
        self.player.step(way)

    def action_skip(self, seconds: float) -> None:
        """Seek by seconds of the tape; a negative number seeks back."""
        self.player.skip(seconds)

    def action_faster(self, way: int) -> None:
        """Play at the next speed."""
        speed = self.tape_clock.pace.speed
        beyond = [s for s in SPEEDS if (s - speed) * way > 0]
        if beyond:
            speed = min(beyond) if way > 0 else max(beyond)
        self.player.run_at(speed)
        self.show_toast(t("replay.speed", speed=replay_text.speed(speed)))

    def action_go(self, where: str) -> None:
        """Go to an end of the tape, or to an event."""
        line, place = self.player.timeline, self.tape_clock.position
        if where in ("begin", "end"):
            self.player.seek(0.0 if where == "begin" else LONGEST)
            return
        found = {
            "before": lambda: line.before(place),
            "after": lambda: line.after(place),
            "auction": lambda: line.after(place, EventKind.AUCTION),
            "gap": lambda: line.after(place, *LACKING),
            "move": lambda: line.biggest,
        }[where]()
        if found is None:
            key = f"replay.no_{where}" if line.complete else "replay.nothing_yet"
            self.show_toast(t(key), warning=not line.complete)
        else:
            self._go_to(found)

    def _go_to(self, event: TimelineEvent) -> None:
        self.player.seek(event.position)
        self.show_toast(
            replay_text.event_text(event, moment(self.player.tape_index.wall_at(event.position)))
        )

    def action_go_to_time(self) -> None:
        """Ask for a time of the tape and go there."""
        from app.screens.dialogs.moment_dialog import MomentDialog

        tape_index = self.player.tape_index
        self.push_screen(
            MomentDialog(self._read_time, tape_index.holds, tape_index.ends), self._visit
        )

    def _read_time(self, text: str) -> datetime | None:
        hours = time_of_day(text)
        return None if hours is None else self.player.tape_index.moment_of(hours)

    def _visit(self, when: datetime | None) -> None:
        if when is not None:
            self.player.seek(self.player.tape_index.position_at(nanoseconds(when)))

    @on(TimelineBar.Chosen)
    def go_to_click(self, message: TimelineBar.Chosen) -> None:
        """Seek to where the timeline was clicked."""
        self.player.seek(message.place * self.player.tape_index.length)

    def action_reconnect(self) -> None:
        """Show that a replay has no connection."""
        self.show_toast(t("replay.no_connection"))

    def action_record(self) -> None:
        """Show that a replay cannot be recorded."""
        self.show_toast(t("replay.no_recording"))
