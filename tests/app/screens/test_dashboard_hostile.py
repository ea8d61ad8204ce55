"""Texts from files and names are shown literally: no markup, no escape sequences."""

import pytest
from harness.dashboard import at, run_dashboard

from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.storage.layouts import Layout
from app.system.files import ProgramFolders

LINE = "5|B01612A31|KR4B01612A31|{name}|1|01075.00| |2001|KOSPI200"
HOSTILE = [
    "[/]",
    "[bold red]C[/bold red]",
    "\x1b[2J\x1b]0;x\x07",
    "\u202eabc",
    "[@click=app.quit]x",
    "${x} {0} %s",
    "e\u0301\u200b" * 30,
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_in_a_master_is_shown_as_text(name: str) -> None:
    master = Master.from_lines([LINE.format(name=name)], [])
    assert master.contract("B01612A31") is not None
    async with run_dashboard(("B01612A31", "C01612A31"), contracts=Contracts(master)) as stage:
        await stage.settle_at(at(18, 1))
        if name.isprintable():
            assert name[:6] in stage.text
        await stage.press("a")
        await stage.fill_field("B01612A31")
        assert_harmless(stage.text)
        await stage.press("escape", "d")
        assert_harmless(stage.text)
        assert all(len(line) <= 120 for line in stage.text.splitlines())


async def test_hostile_layout_files_do_not_reach_the_screen() -> None:
    folder = ProgramFolders.find().config / "layouts"
    folder.mkdir(parents=True)
    (folder / "[red]x[-].toml").write_text("codes = []")
    (folder / "esc\x1b[2J.toml").write_text("codes = []")
    (folder / "good.toml").write_text('codes = ["\x1b[31m"]'.replace("\x1b", "\\u001b"))
    async with run_dashboard(("A01612",), notifications=True) as stage:
        await stage.press("o")
        assert "good" in stage.text
        assert "red" not in stage.text
        assert_harmless(stage.text)
        await stage.press("enter")
        await stage.wait_layout()
        assert_harmless(stage.text + "".join(stage.toasts))
        assert stage.codes == ["A01612"]


async def test_a_hostile_name_inside_a_working_copy_is_dropped() -> None:
    layout = Layout(name="[/]\x1b[31m", codes=["A01612"])
    async with run_dashboard(("A01612",)) as stage:
        stage.app.program.save_session(layout)
    async with run_dashboard(None) as stage:
        assert stage.app.main.layouts.name == ""
        assert_harmless(stage.text)


def assert_harmless(text: str) -> None:
    """Nothing in it that a terminal would obey."""
    assert all(line.isprintable() for line in text.splitlines())
