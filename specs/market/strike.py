"""One strike of an option chain."""

from msgspec import Struct


class Strike(Struct, frozen=True, gc=False):
    """A strike price with its call and its put; a code is empty where there is no such contract."""

    price: float
    call: str = ""
    put: str = ""

    @property
    def codes(self) -> tuple[str, str]:
        """Call and put."""
        return self.call, self.put
