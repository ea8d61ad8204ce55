"""What underlyings are called on the screen."""

from widgets.texts import has, t


def underlying_name(underlying: str) -> str:
    """An index in the language of the screen; a stock as the master has it."""
    key = f"chain.{underlying.lower()}"
    return t(key) if has(key) else underlying
