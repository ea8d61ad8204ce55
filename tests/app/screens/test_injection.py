"""Nothing from the wire, a file or the keyboard reaches the terminal but as text.

Seventeen hostile texts go down every path; what arrives is held against what Textual itself sends.
"""

import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
import tomli_w
from aiohttp import web
from harness.sample_frames import frame, record
from rig.escapes import foreign
from rig.hostile import HOSTILE, LITERAL, numbered
from rig.kis_host import KisHost, acknowledged
from rig.runs import LIVE, Run, run
from rig.terminal import COMMAND

from app.system.clock import SystemClock

CODES = tuple(f"B01612A{n:02}" for n in range(1, len(HOSTILE) + 1))
JOINED = " ".join(HOSTILE)
PASTE = "\x1b[200~{}\x1b[201~"
CLEAR_FIELD = "\x15"
"""Deletes all before the cursor, which is at the end of what was pasted."""


@pytest.fixture
def host() -> Iterator[KisHost]:
    """A server whose answers and prices come as they should."""
    with KisHost() as serving:
        yield serving


def state(home: Path, name: str) -> Path:
    """A file of the program's state."""
    return made(home / ".local" / "state" / "kis-tui" / name)


def made(path: Path) -> Path:
    """Return the path, with its folder created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def keep_master(home: Path) -> None:
    """A code master in the cache, with a hostile name, ISIN and underlying on every contract."""
    lines = [
        f"5|{code}|{text}|{numbered(text, n)}|{text}|1000.0|{text}|{text}|{text}"
        for n, (code, text) in enumerate(zip(CODES, HOSTILE, strict=True))
    ]
    path = made(home / ".cache" / "kis-tui" / "fo_idx_code_mts.mst")
    path.write_bytes("\n".join(lines).encode("cp949", "replace"))


def leaves_clean(running: Run) -> None:
    """Leave, and hold the program to having sent nothing but its own."""
    running.type("q")
    assert running.ends() == 0, running.text
    assert foreign(bytes(running.output)) == []
    assert running.not_restored == []
    assert running.reports == []


def paste_all(running: Run) -> None:
    """Paste every hostile text into the field that has the focus, each seen on the screen."""
    for number, text in enumerate(HOSTILE):
        running.type(PASTE.format(numbered(text, number)))
        mark = numbered("", number)
        running.shows(mark)
        running.type(CLEAR_FIELD)
        running.hides(mark)


def test_names_of_contracts_are_text_in_rows_and_titles(host: KisHost, home: Path) -> None:
    keep_master(home)
    with run(host, home, "--watch", ",".join(CODES)) as running:
        running.resize(124, 40)
        running.goes_live()
        running.shows(*LITERAL)
        for _ in CODES:
            running.type("j")
        running.shows("2 그릭스 ─ Z16")
        running.type("d")
        running.shows(f"{CODES[-1]}")
        leaves_clean(running)


def test_answers_and_frames_of_the_wire_are_text(host: KisHost, home: Path) -> None:
    texts = cycle(HOSTILE)
    host.said = lambda tr_id, tr_key: acknowledged(
        tr_id, tr_key, "OPSP8992" if tr_key < CODES[8] else "OPSP0000", next(texts)
    )
    with run(host, home, "--watch", ",".join(CODES)) as running:
        running.shows("8992")
        for text in HOSTILE:
            host.send(text)
            host.send(json.dumps({"header": {"tr_id": text, "tr_key": text}, "body": {}}))
            host.send(acknowledged(text, text, text, text))
            host.send(json.dumps({"header": {"tr_id": "PINGPONG", "datetime": text}}))
            for tr_id in ("H0EUCNT0", "H0IOCNT0", "H0EUANC0"):
                for place in range(4):
                    values = record(tr_id, CODES[-1])
                    values[place] = text[:5]
                    host.send(frame(tr_id, values))
                host.send(frame(tr_id, record(tr_id, CODES[-1], market_operation_code=text)))
                host.send(frame(text, record(tr_id, CODES[-1])))
        running.until(lambda: host.echoes)
        running.shows("거부 ")
        leaves_clean(running)
    for option in ((), ("--json",)):
        told = subprocess.run([COMMAND, "doctor", *option], capture_output=True, check=False)
        assert foreign(told.stdout + told.stderr) == []


@pytest.mark.parametrize("part", range(2))
def test_words_of_a_refused_approval_are_text(host: KisHost, home: Path, part: int) -> None:
    words = " ".join(HOSTILE[part::2])
    body = {"error_code": words, "error_description": words}
    host.answer = lambda: web.json_response(body, status=500)
    with run(host, home) as running:
        running.shows("↻")
        leaves_clean(running)


def test_files_of_the_user_are_text(host: KisHost, home: Path) -> None:
    values = {
        "name": JOINED,
        "codes": list(CODES),
        "panels": [*HOSTILE, "watchlist", "greeks", "expected"],
        "arrangement": JOINED,
        "columns": {text: [text] for text in HOSTILE},
        "sort": {"watchlist": HOSTILE[14], HOSTILE[0]: "name"},
    }
    state(home, "session.toml").write_text(tomli_w.dumps(values))
    for text in HOSTILE:
        if "\x00" not in text and "/" not in text:
            made(home / ".config" / "kis-tui" / "layouts" / f"{text}.toml").write_text("")
    made(home / ".config" / "kis-tui" / "layouts" / "good.toml").write_text(tomli_w.dumps(values))
    with run(host, home, watch=False) as running:
        running.goes_live()
        running.type("o")
        running.shows("good")
        running.type("\r")
        running.shows("1 관심종목 ─ good")
        leaves_clean(running)


def test_what_is_wrong_with_a_file_is_told_as_text(host: KisHost, home: Path) -> None:
    values = {"codes": list(HOSTILE), "updown": JOINED, "panels": 1}
    state(home, "session.toml").write_text(tomli_w.dumps(values))
    with run(host, home, watch=False) as running:
        running.shows("[/foo]")
        leaves_clean(running)


def test_a_kept_auction_is_text(host: KisHost, home: Path) -> None:
    frames = []
    for code, text in zip(CODES, HOSTILE, strict=True):
        values = record("H0EUANC0", code, market_operation_code=text[:5])
        frames += [frame("H0EUANC0", values), text]
    end = SystemClock().now() - timedelta(hours=1)
    kept = {"phase": "opening_auction", "end": end.isoformat(), "frames": frames}
    state(home, "auction.json").write_text(json.dumps(kept))
    layout = {"codes": list(CODES), "panels": ["expected"]}
    state(home, "session.toml").write_text(tomli_w.dumps(layout))
    with run(host, home, watch=False) as running:
        running.goes_live()
        running.shows(CODES[0], "3.50")
        leaves_clean(running)


@pytest.mark.parametrize(
    ("phase", "end"),
    [(JOINED, "2026-11-20T18:00:00+09:00"), ("opening_auction", "2026-11-20T18:00:00")],
    ids=["phase", "end"],
)
def test_a_kept_auction_that_is_none_is_left_aside(
    host: KisHost, home: Path, phase: str, end: str
) -> None:
    kept = {"phase": phase, "end": end, "frames": [frame("H0EUANC0", record("H0EUANC0"))]}
    state(home, "auction.json").write_text(json.dumps(kept))
    with run(host, home) as running:
        running.until(lambda: running.status is not None or LIVE in running.text)
        leaves_clean(running)


def test_what_is_pasted_into_a_dialog_is_text(host: KisHost, home: Path) -> None:
    with run(host, home) as running:
        running.goes_live()
        for key, title in (("a", "종목 추가"), ("/", "목록에서 찾기"), ("w", "레이아웃 저장")):
            running.type(key)
            running.shows(title)
            paste_all(running)
            running.type("\x1b")
            running.hides(title)
        leaves_clean(running)


def test_what_is_pasted_into_the_palette_is_text(host: KisHost, home: Path) -> None:
    with run(host, home) as running:
        running.goes_live()
        running.type("\x10")
        running.shows("명령 찾기")
        paste_all(running)
        running.type("\x1b")
        running.hides("명령 찾기")
        leaves_clean(running)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--watch", "{}"],
        ["--layout", "{}"],
        ["--log-file", "{}/log"],
        ["layouts", "show", "{}"],
        ["layouts", "import", "{}", "name"],
        ["stream", "{}"],
        ["{}"],
        ["--{}"],
        ["--lang", "{}"],
        ["--config", "{}"],
        ["master", "update", "--from", "{}"],
    ],
    ids=" ".join,
)
def test_what_a_command_line_says_comes_back_as_text(home: Path, arguments: list[str]) -> None:
    text = JOINED.replace("\x00", "")
    ended = subprocess.run(
        [COMMAND, *(argument.format(text) for argument in arguments)],
        capture_output=True,
        check=False,
        cwd=home,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode not in (0, 1)
    assert foreign(ended.stdout + ended.stderr) == []
