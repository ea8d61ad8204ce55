"""What one program asks of REST: the contracts that its screen shows."""

from msgspec import Struct

from specs.catalog import Session
from specs.codes import CodeFacts


class RestDemand(Struct, frozen=True):
    """Contracts whose values are requested once in a session, each with the session on for it."""

    contracts: tuple[tuple[CodeFacts, Session], ...] = ()
    expected: CodeFacts | None = None
    """The contract whose expected execution is requested again and again."""
    asks_bars: bool = False
    """Whether minute bars of the contracts are requested, too."""

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the contracts."""
        return frozenset(contract.code for contract, _ in self.contracts)
