"""``kis-tui doctor``: what a session would find, and never a key."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.feed.batch import Batch, Counters, LinkState
from app.pricing.diagnostics_file import DiagnosticsFile
from app.pricing.volatility_scale import VolatilityScale

KEY, SECRET = "PSSENTINELKEY0123456789", "sentinelsecret/0123456789+abcdef="


def doctor(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("KIS_", "XDG_"))
    }
    command = [sys.executable, "-c", "from app.cli import main; main()", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**clean, "HOME": str(home), **environment},
    )


def test_without_keys_it_says_where_it_looked_and_leaves_with_4(tmp_path: Path) -> None:
    run = doctor(tmp_path, "doctor")
    assert run.returncode == 4
    assert "kis_devlp.yaml" in run.stderr
    assert "kis-tui --demo" in run.stderr


def test_with_keys_a_session_could_start_and_no_key_is_shown(tmp_path: Path) -> None:
    run = doctor(tmp_path, "doctor", "--json", KIS_APP_KEY=KEY, KIS_APP_SECRET=SECRET)
    assert run.returncode == 0, run.stderr
    page = json.loads(run.stdout)
    assert page["keys"]["source"] == "KIS_APP_KEY"
    assert page["keys"]["dials"][0] == {"seconds": 600.0, "spent": 0, "most": 12}
    assert page["verdict"] == {"ready": True, "problem": None}
    assert KEY not in run.stdout + run.stderr
    assert SECRET not in run.stdout + run.stderr


def test_with_paper_it_looks_at_the_paper_keys_and_mock_servers(tmp_path: Path) -> None:
    """Source: the portal's addresses of the mock servers."""
    keys = {"KIS_PAPER_APP_KEY": KEY, "KIS_PAPER_APP_SECRET": SECRET}
    real = doctor(tmp_path, "doctor", "--json", **keys)
    assert real.returncode == 4
    assert json.loads(real.stdout)["keys"]["ws"] == "ws://ops.koreainvestment.com:21000"
    run = doctor(tmp_path, "doctor", "--paper", "--json", **keys)
    assert run.returncode == 0, run.stderr
    page = json.loads(run.stdout)
    assert page["keys"]["source"] == "KIS_PAPER_APP_KEY"
    assert page["keys"]["ws"] == "ws://ops.koreainvestment.com:31000"
    assert page["keys"]["rest"] == "https://openapivts.koreainvestment.com:29443"
    assert page["verdict"]["ready"]
    assert KEY not in run.stdout + run.stderr


def test_values_of_a_table_or_list_stand_below_each_other(tmp_path: Path) -> None:
    run = doctor(tmp_path, "--lang", "en", "doctor", KIS_APP_KEY=KEY, KIS_APP_SECRET=SECRET)
    page = run.stdout.splitlines()
    for first in ("  tape               keep_days: 30", "  missing_masters    fo_idx_code_mts.mst"):
        following = page[page.index(first) + 1]
        assert following.startswith(" " * 21)
        assert following[21] != " "


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "내재변동성 단위 ×100 (자체 계산 대조 214건)"), ("en", "×100 (by 214")],
)
def test_the_scale_of_kis_volatility_that_the_last_run_decided_is_said(
    tmp_path: Path, language: str, words: str
) -> None:
    batch = Batch((), LinkState(), Counters(), {}, (), {})
    environment = {"KIS_APP_KEY": KEY, "KIS_APP_SECRET": SECRET, "XDG_STATE_HOME": str(tmp_path)}
    path = tmp_path / "kis-tui" / "diagnostics.json"
    path.parent.mkdir()
    DiagnosticsFile(path).save(batch, "2026-11-21T06:00:00+09:00", {})
    assert "H0ZOCNT0" not in doctor(tmp_path, "--lang", language, "doctor", **environment).stdout
    scales = {"H0ZOCNT0": VolatilityScale(100.0, 214)}
    DiagnosticsFile(path).save(batch, "2026-11-21T06:00:00+09:00", scales)
    run = doctor(tmp_path, "--lang", language, "doctor", **environment)
    assert words in next(line for line in run.stdout.splitlines() if "H0ZOCNT0" in line)


def test_dropped_records_and_unreadable_fields_of_the_last_run_are_counted(tmp_path: Path) -> None:
    counters = Counters(dropped={"number": 2}, unreadable={"H0ZOCNT0": {"DPRT": 3, "DELTA": 1}})
    environment = {"KIS_APP_KEY": KEY, "KIS_APP_SECRET": SECRET, "XDG_STATE_HOME": str(tmp_path)}
    path = tmp_path / "kis-tui" / "diagnostics.json"
    path.parent.mkdir()
    batch = Batch((), LinkState(), counters, {}, (), {})
    DiagnosticsFile(path).save(batch, "2026-11-21T06:00:00+09:00", {})
    lines = [line.split() for line in doctor(tmp_path, "doctor", **environment).stdout.splitlines()]
    assert ["dropped", "number:", "2"] in lines
    assert ["unreadable", "H0ZOCNT0", "DPRT:", "3"] in lines
    assert ["H0ZOCNT0", "DELTA:", "1"] in lines
    found = json.loads(doctor(tmp_path, "doctor", "--json", **environment).stdout)["last_run"]
    assert found["unreadable"] == {"H0ZOCNT0": {"DPRT": 3, "DELTA": 1}}


def test_settings_at_fault_are_named_and_leave_with_2(tmp_path: Path) -> None:
    settings = tmp_path / ".config" / "kis-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('langauge = "ko"\n')
    run = doctor(tmp_path, "--lang", "en", "doctor", KIS_APP_KEY=KEY, KIS_APP_SECRET=SECRET)
    assert run.returncode == 2
    assert "did you mean language" in run.stdout


@pytest.mark.parametrize("option", ["--appkey", "--app-secret"])
def test_keys_on_the_command_line_are_refused_and_not_repeated(tmp_path: Path, option: str) -> None:
    run = doctor(tmp_path, option, SECRET)
    assert run.returncode == 2
    assert SECRET not in run.stdout + run.stderr


def test_doctor_names_each_profile_and_what_keeps_a_start_from_it(tmp_path: Path) -> None:
    keys = {"KIS_APP_KEY": KEY, "KIS_APP_SECRET": SECRET, "KIS_APP_KEY_2": f"{KEY}2"}
    run = doctor(tmp_path, "doctor", "--json", **keys)
    assert run.returncode == 4
    page = json.loads(run.stdout)
    assert [one["name"] for one in page["profiles"]] == ["main", "2"]
    assert page["profiles"][0]["problem"] is None
    assert "KIS_APP_SECRET_2" in page["profiles"][1]["problem"]["message"]
    both = doctor(tmp_path, "--lang", "en", "doctor", **keys, KIS_APP_SECRET_2=f"{SECRET}2")
    assert both.returncode == 0, both.stderr
    assert "  main               source: KIS_APP_KEY\n" in both.stdout
    assert "  2                  source: KIS_APP_KEY_2\n" in both.stdout
    first = doctor(tmp_path, "doctor", "--profile", "main", "--json", **keys)
    assert [one["name"] for one in json.loads(first.stdout)["profiles"]] == ["main"]
    for one in (run, both, first):
        assert KEY not in one.stdout + one.stderr
        assert SECRET not in one.stdout + one.stderr
