"""Short codes by what files of brokers call a contract: a short code, an ISIN, or a name."""

import re
from functools import cached_property

from app.contracts import Contracts, display_name
from app.errors import UsageError
from app.instruments.isin import short_code
from specs.clean import clean
from specs.codes import CodeError, normalise, parse
from widgets.texts import t

_GLUED = re.compile(r"[0-9](?=[A-D][0-9A-Z]{5,8}$)")
"""The type digit of a fixed-width master, as some programs leave it before the code."""


class CodeLookup:
    """Finds short codes; the index of names is made when the first name is looked up."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts

    def find(self, text: str) -> str:
        """Return the short code that `text` names.

        Raises:
            UsageError: it is neither a code nor an ISIN, and no master has it as a name, or it is
                the name of several contracts.
        """
        code = code_of(text)
        if code is not None:
            return code
        found = self._by_name.get(_key(text), ())
        if len(found) == 1:
            return found[0]
        shown = clean(text.strip(), 40)
        if found:
            raise UsageError(t("positions.several", name=shown, codes=", ".join(found[:3])))
        key = "positions.unknown_name" if self._contracts.named else "positions.no_master"
        raise UsageError(t(key, name=shown))

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for contract in self._contracts.master.contracts():
            names = {contract.isin, contract.name, display_name(contract.name)}
            for key in {_key(name) for name in names if name}:
                found[key] = (*found.get(key, ()), contract.code)
        return found


def code_of(text: str) -> str | None:
    """Return the short code that a code or an ISIN stands for, or None."""
    code = normalise(text)
    code = _GLUED.sub("", short_code(code) or code)
    try:
        parse(code)
    except CodeError:
        return None
    return code


def _key(name: str) -> str:
    """Blanks and thousands separators differ from program to program."""
    return "".join(name.split()).replace(",", "").casefold()
