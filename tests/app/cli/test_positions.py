"""``kis-tui positions``: list, import and export, with a layout and without."""

import json
from pathlib import Path

import pytest
from harness.command_line import CommandLine

from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.system.clock import SystemClock
from app.system.files import ProgramFolders

FILES = Path(__file__).parents[2] / "data" / "positions"
HELD = [
    {"code": "A01612", "quantity": 2, "average": 1079.1},
    {"code": "B01612A34", "quantity": -5, "average": 23.1},
]


def listed(kis_tui: CommandLine, *words: str) -> object:
    done = kis_tui("positions", "list", "--format", "json", *words)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_imported_balance_is_listed(kis_tui: CommandLine) -> None:
    assert listed(kis_tui) == []
    done = kis_tui("positions", "import", FILES / "a_kis_api.csv")
    assert (done.code, done.out) == (0, "")
    assert done.err == "포지션 2건을 가져왔습니다\n"
    assert listed(kis_tui) == HELD
    done = kis_tui("--lang", "en", "positions", "list")
    assert [line.split() for line in done.out.splitlines()] == [
        ["code", "name", "quantity", "average"],
        ["A01612", "2", "1079.1"],
        ["B01612A34", "-5", "23.1"],
    ]


def test_import_replaces_and_keeps_the_list_of_before(kis_tui: CommandLine) -> None:
    kis_tui("positions", "import", FILES / "a_kis_api.csv")
    done = kis_tui("positions", "import", FILES / "f_lots.csv")
    kept = ProgramFolders.find().state / "positions-before.csv"
    assert done.err.splitlines() == [
        f"이전 목록: {kept}",
        "포지션 1건을 가져왔습니다 · 같은 종목 1줄 합산",
    ]
    assert listed(kis_tui) == [{"code": "A01612", "quantity": 3, "average": 1079.73333333}]
    assert kis_tui("positions", "import", kept).code == 0
    assert listed(kis_tui) == HELD


def test_import_with_add_merges(kis_tui: CommandLine, tmp_path: Path) -> None:
    kis_tui("positions", "import", FILES / "a_kis_api.csv")
    more = tmp_path / "more.csv"
    more.write_text("code,quantity,average\nA01612,2,1081.1\nB01612A34,5,20\nC01612745,1,0.5\n")
    assert kis_tui("positions", "import", more, "--add").code == 0
    assert listed(kis_tui) == [
        {"code": "A01612", "quantity": 4, "average": 1080.1},
        {"code": "C01612745", "quantity": 1, "average": 0.5},
    ]


def test_bad_file_changes_nothing(kis_tui: CommandLine, tmp_path: Path) -> None:
    kis_tui("positions", "import", FILES / "a_kis_api.csv")
    bad = tmp_path / "bad.csv"
    bad.write_text("code,quantity,average\nA01612,1,1\nB01612A34,x,1\n")
    done = kis_tui("positions", "import", bad)
    assert (done.code, done.out) == (2, "")
    assert "3행 quantity 열" in done.err
    assert listed(kis_tui) == HELD


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_export_can_be_imported(kis_tui: CommandLine, tmp_path: Path, shape: str) -> None:
    kis_tui("positions", "import", FILES / "a_kis_api.csv")
    out = tmp_path / f"out.{shape}"
    assert kis_tui("positions", "export", out).code == 0
    assert kis_tui("positions", "export", out).code == 2
    kis_tui("positions", "import", FILES / "f_lots.csv")
    assert kis_tui("positions", "import", out).code == 0
    assert listed(kis_tui) == HELD


def test_positions_of_a_layout_are_apart(kis_tui: CommandLine) -> None:
    assert kis_tui("positions", "list", "--layout", "야간").code == 2
    LayoutStore(ProgramFolders.find(), SystemClock()).save(Layout(name="야간", codes=["A01612"]))
    done = kis_tui("positions", "import", FILES / "a_kis_api.csv", "--layout", "야간")
    assert done.code == 0, done.err
    assert listed(kis_tui, "--layout", "야간") == HELD
    assert listed(kis_tui) == []
