"""The words of the status line and the panel titles for link, session and auction."""

from collections.abc import Collection
from datetime import datetime
from math import ceil

from app.feed.batch import Counters, LinkState
from app.feed.connection import SETTLED, LinkPhase
from app.feed.paper_watch import PaperState
from app.feed.recording import Recording
from app.feed.registrations import RegistrationState
from app.feed.server_clock import ALARMING, NOTICEABLE
from app.krx.calendar import MarketPhase, MarketState, NextAuction, format_clock
from app.krx.unexpected_session import Correction
from app.market.auction_file import SINGLE_PRICE, Auction
from app.market.auction_indications import SPEAKS
from app.market.book import Book
from app.pricing.forward import Forward
from app.pricing.live_greeks import GreeksBasis
from app.screens.key_text import slots_words
from app.screens.link_text import link_words
from specs.catalog import Absent, Channel, Session
from specs.codes import Family
from specs.combination_code import is_combination
from widgets import cells, times
from widgets.byte_sizes import size_words
from widgets.contract_names import contract_name
from widgets.expected import AuctionStage
from widgets.ladder import Why
from widgets.status import StatusPart
from widgets.texts import t

_INDEX = frozenset((Family.INDEX_FUTURES, Family.INDEX_OPTION))
_TONES = {
    LinkPhase.LIVE: "$success",
    LinkPhase.OCCUPIED: "bold $error",
    LinkPhase.FATAL: "bold $error",
    LinkPhase.BLOCKED: "bold $error",
    LinkPhase.UNTRUSTED: "bold $error",
    LinkPhase.DEGRADED: "$success",
    LinkPhase.STOPPED: "$text-label",
    LinkPhase.OFF: "$text-label",
}
_MARKS = {
    LinkPhase.LIVE: "●",
    LinkPhase.DEGRADED: "●",
    LinkPhase.PROBE: "◐",
    LinkPhase.RESTORE: "◐",
    LinkPhase.BACKOFF: "↻",
    LinkPhase.OFFLINE: "⏸",
    LinkPhase.OCCUPIED: "⛔",
    LinkPhase.BLOCKED: "⛔",
    LinkPhase.UNTRUSTED: "⛔",
    LinkPhase.FATAL: "✖",
}


def badges(frozen_for: float | None, *, reports_mouse: bool) -> list[StatusPart]:
    """Return the badges of a frozen screen, for so many seconds, and of a mouse that is off."""
    mouse = f" {t('status.mouse_off')} "
    parts = [] if reports_mouse else [StatusPart(mouse, 1, "bold reverse $accent")]
    return parts if frozen_for is None else [frozen_part(frozen_for), *parts]


def frozen_part(seconds: float) -> StatusPart:
    """Return the badge of a frozen screen and how long it has been so."""
    words, short = t("status.frozen", span=times.span(seconds)), t("status.frozen_short")
    return StatusPart(f" {words} ", 0, "bold reverse $accent", shorter=f" {short} ")


def day(moment: datetime) -> str:
    """A date as 11/23(월)."""
    return f"{moment:%m/%d}({t('weekday.names').split()[moment.weekday()]})"


def session_parts(
    market: MarketState,
    now: datetime,
    badge: str,
    correction: Correction | None = None,
    expiry: datetime | None = None,
) -> list[StatusPart]:
    """The left of the status line: badge, phase, clock, trade date and what comes next.

    `expiry` is when the first of the watched contracts ends on this day, or None.
    """
    trade_day = datetime.combine(market.trade_date, datetime.min.time())
    event = _next_event(market, now)
    if expiry is not None and expiry < event:
        span = times.minutes(ceil((expiry - now).total_seconds()))
        following = t("status.expiry", at=f"{expiry:%H:%M}", span=span)
    else:
        span = times.countdown((event - now).total_seconds())
        following = _next_text(market, now, span)
    return [
        StatusPart(f" {badge} ", 0, "bold reverse $warning")
        if badge
        else StatusPart("kis-tui", 5, "bold"),
        StatusPart(phase_name(market), 2, "bold"),
        *_correction_parts(correction),
        StatusPart(format_clock(now), 1),
        StatusPart(t("status.trade_date", day=day(trade_day)), 5),
        StatusPart(following, 3, "$text-label", shorter=f"→ {span}"),
    ]


def _correction_parts(correction: Correction | None) -> list[StatusPart]:
    """Say that data come of a session that the calendar has closed, and how to correct it."""
    if correction is None:
        return []
    way = "add" if correction.setting == "open_days" else "remove"
    setting, tone = f"[calendar] {correction.setting}", "bold $warning"
    what = StatusPart(t("calendar.unexpected", setting=setting), 1, tone, shorter=setting)
    return [
        what,
        StatusPart(t(f"calendar.unexpected_{way}", day=f"{correction.day:%Y-%m-%d}"), 4, tone),
    ]


def _next_event(market: MarketState, now: datetime) -> datetime:
    """Return when expected prices begin in an auction that has none yet, else the next phase."""
    expected = market.expected_from
    return expected if expected is not None and now < expected else market.next_change


def _next_text(market: MarketState, now: datetime, span: str) -> str:
    """Return the next event and the time until then; the trade date beside it names the day."""
    awaits = _next_event(market, now) is market.expected_from
    what = t("next.expected" if awaits else f"next.{market.next_phase}")
    if market.session is not None:
        return t("status.next", what=what, span=span)
    return t(
        "calendar.next_session",
        session=t(f"session.{market.next_session}"),
        at=f"{market.next_change:%H:%M}",
        what=what,
        span=span,
    )


def phase_name(market: MarketState) -> str:
    """Session and phase, such as 야간 정규장."""
    if market.session is None:
        return t("calendar.day_off") if market.day_off else t("calendar.between")
    return f"{t(f'session.{market.session}')} {t(f'phase.{market.phase}')}"


def link_parts(
    link: LinkState,
    counters: Counters,
    now: float,
    *,
    plain: bool,
    recording: Recording,
    in_session: bool = True,
) -> list[StatusPart]:
    """The right of the status line: recording, state and reason, slots, age, refusals.

    `in_session` is whether data can come: a session is on.
    """
    words = link_words(link, now, in_session=in_session)
    mark, tone = _MARKS.get(link.phase, "◌"), _TONES.get(link.phase, "$warning")
    if link.phase in SETTLED and not (in_session and link.used):
        tone = "$text-label"
    return [
        *_recording_parts(recording),
        *_paper_parts(link.paper),
        *([StatusPart(t("hub.via"), 1, "$accent", shorter=t("hub.via_short"))] * link.via_hub),
        StatusPart(f"{mark} {words}", 0, tone),
        StatusPart(
            slots_words(link),
            2,
            shorter=f"{link.used}/{link.limit}",
        ),
        StatusPart(
            t("status.waiting", count=link.waiting) if link.waiting else "", 5, "$text-label"
        ),
        *_clock_parts(counters.skew),
        *traffic_parts(link, counters, now, plain=plain),
    ]


def _paper_parts(paper: PaperState) -> list[StatusPart]:
    """Return that the keys are for paper trading, and that nothing comes for them."""
    if paper is PaperState.NONE:
        return []
    return [StatusPart(t(f"paper.{paper}_badge"), 0, "bold $warning", shorter=t("paper.badge"))]


def _clock_parts(skew: float) -> list[StatusPart]:
    """How far the clock here is off KIS' where that is noticeable, and from a minute on what to do:
    sessions and registrations follow it."""
    if not abs(skew) >= NOTICEABLE:
        return []
    which = "slow" if skew > 0 else "fast"
    span = times.countdown(abs(skew))
    if abs(skew) < ALARMING:
        return [StatusPart(t(f"status.clock_{which}", span=span), 4, "$warning")]
    off = t(f"status.clock_{which}", span=span)
    return [StatusPart(t("status.clock_set", off=off), 1, "bold $warning", shorter=off)]


def traffic_parts(
    link: LinkState, counters: Counters, now: float, *, plain: bool = False
) -> list[StatusPart]:
    """Return the parts about messages: age of the last, refusals, no TLS, appended fields."""
    age = now - link.last_message
    refused = sum(counters.refused.values()) + sum(counters.dropped.values())
    return [
        StatusPart(
            t("status.age", age=times.span(age)) if age < float("inf") else "", 6, "$text-label"
        ),
        StatusPart(t("status.refused", count=refused) if refused else "", 4, "$warning"),
        StatusPart(t("status.plain") if plain else "", 5, "$text-label"),
        StatusPart(t("status.appended") if counters.appended else "", 7, "$warning"),
    ]


def basis_text(basis: GreeksBasis) -> str:
    """Return the basis of our own values: the future, its price, and the source of volatility."""
    source = t("chosen.spot")
    if basis.future is not None:
        name = contract_name(basis.future)
        source = f"{name} {t(f'chosen.{basis.price}')}" if basis.price else name
        if basis.forward.carried:
            source += f" ({_carried_text(basis.forward)})"
    volatility = t(f"chosen.{basis.volatility}") if basis.volatility else cells.MISSING
    if basis.wide:
        volatility += f" ({t('theory.wide_quote')})"
    return t("chosen.basis", source=source, volatility=volatility)


def _carried_text(forward: Forward) -> str:
    """Return how another month's price became the forward, and whether dividends are in it."""
    if forward.ex_dividend is not None:
        key = "chosen.ex_dividend_parity" if forward.parity else "chosen.ex_dividend"
        return t(key, day=f"{forward.ex_dividend:%m/%d}")
    return t("chosen.parity" if forward.parity else "chosen.carried")


def _recording_parts(recording: Recording) -> list[StatusPart]:
    """The badge of a recording and the size of its tape, or what holds it up."""
    if not recording.on:
        return []
    if not recording.trouble:
        badge = StatusPart(t("record.badge"), 2, "bold $accent", shorter=t("record.badge_mark"))
        return [badge, StatusPart(size_words(recording.bytes), 8, "$text-label")]
    words = t("record.badge_trouble", why=t(recording.trouble))
    return [StatusPart(words, 1, "bold $warning", shorter=t("record.badge_short"))]


def why_no_book(book: Book, code: str, market: MarketState) -> Why:
    """Return the reason that is shown in place of a code's order book."""
    if is_combination(code):
        return "combination"
    if book.has_expired(code):
        return "expired"
    absent = book.asleep(code)
    if absent is not None:
        return "unknown_product" if absent is Absent.UNKNOWN_PRODUCT else "asleep"
    standing = book.registration_status(code, Channel.BOOK).state
    if standing is RegistrationState.NO_SLOT:
        return "no_slot"
    if standing is RegistrationState.REFUSED:
        return "refused"
    return "closed" if market.session is None else "waiting"


def no_expected(
    families: Collection[Family | None], session: Session, *, asks_rest: bool = False
) -> str:
    """Say which of the watched families have no expected executions; empty where all have.

    With `asks_rest` those of the focused index product come from REST.
    """
    if session is Session.DAY and not _INDEX.isdisjoint(families):
        return t("expected.by_rest" if asks_rest else "expected.none_by_day")
    if Family.INDEX_FUTURES in families:
        return t("expected.no_futures")
    return t("expected.no_commodity") if Family.COMMODITY_FUTURES in families else ""


def auction_title(auction: Auction | None, market: MarketState, now: datetime) -> str:
    """Return the title of the expected executions: the auction under way, or the last one."""
    title = t("panel.expected")
    if auction is None:
        return title
    name = t(f"phase.{auction.phase}")
    if not is_running(auction, market, now):
        return f"{title} ─ {t('expected.result', name=name, when=f'{auction.end:%m/%d %H:%M}')}"
    if auction.phase == SINGLE_PRICE:
        return f"{title} ─ {t('expected.unscheduled', name=name)}"
    when = f"{auction.end:%H:%M}" + (" +1" if market.after_midnight else "")
    span = times.countdown((auction.end - now).total_seconds())
    return f"{title} ─ {t('expected.running', name=name, when=when, span=span)}"


def auction_stage(auction: Auction | None, market: MarketState, now: datetime) -> AuctionStage:
    """Return the stage of an auction at a moment."""
    opens = auction is None or auction.phase == MarketPhase.OPENING_AUCTION
    if is_running(auction, market, now):
        return "opening" if opens else "closing"
    return "opened" if opens else "closed"


def next_auction_text(coming: NextAuction) -> str:
    """Return which auction comes next and when."""
    name = f"{t(f'session.{coming.session}')} {t(f'phase.{coming.phase}')}"
    when = f"{day(coming.begin)} {coming.begin:%H:%M}"
    return t("auction.next", name=name, when=when)


def is_running(auction: Auction | None, market: MarketState, now: datetime) -> bool:
    """Return whether an auction is under way: one outside of the calendar while it speaks."""
    if auction is None:
        return False
    if auction.phase == SINGLE_PRICE:
        return now - auction.end <= SPEAKS
    return market.auction is not None and market.auction[1] == auction.end
