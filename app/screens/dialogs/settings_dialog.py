"""The dialog of settings: every value is shown at once while it is under the cursor."""

from collections.abc import Sequence

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from app.screens.dialogs.dialog import Dialog
from app.screens.setting_choice import SettingChoice
from widgets.texts import t


class SettingsDialog(Dialog[tuple[str, str]]):
    """Asks for a value of one of several settings; answers its name and the value.

    Without an answer everything is shown as it was.
    """

    def __init__(self, choices: Sequence[SettingChoice]) -> None:
        super().__init__(t("settings.title"), "settings.pick")
        self._choices = {choice.name: choice for choice in choices}
        self._previewed = ""
        self._can_show = True

    def compose_body(self) -> list[Widget]:
        options: list[Option | None] = []
        for choice in self._choices.values():
            if options:
                options.append(None)
            title = Content.styled(t(f"setting.{choice.name}"), "bold $text-label")
            options.append(Option(title, disabled=True))
            for value, words in choice.values:
                mark = "●" if value == choice.current else " "
                label = Content.assemble(f" {mark} {value:<12}", (words, "$text-label"))
                options.append(Option(label, id=f"{choice.name}={value}"))
        return [OptionList(*options), Static(sample(), id="sample")]

    def on_mount(self) -> None:
        """Begin on the value of the first setting that is in force."""
        first = next(iter(self._choices.values()))
        lists = self.query_one(OptionList)
        lists.highlighted = lists.get_option_index(f"{first.name}={first.current}")

    @on(OptionList.OptionHighlighted)
    def preview(self, event: OptionList.OptionHighlighted) -> None:
        """Show the value under the cursor, and the other settings as they are kept."""
        name, _, value = (event.option_id or "").partition("=")
        if name not in self._choices:
            return
        if self._previewed not in ("", name):
            self._restore()
        self._previewed = name
        self._can_show = self._choices[name].preview(value)

    @on(OptionList.OptionSelected)
    def submit(self, event: OptionList.OptionSelected) -> None:
        """Answer, if the value can be shown."""
        name, _, value = (event.option_id or "").partition("=")
        if self._can_show:
            self.dismiss((name, value))

    def action_give_up(self) -> None:
        self._restore()
        super().action_give_up()

    def _restore(self) -> None:
        if self._previewed:
            choice = self._choices[self._previewed]
            choice.preview(choice.current)


def sample() -> Content:
    """Return prices, a warning and a state in the tones of the theme."""
    return Content.assemble(
        ("▲ 4.20", "$up"), "  ", ("▼ 1.95", "$down"), "  1,081.30  ", ("23.9%~", "$text-older"),
        "  ", (t("setting.sample_warning"), "$warning"), "  ", (t("link.live"), "$success"),
    )  # fmt: skip
