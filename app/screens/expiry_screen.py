"""The base of the pages of one expiry: the chain on show, its heading, and keys to other chains."""

from datetime import datetime
from math import nan

from app.instruments.option_chain import AtTheMoney, Chain, Chains, Product, key_of, product_of
from app.krx.hours import last_trade_moment
from app.pricing.forward import Forward
from app.pricing.smile_curve import QuotedOption, quoted, smile
from app.pricing.year_fraction import years_left
from app.screens.dialogs.choose_dialog import ChooseDialog
from app.screens.keymap import Command
from app.screens.layout_keeper import LayoutKeeper
from app.screens.page_screen import PageScreen
from app.screens.status_text import day
from app.screens.workspace import Workspace
from specs.item_errors import report_item_error
from specs.market.smile import Curve
from specs.market.ticker import Ticker
from widgets import cells, times
from widgets.contract_names import contract_name, underlying_name
from widgets.status import StatusPart
from widgets.texts import t

EVERY = 1.0
"""Seconds between two readings of the quotes."""

EXPIRY_KEYS: tuple[Command, ...] = (
    Command("sooner_expiry", ("left_square_bracket",), "[", "expiry(-1)", "page", 2),
    Command("later_expiry", ("right_square_bracket",), "]", "expiry(1)", "page", 3),
    Command("chain_product", ("p",), "p", "product", "page", 4),
)

CHAIN_CURSOR_KEYS: tuple[Command, ...] = (
    Command("chain_up", ("up", "k"), "↑ k", "move('up')", "page"),
    Command("chain_down", ("down", "j"), "↓ j", "move('down')", "page"),
    Command("chain_call", ("left", "h"), "← h", "move('left')", "page"),
    Command("chain_put", ("right", "l"), "→ l", "move('right')", "page"),
    Command("chain_top", ("home", "g"), "Home g", "move('top')", "page"),
    Command("chain_bottom", ("end", "G"), "End G", "move('bottom')", "page"),
    Command("chain_page_up", ("pageup", "ctrl+u"), "PgUp ^u", "move('page_up')", "page"),
    Command("chain_page_down", ("pagedown", "ctrl+d"), "PgDn ^d", "move('page_down')", "page"),
)
"""The keys that move the cursor of a chain."""


class ExpiryScreen(PageScreen):
    """A page of one chain, with the forward that it looks at."""

    def __init__(self, workspace: Workspace, layouts: LayoutKeeper, code: str) -> None:
        """The chain of `code` is shown first."""
        super().__init__(workspace, layouts, code)
        program, market = workspace.program, workspace.market
        self._chains = chains = Chains(program.contracts.series, program.clock.now())
        self._theory = workspace.valuation.theory
        self._money = AtTheMoney(())
        self._money_index: int | None = None
        self._chain: Chain | None = None
        about = market.instrument(code)
        found = chains.of_product(product_of(about)) or next(
            (chains.of_product(p) for p in chains.products), ()
        )
        if found:
            self._chain = next((c for c in found if c.key == key_of(about)), found[0])

    def open_chain(self, chain: Chain | None, code: str) -> None:
        """Show a chain, at a contract if one is given; without a master the chain is None."""
        self._chain, self._money_index = chain, None
        self._money = AtTheMoney(chain.strikes if chain is not None else ())

    def futures(self) -> tuple[str, ...]:
        """The future that the chain rests on, where there is one."""
        if self._chain is None:
            return ()
        return self.futures_of(self.market.instrument(self._chain.first))[:1]

    @property
    def shown_codes(self) -> tuple[str, ...]:
        if self._chain is None:
            return ()
        whole = (code for strike in self._chain.strikes for code in strike.codes if code)
        return tuple(dict.fromkeys((*self.codes, *whole)))

    @property
    def subject_code(self) -> str:
        """One of the contracts at the money, else of the chain."""
        chain = self._chain
        if chain is None:
            return ""
        at_money = chain.strikes[self._money_index].codes if self._money_index is not None else ()
        return next((code for code in at_money if code), chain.first)

    def update_forward(self, chain: Chain) -> Forward | None:
        """The chain's forward of now; the place at the money follows it."""
        forward = self._theory.forward(self.market.instrument(chain.first))
        self._money_index = self._money.update(forward.price if forward is not None else nan)
        return forward

    def read_curve(self, chain: Chain, forward: Forward | None) -> Curve:
        """Return the smile of a chain's quotes; its volatility at the forward is the ATM IV."""
        rows = (self.market.book.row(code) for strike in chain.strikes for code in strike.codes)
        quotes = [one for row in rows if row is not None and (one := _quoted(row)) is not None]
        price = forward.price if forward is not None else nan
        years = years_left(chain.expiry, self.program.clock.now())
        return smile(quotes, price, years, self.workspace.rate)

    def heading(self, chain: Chain, forward: Forward | None) -> list[StatusPart]:
        """Return the chain's product and expiry, the time left, and the source of its forward."""
        left = (last_trade_moment(chain.expiry) - self.program.clock.now()).total_seconds()
        name = StatusPart(f"{product_name(chain.product)} {expiry_name(chain)}", 0, "bold")
        if left <= 0:
            return [name, StatusPart(t("badge.expired"), 1, "bold $warning")]
        span = times.countdown(left)
        life = StatusPart(span, 3, shorter=span.split()[0], label=t("chain.left"))
        if forward is None:
            return [name, life, StatusPart(t("theory.no_future"), 1, "$warning")]
        source = contract_name(self.market.instrument(forward.source))
        places = self.market.instrument(chain.first).decimals
        level = cells.marked(cells.number(forward.price, places), forward.carried).strip()
        if forward.parity:
            source = t("chain.parity", name=source)
        elif forward.carried:
            source = t("chain.carried", name=source)
        return [
            name,
            life,
            StatusPart(level, 1, label=t("chain.forward")),
            StatusPart(source, 4, "$text-label"),
        ]

    def heading_lines(self, text: str) -> list[StatusPart]:
        """A text of some lines as a heading: the first stays, the others where there is room."""
        return [StatusPart(line, int(at > 0)) for at, line in enumerate(text.splitlines())]

    def action_expiry(self, way: int) -> None:
        """Show the next expiry, or the one before."""
        if self._chain is None:
            return
        chains = self._chains.of_product(self._chain.product)
        at = chains.index(self._chain) + way
        if 0 <= at < len(chains):
            self.open_chain(chains[at], "")
        else:
            self.notify(t("chain.last" if way > 0 else "chain.first"), timeout=3, markup=False)

    def action_product(self) -> None:
        """Ask what the chain is to be of."""
        products = self._chains.products
        if self._chain is None:
            return
        options = [(str(at), product_name(product)) for at, product in enumerate(products)]

        def show_product(chosen_one: str | None) -> None:
            if chosen_one is not None:
                self.open_chain(self._chains.of_product(products[int(chosen_one)])[0], "")

        current = str(products.index(self._chain.product))
        self.app.push_screen(ChooseDialog(t("chain.product_title"), options, current), show_product)


def _quoted(row: Ticker) -> QuotedOption | None:
    """Return a row's quote for the smile, or None if it has none or cannot be read."""
    try:
        return quoted(row)
    except Exception as error:
        report_item_error(error)
        return None


def product_name(product: Product) -> str:
    """A product as it is called: 코스피200, 미니 코스피200, 삼성전자."""
    name = underlying_name(product.underlying)
    return t("chain.mini", name=name) if product.mini else name


def expiry_name(chain: Chain) -> str:
    """An expiry as month or week and its day."""
    moment = datetime.combine(chain.expiry, datetime.min.time())
    if chain.weekly:
        weekday, week = chain.name.split()
        key = "chain.monday" if weekday.endswith("M") else "chain.thursday"
        return t(key, week=week, day=day(moment))
    month = t("chain.months").split()[chain.expiry.month - 1]
    return t("chain.monthly", month=month, day=day(moment))
