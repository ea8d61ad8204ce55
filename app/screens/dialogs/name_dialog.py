"""The dialog that asks for a layout's name."""

from collections.abc import Callable, Collection

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.screens.dialogs.dialog import Dialog, Field
from app.system.errors import KisTuiError
from widgets.message_text import message_text
from widgets.texts import t


class NameDialog(Dialog[str]):
    """Asks for a name; answers one that `check` lets pass."""

    def __init__(
        self,
        current: str,
        check: Callable[[str], str],
        taken: Collection[str],
        *,
        title: str = "save.title",
        fresh: str = "save.new",
        placeholder: str = "save.placeholder",
        replaces: str = "save.replaces",
    ) -> None:
        """`taken` are names whose contents are replaced.

        `title`, `fresh`, `placeholder` and `replaces` are text keys.
        """
        super().__init__(t(title), "save.hint")
        self._fresh = fresh
        self._placeholder = placeholder
        self._replaces = replaces
        self._current = current
        self._check = check
        self._taken = taken

    def compose_body(self) -> list[Widget]:
        field = Field(self._current, placeholder=t(self._placeholder), max_length=64)
        return [field, Static(Content(""), id="reading")]

    @on(Input.Changed)
    def preview(self, event: Input.Changed) -> None:
        """Say what would happen."""
        said = self.query_one("#reading", Static)
        name = event.value.strip()
        problem = self._problem(name)
        if problem:
            said.update(Content.assemble((problem, "$error")))
        elif name in self._taken:
            said.update(Content.assemble((t(self._replaces, name=name), "$warning")))
        else:
            said.update(Content.assemble((t(self._fresh), "$text-label")))

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer, unless the name will not do."""
        name = event.value.strip()
        if not self._problem(name):
            self.dismiss(name)

    def _problem(self, name: str) -> str:
        try:
            self._check(name)
        except KisTuiError as error:
            return message_text(error.message)
        return ""
