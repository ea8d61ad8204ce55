"""Start ``kis-tui --demo`` in a pseudo-terminal and wait until prices and the badge are on it."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time

SECONDS = 60
WANTED = (rb"DEMO", rb"A01612", rb"\d,\d{3}\.\d{2}")


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(HOME=home, TERM="xterm-256color", LANG="C.UTF-8")
            for name in [n for n in os.environ if n.startswith("XDG_")]:
                del os.environ[name]
            command = os.path.join(".venv", "bin", "kis-tui")
            os.execv(command, [command, "--demo", "--start", "18:00"])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.kill(child, signal.SIGWINCH)
        seen = b""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and not all(re.search(w, seen) for w in WANTED):
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    seen += os.read(terminal, 65536)
                except OSError:
                    break
        found = [bool(re.search(w, seen)) for w in WANTED]
        os.write(terminal, b"q")
        deadline = time.monotonic() + 10
        status = None
        while status is None and time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):
                    seen += os.read(terminal, 65536)
            done, code = os.waitpid(child, os.WNOHANG)
            status = code if done else None
        if status is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        print(f"on the terminal: {dict(zip(WANTED, found, strict=True))}; exit status {status}")
        return 0 if all(found) and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
