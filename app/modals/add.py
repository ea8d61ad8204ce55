"""The add dialog: codes as they are typed, each read back with its name before anything is sent."""

from collections.abc import Callable, Collection

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from app.modals.dialog import Dialog, Field
from specs.clean import clean
from specs.codes import CodeError, normalise, parse
from widgets.hangul import keys_of
from widgets.row import Instrument
from widgets.texts import t

LONGEST = 4000
"""Characters that are read of what was typed or pasted."""

SHOWN = 8


def read_codes(typed: str) -> tuple[list[str], list[str]]:
    """The codes in a text, and what in it is none; commas and spaces part them."""
    codes: list[str] = []
    wrong: list[str] = []
    for word in typed[:LONGEST].replace(",", " ").replace("，", " ").split():
        code = normalise(keys_of(word))
        try:
            parse(code)
        except CodeError:
            wrong.append(clean(word, 16))
        else:
            codes.append(code)
    return list(dict.fromkeys(codes)), list(dict.fromkeys(wrong))


class AddDialog(Dialog[list[str]]):
    """Asks for codes; answers those to be added."""

    def __init__(
        self,
        instrument: Callable[[str], Instrument],
        watched: Collection[str],
        limit: int,
        *,
        named: bool,
    ) -> None:
        super().__init__(t("add.title"), "add.hint")
        self._instrument = instrument
        self._watched = watched
        self._limit = limit
        self._named = named

    def body(self) -> list[Widget]:
        return [
            Field(placeholder=t("add.placeholder")),
            Static(self._reading(""), id="reading"),
        ]

    @on(Input.Changed)
    def read_back(self, event: Input.Changed) -> None:
        """Show what the text means."""
        self.query_one("#reading", Static).update(self._reading(event.value))

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Answer, unless a word is no code."""
        codes, wrong = read_codes(event.value)
        if not codes and not wrong:
            self.dismiss(None)
        elif not wrong:
            self.dismiss(codes)

    def _reading(self, typed: str) -> Content:
        codes, wrong = read_codes(typed)
        lines = [Content.assemble((t("add.wrong", word=word), "$error")) for word in wrong[:SHOWN]]
        for code in codes[: SHOWN - len(lines)]:
            name = self._instrument(code).name
            told = t("add.there") if code in self._watched else name or t("add.unnamed")
            lines.append(Content.assemble((f"{code:<10}", "bold"), (told, "$text-label")))
        more = len(codes) + len(wrong) - len(lines)
        if more > 0:
            lines.append(Content.assemble((t("add.more", count=more), "$text-label")))
        new = [code for code in codes if code not in self._watched]
        total = len(self._watched) + len(new)
        tone = "$warning" if total > self._limit else "$text-label"
        lines.append(Content.assemble((t("add.cost", total=total, limit=self._limit), tone)))
        if not self._named:
            lines.append(Content.assemble((t("add.no_master"), "$text-label")))
        return Content("\n").join(lines)
