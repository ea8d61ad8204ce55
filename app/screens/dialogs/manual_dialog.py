"""The manual over the whole screen: table of contents, search, and the page that is read.

The contents list the pages and their sections; a search leaves those that hold every word.
"""

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Markdown, OptionList
from textual.widgets.option_list import Option

from app.manual.manual_pages import (
    TOPICS,
    ManualSection,
    find_sections,
    page,
    section_linked,
    sections,
)
from app.screens.dialogs.dialog import Dialog, Field
from app.screens.dialogs.manual_page import ManualPage
from widgets.texts import language, t

_LONGEST_SEARCH = 40


class ManualDialog(Dialog[None]):
    """Shows the manual."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", show=False),
        Binding("f1", "give_up", show=False),
        Binding("enter,right", "read", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(t("manual.title"), "manual.hint")
        self._listed: list[ManualSection] = []
        self._topic = ""
        self._heading: Widget | None = None

    def compose_body(self) -> list[Widget]:
        return [
            Field(placeholder=t("manual.placeholder"), max_length=_LONGEST_SEARCH),
            Horizontal(
                OptionList(id="contents"),
                VerticalScroll(ManualPage(), id="reading_room", can_focus=True),
                id="manual_body",
            ),
        ]

    def on_mount(self) -> None:
        """Begin with the table of contents."""
        self.watch(self.query_one("#reading_room"), "virtual_size", self._scroll_to_heading)
        self._list("")
        self.query_one("#contents").focus()

    @on(Field.Changed)
    def find(self, event: Field.Changed) -> None:
        """List the sections that hold the words."""
        self._list(event.value)

    @on(Field.Submitted)
    def enter_contents(self) -> None:
        """Go from the search to what it found."""
        self.query_one("#contents").focus()

    @on(OptionList.OptionHighlighted)
    async def show(self, event: OptionList.OptionHighlighted) -> None:
        """Show the section under the cursor."""
        if event.option_index < len(self._listed):
            await self._show(self._listed[event.option_index])

    @on(OptionList.OptionSelected)
    def action_read(self) -> None:
        """Go from the contents to the page."""
        self._heading = None
        self.query_one("#reading_room").focus()

    def action_search(self) -> None:
        """Go to the search."""
        self.query_one(Field).focus()

    @on(Markdown.LinkClicked)
    def follow(self, event: Markdown.LinkClicked) -> None:
        """Go to the section that a link names."""
        section = section_linked(event.href, self._topic, language())
        if section is not None:
            self.query_one(Field).value = ""
            self._list("")
            self.query_one("#contents", OptionList).highlighted = self._listed.index(section)

    def _list(self, words: str) -> None:
        spoken = language()
        every = [one for topic in TOPICS for one in sections(topic, spoken)]
        self._listed = find_sections(words, spoken) if words.strip() else every
        contents = self.query_one("#contents", OptionList)
        contents.clear_options()
        contents.add_options(map(_option, self._listed))
        if not self._listed:
            contents.add_option(Option(Content(t("manual.nothing")), disabled=True))
        contents.highlighted = 0 if self._listed else None

    async def _show(self, section: ManualSection) -> None:
        shown = self.query_one(ManualPage)
        if section.topic != self._topic:
            self._topic = section.topic
            await shown.update(page(section.topic, language()))
        at = sections(section.topic, language()).index(section)
        headings = shown.table_of_contents
        if at < len(headings):
            self._heading = shown.query_one(f"#{headings[at][2]}")
            self.call_after_refresh(self._scroll_to_heading)

    def _scroll_to_heading(self) -> None:
        """Put the heading that was chosen at the top, again whenever the page has grown."""
        if self._heading is not None and self._heading.is_attached:
            room = self.query_one("#reading_room", VerticalScroll)
            room.scroll_to_widget(self._heading, top=True, animate=False)


def _option(section: ManualSection) -> Option:
    title = Content(section.title)
    return Option(title.stylize("bold") if section.level == 1 else Content.assemble("  ", title))
