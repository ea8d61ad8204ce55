"""The real program on a terminal, over a `KisHost`, with keys that must never be seen again."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rig.kis_host import APPROVAL_KEY, CIPHER, KisHost
from rig.terminal import COMMAND, Terminal

from app.system.lock import is_held
from app.system.secret import Secret, key_hash

APP_KEY = "PSed5a9c7e1d0000sentinel0of0the0app0key0"
APP_SECRET = "5ecre7+sentinel/of=the.app_secret-0000000000000000000000000000=="
TOKEN = "eyJ0eXAi0sentinel0of0a0bearer0token"
SENTINELS = (APP_KEY, APP_SECRET, APPROVAL_KEY, TOKEN, *CIPHER.values())
"""Secrets that must not be shown: both keys, the approval key, a token, a cipher's key and iv."""

CODES = ("B01612A18", "A01612")
LIVE = "●"
"""Text of the status line while the session is live."""

DRIVER = str(Path(__file__).with_name("driver.py"))


class Run(Terminal):
    """The program over a host, and what it leaves on its user's disk."""

    argv: bytes = b""
    """The command lines of the program and its children, while it ran."""

    @property
    def lock(self) -> Path:
        """The lock of the app key."""
        return self.home / "run" / "kis-tui" / f"{key_hash(Secret(APP_KEY))}.lock"

    @property
    def log(self) -> str:
        """Return its log."""
        return (self.home / "run.log").read_text()

    @property
    def reports(self) -> list[Path]:
        """Its crash reports."""
        return sorted(self.home.rglob("crash-*.txt"))

    def goes_live(self) -> None:
        """Wait until the session is live."""
        self.shows(LIVE)
        self.see_arguments()

    def see_arguments(self) -> None:
        """Keep the command lines that every user of the machine can read now."""
        for process in (self.pid, *_children(self.pid)):
            self.argv += Path(f"/proc/{process}/cmdline").read_bytes()

    def seen(self, *more: str) -> list[str]:
        """Return the places that show a sentinel: terminal, arguments, files of its home."""
        places = {"terminal": bytes(self.output), "arguments": self.argv}
        for path in self.home.rglob("*"):
            if path.is_file():
                places[str(path.relative_to(self.home))] = path.read_bytes()
        return [
            f"{sentinel} in {place}"
            for place, content in places.items()
            for sentinel in (*SENTINELS, *more)
            if any(form in content for form in _forms(sentinel))
        ]

    def lets_go(self) -> None:
        """Hold the program to what every end owes: the terminal as it was, and the lock free."""
        assert not self.not_restored, self.not_restored
        assert not is_held(self.lock)
        assert not (seen := self.seen()), seen


@contextmanager
def run(
    host: KisHost,
    home: Path,
    *options: str,
    fault: str = "",
    watch: bool = True,
    env: dict[str, str] | None = None,
) -> Iterator[Run]:
    """The program, logging everything it logs; with a `fault`, `r` sets that off.

    It watches `CODES`, unless `watch` is false or the options name others.
    """
    home.mkdir(mode=0o700, exist_ok=True)
    program = [sys.executable, DRIVER, fault] if fault else [COMMAND]
    logs = ["--log-file", str(home / "run.log"), "--log-level", "debug"]
    codes = ["--watch", ",".join(CODES)] if watch else []
    keys = {"KIS_APP_KEY": APP_KEY, "KIS_APP_SECRET": APP_SECRET}
    with Run(
        [*program, *codes, *logs, *options],
        home,
        {**host.env, **keys, **(env or {})},
    ) as running:
        yield running


def _forms(sentinel: str) -> list[bytes]:
    return [sentinel.encode(), json.dumps(sentinel)[1:-1].encode()]


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found
