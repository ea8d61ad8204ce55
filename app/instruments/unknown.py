"""Missing facts of a contract that no code master lists."""

from specs.market.instrument import Instrument
from widgets.texts import t


def unknown_words(instrument: Instrument) -> str:
    """Return the missing facts of a contract in words; empty for one that a master lists."""
    if instrument.listed:
        return ""
    option = instrument.right is not None
    lacking = {
        "name": not instrument.name,
        "strike": option and instrument.strike != instrument.strike,
        "expiry": instrument.expiry is None,
    }
    facts = [t(f"unknown.{fact}") for fact, lacks in lacking.items() if lacks]
    return t("unknown.facts", facts="·".join(facts)) if facts else ""
