"""What a run of the dashboard is made of; the command line builds it, the screen is handed it."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct, field

from app.auctions import AuctionFile
from app.clock import Clock
from app.contracts import Contracts
from app.crash import CrashReports
from app.diagnostics import DiagnosticsFile
from app.feed.batch import Batch
from app.feed.feed import FeedSettings
from app.files import Places
from app.layouts import Layout, LayoutStore
from app.positions.position_store import PositionStore
from app.settings import Settings
from app.smile_file import SmileFile
from app.source import Source
from app.system.log_ring import LogRing


class Program(Struct):
    """Everything the screen needs; `badge` marks what is not the live market."""

    clock: Clock
    feed: FeedSettings
    contracts: Contracts
    store: LayoutStore
    layout: Layout
    auctions: AuctionFile | None
    """Where the last auction is kept; a replay keeps none."""
    positions: PositionStore
    smiles: SmileFile | None = None
    """Where the smiles of past sessions are kept."""
    badge: str = ""
    notices: tuple[str, ...] = ()
    """Said once at the start."""
    settings: Settings = Settings()
    exports: Path = field(default_factory=lambda: Places.find().data / "exports")
    """Where the panels' values are written to."""
    diagnostics: DiagnosticsFile | None = None
    reports: CrashReports | None = None
    log: LogRing = field(default_factory=LogRing)
    """The last lines of the log."""
    source: Callable[[Callable[[Batch], None]], Source] | None = None
    """Makes what plays in the place of the live feed, given where its batches go."""
    save_session: Callable[[Layout], None] = lambda layout: None
