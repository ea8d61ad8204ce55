"""``--paper``: paper keys on the addresses of KIS' mock servers, played by the simulator."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from harness.live_simulator import LiveSimulator

from app.tape.entry import EntryKind
from app.tape.reader import Tape
from widgets.texts import t

NIGHT = ("--session", "night")
KEY = "PSpaper0123456789"


@pytest.fixture
def mock_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSimulator]:
    """Serve on the paper addresses alone, and accept the paper key alone."""
    simulator = LiveSimulator(app_key=KEY)
    simulated = simulator.variables
    addresses = {f"{name}_PAPER": simulated[name] for name in ("KIS_URL_WS", "KIS_URL_REST")}
    keys = {"KIS_PAPER_APP_KEY": KEY, "KIS_PAPER_APP_SECRET": "papersecret0123456789"}
    for name, value in (addresses | keys).items():
        monkeypatch.setenv(name, value)
    try:
        yield simulator
    finally:
        simulator.stop()


@pytest.mark.usefixtures("mock_server")
def test_snapshot_with_paper_prints_prices_of_the_mock_server(kis_tui: CommandLine) -> None:
    told = kis_tui("snapshot", "A01612", *NIGHT, "--paper", "--wait", "20")
    assert told.code == 0, told.err
    assert json.loads(told.out)[0]["price"] > 0
    assert t("paper.tried") in told.err
    assert KEY not in told.out + told.err


@pytest.mark.usefixtures("mock_server")
def test_stream_with_paper_prints_records_of_the_mock_server(kis_tui: CommandLine) -> None:
    told = kis_tui("stream", "A01612", *NIGHT, "--paper", "--count", "1", "--timeout", "20")
    assert told.code == 0, told.err
    assert json.loads(told.out)["code"] == "A01612"


@pytest.mark.usefixtures("mock_server")
def test_record_with_paper_writes_a_tape_of_the_mock_server(
    kis_tui: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "paper.ktape"
    told = kis_tui("record", "A01612", *NIGHT, "--paper", "--timeout", "4", "--out", path)
    assert told.code == 0, told.err
    with Tape(path) as tape:
        frames = [e.payload for e in tape.entries() if e.kind == EntryKind.FRAME]
    assert any(frame.startswith(b"0|H0MFCNT0|") for frame in frames)
    assert KEY.encode() not in path.read_bytes()


@pytest.mark.usefixtures("mock_server")
def test_paper_keys_are_not_used_without_paper(kis_tui: CommandLine) -> None:
    told = kis_tui("snapshot", "A01612", *NIGHT)
    assert (told.code, told.out) == (4, "")
    assert "--paper" in told.err
