"""The command line: arguments to settings to a run; the only room that prints and exits."""

import gc
import importlib.util
import logging
import sys
from pathlib import Path

from app.cli.standard_streams import standard_streams
from app.system.errors import KisTuiError
from app.system.event_log import log_event
from app.system.secret import redact
from specs.clean import clean
from widgets.message_text import message_text

LONGEST_LINE = 1000


def main() -> None:
    """Run the command and exit with the code that its outcome has."""
    # Imported modules stay: collecting garbage among them only delays the first picture.
    gc.disable()
    try:
        with standard_streams():
            try:
                code = _run()
            finally:
                gc.enable()
            sys.exit(code)
    except SystemExit as leave:
        log_event("program", "exit", leave.code if isinstance(leave.code, int) else 0)
        raise
    except BaseException as error:
        log_event("program", "crash", level=logging.CRITICAL, error=error)
        raise


def _run() -> int:
    import click

    from app.cli.root import root

    try:
        _check_folder()
        code = root.main(prog_name="kis-tui", standalone_mode=False)
        sys.stdout.flush()
    except KisTuiError as error:
        failure = type(error).__name__
        log_event(
            "program", "failed", failure, level=logging.ERROR, words=message_text(error.message)
        )
        text = f"kis-tui: {message_text(error.message)}\n{message_text(error.hint)}"
        for line in text.strip().splitlines():
            click.echo(clean(redact(line), LONGEST_LINE), err=True)
        return error.exit_code
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        # The reader of the output has left, as `head` does: no failure.
        return 0
    return code if isinstance(code, int) else 0


def _check_folder() -> None:
    """The three packages have plain names; others of the same name must not slip in between."""
    here = Path(__file__).resolve().parents[2]
    for name in ("app", "widgets", "specs"):
        spec = importlib.util.find_spec(name)
        where = Path(spec.origin).resolve().parents[1] if spec and spec.origin else None
        if where != here:
            raise KisTuiError(
                "cli.package_elsewhere",
                name=name,
                where=where,
                here=here,
                hint="install kis-tui into an environment of its own: uv tool install, or pipx",
            )
