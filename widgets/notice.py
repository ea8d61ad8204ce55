"""A notice: words above a page's content that stay until what they tell of is over."""

from textual.content import Content
from textual.widgets import Static


class Notice(Static):
    """Takes room only while there is something to say."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._told = ""
        self.display = False

    def show(self, text: str) -> None:
        """Say this; nothing where it is empty."""
        if text != self._told:
            self._told = text
            self.display = bool(text)
            self.update(Content(text))
