"""Rows as they are named on a command line: codes, and combinations such as ``C1085+P1085``."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from app.instruments.combination_search import CombinationSearch, is_combination_text
from app.instruments.contracts import Contracts
from app.instruments.typed_parts import split_parts
from app.system.errors import UsageError
from specs.clean import clean
from specs.code_input import code_of
from specs.user_message import UserMessage

if TYPE_CHECKING:
    from app.instruments.search import SearchHit


def typed_rows(words: Iterable[str]) -> tuple[str, ...]:
    """Return what stands between the commas of words, without blanks."""
    return tuple(part for word in words for one in split_parts(word) if (part := one.strip()))


def read_rows(words: Iterable[str], contracts: Contracts, today: date) -> tuple[str, ...]:
    """Return the codes and combinations of the command line, each once.

    The legs of a combination may be named as in the add dialog; they are searched for among the
    contracts of the masters that have not expired on `today`.

    Raises:
        UsageError: a part is neither a code nor a combination, or one that cannot be made.
    """
    return tuple(dict.fromkeys(_read(part, contracts, today) for part in typed_rows(words)))


def _read(part: str, contracts: Contracts, today: date) -> str:
    if is_combination_text(part):
        return _combination(part, contracts, today)
    code = code_of(part)
    if code is None:
        hint = UserMessage("cli.row_hint")
        raise UsageError("cli.not_a_code", code=clean(part, 16), hint=hint)
    return code


def _combination(part: str, contracts: Contracts, today: date) -> str:
    def find(words: str) -> "Sequence[SearchHit]":
        from app.instruments.search import Search

        return Search(contracts).find(words, today=today)

    try:
        return CombinationSearch(contracts, find).read(part)
    except UsageError as error:
        text, why = clean(part, 40), error.message
        hint = None if contracts.named else UserMessage("cli.leg_hint")
        raise UsageError("cli.bad_combination", text=text, why=why, hint=hint) from error
