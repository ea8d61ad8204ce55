"""Short codes by what files of brokers call a contract: a short code, an ISIN, or a name."""

from functools import cached_property

from app.instruments.contracts import Contracts, display_name
from app.system.errors import UsageError
from specs.clean import clean
from specs.code_input import code_of


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
            raise UsageError("positions.several", name=shown, codes=", ".join(found[:3]))
        key = "positions.unknown_name" if self._contracts.named else "positions.no_master"
        raise UsageError(key, name=shown)

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for contract in self._contracts.master.contracts():
            names = {contract.isin, contract.name, display_name(contract.name)}
            for key in {_key(name) for name in names if name}:
                found[key] = (*found.get(key, ()), contract.code)
        return found


def _key(name: str) -> str:
    """Blanks and thousands separators differ from program to program."""
    return "".join(name.split()).replace(",", "").casefold()


def read_code(text: str) -> str:
    """Return the short code of a typed short code or ISIN.

    Raises:
        UsageError: the text is neither.
    """
    code = code_of(text)
    if code is None:
        raise UsageError("layouts.no_code", code=clean(text.strip(), 16))
    return code
