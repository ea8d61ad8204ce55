"""``kis-tui alerts``: list, add and remove, and what fires on a tape and in a demo."""

import json
from pathlib import Path
from typing import Any

import pytest
from harness.command_line import CommandLine

from app.system.files import ProgramFolders
from app.tape.library import find
from app.tape.reader import Tape
from specs.frame import FrameError, decode
from specs.record import TradeRecord

DEMO = ("--demo", "--start", "18:00", "--speed", "20")


def fired(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def highs(code: str) -> list[float]:
    """Return each new high of a code on the built-in tape, by its trades alone."""
    found: list[float] = []
    with Tape(find("demo", ProgramFolders.find())) as tape:
        for entry in tape.entries():
            try:
                records = decode(entry.payload.decode()).records
            except (FrameError, UnicodeDecodeError):
                continue
            for record in records:
                if isinstance(record, TradeRecord) and record.code == code:
                    found += [record.high] if not found or record.high > found[-1] else []
    # The first one is known only as the high so far.
    return found[1:]


def test_alerts_are_added_listed_and_removed(kis_tui: CommandLine, home: Path) -> None:
    assert kis_tui("alerts", "add", "b01612a34 iv>25").out == "1  B01612A34 iv > 25\n"
    assert kis_tui("alerts", "add", "link", "down", "30s").out == "2  link down 30s\n"
    listed = kis_tui("alerts", "list", "--format", "json")
    assert [(one["id"], one["alert"]) for one in fired(listed.out)] == [
        (1, "B01612A34 iv > 25"),
        (2, "link down 30s"),
    ]
    assert "link down 30s" in kis_tui("alerts", "list").out
    assert kis_tui("alerts", "remove", "1").code == 0
    assert kis_tui("alerts", "add", "pnl < -5").out == "3  pnl < -5\n"
    [path] = home.rglob("alerts.toml")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "A01612 prize > 3"), "did you mean price?"),
        (("add", "A01612 iv > 3"), "A01612 is not an option and has no iv"),
        (("remove", "7"), "no alert 7"),
        (("run", "--replay", "demo"), "no alerts: kis-tui"),
    ],
)
def test_what_is_wrong_is_said_in_words(
    kis_tui: CommandLine, words: tuple[str, ...], said: str
) -> None:
    done = kis_tui("--lang", "en", "alerts", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_session_alert_ends_with_it(kis_tui: CommandLine) -> None:
    kis_tui("alerts", "add", "A01612 high new session")
    [one] = fired(kis_tui("alerts", "list", "--format", "json").out)
    assert one["ends"].endswith("+09:00")


def test_every_new_high_of_a_tape_fires_once(kis_tui: CommandLine) -> None:
    kis_tui("alerts", "add", "A01612 high new repeat 0s")
    kis_tui("alerts", "add", "A01612 high new")
    done = kis_tui("alerts", "run", "--replay", "demo")
    assert done.code == 0, done.err
    found = fired(done.out)
    expected = highs("A01612")
    assert len(expected) > 5
    assert [one["value"] for one in found if one["id"] == 1] == expected
    assert [one["value"] for one in found if one["id"] == 2] == expected[:1]
    assert list(found[0]) == ["at", "id", "alert", "code", "value", "text"]
    assert found[0]["at"].startswith("2026-11-20T18:")
    assert found[0]["at"].endswith("+09:00")


def test_computed_values_and_the_link_fire_on_a_tape(kis_tui: CommandLine) -> None:
    for text in ("B01612A34 iv > 1", "B01612A34 theory > 0", "link down 5s", "A01612 quiet 5s"):
        kis_tui("alerts", "add", text)
    done = kis_tui("alerts", "run", "--replay", "demo")
    assert done.code == 0, done.err
    assert sorted(one["id"] for one in fired(done.out)) == [1, 2, 3, 4]


def test_a_tape_does_not_mark_alerts_as_fired(kis_tui: CommandLine) -> None:
    kis_tui("alerts", "add", "A01612 high new")
    once = kis_tui("alerts", "run", "--replay", "demo").out
    assert once == kis_tui("alerts", "run", "--replay", "demo").out
    [one] = fired(kis_tui("alerts", "list", "--format", "json").out)
    assert one["fired"] is None


def test_alerts_fire_in_a_demo(kis_tui: CommandLine) -> None:
    kis_tui("alerts", "add", "A01612 price > 1")
    done = kis_tui("alerts", "run", *DEMO, "--timeout", "4")
    assert done.code == 0, done.err
    [one] = fired(done.out)
    assert one["code"] == "A01612"


def test_record_evaluates_alerts_and_records_their_codes(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    kis_tui("alerts", "add", "A01612 price > 1")
    path = tmp_path / "mine.ktape"
    words = ("record", "B01612A33", *DEMO, "--timeout", "4", "--out", path, "--alerts")
    done = kis_tui(*words)
    assert done.code == 0, done.err
    assert [one["id"] for one in fired(done.out)] == [1]
    assert path.exists()
