"""The numbers of one option: KIS' and theoretical greeks, the basis of both, and their paths.

Delta and gamma are per point of an index, of a stock in shares and in shares per 1 % of its price
for one contract; vega per volatility point, theta per calendar day, rho per percentage point of the
rate, of a stock in won of one contract.  The value that the boards show is in bold.
KIS' values have the decimals that KIS sends, and are dimmer if those are too few.  Bars compare a
greek with the largest of the watched options.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite, nan

from textual.content import Content
from textual.widgets import Static

from specs.codes import Family
from specs.market.depth import depth, inferred_tick
from specs.market.displayed_greeks import (
    GREEKS,
    displayed_greek,
    is_coarse,
    kis_value,
    theoretical_greek,
)
from specs.market.greeks_in_shares import delta_won, is_in_shares, is_in_won
from specs.market.theoretical import TheoreticalValues
from specs.market.ticker import (
    Freshness,
    Ticker,
    disparity_percent,
    freshness,
    trades_at_night,
    underlying,
)
from widgets import cells, times
from widgets.board_column import greek_text
from widgets.figures import fit_figure
from widgets.message_text import message_text
from widgets.moneyness import moneyness
from widgets.sparkline import sparkline
from widgets.texts import t
from widgets.won import amount

WIDEST_BAR = 20

Pairs = Sequence[tuple[str, str]]
"""Keys of the catalogue, each with the value to print after its text."""

GreekPaths = Mapping[str, Sequence[float]]
"""The points of price, volatility and delta, oldest first."""

_WORDS = 6
_NUMBER = 10


def bar(share: float, width: int) -> str:
    """Return a thin bar of up to `width` cells, to half a cell."""
    if not isfinite(share) or share <= 0:
        return ""
    full, half = divmod(max(1, round(min(1.0, share) * width * 2)), 2)
    return "━" * full + "╸" * half


class GreeksDetail(Static):
    """The numbers of one option."""

    def lines(
        self,
        row: Ticker,
        today: date,
        now: float,
        largest: Mapping[str, float],
        basis: str,
        close: str = "",
        left: float = nan,
    ) -> list[Content]:
        """Return the lines of the panel's upper part.

        `basis` describes the basis of the theoretical values, `close` is the time at which the
        index closed, at night, `left` the number of seconds that the option trades.
        """
        if row.trade is None and (row.theoretical is None or row.theoretical.why):
            note = Content.assemble((message_text(row.note) or t("greeks.no_trade"), "$text-label"))
            return [note] if row.theoretical is None else [note, _foundation(row, basis)]
        width = max(4, min(WIDEST_BAR, self.size.width - 41))
        lines = [self._facts(row, today, left)]
        for which in GREEKS:
            found = displayed_greek(row, which)
            share = abs(found.value) / largest[which] if largest.get(which) else nan
            ours = theoretical_greek(row, which)
            kis = greek_text(row, which, kis_value(row, which), own=False)
            own = greek_text(row, which, ours, own=True, small=True)
            own = cells.marked(own, isfinite(ours))
            tone = _tone(shown=not found.is_theoretical)
            if row.kis_fault:
                tone = "$warning"
            elif is_coarse(row, which):
                tone = "$text-label"
            lines.append(
                Content.assemble(
                    (cells.fit(t(f"column.{which}"), _WORDS), "$text-label"),
                    (fit_figure(kis, _NUMBER - 1), tone),
                    (fit_figure(own, _NUMBER + 1), _tone(shown=found.is_theoretical)),
                    " ",
                    (cells.fit(_unit(row, which), 12), "$text-label"),
                    (bar(share, width), "$focus"),
                )
            )
        lines += [self._volatility(row), self._value(row)]
        if row.instrument.family is Family.STOCK_OPTION:
            lines.append(_stock_terms(row))
        if row.option is not None:
            lines.append(_kis_convention(row, now, close))
        return [*lines, _foundation(row, basis)]

    def paths(self, row: Ticker, paths: GreekPaths) -> list[Content]:
        """Return a line for each path of at least two points."""
        lines = []
        for which, values in paths.items():
            there = [value for value in values if isfinite(value)]
            if len(there) < 2:
                continue
            low, high = (_written(row, which, value) for value in (min(there), max(there)))
            room = max(0, self.size.width - _WORDS - 1 - len(low) - len(high) - 1)
            lines.append(
                Content.assemble(
                    (cells.fit(t(f"chosen.{which}"), _WORDS), "$text-label"),
                    (sparkline(values, room), "$focus"),
                    (f" {low}–{high}", "$text-label"),
                )
            )
        return lines

    def _facts(self, row: Ticker, today: date, left: float) -> Content:
        instrument, found = row.instrument, moneyness(row)
        places = instrument.decimals
        pairs = [
            (
                "greeks.forward" if found.is_forward else "greeks.underlying",
                cells.number(found.level, places),
            ),
            ("greeks.strike", cells.number(instrument.strike, 1 if places else 0)),
        ]
        if isfinite(found.inside):
            way = "itm" if found.inside > 0 else "otm" if found.inside < 0 else "atm"
            pairs.append((f"greeks.{way}", cells.number(abs(found.inside), places)))
        if instrument.expiry is not None:
            pairs.append(("greeks.days", times.time_left((instrument.expiry - today).days, left)))
        return _pairs(pairs)

    def _volatility(self, row: Ticker) -> Content:
        """Return the volatility and theoretical price of both sides."""
        trade, places = row.option, row.instrument.decimals
        ours = theoretical_greek(row, "volatility")
        own = cells.marked(cells.volatility(ours), isfinite(ours)).strip()
        if row.theoretical is not None and row.theoretical.wide:
            own = f"{t('theory.wide_quote')}{cells.OWN}"
        price = theoretical_greek(row, "price")
        theory = cells.number(trade.theoretical_price if trade is not None else nan, places)
        own_theory = cells.marked(cells.number(price, places), isfinite(price)).strip()
        return _pairs(
            [
                ("greeks.volatility", f"{cells.volatility(kis_value(row, 'volatility'))} {own}"),
                ("greeks.theory", f"{theory} {own_theory}"),
            ]
        )

    def _value(self, row: Ticker) -> Content:
        """Return intrinsic and time value, and the distance of KIS' price from the last one."""
        trade, places, found = row.option, row.instrument.decimals, moneyness(row)
        pairs = [
            ("greeks.intrinsic", cells.number(found.intrinsic, places)),
            ("greeks.time_value", cells.number(found.time_value, places)),
        ]
        if trade is not None:
            percent = disparity_percent(trade)
            share = f" ({cells.plus(percent)}%)" if isfinite(percent) else ""
            pairs.append(("greeks.disparity", cells.plus(trade.disparity, places) + share))
        return _pairs(pairs)


def _stock_terms(row: Ticker) -> Content:
    """Return a contract's delta in won, and the tick of its prices as its order book has it."""
    tick = inferred_tick(depth(row.book)) if row.book is not None else nan
    words = t("greeks.tick_unknown")
    if isfinite(tick):
        words = t("greeks.tick_inferred", tick=cells.number(tick, 0))
    return _pairs([("greeks.delta_won", amount(delta_won(row))), ("greeks.tick", words)])


def _kis_convention(row: Ticker, now: float, close: str) -> Content:
    """Return the age and basis of KIS' values: at night the index' close."""
    spot = t("greeks.spot")
    level = underlying(row.option) if row.option is not None else nan
    if isfinite(level):
        spot = f"{t(_spot_name(row))} {cells.number(level, row.instrument.decimals)}"
        spot = f"{spot} {_spot_time(row, now, close)}".strip()
    age = t("greeks.age", age=times.span(now - row.trade_at))
    words = Content.styled(f"{age} · {spot} · {t('greeks.kis_convention')}", "$text-label")
    if not row.kis_fault:
        return words
    fault = t("greeks.kis_fault", why=t(f"kis_fault.{row.kis_fault}"))
    return Content.assemble((fault, "$warning"), (" · ", "$text-label"), words)


def _spot_name(row: Ticker) -> str:
    if trades_at_night(row):
        return "greeks.index_close"
    return "greeks.index" if row.instrument.decimals else "greeks.spot"


def _spot_time(row: Ticker, now: float, close: str) -> str:
    """Return the time of an underlying's price that no longer changes with trades."""
    if trades_at_night(row):
        return close
    old = row.trade is not None and freshness(now - row.trade_at) is not Freshness.FRESH
    return times.clock(row.trade.time)[:5] if old and row.trade is not None else ""


def _unit(row: Ticker, which: str) -> str:
    if is_in_shares(row, which):
        return t(f"greeks.{which}_shares_unit")
    if is_in_won(row, which):
        return t(f"greeks.{which}_won_unit")
    if which in ("delta", "gamma") and not row.instrument.decimals:
        return t("chosen.per_won")
    return t(f"greeks.{which}_unit")


def _foundation(row: Ticker, basis: str) -> Content:
    """Return the basis of the theoretical values, or the reason for missing ones."""
    own = row.theoretical
    if own is None:
        return Content(f"{cells.OWN} {cells.MISSING}")
    if own.why:
        words = f"{short_reason(own)}: {full_reason(own)}"
        return Content.assemble(f"{cells.OWN} {cells.MISSING} ", (words, "$text-label"))
    forward = cells.number(own.forward, row.instrument.decimals)
    words = f" {t('greeks.own_convention', basis=basis)}" if basis else ""
    return Content.assemble(t("chosen.forward", forward=forward), (words, "$text-label"))


def _written(row: Ticker, which: str, value: float) -> str:
    if which == "price":
        return cells.number(value, row.instrument.decimals)
    return f"{cells.number(value)}%" if which == "volatility" else cells.greek(value, small=True)


def _tone(*, shown: bool) -> str:
    return "bold" if shown else "$text-older"


def _pairs(pairs: Pairs) -> Content:
    parts: list[Content | str | tuple[str, str]] = []
    for key, value in pairs:
        parts += [(t(key) + " ", "$text-label"), value, "  "]
    return Content.assemble(*parts)


def short_reason(own: TheoreticalValues) -> str:
    """Return the reason for missing theoretical values in up to twelve cells; empty if none."""
    return t(f"theory.{own.why}") if own.why else ""


def full_reason(own: TheoreticalValues) -> str:
    """Return the same as a sentence, for a title or a toast."""
    return t(f"theory.why_{own.why}") if own.why else ""
