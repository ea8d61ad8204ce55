"""The simulator's fault switches: what a test, or ``kis-tui simulate --fault``, makes go wrong.

A switch takes effect at the next thing it concerns; all are off to begin with.  Seconds are the
simulator's clock's, and codes are short codes.
"""

from typing import get_origin

from msgspec import Struct, ValidationError, convert, field
from msgspec.structs import fields

from app.system.errors import UsageError
from specs.user_message import UserMessage

LIMIT = 41
"""Registrations of one session, over all TRs."""

PING_EVERY = 10.0


class Faults(Struct, kw_only=True):
    """Every switch; their meaning is in the catalogue under ``fault``."""

    accept_close: bool = False
    handshake: int = 0
    busy: bool = False
    hold: float = 0.0
    bad_keys: int = 0
    limit: int = LIMIT
    refuse: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    opcodes_only: bool = False
    no_data: bool = False
    mute: set[str] = field(default_factory=set)
    ping_every: float = PING_EVERY
    ack_after: float = 0.0
    ack_never: set[str] = field(default_factory=set)
    ack_stale: bool = False
    cut_after: int = 0
    slow: float = 0.0
    oversize: int = 0
    fragments: bool = False
    garbage: float = 0.0
    repeat: float = 0.0
    burst: float = 0.0
    approval_status: int = 0
    approval_code: str = ""
    approval_after: float = 0.0
    approval_html: bool = False

    @property
    def mutes_texts(self) -> bool:
        """Whether no text goes out at all."""
        return self.silent or self.opcodes_only

    @property
    def damages_bytes(self) -> bool:
        """Whether frames do not go out as they are."""
        return bool(self.cut_after or self.slow or self.oversize or self.fragments)

    def mutes(self, code: str) -> bool:
        """Whether a code's data are held back."""
        return self.no_data or code in self.mute

    def turn_on(self, words: str) -> None:
        """Turn a switch on by its words, such as ``hold=90`` or ``refuse=A01612:OPSP8992``.

        Raises:
            UsageError: no such switch, or a value it does not take.
        """
        name, given, value = words.partition("=")
        types = {f.encode_name.replace("_", "-"): f for f in fields(self)}
        if name not in types:
            raise UsageError(
                "faults.unknown",
                name=name,
                hint=UserMessage("faults.names", names=", ".join(types)),
            )
        switch = types[name]
        parts = [part.strip() for part in value.split(",") if part.strip()]
        try:
            kind = get_origin(switch.type) or switch.type
            if kind is bool:
                read: object = not given or convert(value, bool, strict=False)
            elif kind is dict:
                read = dict(part.split(":", 1) for part in parts)
            else:
                read = convert(parts if kind is set else value, switch.type, strict=False)
        except (ValidationError, ValueError) as error:
            raise UsageError("faults.value", name=name, value=value) from error
        setattr(self, switch.name, read)


def switches() -> dict[str, UserMessage]:
    """Return the name of every switch, as the command line takes it, and what it does."""
    return {f.name.replace("_", "-"): UserMessage(f"fault.{f.name}") for f in fields(Faults)}
