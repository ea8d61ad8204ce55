"""The page of an option chain: one expiry's strikes, live near the money, valued everywhere."""

from collections.abc import Callable
from datetime import datetime
from math import isfinite, nan
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from app.chain import AtTheMoney, Chain, Chains, Product, product_of
from app.clock import Clock
from app.commands import Command
from app.hours import last_trade_moment
from app.modals.choose import Checklist, Pick
from app.pages.page import Page, page_bindings
from app.theory.forward import Forward
from app.wording import day
from widgets import cells, times
from widgets.chain import ChainBoard
from widgets.chain_columns import COLUMNS
from widgets.chosen import chosen
from widgets.row import Instrument, Row
from widgets.texts import t


class ChainMarket(Struct, frozen=True):
    """What the page can ask, and what it can have done."""

    clock: Clock
    row: Callable[[str], Row | None]
    instrument: Callable[[str], Instrument]
    forward: Callable[[Instrument], Forward | None]
    futures: Callable[[Instrument], tuple[str, ...]]
    """The futures that an option may rest on, the best first."""
    add: Callable[[str], None]
    limit: int
    """Registrations of a session."""


class ChainPage(Page):
    """Calls left, strikes in the middle, puts right."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("chain_add", ("enter", "a"), "Enter a", "add", "page", 1),
        Command("sooner_expiry", ("left_square_bracket",), "[", "expiry(-1)", "page", 2),
        Command("later_expiry", ("right_square_bracket",), "]", "expiry(1)", "page", 3),
        Command("chain_product", ("p",), "p", "product", "page", 4),
        Command("chain_money", ("0", "full_stop"), "0 .", "money", "page", 5),
        Command("chain_columns", ("c",), "c", "columns", "page", 6),
        Command("chain_up", ("up", "k"), "↑ k", "move('up')", "page"),
        Command("chain_down", ("down", "j"), "↓ j", "move('down')", "page"),
        Command("chain_call", ("left", "h"), "← h", "move('left')", "page"),
        Command("chain_put", ("right", "l"), "→ l", "move('right')", "page"),
        Command("chain_top", ("home", "g"), "Home g", "move('top')", "page"),
        Command("chain_bottom", ("end", "G"), "End G", "move('bottom')", "page"),
        Command("chain_page_up", ("pageup", "ctrl+u"), "PgUp ^u", "move('page_up')", "page"),
        Command("chain_page_down", ("pagedown", "ctrl+d"), "PgDn ^d", "move('page_down')", "page"),
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(KEYS)
    AUTO_FOCUS = "#chain"

    def __init__(
        self, chains: Chains, market: ChainMarket, code: str, columns: list[str], colours: str
    ) -> None:
        """`code` is that of the boards' cursor; `columns` are the chosen ones, changed in place."""
        super().__init__()
        self.add_class(colours)
        self._chains = chains
        self._market = market
        self._columns = columns
        self._head = Static(id="chain_head")
        self._board = ChainBoard(market.row)
        self._money = AtTheMoney(())
        self._place: int | None = None
        self._chain: Chain | None = None
        self._first = code
        about = market.instrument(code)
        product = product_of(about)
        found = chains.of(product) or next((chains.of(p) for p in chains.products), ())
        if found:
            self._chain = next((c for c in found if c.expiry == about.expiry), found[0])

    def body(self) -> Widget:
        return Vertical(self._head, self._board, id="chain_box")

    def on_mount(self) -> None:
        """Begin on the chain of the contract that the boards' cursor is on."""
        self._board.set_columns(self._columns)
        self._open(self._chain, self._first)

    # --- what it wants

    @property
    def codes(self) -> tuple[str, ...]:
        if self._chain is None:
            return ()
        futures = self._market.futures(self._market.instrument(self._chain.first))[:1]
        centre = self._place if self._place is not None else self._board.place
        return (*futures, *self._chain.nearest(centre, self._market.limit - len(futures)))

    @property
    def kept(self) -> tuple[str, ...]:
        if self._chain is None:
            return ()
        whole = (code for strike in self._chain.strikes for code in strike.codes if code)
        return tuple(dict.fromkeys((*self.codes, *whole)))

    @property
    def focus_code(self) -> str:
        return self._board.code

    @property
    def in_sight(self) -> frozenset[str]:
        seen = {code for strike in self._board.in_sight for code in strike.codes if code}
        return frozenset(seen | set(self.codes))

    # --- time

    def beat(self, *, live: bool) -> None:
        if self._chain is None:
            return
        forward = self._market.forward(self._market.instrument(self._chain.first))
        price = forward.price if forward is not None else nan
        self._place = self._money.look(price)
        self._board.beat(self._market.clock.monotonic(), self._place, price, live=live)
        self._head.update(self._words(self._chain, forward))

    def _words(self, chain: Chain, forward: Forward | None) -> Content:
        now = self._market.clock.now()
        left = (last_trade_moment(chain.expiry) - now).total_seconds()
        parts: list[tuple[str, str] | str] = [
            (product_name(chain.product), "bold"),
            f" {expiry_name(chain)}",
            (f"  {t('chain.left')} ", "$text-label"),
            times.countdown(left),
        ]
        if forward is None:
            parts.append((f"  {t('theory.no_future')}", "$warning"))
        else:
            source = self._market.instrument(forward.source)
            parts += [
                (f"  {t('chain.forward')} ", "$text-label"),
                cells.marked(cells.number(forward.price), forward.carried).strip(),
                (f" {source.name or forward.source}", "$text-label"),
            ]
        parts += [(f"  {t('chain.money_iv')} ", "$text-label"), self._money_iv(chain)]
        return Content.assemble(*parts)

    def _money_iv(self, chain: Chain) -> str:
        if self._place is None:
            return cells.MISSING
        rows = [self._market.row(code) for code in chain.strikes[self._place].codes if code]
        found = [chosen(row, "volatility") for row in rows if row is not None]
        values = [one.value for one in found if isfinite(one.value)]
        if not values:
            return cells.MISSING
        text = cells.volatility(sum(values) / len(values))
        return cells.marked(text, any(one.own for one in found)).strip()

    # --- keys

    def action_move(self, way: str) -> None:
        """Move the cursor."""
        self._board.move(way)

    def action_money(self) -> None:
        """Go to the strike at the money."""
        if self._place is not None:
            self._board.go_to(self._place)

    def action_expiry(self, way: int) -> None:
        """Show the next expiry, or the one before."""
        if self._chain is None:
            return
        chains = self._chains.of(self._chain.product)
        at = chains.index(self._chain) + way
        if 0 <= at < len(chains):
            self._open(chains[at], "")
        else:
            self.notify(t("chain.last" if way > 0 else "chain.first"), timeout=3, markup=False)

    def action_product(self) -> None:
        """Ask what the chain is to be of."""
        products = self._chains.products
        if self._chain is None:
            return
        options = [(str(at), product_name(product)) for at, product in enumerate(products)]

        def take(chosen_one: str | None) -> None:
            if chosen_one is not None:
                self._open(self._chains.of(products[int(chosen_one)])[0], "")

        current = str(products.index(self._chain.product))
        self.app.push_screen(Pick(t("chain.product_title"), options, current), take)

    def action_columns(self) -> None:
        """Ask which columns each side shows."""
        options = [(column.id, t(f"column.{column.id}").strip()) for column in COLUMNS]

        def take(ids: list[str] | None) -> None:
            if ids is not None:
                self._board.set_columns(ids)
                self._columns[:] = self._board.shown if len(ids) < len(COLUMNS) else []

        self.app.push_screen(Checklist(t("columns.title"), options, self._board.shown), take)

    @on(ChainBoard.Taken)
    def action_add(self) -> None:
        """Watch the contract under the cursor."""
        if self._board.code:
            self._market.add(self._board.code)

    def _open(self, chain: Chain | None, code: str) -> None:
        self._chain, self._place = chain, None
        strikes = chain.strikes if chain is not None else ()
        self._money = AtTheMoney(strikes)
        self._board.show(strikes, code, t("chain.no_master"))
        if chain is not None and not code:
            self._board.go_to(len(chain.strikes) // 2)
        self.beat(live=True)


def product_name(product: Product) -> str:
    """A product as it is called: 코스피200, 미니 코스피200, 삼성전자."""
    named = {"KOSPI200": t("chain.kospi200"), "KOSDAQ150": t("chain.kosdaq150")}
    name = named.get(product.underlying, product.underlying)
    return t("chain.mini", name=name) if product.mini else name


def expiry_name(chain: Chain) -> str:
    """An expiry as month or week and its day."""
    moment = datetime.combine(chain.expiry, datetime.min.time())
    key = "chain.weekly" if chain.weekly else "chain.monthly"
    return t(key, month=chain.expiry.month, day=day(moment))
