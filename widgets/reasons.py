"""Why our own theory has no values of an option, in words."""

from specs.market.theoretical import TheoreticalValues
from widgets.texts import t


def brief(own: TheoreticalValues) -> str:
    """The reason for a cell's place, at most twelve cells wide; empty where there are values."""
    return t(f"theory.{own.why}") if own.why else ""


def sentence(own: TheoreticalValues) -> str:
    """The reason for a title or a toast; empty where there are values."""
    return t(f"theory.why_{own.why}") if own.why else ""
