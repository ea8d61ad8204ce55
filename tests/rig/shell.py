"""What stands between a pseudo-terminal and the program: a shell that runs one command on it.

It leads the terminal's session, runs the command as the foreground job and stays until the terminal
goes, so that the state in which the command leaves the terminal can be seen afterwards.  Written to
the pipe of `argv[1]`: the command's process id, then its wait status, one a line.
"""

import contextlib
import fcntl
import os
import signal
import sys
import termios


def main() -> None:
    if sys.platform == "win32":
        raise NotImplementedError
    pipe, command = int(sys.argv[1]), sys.argv[2:]
    os.set_inheritable(pipe, False)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    job = os.fork()
    # Both do it: whichever comes late finds it done, or the command already running.
    with contextlib.suppress(PermissionError):
        os.setpgid(job, job)
    if not job:
        os.tcsetpgrp(0, os.getpid())
        for default in range(1, 32):
            if default not in (signal.SIGKILL, signal.SIGSTOP):
                signal.signal(default, signal.SIG_DFL)
        # Python itself ignores this one, so a program that Python starts begins that way too.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        os.execvp(command[0], command)
    os.write(pipe, b"%d\n" % job)
    _, status = os.waitpid(job, 0)
    os.write(pipe, b"%d\n" % status)
    signal.pause()


if __name__ == "__main__":
    main()
