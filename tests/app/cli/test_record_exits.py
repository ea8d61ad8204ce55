"""Every way out of a dashboard that records, on a real terminal: its tape ends in order."""

import json
import signal
import sys
from pathlib import Path

import msgspec
import pytest
from rig.kis_host import APPROVAL_KEY, CIPHER, KisHost, acknowledged
from rig.runs import APP_KEY, APP_SECRET, SENTINELS, TOKEN, Run, run

from app.tape.entry import EntryKind, TapeEntry
from app.tape.gap import EndEntry
from app.tape.reader import Tape

BADGE = "R 기록"


def tape_of(running: Run) -> Path:
    [path] = (running.home / ".local" / "share" / "kis-tui" / "tapes").iterdir()
    return path


def read(path: Path) -> list[TapeEntry]:
    with Tape(path) as tape:
        found = list(tape.entries())
        assert tape.torn() == 0
    return found


def in_order(path: Path) -> None:
    """Hold a tape to an end in good order, behind the data that came."""
    entries = read(path)
    assert entries[-1].kind == EntryKind.END
    assert msgspec.json.decode(entries[-1].payload, type=EndEntry) == EndEntry("asked")
    assert sum(e.payload.startswith(b"0|") for e in entries) > 0


WAYS: list[tuple[str | signal.Signals, int]] = [
    ("q", 0),
    (signal.SIGTERM, 143),
    ("different", 1),
    ("feed", 1),
    ("thread", 1),
]
if sys.platform != "win32":
    WAYS.append((signal.SIGHUP, 129))


@pytest.mark.parametrize(("way", "code"), WAYS, ids=str)
def test_a_tape_ends_in_order(home: Path, way: str | signal.Signals, code: int) -> None:
    fault = way if isinstance(way, str) and len(way) > 1 else ""
    with KisHost(rate=50) as host, run(host, home, "--record", fault=fault) as running:
        running.goes_live()
        running.shows(BADGE)
        running.until(lambda: any(e.payload.startswith(b"0|") for e in read(tape_of(running))))
        if isinstance(way, signal.Signals):
            running.kill(way)
        else:
            # The dashboard goes on after one error and ends at the third different one.
            running.type("rrr" if way == "different" else "r" if fault else way)
        assert running.ends() == code
        in_order(tape_of(running))
        running.lets_go()


def test_no_key_is_in_a_tape_whatever_the_server_says(home: Path) -> None:
    echo = f"{APP_KEY} {APP_SECRET} Authorization: Bearer {TOKEN}"

    def says(tr_id: str, tr_key: str) -> str:
        words = f"{APPROVAL_KEY} {CIPHER['key']} {CIPHER['iv']} {APP_KEY}"
        return acknowledged(tr_id, tr_key, "OPSP0000", words)

    with KisHost(said=says, rate=50) as host, run(host, home, "--record") as running:
        running.goes_live()
        host.send(f"0|H0EUCNT0|001|{echo}^{APPROVAL_KEY}")
        host.send(json.dumps({"header": {"approval_key": APPROVAL_KEY}, "output": CIPHER}))
        host.send(f"<html><body appkey='{APP_KEY}'>{echo} {APPROVAL_KEY}</body></html>")
        running.shows("거부 3")
        running.type("q")
        assert running.ends() == 0
        kept = b"\n".join(e.payload for e in read(tape_of(running)))
        running.lets_go()
    assert b"H0EUCNT0" in kept
    assert b"<html>" in kept
    assert b"OPSP0000" in kept
    assert [sentinel for sentinel in SENTINELS if sentinel.encode() in kept] == []
