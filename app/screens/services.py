"""The services of one run of the dashboard; the command line makes them for the screens."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct, field

from app.alerts.alert_file import AlertStore
from app.feed.batch import Batch
from app.feed.feed import FeedSettings
from app.feed.feed_settings import Tap
from app.feed.source import Source, live_source
from app.instruments.contracts import Contracts
from app.market.auction_file import AuctionFile
from app.portfolio.store import PositionStore
from app.pricing.diagnostics_file import DiagnosticsFile
from app.pricing.smile_file import SmileFile
from app.storage.key_file import UserKeys
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.storage.palettes import DEFAULT_THEME, THEMES, ColorTheme
from app.storage.setting_store import SettingStore
from app.storage.settings import Settings, config_path
from app.storage.theme_files import ThemeStore
from app.system.clock import Clock
from app.system.crash import CrashReports
from app.system.files import ProgramFolders
from app.system.logs import LogRing
from specs.palette import ColorDepth


class Services(Struct):
    """Everything the screen needs; `badge` marks what is not the live market."""

    clock: Clock
    feed: FeedSettings
    contracts: Contracts
    store: LayoutStore
    layout: Layout
    auctions: AuctionFile | None
    """The file of the last auction; None in a replay."""
    positions: PositionStore
    smiles: SmileFile | None = None
    """The file of the smiles of past sessions."""
    alerts: AlertStore | None = None
    """The file of the alerts; None keeps them for the run alone."""
    keys: UserKeys = UserKeys()
    """The keys that are not the standard ones."""
    badge: str = ""
    notices: tuple[str, ...] = ()
    """Said once at the start."""
    settings: Settings = Settings()
    theme: ColorTheme = THEMES[DEFAULT_THEME]
    color_depth: ColorDepth = "many"
    themes: ThemeStore = field(default_factory=lambda: ThemeStore(ProgramFolders.find()))
    setting_store: SettingStore = field(
        default_factory=lambda: SettingStore(config_path(ProgramFolders.find()), Settings())
    )
    """The settings with their origins, and the user's file."""
    exports: Path = field(default_factory=lambda: ProgramFolders.find().data / "exports")
    """The folder that exports are written to."""
    diagnostics: DiagnosticsFile | None = None
    reports: CrashReports | None = None
    log: LogRing = field(default_factory=LogRing)
    """The last lines of the log."""
    source: Callable[[Callable[[Batch], None]], Source] | None = None
    """Makes what plays in the place of the live feed, given where its batches go."""
    save_session: Callable[[Layout], None] = lambda layout: None

    @property
    def is_unencrypted(self) -> bool:
        """Whether data come over the net without TLS."""
        endpoints = self.feed.endpoints
        return endpoints.ws.startswith("ws://") and not endpoints.local

    def make_feed(self, deliver: Callable[[Batch], None], tap: Tap) -> Source:
        """Return what brings batches: the live feed, or what plays in its place.

        `tap` gets every frame of a live feed, on its thread.
        """
        if self.source is not None:
            return self.source(deliver)
        return live_source(self.feed, self.clock, deliver, tap)
