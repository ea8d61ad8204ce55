"""The codes of a command: from its command line, a layout, or the demo."""

from collections.abc import Mapping
from typing import Any

import click
from msgspec import Struct

from app.cli.invocation import Invocation
from app.cli.requested_rows import read_rows, typed_rows
from app.cli.run_setup import RunSetup, read_codes
from app.instruments.combination_search import is_combination_text
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
    rows: tuple[str, ...] = ()
    """Those of the command line, with combinations among them where they are accepted."""
    layout_rows: tuple[str, ...] = ()
    """Codes and combinations of the layout, which were checked when they were saved."""
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

    def rows_for_run(self, begun: RunSetup) -> tuple[str, ...]:
        """Return codes and combinations of a run, after what `for_run` does.

        Raises:
            UsageError: as `for_run` does, or for a combination that cannot be made.
        """
        begun.contracts.remember(self.names, self.terms)
        found = read_rows(self.rows, begun.contracts, begun.clock.now().date())
        return tuple(dict.fromkeys((*found, *self.layout_rows))) or self.for_run(begun)


def wanted(
    invocation: Invocation,
    words: tuple[str, ...],
    options: dict[str, Any],
    *,
    accepts_combinations: bool = False,
) -> RequestedCodes:
    """Return the codes of the arguments and of ``--layout``.

    Raises:
        UsageError: a word is no code, there is no such layout, or nothing is left to watch.
    """
    rows, kept = typed_rows(words), tuple[str, ...]()
    plain = tuple(one for one in rows if not (accepts_combinations and is_combination_text(one)))
    codes, layout = read_codes(plain), Layout()
    if options["layout"]:
        layout = LayoutStore(invocation.folders, SystemClock()).load(options["layout"])
        codes = (*codes, *layout.contracts)
        kept = (*layout.codes, *(one.code for one in layout.combinations))
    if not codes and not rows and not options["demo"]:
        raise UsageError("cli.no_codes", hint=UserMessage("cli.code_hint"))
    found = tuple(dict.fromkeys(codes))
    return RequestedCodes(found, rows, kept, layout.names, layout.terms)
