"""No key is ever seen: not on the terminal, in a log, a report or a file, nor among arguments.

Ways out and their crash reports are held to the same in ``test_exits.py``.
"""

import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web
from rig.kis_host import APPROVAL_KEY, CIPHER, Answer, KisHost, Said, acknowledged, approved
from rig.runs import APP_KEY, APP_SECRET, SENTINELS, TOKEN, run
from rig.terminal import COMMAND

ECHO = f"{APP_KEY} {APP_SECRET} Authorization: Bearer {TOKEN}"
"""Return an answer that repeats the secrets."""

PAGE = f"<html><title>502</title><body appkey='{APP_KEY}'>{ECHO} {APPROVAL_KEY}</body></html>"


def refused(code: str, status: int = 403) -> Answer:
    """Return an answer without an approval key that repeats the app key."""

    def answer() -> web.Response:
        body = {"error_code": code, "error_description": ECHO, "access_token": TOKEN}
        return web.json_response(body, status=status)

    return answer


def page(status: int) -> Answer:
    """A page where JSON belongs."""
    return lambda: web.Response(text=PAGE, status=status, content_type="text/html")


def says(code: str) -> Said:
    """An answer that names the keys it was asked with."""
    words = f"{APPROVAL_KEY} {CIPHER['key']} {CIPHER['iv']}"
    return lambda tr_id, tr_key: acknowledged(tr_id, tr_key, code, words)


def occupied(tr_id: str, tr_key: str) -> str:
    """The answer of a key that is in use elsewhere."""
    body = {"rt_cd": "9", "msg_cd": "OPSP8996", "msg1": f"ALREADY IN USE appkey {APP_KEY}"}
    return json.dumps({"header": {"tr_id": "(null)", "tr_key": ""}, "body": body})


WRONG_APPROVALS = {
    "app key refused": refused("EGW00103"),
    "secret refused": refused("EGW00105"),
    "too many calls": refused("EGW00201", 500),
    "unknown code": refused(APP_KEY[:16], 500),
    "page": page(200),
    "page of an error": page(500),
}


def test_a_run_from_start_to_end_shows_no_key(home: Path) -> None:
    with KisHost(said=says("OPSP0000"), rate=50) as host, run(host, home) as running:
        running.goes_live()
        running.type("?")
        running.shows("도움말 ─")
        running.type("\x1b")
        running.until(lambda: "도움말 ─" not in running.text)
        # Refused frames and answers are kept as samples.
        host.send(f"0|H0EUCNT0|001|{ECHO}^{APPROVAL_KEY}")
        host.send(json.dumps({"header": {"approval_key": APPROVAL_KEY}, "output": CIPHER}))
        host.send(PAGE)
        running.shows("거부 3")
        running.see_arguments()
        running.type("q")
        assert running.ends() == 0
        running.lets_go()


def test_all_that_a_run_leaves_is_for_its_user_alone(home: Path) -> None:
    with KisHost() as host, run(host, home) as running:
        running.goes_live()
        running.type("q")
        assert running.ends() == 0
        made = [path for path in home.rglob("*") if path != home / "run.log"]
        assert made
        assert (home / "run.log").stat().st_mode & 0o777 == 0o600
        for path in made:
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("answer", WRONG_APPROVALS.values(), ids=WRONG_APPROVALS.keys())
def test_an_approval_that_fails_is_told_without_a_key(
    home: Path, answer: Callable[[], web.Response]
) -> None:
    with KisHost(answer=answer) as host, run(host, home) as running:
        running.until(lambda: any(mark in running.text for mark in "✖↻"))
        running.see_arguments()
        running.type("q")
        assert running.ends() == 0
        running.lets_go()


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        (occupied, "⛔"),
        (says("OPSP0011"), "↻"),
        (says("OPSP8992"), "8992"),
        (says("OPSP9994"), "✖"),
        (says("OPSP1234"), "●◐"),
    ],
    ids=["occupied", "approval key unknown", "code refused", "app key refused", "unknown"],
)
def test_a_registration_that_fails_is_told_without_a_key(home: Path, said: Said, mark: str) -> None:
    with KisHost(said=said) as host, run(host, home) as running:
        if mark.isdigit():
            running.shows(mark)
        else:
            running.until(lambda: any(one in running.text for one in mark))
        running.see_arguments()
        running.type("q")
        assert running.ends() == 0
        running.lets_go()


@pytest.mark.parametrize(
    "arguments",
    [["--appkey"], ["--app-secret"], ["--secretkey"], ["stream", "A01612", "--app-key"]],
    ids=" ".join,
)
def test_a_key_among_the_arguments_is_refused_and_not_repeated(
    home: Path, arguments: list[str]
) -> None:
    ended = subprocess.run(
        [COMMAND, *arguments, APP_KEY], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert arguments[-1] in ended.stderr
    assert APP_KEY not in ended.stdout + ended.stderr


@pytest.mark.parametrize("broken", [f"{APP_KEY}\x1b[2J", f"{APP_KEY} {TOKEN}", "여기에" + APP_KEY])
def test_a_key_that_can_be_none_is_named_by_its_variable_alone(home: Path, broken: str) -> None:
    with KisHost(answer=approved) as host, run(host, home, env={"KIS_APP_KEY": broken}) as running:
        assert running.ends() == 4
        assert "KIS_APP_KEY" in running.text
        assert running.seen() == []
        assert not any(sentinel in running.text for sentinel in SENTINELS)
