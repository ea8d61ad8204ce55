"""The add dialog: codes as they are typed, or contracts found by what people call them."""

from collections.abc import Callable, Iterable
from datetime import datetime

from textual import getters, on
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from app.instruments.combination_search import CombinationSearch, is_combination_text
from app.instruments.contracts import unknown_facts
from app.instruments.part_search import SEARCHED, PartAnswer, PartSearch
from app.instruments.search import SearchHit
from app.instruments.typed_parts import TypedPart, read_parts, split_parts
from app.krx.products import underlying_of
from app.market.market import Market
from app.screens.dialogs.dialog import Dialog, Field
from app.system.errors import UsageError
from specs.clean import clean
from specs.combination_code import contract_codes
from specs.market.instrument import Instrument
from widgets import cells
from widgets.contract_names import contract_name, name_beside_code, underlying_name
from widgets.message_text import message_text
from widgets.texts import t

SHOWN = 8

BESIDE_LIST = 15
"""Rows of the terminal that the list and the lines below it leave to the rest of the box."""


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

    def __init__(
        self,
        market: Market,
        limit: int,
        level: Callable[[Instrument], float],
        now: Callable[[], datetime],
    ) -> None:
        """`limit` is how many registrations a session has, `level` returns an option's forward."""
        super().__init__(t("add.title"), "add.hint")
        self._market = market
        self._watched = market.watchlist.codes
        self._used = sum(map(market.registrations_of, contract_codes(self._watched)))
        self._limit = limit
        self._now = now
        self._search = PartSearch(market.contracts, market.search, self._find, level)
        self._combinations = CombinationSearch(market.contracts, self._find)
        self._answers: list[PartAnswer] = []
        self._shown: PartAnswer | None = None
        self._hits: tuple[SearchHit, ...] = ()
        self._ticked: dict[str, None] = {}
        self._picked: dict[str, str] = {}
        """The contract that the cursor was moved to, by the words that found it."""
        self._refused = ""

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
        """Have the search ready by the first key, and follow the text cursor."""
        self.call_after_refresh(self._market.search.prepare)
        self.watch(self.query_one(Input), "cursor_position", self._show_part, init=False)

    @on(Input.Changed)
    def read(self, event: Input.Changed) -> None:
        """Show what each part of the text means: codes, or what a search finds."""
        now, parts = self._now(), read_parts(event.value)
        searched = [part for part in parts if part.words][:SEARCHED]
        texts = split_parts(event.value)
        self._answers = [
            self._combined(part, texts[part.place])
            if is_combination_text(texts[part.place])
            else self._search.answer(part, now)
            if part in searched
            else PartAnswer(part)
            for part in parts
        ]
        self._refused = ""
        self._show_part(event.input.cursor_position)

    def _combined(self, part: TypedPart, typed: str) -> PartAnswer:
        """Answer a part that is a combination by its text, or by the reason why it is none."""
        try:
            code = self._combinations.read(typed)
        except UsageError as error:
            return PartAnswer(TypedPart((), typed.strip(), part.place), problem=error.message)
        return PartAnswer(TypedPart((code,), "", part.place))

    def _find(self, words: str) -> list[SearchHit]:
        return self._market.find(words)

    def _show_part(self, position: int) -> None:
        """List the contracts of the part at the text cursor, else of the last that has any."""
        place = len(split_parts(self.query_one(Input).value[:position])) - 1
        listed = [one for one in self._answers if one.hits or one.near]
        at_cursor = [one for one in listed if one.part.place == place]
        self._shown = next(iter(at_cursor or listed[::-1]), None)
        shown = self._shown
        self._hits = (shown.hits or shown.near) if shown is not None else ()
        found = self.found
        found.clear_options()
        found.add_options([Option(self._line(hit), hit.instrument.code) for hit in self._hits])
        found.display = bool(self._hits)
        self._fit()
        if shown is not None:
            codes = [hit.instrument.code for hit in shown.hits]
            chosen = self._chosen_of(shown)
            # Near misses and a pair at the money are added by choice only, or both.
            found.highlighted = codes.index(chosen[0]) if len(chosen) == 1 and codes else None
        self._update_reading()

    def on_resize(self) -> None:
        """Have room for as many as the terminal has now."""
        self._fit()

    def action_move(self, way: str) -> None:
        """Move among what was found."""
        getattr(self.found, f"action_{way}")()
        self._pick()
        self._update_reading()

    def _pick(self) -> None:
        at, shown = self.found.highlighted, self._shown
        if at is not None and shown is not None:
            pair = len(self._chosen_of(shown)) > 1
            self._picked[_key(shown)] = self._hits[at].instrument.code
            if pair:
                for place, hit in enumerate(self._hits):
                    self.found.replace_option_prompt_at_index(place, self._line(hit))

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
            self._pick()
            self._update_reading()

    @on(OptionList.OptionSelected)
    def click(self, event: OptionList.OptionSelected) -> None:
        """A contract was clicked."""
        if event.option_id is not None:
            self.dismiss([*self._ticked, event.option_id])

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Answer; with a part that means nothing only when asked a second time."""
        chosen, unknown = self._chosen(), any(not self._is_answered(one) for one in self._answers)
        if unknown and not self._ticked and (not chosen or self._refused != event.value):
            self._refused = event.value
            self._update_reading()
            return
        self.dismiss(chosen or None)

    def _is_answered(self, answer: PartAnswer) -> bool:
        return answer.is_found or bool(self._chosen_of(answer))

    def _chosen_of(self, answer: PartAnswer) -> list[str]:
        """Return what the words of a part add: what is ticked or picked, else the best."""
        offered = [hit.instrument.code for hit in answer.hits or answer.near]
        if ticked := [code for code in offered if code in self._ticked]:
            return ticked
        picked = self._picked.get(_key(answer))
        return [picked] if picked in offered else list(answer.best)

    def _chosen(self) -> list[str]:
        """Codes that were typed, what is ticked, and what the other parts found."""
        chosen: list[str] = []
        for answer in self._answers:
            picked = self._picked.get(_key(answer))
            # A code that is not listed gives way to the listed one that was picked for it.
            chosen += () if picked and not answer.part.words else answer.part.codes
        chosen += self._ticked
        searched = [one for one in self._answers if one.hits or one.near]
        if not self._ticked or len(searched) > 1:
            for answer in searched:
                chosen += self._chosen_of(answer)
        return list(dict.fromkeys(chosen))

    def _fit(self) -> None:
        # Left to itself the box leaves room for all of them, not for those that can be seen.
        rows = self.app.size.height
        room = max(3, rows - BESIDE_LIST - len(self._reading().plain.splitlines()))
        self.found.styles.height = min(len(self._hits), rows * 2 // 5, room)

    def _update_reading(self) -> None:
        self.reading.update(self._reading())

    def _line(self, hit: SearchHit) -> Content:
        """One contract: code, name, expiry and days to it, sessions, and its registrations."""
        known = hit.instrument
        expiry = f"{known.expiry:%m/%d}" if known.expiry else cells.MISSING
        days = cells.MISSING if hit.days is None else f"D-{hit.days}"
        cost = self._market.registrations_of(known.code)
        text = t("add.slots", count=cost) if cost else t("add.sleeps")
        pair = self._chosen_of(self._shown) if self._shown is not None else []
        ticked = known.code in self._ticked or (len(pair) > 1 and known.code in pair)
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
        lines = [line for answer in self._answers for line in self._part_lines(answer)]
        if len(lines) > SHOWN:
            more = t("add.more", count=len(lines) - SHOWN)
            # Parts without a contract come first where not all lines fit.
            lines = [*_unfound_first(lines)[:SHOWN], Content.assemble((more, "$text-label"))]
        if self._refused and self._chosen():
            lines.append(Content.assemble((t("add.again"), "$warning")))
        lines.append(self._total())
        if missing := self._missing_masters():
            lines.append(Content.assemble((missing, "$text-label")))
        return Content("\n").join(lines)

    def _part_lines(self, answer: PartAnswer) -> list[Content]:
        """Return a line for each code of a part, and one for its words."""
        lines = [self._code_line(code) for code in answer.part.codes]
        words = clean(answer.part.words, 40)
        codes = " ".join(hit.instrument.code for hit in answer.near)
        near = t("add.near", codes=codes) if codes else ""
        if answer.problem is not None:
            text = f"{words}: {message_text(answer.problem)}"
            lines.append(Content.assemble((text, "$error")))
        elif answer.no_level is not None:
            name = underlying_name(underlying_of(answer.no_level))
            text = t("add.no_level", words=words, name=name)
            lines.append(Content.assemble((text, "$warning")))
        elif words and not answer.hits:
            text = t("add.nothing", words=words)
            lines.append(Content.assemble((text, "$error"), (near and f" · {near}", "$text-label")))
        elif words and len(self._answers) > 1:
            chosen = self._chosen_of(answer)
            names = " · ".join(
                f"{code} {contract_name(self._market.instrument(code))}" for code in chosen
            )
            others = len(answer.hits) - len(chosen)
            more = f" · {t('add.others', count=others)}" if others > 0 else ""
            lines.append(Content.assemble((f"{words}: ", "bold"), (names + more, "$text-label")))
        elif near:
            lines.append(Content.assemble((near, "$text-label")))
        return lines

    def _code_line(self, code: str) -> Content:
        known = self._market.instrument(code)
        name = name_beside_code(known)
        text = name or message_text(unknown_facts(known)) or t("add.unnamed")
        if code in self._watched:
            text = t("add.there")
        return Content.assemble((f"{code:<9} ", "bold"), (text, "$text-label"))

    def _missing_masters(self) -> str:
        """Return which code masters cannot be searched, or an empty text."""
        contracts = self._market.contracts
        if not contracts.named:
            return t("add.no_master")
        if contracts.missing:
            return t("add.missing", names=" ".join(contracts.missing))
        return ""

    def _total(self) -> Content:
        watched = contract_codes(self._watched)
        new = [code for code in contract_codes(self._chosen()) if code not in watched]
        total = self._used + sum(self._market.registrations_of(code) for code in new)
        tone = "$warning" if total > self._limit else "$text-label"
        text = t("add.cost", used=self._used, total=total, limit=self._limit)
        if self._ticked:
            text = f"{t('add.ticked', count=len(self._ticked))} · {text}"
        return Content.assemble((text, tone))


def _key(answer: PartAnswer) -> str:
    """Return what a part's answer depends on."""
    return answer.part.words or " ".join(answer.part.codes)


def _unfound_first(lines: Iterable[Content]) -> list[Content]:
    """Return lines with errors and warnings before the others, otherwise in their order."""
    tones = ("$error", "$warning")
    return sorted(lines, key=lambda line: not any(span.style in tones for span in line.spans))
