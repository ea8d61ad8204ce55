"""The add dialog: codes as they are typed, or contracts found by what people call them."""

from textual import getters, on
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from app.instruments.contracts import unknown_facts
from app.instruments.hangul import keys_of
from app.instruments.search import SearchHit
from app.market.market import Market
from app.screens.dialogs.dialog import Dialog, Field
from specs.clean import clean
from specs.code_input import code_of
from widgets import cells
from widgets.contract_names import contract_name
from widgets.message_text import message_text
from widgets.texts import t

LONGEST = 4000
"""Characters that are read of what was typed or pasted."""

SHOWN = 8


def read_codes(typed: str) -> tuple[list[str], str]:
    """The codes in a text, and what is left of it to search for; commas and spaces part codes."""
    codes: list[str] = []
    rest: list[str] = []
    for word in typed[:LONGEST].split():
        parts = [part for part in word.replace("，", ",").split(",") if part]
        read = [(part, code_of(keys_of(part))) for part in parts]
        found = [code for _, code in read if code is not None]
        codes += found
        # A comma within a word that holds no code is a strike's: 1,125.
        rest += [part for part, code in read if code is None] if found else [word.strip(",，")]
    return list(dict.fromkeys(codes)), " ".join(word for word in rest if word)


class AddDialog(Dialog[list[str]]):
    """Asks for contracts; answers the codes to be added."""

    BINDINGS = [  # noqa: RUF012
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
        Binding("tab", "tick", show=False, priority=True),
    ]

    found = getters.query_one("#found", OptionList)
    reading = getters.query_one("#reading", Static)

    def __init__(self, market: Market, limit: int) -> None:
        """`limit` is how many registrations a session has."""
        super().__init__(t("add.title"), "add.hint")
        self._market = market
        self._watched = market.watchlist.codes
        self._used = sum(market.registrations_of(code) for code in self._watched)
        self._limit = limit
        self._codes: list[str] = []
        self._rest = ""
        self._hits: list[SearchHit] = []
        self._ticked: dict[str, None] = {}

    def compose_body(self) -> list[Widget]:
        found = OptionList(id="found", compact=True)
        found.can_focus = False
        found.display = False
        return [
            Field(placeholder=t("add.placeholder")),
            found,
            Static(self._reading(), id="reading"),
        ]

    def on_mount(self) -> None:
        """Have the search ready by the first key."""
        self.call_after_refresh(self._market.search.prepare)

    @on(Input.Changed)
    def read(self, event: Input.Changed) -> None:
        """Show what the text means: codes, or what a search finds."""
        self._codes, self._rest = read_codes(event.value)
        self._hits = self._market.find(self._rest) if self._rest else []
        found = self.found
        found.clear_options()
        found.add_options([Option(self._line(hit), hit.instrument.code) for hit in self._hits])
        found.display = bool(self._hits)
        self._fit()
        if self._hits:
            found.highlighted = 0
        self._update_reading()

    def on_resize(self) -> None:
        """Have room for as many as the terminal has now."""
        self._fit()

    def action_move(self, way: str) -> None:
        """Move among what was found."""
        getattr(self.found, f"action_{way}")()
        self._update_reading()

    def action_tick(self) -> None:
        """Tick the contract under the cursor, or take the tick back, and go on to the next."""
        found = self.found
        at = found.highlighted
        if at is not None and self._hits:
            hit = self._hits[at]
            if hit.instrument.code in self._ticked:
                del self._ticked[hit.instrument.code]
            else:
                self._ticked[hit.instrument.code] = None
            found.replace_option_prompt_at_index(at, self._line(hit))
            if at + 1 < len(self._hits):
                found.highlighted = at + 1
            self._update_reading()

    @on(OptionList.OptionSelected)
    def click(self, event: OptionList.OptionSelected) -> None:
        """A contract was clicked."""
        if event.option_id is not None:
            self.dismiss([*self._ticked, event.option_id])

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer, unless a word means nothing."""
        if self._hits or self._ticked or not self._rest:
            self.dismiss(self._chosen() or None)

    def _chosen(self) -> list[str]:
        """Codes that were typed, and what is ticked, else what is under the cursor."""
        found = list(self._ticked)
        if not found and self._hits:
            at = self.found.highlighted or 0
            found = [self._hits[at].instrument.code]
        return list(dict.fromkeys([*self._codes, *found]))

    def _fit(self) -> None:
        # Left to itself the box leaves room for all of them, not for those that can be seen.
        height = min(len(self._hits), self.app.size.height * 2 // 5)
        self.found.styles.height = height

    def _update_reading(self) -> None:
        self.reading.update(self._reading())

    def _line(self, hit: SearchHit) -> Content:
        """One contract: code, name, expiry and days to it, sessions, and its registrations."""
        known = hit.instrument
        expiry = f"{known.expiry:%m/%d}" if known.expiry else cells.MISSING
        days = cells.MISSING if hit.days is None else f"D-{hit.days}"
        cost = self._market.registrations_of(known.code)
        text = t("add.slots", count=cost) if cost else t("add.sleeps")
        ticked = known.code in self._ticked
        there = known.code in self._watched
        return Content.assemble(
            ("✓ " if ticked else "  ", "$success"),
            (cells.fit(known.code, 10), "bold"),
            (cells.fit_name(contract_name(known), 26), "$text-old" if there else ""),
            (f"{expiry:>7} {days:>6}  ", "$text-label"),
            (cells.fit(t("add.day_night") if known.night else t("add.day"), 8), "$text-label"),
            (t("add.there") if there else text, "$text-label"),
        )

    def _reading(self) -> Content:
        lines: list[Content] = []
        if self._rest and not self._hits:
            text = t("add.nothing", words=clean(self._rest, 40))
            lines.append(Content.assemble((text, "$error")))
        for code in self._codes[:SHOWN]:
            known = self._market.instrument(code)
            name = contract_name(known) if known.name else ""
            text = name or message_text(unknown_facts(known)) or t("add.unnamed")
            if code in self._watched:
                text = t("add.there")
            lines.append(Content.assemble((f"{code:<10}", "bold"), (text, "$text-label")))
        if len(self._codes) > SHOWN:
            more = t("add.more", count=len(self._codes) - SHOWN)
            lines.append(Content.assemble((more, "$text-label")))
        lines.append(self._total())
        if missing := self._missing_masters():
            lines.append(Content.assemble((missing, "$text-label")))
        return Content("\n").join(lines)

    def _missing_masters(self) -> str:
        """Return which code masters cannot be searched, or an empty text."""
        contracts = self._market.contracts
        if not contracts.named:
            return t("add.no_master")
        if contracts.missing:
            return t("add.missing", names=" ".join(contracts.missing))
        return ""

    def _total(self) -> Content:
        new = [code for code in self._chosen() if code not in self._watched]
        total = self._used + sum(self._market.registrations_of(code) for code in new)
        tone = "$warning" if total > self._limit else "$text-label"
        text = t("add.cost", used=self._used, total=total, limit=self._limit)
        if self._ticked:
            text = f"{t('add.ticked', count=len(self._ticked))} · {text}"
        return Content.assemble((text, tone))
