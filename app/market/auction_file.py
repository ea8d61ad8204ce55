"""The last auction's expected executions, kept on disk so that a restart still shows them.

They are kept as the data frames that they came in, so that what is read back passes the decoder.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import isnan, nan
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from app.krx.calendar import MarketPhase
from app.system.errors import KisTuiError
from app.system.files import read_bounded, write_atomically
from specs.catalog import CATALOG, Channel
from specs.frame import FrameError, decode
from specs.market.indication import Indication
from specs.record import ExpectedRecord

SINGLE_PRICE = "single_price"
"""The phase of an auction outside of the calendar, such as a re-opening after a circuit breaker."""

PHASES = (MarketPhase.OPENING_AUCTION, MarketPhase.CLOSING_AUCTION, SINGLE_PRICE)


class Auction(Struct, frozen=True):
    """An auction, by its phase and its end.

    The end of one outside of the calendar is not known: it has the time of its newest record.
    """

    phase: str
    end: datetime


class SavedAuction(NamedTuple):
    """An auction with the newest record and the indication of each contract."""

    auction: Auction
    records: list[ExpectedRecord]
    indications: dict[str, Indication]


class _Kept(Struct):
    phase: str
    end: datetime
    frames: list[str]
    indications: dict[str, dict[str, Any]] = {}


class AuctionFile:
    """One auction's expected executions in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> SavedAuction | None:
        """Return the saved auction, or None if no readable file exists."""
        try:
            kept = msgspec.json.decode(read_bounded(self._path), type=_Kept)
        except (OSError, KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        if kept.phase not in PHASES or kept.end.tzinfo is None:
            return None
        records: list[ExpectedRecord] = []
        for frame in kept.frames:
            try:
                decoded = decode(frame)
            except FrameError:
                continue
            records += [r for r in decoded.records if isinstance(r, ExpectedRecord)]
        found = {code: one for code, saved in kept.indications.items() if (one := _read(saved))}
        return SavedAuction(Auction(kept.phase, kept.end), records, found)

    def save(
        self,
        auction: Auction,
        records: Iterable[ExpectedRecord],
        indications: Mapping[str, Indication] = MappingProxyType({}),
    ) -> None:
        """Save an auction's records in place of the last ones, without those from REST.

        Raises:
            KisTuiError: the file cannot be written.
        """
        frames = [_frame(record) for record in records if type(record) in _TR_IDS]
        saved = {code: msgspec.to_builtins(one) for code, one in indications.items()}
        kept = _Kept(auction.phase, auction.end, frames, saved)
        write_atomically(self._path, msgspec.json.encode(kept))


_TR_IDS = {e.spec: e.tr_id for e in CATALOG.values() if e.channel is Channel.EXPECTED}


def _read(saved: dict[str, Any]) -> Indication | None:
    """Return a saved indication, or None if it is invalid; JSON has null for nan."""
    path, values = saved.get("path"), saved.get("values")
    ages: dict[str, Any] = {"at": None, "theory_at": None}
    try:
        # The clock that the ages were measured by has ended.
        values = _without_null(values | ages) if isinstance(values, dict) else {}
        slots = [nan if one is None else one for one in path] if path else []
        return msgspec.convert(_without_null(saved) | {"values": values, "path": slots}, Indication)
    except (msgspec.MsgspecError, TypeError):
        return None


def _without_null(saved: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in saved.items() if value is not None}


def _frame(record: ExpectedRecord) -> str:
    values = (
        value if isinstance(value, str) else "" if isnan(value) else f"{value:.8g}"
        for value in msgspec.structs.astuple(record)
    )
    return f"0|{_TR_IDS[type(record)]}|001|{'^'.join(values)}"
