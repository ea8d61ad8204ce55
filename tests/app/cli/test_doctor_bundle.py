"""``doctor --bundle`` and ``doctor --json``: all that a bug report needs, and nothing private."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rig.kis_host import APPROVAL_KEY, KisHost
from rig.runs import APP_KEY, APP_SECRET, SENTINELS, TOKEN, run

ACCOUNT = "50927413-03"
KEYS = {"KIS_APP_KEY": APP_KEY, "KIS_APP_SECRET": APP_SECRET, "KIS_ACCT_FUTURE": ACCOUNT}
ALL = (*SENTINELS, ACCOUNT, ACCOUNT[:8])


def kis_tui(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The program with a home of its own."""
    clean = {n: v for n, v in os.environ.items() if not n.startswith(("KIS_", "XDG_"))}
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**clean, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), **more},
    )


def members(path: Path) -> dict[str, str]:
    """The texts of a bundle by name."""
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def plant(home: Path) -> None:
    """Have every secret in every file that a bundle is made of."""
    everything = " ".join(ALL)
    state = home / ".local" / "state" / "kis-tui"
    for path, text in {
        home / ".config" / "kis-tui" / "config.toml": f'language = "en"\n# {everything}\n',
        home / "night.log": "".join(
            f"2026-11-30T19:00:01+09:00 INFO feed refused={one} text={one}\n" for one in ALL
        ),
        home / "night.log.1": f"older {everything}\n",
        state / "logs.json": json.dumps([str(home / "night.log"), str(home / "gone.log")]),
        state / "crashes" / "crash-20261130T190001-000000.txt": f"ValueError: {everything}\n",
        state / "diagnostics.json": json.dumps(
            {
                "written": "2026-11-30T06:00:00+09:00",
                "counters": {"frames": 5, "samples": {"json": [everything]}},
                "transitions": [
                    {"at": "x", "phase": "backoff", "reason": "key", "detail": everything},
                    {"at": "y", "phase": "backoff", "reason": "key", "detail": "접속키 발급 실패"},
                ],
                "log": [f"feed refused {one}" for one in ALL],
            }
        ),
        state / "token-0123.json": json.dumps({"token": TOKEN, "issued": 1, "expires": 2}),
        home / "KIS" / "config" / "kis_devlp.yaml": f'my_acct_future: "{ACCOUNT[:8]}"\n',
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)


def test_bundle_holds_what_was_left_and_no_secret_in_any_member(tmp_path: Path) -> None:
    plant(tmp_path)
    path = tmp_path / "bug.zip"
    ended = kis_tui(tmp_path, "doctor", "--bundle", str(path), **KEYS)
    assert ended.returncode == 0, ended.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    found = members(path)
    assert set(found) == {
        "doctor.json", "versions.json", "platform.json", "config.toml", "diagnostics.json",
        "logs/00-night.log", "logs/01-night.log.1", "contents.json",
        "crashes/crash-20261130T190001-000000.txt",
    }  # fmt: skip
    leaks = [
        f"{secret} in {name}"
        for name, text in found.items()
        for secret in (*ALL, str(tmp_path))
        if secret in text or json.dumps(secret)[1:-1] in text
    ]
    assert leaks == []
    assert found["logs/00-night.log"].count("INFO feed refused=***") == len(ALL)
    assert json.loads(found["diagnostics.json"])["counters"]["frames"] == 5
    assert json.loads(found["doctor.json"])["keys"]["source"] == "KIS_APP_KEY"
    assert json.loads(found["doctor.json"])["settings"]["file"].startswith("~/")
    assert {"kis-tui", "textual", "aiohttp", "yarl"} <= set(json.loads(found["versions.json"]))
    assert "terminal" in json.loads(found["platform.json"])
    assert all(name in ended.stdout for name in found)


def test_bundle_masks_what_stands_in_the_files_of_profiles(tmp_path: Path) -> None:
    key, sign, account = "PSprofile-bundle", "sign+profile+bundle", "87654321"
    office = tmp_path / "office.yaml"
    office.write_text(f"my_app: '{key}'\nmy_sec: '{sign}'\nmy_acct_stock: '{account}'\n")
    config = tmp_path / ".config" / "kis-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[profiles]\noffice = "~/office.yaml"\n# {key} {sign} {account}\n')
    for path in (office, config):
        path.chmod(0o600)
    bundle = tmp_path / "bug.zip"
    ended = kis_tui(tmp_path, "doctor", "--bundle", str(bundle))
    assert ended.returncode == 0, ended.stderr
    found = members(bundle)
    assert 'office = "~/office.yaml"' in found["config.toml"]
    for name, text in found.items():
        assert not [one for one in (key, sign, account) if one in text], name


def test_bundle_after_a_live_run_at_debug_holds_its_log_and_no_secret(tmp_path: Path) -> None:
    home = tmp_path / "live"
    with KisHost(rate=50) as host, run(host, home, env={"KIS_ACCT_FUTURE": ACCOUNT}) as running:
        running.goes_live()
        host.send(f"0|H0EUCNT0|001|{APP_KEY}^{APPROVAL_KEY}^{ACCOUNT}")
        running.shows("거부 1")
        running.type("q")
        assert running.ends() == 0
        assert running.seen() == []
        assert ACCOUNT not in running.log
        assert " DEBUG feed frame flag=0 tr=" in running.log
    path = tmp_path / "bug.zip"
    ended = kis_tui(home, "doctor", "--bundle", str(path), **KEYS)
    assert ended.returncode == 0, ended.stderr
    found = members(path)
    assert " dialled=1 " in found["logs/00-run.log"]
    assert "exit=0" in found["logs/00-run.log"]
    assert any(" registered=" in line for line in json.loads(found["diagnostics.json"])["log"])
    assert [s for s in ALL for text in found.values() if s in text] == []


def test_bundle_is_not_written_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "bug.zip"
    path.write_text("mine")
    ended = kis_tui(tmp_path, "--lang", "en", "doctor", "--bundle", str(path))
    assert ended.returncode == 2
    assert "already exists" in ended.stderr
    assert path.read_text() == "mine"


def test_bundle_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    ended = kis_tui(tmp_path, "--lang", "en", "doctor", "--bundle", "/proc/bug.zip")
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "/proc/bug.zip: cannot be written" in ended.stderr


@pytest.mark.parametrize("keys", [KEYS, {}], ids=["keys", "no keys"])
def test_json_is_the_same_in_every_language(tmp_path: Path, keys: dict[str, str]) -> None:
    plant(tmp_path)
    pages = []
    for language in ("ko", "en"):
        ended = kis_tui(tmp_path, "--lang", language, "doctor", "--json", **keys)
        assert ended.returncode == (0 if keys else 4)
        page = json.loads(ended.stdout)
        page["settings"]["values"].pop("language")
        pages.append(page)
    assert pages[0] == pages[1]
    assert not any("가" <= letter <= "힣" for letter in json.dumps(pages[0], ensure_ascii=False))


def test_json_names_what_stands_in_the_way(tmp_path: Path) -> None:
    page = json.loads(kis_tui(tmp_path, "doctor", "--json").stdout)
    assert page["verdict"]["ready"] is False
    problem = page["verdict"]["problem"]
    assert (problem["kind"], problem["exit_code"]) == ("CredentialsError", 4)
    assert page["keys"]["problem"] == problem
    assert page["last_run"] is None
    assert page["master"] == {"contracts": 0, "date": None, "missing": page["master"]["missing"]}
