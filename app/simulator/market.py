"""The market of one session: every contract's trades, books and auctions from one seed."""

from functools import cached_property, lru_cache
from math import exp
from random import Random

from app.simulator.auction import AuctionModel
from app.simulator.fair import FairValue
from app.simulator.hours import SimulatedHours
from app.simulator.instrument import KOSPI200, VOLATILITY, SimulatedInstrument, SimulatedUnderlying
from app.simulator.instruments import universe
from app.simulator.ladder import QuoteLadder
from app.simulator.price_path import PricePath
from app.simulator.running_totals import RunningTotals
from app.simulator.spot import SimulatedSpot
from app.simulator.spread import QuotedSpread
from app.simulator.streams import BookStream, ExpectedStream, RecordStream, TradeStream
from specs.catalog import CATALOG, CatalogEntry, Channel, Session
from specs.codes import Family

_YEAR = 365 * 86_400.0
_DAILY_CHANGE = 0.01
_REGIMES = 0.18

_drawn_path = lru_cache(maxsize=8)(PricePath)
"""Paths of equal parameters are drawn once: the walk of a session takes 0.1 s."""


class MarketModel:
    """The contracts of one session; all streams of the same code and TR send the same records."""

    def __init__(
        self,
        hours: SimulatedHours,
        seed: int = 1,
        appended: int = 0,
        before: "MarketModel | None" = None,
    ) -> None:
        self.hours = hours
        self.before = before
        """The session before this one."""
        self.appended = appended
        self._seed = f"{seed}/{hours.session}/{hours.day}"
        # A contract's history before the first session is the same in all sessions.
        self._origin: str = self._seed if before is None else before._origin
        # Some runs are calm and some are not.
        self._regime = exp(Random(f"{self._origin}/regime").gauss(0.0, _REGIMES))
        self._paths: dict[SimulatedUnderlying, PricePath] = {}
        self._lefts: dict[SimulatedUnderlying, float] = {}
        self._spots: dict[SimulatedUnderlying, SimulatedSpot] = {}
        self._closes: dict[SimulatedUnderlying, float] = {}

    @cached_property
    def instruments(self) -> dict[str, SimulatedInstrument]:
        """Every contract that trades in the session, by code."""
        listed = universe(self.hours.day)
        return {i.code: i for i in listed if i.last_moment > self.hours.begin}

    def stream(self, tr_id: str, code: str) -> RecordStream | None:
        """Return the records of a code on a TR, or None for other sessions or unknown codes."""
        entry = CATALOG[tr_id]
        if entry.session is not self.hours.session:
            return None
        instrument = self.instruments.get(code)
        if instrument is None or not self._carries(entry, instrument):
            return None
        if entry.channel is Channel.TRADE:
            return TradeStream(self, tr_id, self.tape(instrument))
        if entry.channel is Channel.BOOK:
            return BookStream(self, tr_id, self.ladder(instrument))
        return ExpectedStream(self, tr_id, instrument, self.tape(instrument).previous)

    def _carries(self, entry: CatalogEntry, instrument: SimulatedInstrument) -> bool:
        """Return whether a TR of this session has a contract: the night's TR has all futures."""
        if self.hours.session is Session.DAY:
            return entry.family is instrument.family
        future = entry.family is Family.INDEX_FUTURES and instrument.right is None
        return instrument.underlying.at_night and (future or entry.family is instrument.family)

    def time(self, second: float) -> str:
        """Return the wall clock HHMMSS of a record, also after midnight."""
        return f"{self.hours.moment(second):%H%M%S}"

    def auctions(self, instrument: SimulatedInstrument) -> tuple[AuctionModel, ...]:
        """Return the auctions of a contract: the opening, a re-opening, and the closing one."""
        hours, fair = self.hours, self._fair(instrument)
        spans = [(hours.expected, hours.open), (hours.close, hours.end)]
        if hours.halt is not None:
            spans.insert(1, (hours.halt.auction, hours.halt.end))
        seed = f"{self._seed}/{instrument.code}"
        return tuple(AuctionModel(seed, instrument, fair, *span) for span in spans)

    def tape(self, instrument: SimulatedInstrument) -> RunningTotals:
        """Return the trades of a contract from the first on."""
        return RunningTotals(
            f"{self._seed}/{instrument.code}",
            instrument,
            self._fair(instrument),
            self._path(instrument.underlying),
            self._spread(instrument),
            self.hours,
            self.auctions(instrument),
            self._closed_at(instrument),
            f"{self._origin}/{instrument.code}",
        )

    def ladder(self, instrument: SimulatedInstrument) -> QuoteLadder:
        """Return the order books of a contract."""
        fair = self._fair(instrument)
        spread = self._spread(instrument)
        return QuoteLadder(f"{self._seed}/{instrument.code}", instrument, fair, self.hours, spread)

    def spot(self, underlying: SimulatedUnderlying, second: float) -> tuple[float, float]:
        """Return an underlying at a moment of the session, and at the close before its own day."""
        spot = self._spot(underlying)
        if self.hours.session is Session.DAY:
            return spot.level_at(second), spot.previous
        return spot.level_at(second), self._close_before(underlying)

    def close(self, underlying: SimulatedUnderlying) -> float:
        """Return the level at which an underlying closed last, as of the session's end."""
        if underlying not in self._closes:
            self._closes[underlying] = self._spot(underlying).last
        return self._closes[underlying]

    def left(self, underlying: SimulatedUnderlying) -> float | None:
        """Return the last forward of the sessions up to this one, or None before the first."""
        if self.hours.session is Session.NIGHT and not underlying.at_night:
            return None if self.before is None else self.before.left(underlying)
        if underlying not in self._lefts:
            self._lefts[underlying] = self._path(underlying).last
        return self._lefts[underlying]

    def rest(self) -> None:
        """Free the paths, which are large and can be drawn again; keep their last forwards."""
        for underlying in {i.underlying for i in self.instruments.values()}:
            self.left(underlying)
            self.close(underlying)
        self._paths.clear()
        self._spots.clear()

    def _closed_at(self, instrument: SimulatedInstrument) -> int | None:
        """The price that the last session of a contract before this one ended at."""
        before = self.before
        while before is not None and not (
            before.hours.session is Session.DAY or instrument.underlying.at_night
        ):
            before = before.before
        if before is None or instrument.code not in before.instruments:
            return None
        return before.auctions(instrument)[-1].price

    def _fair(self, instrument: SimulatedInstrument) -> FairValue:
        underlying = instrument.underlying
        front = self._front(underlying).last_moment
        path, spot = self._path(underlying), self._spot(underlying)
        return FairValue(instrument, path, spot, self.hours, front)

    def _spread(self, instrument: SimulatedInstrument) -> QuotedSpread:
        stress = self._path(instrument.underlying).stress
        return QuotedSpread(f"{self._seed}/{instrument.code}", instrument, stress)

    def _carried(self, underlying: SimulatedUnderlying) -> float | None:
        """The forward that the session before left, for the expiry of this one's front future."""
        if self.before is None or (left := self.before.left(underlying)) is None:
            return None
        gap = self._front(underlying).expiry - self.before._front(underlying).expiry
        return left * exp(underlying.carry * gap.total_seconds() / _YEAR)

    def _spot(self, underlying: SimulatedUnderlying) -> SimulatedSpot:
        spot = self._spots.get(underlying)
        if spot is None:
            left = self._front(underlying).last_moment - self.hours.begin
            close = None if self.before is None else self.before.close(underlying)
            spot = SimulatedSpot(
                self._path(underlying),
                self.hours,
                underlying,
                left.total_seconds() / _YEAR,
                close,
            )
            self._spots[underlying] = spot
        return spot

    def _close_before(self, underlying: SimulatedUnderlying) -> float:
        """The close of the trading day before the one that a night follows."""
        if self.before is not None:
            return self.before.spot(underlying, 0.0)[1]
        change = Random(f"{self._origin}/{underlying.id}/index").gauss(0.0, _DAILY_CHANGE)
        return round(self._spot(underlying).previous / (1 + change), 2)

    def _front(self, underlying: SimulatedUnderlying) -> SimulatedInstrument:
        futures = (
            i
            for i in self.instruments.values()
            if i.underlying is underlying and i.right is None and not i.is_spread
        )
        return min(futures, key=lambda i: i.last_moment)

    def _home(self, underlying: SimulatedUnderlying) -> float:
        """The level of a first session: of the V-KOSPI, what options on the KOSPI200 imply."""
        return underlying.level * (self._regime if underlying is VOLATILITY else 1.0)

    def _path(self, underlying: SimulatedUnderlying) -> PricePath:
        path = self._paths.get(underlying)
        if path is None:
            seed = f"{self._seed}/{underlying.id}"
            left = self._carried(underlying)
            volatility = underlying.volatility * self._regime
            follows = underlying.correlation != 0
            leader = self._path(KOSPI200) if follows else None
            path = _drawn_path(
                seed,
                self.hours,
                self._home(underlying),
                volatility,
                left,
                leader,
                underlying.correlation,
            )
            self._paths[underlying] = path
        return path
