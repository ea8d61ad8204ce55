"""Fixtures of all tests: each test has its own home, without the user's files and keys."""

import gc
import os
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import harness.kept_bytecode  # noqa: F401  (before the modules that it keeps)
import pytest
from harness.command_line import CommandLine
from harness.live_simulator import LiveSimulator
from harness.picture_gallery import PictureGallery
from harness.speedups import apply_speedups
from hypothesis import settings

from app.krx import corrections
from app.screens.textual_compat import SafeApp
from app.screens.user_keys import key_in_text
from app.storage.key_file import UserKeys
from widgets.texts import name_keys, use

settings.register_profile("short", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

_FOLDERS = {
    "HOME": "",
    "XDG_CONFIG_HOME": ".config",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
}
_COLOURS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM")
_SIZE = ("COLUMNS", "LINES")


_LONG = ("test_nights", "test_terminal_driver", "test_hands", "test_model")
"""Modules with long tests; they begin first, so that no worker is left alone with one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the modules with long tests first."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in _LONG))


# Thousands of collected tests live to the end: what looks for garbage need not look at them.
gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return paths of new folders; `tmp_path` would cost a third of a short test."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's home folder; subprocesses inherit it."""
    own = next(homes)
    own.mkdir()
    for name in [n for n in os.environ if n.startswith(("KIS_", "TEXTUAL"))]:
        monkeypatch.delenv(name)
    for name in (*_COLOURS, *_SIZE):
        monkeypatch.delenv(name, raising=False)
    for name, folder in _FOLDERS.items():
        monkeypatch.setenv(name, str(own / folder))
    return own


@pytest.fixture
def gallery(request: pytest.FixtureRequest) -> Iterator[PictureGallery]:
    """The kept pictures; with --snapshot-update, those shown are kept in their place."""
    shown = PictureGallery(renew=bool(request.config.getoption("--snapshot-update")))
    yield shown
    shown.close()


@pytest.fixture(autouse=True, scope="session")
def speedups() -> Iterator[None]:
    """Apply what makes tests faster to the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        apply_speedups(patch)
        yield


@pytest.fixture(autouse=True)
def no_containment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error in a handler ends the dashboard and fails the test, instead of a toast about it."""
    monkeypatch.setattr(SafeApp, "contains_errors", False)


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    """Every test begins and ends with Korean texts that name the standard keys."""
    use("ko")
    name_keys(partial(key_in_text, UserKeys()))
    yield
    use("ko")


@pytest.fixture(autouse=True)
def calendar_as_built_in() -> Iterator[None]:
    """Every test ends without corrections of the calendar."""
    yield
    corrections.use(corrections.Corrections())


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSimulator]:
    """A simulator that the command line takes for KIS."""
    simulator = LiveSimulator()
    for name, value in simulator.variables.items():
        monkeypatch.setenv(name, value)
    yield simulator
    simulator.stop()


@pytest.fixture
def kis_tui(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> CommandLine:
    """Runs the command line with some words."""
    return CommandLine(monkeypatch, capfd)
