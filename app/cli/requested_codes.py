"""The codes of a command: from its command line, a layout, or the demo."""

from collections.abc import Mapping
from typing import Any

import click
from msgspec import Struct

from app.cli.invocation import Invocation
from app.cli.run_setup import RunSetup, read_codes
from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout
from app.system.clock import SystemClock
from app.system.errors import UsageError
from specs.market.instrument import KeptTerms
from specs.user_message import UserMessage

layout_option = click.option(
    "--layout", metavar="NAME", help="The codes of this layout, after those given."
)


class RequestedCodes(Struct, frozen=True):
    """Codes in their order, and the names and terms that a layout kept for them."""

    codes: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
    terms: Mapping[str, KeptTerms] = {}

    def for_run(self, begun: RunSetup) -> tuple[str, ...]:
        """Return the codes of a run, after adding the layout's names and terms to it.

        Raises:
            UsageError: none were asked for, and it is no demo that has its own.
        """
        begun.contracts.remember(self.names, self.terms)
        codes = self.codes or begun.codes
        if not codes:
            raise UsageError("cli.no_codes", hint=UserMessage("cli.code_hint"))
        return codes


def wanted(
    invocation: Invocation, words: tuple[str, ...], options: dict[str, Any]
) -> RequestedCodes:
    """Return the codes of the arguments and of ``--layout``.

    Raises:
        UsageError: a word is no code, there is no such layout, or nothing is left to watch.
    """
    codes, layout = read_codes(words), Layout()
    if options["layout"]:
        layout = LayoutStore(invocation.folders, SystemClock()).load(options["layout"])
        codes = (*codes, *layout.contracts)
    if not codes and not options["demo"]:
        raise UsageError("cli.no_codes", hint=UserMessage("cli.code_hint"))
    return RequestedCodes(tuple(dict.fromkeys(codes)), layout.names, layout.terms)
