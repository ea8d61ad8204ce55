"""``kis-tui serve``: the dashboard in a browser of this machine."""

import asyncio
import sys
import webbrowser
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from app.cli.dashboard_words import dashboard_options, given_words
from app.cli.invocation import Invocation
from app.cli.options import demo_of
from app.cli.root import root
from app.system.errors import UsageError
from app.system.files import make_folder, write_atomically
from app.system.platform_process import ENDING, is_ignored, on_signal
from specs.user_message import UserMessage
from widgets.texts import t, use

PORT = 21012
MOST_TABS = 4
_PACKAGES = Path(__file__).parents[2]
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from app.cli import main; main()"
_OPTIONS = dashboard_options(root)


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The page's port; 0 is any free one.",
)
@click.option(
    "--tabs",
    type=click.IntRange(1, 32),
    default=MOST_TABS,
    show_default=True,
    help="How many tabs may be open at a time; each is a process of its own.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
@click.pass_context
def serve(context: click.Context, /, port: int, tabs: int, opens: bool, **options: Any) -> None:
    """Show the dashboard in a browser of this machine, at the address that is printed.

    The page is served on 127.0.0.1 only, and opens only with the random token in its address.
    Each tab runs a dashboard of its own with the options given here, which are those of kis-tui:
    kis-tui serve --demo.  A tab that is closed ends its dashboard; a signal ends everything.
    """
    invocation = context.find_object(Invocation)
    assert invocation is not None
    if options["replay"] is None:
        demo_of(options)
    if options["lang"] is not None:
        use(options["lang"])
    words = [*given_words(context, _OPTIONS)]
    if context.parent is not None:
        words = [*given_words(context.parent, _OPTIONS), *words]
    ServedDashboard(invocation, words, options["lang"]).run(port, tabs, opens=opens)


serve.params.extend(_OPTIONS)


class ServedDashboard:
    """A run of the web server until a signal arrives."""

    def __init__(self, invocation: Invocation, words: list[str], language: str | None) -> None:
        self._folder = invocation.folders.state
        self._language = language or invocation.settings.language
        self._program = (sys.executable, "-P", "-c", _PROGRAM, str(_PACKAGES), *words)
        self._signal = 0
        self._link: Path | None = None

    def run(self, port: int, tabs: int, *, opens: bool) -> None:
        """Serve until a signal arrives.

        Raises:
            UsageError: the extra is not installed, or the port is not available.
            click.exceptions.Exit: a signal ended it, 128 + its number.
        """
        try:
            from app.web.dashboard_server import DashboardServer
            from app.web.page_texts import PageTexts
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("app"):
                raise
            raise UsageError("serve.no_extra", hint=UserMessage("serve.no_extra_hint")) from error
        values: dict[str, dict[str, object]] = {
            "too_many": {"count": tabs},
            "ended": {"code": "{code}"},
        }
        names = [name for name in PageTexts.__struct_fields__ if name != "language"]
        sentences = {name: t(f"serve.{name}", **values.get(name, {})) for name in names}
        texts = PageTexts(language=self._language, **sentences)

        async def serve_page() -> None:
            ended = asyncio.Event()

            def end(number: int) -> None:
                self._signal = number
                ended.set()

            for number in ENDING:
                if not is_ignored(number):
                    on_signal(number, end)
            server = DashboardServer(self._program, port, texts, most_tabs=tabs)
            await server.serve_until(ended, partial(self._announce, opens=opens))

        try:
            asyncio.run(serve_page())
        finally:
            if self._link is not None:
                self._link.unlink(missing_ok=True)
        raise click.exceptions.Exit(128 + self._signal)

    async def _announce(self, url: str, *, opens: bool) -> None:
        click.echo(url)
        sys.stdout.flush()
        click.echo(t("serve.opened"), err=True)
        if opens:
            link = self._write_link(url)
            if not await asyncio.to_thread(webbrowser.open, link.as_uri()):
                click.echo(t("serve.no_browser"), err=True)

    def _write_link(self, url: str) -> Path:
        """Write a private file that leads to the page, and return its path.

        The words of a browser's command line, and the token in them, can be read by every user.
        """
        make_folder(self._folder)
        link = self._folder / f"serve-{urlsplit(url).port}.html"
        refresh = f'<meta http-equiv="refresh" content="0; url={url}">'
        write_atomically(link, f"<!DOCTYPE html>{refresh}".encode())
        self._link = link
        return link
