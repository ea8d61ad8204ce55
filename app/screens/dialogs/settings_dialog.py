"""All settings: value, origin and help of each; a change is written and shown at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from app.screens.dialogs.dialog import Dialog, Field
from app.storage.setting_store import SettingStore, setting_text
from app.system.errors import KisTuiError
from specs.user_message import UserText
from widgets import cells
from widgets.message_text import message_text
from widgets.texts import t

_TITLE, _VALUE, _ORIGIN = 25, 16, 13
"""Cells of the columns; what the value means has the rest."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("screen", ("language", "theme", "updown", "signs")),
    ("data", ("beat_ms", "registration_limit", "custtype", "first_picture", "hub")),
    ("theory", ("greeks", "rate")),
    ("trades", ("trades.large_percentile",)),
    ("tape", ("tape.keep_days", "tape.keep_gb")),
    ("alerts", ("alerts.bell", "alerts.notify", "alerts.command")),
    ("calendar", ("calendar.closed_days", "calendar.closed_nights", "calendar.open_days")),
)
"""Every setting, by what it is about."""


class ShownSetting(NamedTuple):
    """How the dialog shows a setting and changes it in the running dashboard."""

    value: Any
    choices: Sequence[tuple[Any, str]]
    """Each value and what it means; empty for one that is typed."""
    show: Callable[[Any], UserText | None] | None
    """Shows a value at once and returns why it cannot; None for one of the next start."""
    is_of_layout: bool = False
    """Whether the layout has another value than the file."""


class SettingsDialog(Dialog[None]):
    """Shows and changes settings; `describe` is asked for a setting whenever it is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False, priority=True),
        Binding("right,space", "step(1)", show=False, priority=True),
        Binding("u", "undo", show=False),
        Binding("d,delete,backspace", "reset", show=False),
    ]

    def __init__(self, store: SettingStore, describe: Callable[[str], ShownSetting]) -> None:
        super().__init__(t("settings.title"), "settings.pick")
        self._store = store
        self._describe = describe
        self._explained = ""

    def compose_body(self) -> list[Widget]:
        field = Field(id="typed", max_length=400)
        field.display = False
        return [
            OptionList(),
            Static(id="about"),
            field,
            Static(id="reading"),
            Static(sample(), id="sample"),
        ]

    def on_mount(self) -> None:
        """Begin on the first setting."""
        self._show_all("language")

    # --- what it shows

    def _show_all(self, chosen: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        for group, names in GROUPS:
            title = Content.styled(t(f"setting_group.{group}"), "bold $accent")
            options.add_option(Option(title, disabled=True))
            options.add_options(Option(self._line(name), id=name) for name in names)
        options.highlighted = options.get_option_index(chosen)

    def _line(self, name: str) -> Content:
        shown, origin = self._describe(name), self._store.origin(name)
        words = dict(shown.choices).get(shown.value, "")
        kind = "layout" if shown.is_of_layout else origin.kind
        return Content.assemble(
            "  ",
            (cells.fit(t(f"setting.{name.replace('.', '_')}"), _TITLE), "$text-label"),
            (cells.fit(setting_text(shown.value) or "—", _VALUE), "bold"),
            (
                cells.fit(origin.source or t(f"setting_origin.{kind}"), _ORIGIN) + " ",
                "$warning" * origin.is_fixed,
            ),
            (words, "$text-label"),
        )

    @on(OptionList.OptionHighlighted)
    def explain(self, event: OptionList.OptionHighlighted) -> None:
        """Show the help of the setting under the cursor."""
        name = event.option_id or ""
        shown = self._describe(name)
        if name != self._explained:
            self._say(None)
        self._explained = name
        notes = [t(f"setting_help.{name.replace('.', '_')}")]
        if self._store.origin(name).is_fixed:
            notes.append(t("settings.fixed_note", source=self._store.origin(name).source))
        elif shown.show is None:
            notes.append(t("settings.next_start"))
        self.query_one("#about", Static).update(Content("\n".join(notes)))

    def _say(self, message: UserText | str | None) -> None:
        text = Content.styled(message_text(message), "$error") if message else Content("")
        self.query_one("#reading", Static).update(text)

    # --- changes

    @property
    def _chosen(self) -> str:
        option = self.query_one(OptionList).highlighted_option
        return (option.id if option is not None else None) or "language"

    @property
    def _field(self) -> Field:
        return self.query_one("#typed", Field)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # While a value is typed, the keys are those of the field.
        return not (action in ("step", "undo", "reset") and self._field.display)

    def action_step(self, way: int) -> None:
        """Choose the next value, or type one."""
        name = self._chosen
        shown = self._describe(name)
        if not shown.choices:
            self._edit(name, shown)
            return
        values = [value for value, _ in shown.choices]
        at = values.index(shown.value) if shown.value in values else -1
        problem: UserText | str | None = None
        # A theme that cannot be shown is named and passed over.
        for step in range(1, len(values)):
            failed = self._change(name, values[(at + way * step) % len(values)])
            problem = problem or failed
            if failed is None or self._store.origin(name).is_fixed:
                break
        self._say(problem)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Choose the next value, or type one."""
        event.stop()
        self.action_step(1)

    @on(Input.Submitted)
    def accept(self, event: Input.Submitted) -> None:
        """Write what was typed if it is valid."""
        problem = self._change(self._chosen, event.value.strip())
        if problem is None:
            self._end_editing()
        self._say(problem)

    def action_reset(self) -> None:
        """Bring the default of the setting back."""
        name = self._chosen
        self._say(self._carry_out(name, lambda: self._store.reset(name)))

    def action_undo(self) -> None:
        """Undo the last change."""
        undone: list[str] = []
        problem = self._carry_out("", lambda: undone.append(self._store.undo()))
        self._say(t("toast.nothing_to_undo") if undone == [""] else problem)

    def action_give_up(self) -> None:
        if self._field.display:
            self._end_editing()
            self._say(None)
        else:
            super().action_give_up()

    def _change(self, name: str, value: Any) -> UserText | str | None:
        """Show and write a value; return why it will not do."""
        shown = self._describe(name)
        if shown.show is not None and not self._store.origin(name).is_fixed:
            problem = shown.show(value)
            if problem is not None:
                shown.show(shown.value)
                return problem
        return self._carry_out(name, lambda: self._store.change(name, value))

    def _carry_out(self, name: str, change: Callable[[], object]) -> UserText | None:
        before = {one: self._store.value(one) for one in _every()}
        try:
            change()
        except KisTuiError as error:
            if name and (show := self._describe(name).show) is not None:
                show(before[name])
            return error.message
        for one in _every():
            show = self._describe(one).show
            if show is not None and self._store.value(one) != before[one]:
                show(self._store.value(one))
        self._show_all(self._chosen)
        return None

    def _edit(self, name: str, shown: ShownSetting) -> None:
        if (origin := self._store.origin(name)).is_fixed:
            self._say(t("settings.fixed_note", source=origin.source))
            return
        self._field.value = setting_text(shown.value)
        self._field.display = True
        self._field.focus()

    def _end_editing(self) -> None:
        self._field.display = False
        self.query_one(OptionList).focus()


def _every() -> Iterator[str]:
    return (name for _, names in GROUPS for name in names)


def sample() -> Content:
    """Return prices, a warning and a state in the tones of the theme."""
    return Content.assemble(
        ("▲ 4.20", "$up"), "  ", ("▼ 1.95", "$down"), "  1,081.30  ", ("23.9%~", "$text-older"),
        "  ", (t("setting.sample_warning"), "$warning"), "  ", (t("link.live"), "$success"),
    )  # fmt: skip
