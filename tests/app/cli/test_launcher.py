"""The command starts whatever other package of the name ``app`` comes first in the path."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMMAND = Path(sys.executable).with_name("kis-tui")


@pytest.fixture
def shadow(tmp_path: Path) -> Path:
    """A folder whose package ``app`` is another program's."""
    package = tmp_path / "shadow" / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('the wrong app')\n")
    return package.parent


def version(command: list[str], *folders: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    run = subprocess.run(
        [*command, "--version"], capture_output=True, text=True, env=environment, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_an_editable_install_starts_beside_another_app(shadow: Path) -> None:
    assert version([str(COMMAND)], shadow) == version([str(COMMAND)])


def test_a_wheel_starts_beside_another_app(shadow: Path, tmp_path: Path) -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel")
    [built] = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(built) as archive:
        archive.extractall(installed)
        [entry_points] = [n for n in archive.namelist() if n.endswith("entry_points.txt")]
        assert "kis-tui = kis_tui_launcher:main" in archive.read(entry_points).decode()
    # The shadow comes before the wheel, and the wheel before the sources of this checkout.
    launch = "import kis_tui_launcher, sys; sys.argv[0] = 'kis-tui'; kis_tui_launcher.main()"
    assert "kis-tui" in version([sys.executable, "-c", launch], shadow, installed)
