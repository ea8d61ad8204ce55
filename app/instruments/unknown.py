"""Missing facts of a contract that no code master lists."""

from specs.market.instrument import Instrument
from specs.user_message import MessageList, UserMessage


def unknown_facts(instrument: Instrument) -> UserMessage | None:
    """Return the missing facts of a contract, or None for one that a master lists."""
    if instrument.listed:
        return None
    option = instrument.right is not None
    lacking = {
        "name": not instrument.name,
        "strike": option and instrument.strike != instrument.strike,
        "expiry": instrument.expiry is None,
    }
    facts = [UserMessage(f"unknown.{fact}") for fact, lacks in lacking.items() if lacks]
    return UserMessage("unknown.facts", facts=MessageList(facts, "·")) if facts else None
