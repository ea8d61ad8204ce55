"""Desktop notifications through the terminal: OSC 9, OSC 777 and OSC 99.

Only terminals known to take one get it, as others print it or take it for something else (OSC 9 is
the progress bar of ConEmu and Windows Terminal).  Sources: iTerm2, "Proprietary escape codes";
rxvt-unicode and foot, OSC 777; kitty, "Desktop notifications" (OSC 99).
"""

from collections.abc import Mapping
from typing import Literal

from specs.clean import clean
from specs.preferences import NotifyProtocol

LONGEST = 200
_TITLE = "kis-tui"
_PROGRAMS: dict[str, Literal["osc9", "osc777", "osc99"]] = {
    "iTerm.app": "osc9",
    "WezTerm": "osc9",
    "ghostty": "osc9",
    "kitty": "osc99",
}
_TERMS: dict[str, Literal["osc9", "osc777", "osc99"]] = {
    "xterm-kitty": "osc99",
    "xterm-ghostty": "osc9",
    "foot": "osc777",
    "rxvt": "osc777",
}


def protocol_of(asked: NotifyProtocol, environment: Mapping[str, str]) -> NotifyProtocol:
    """Return the protocol in use, ``off`` for none; ``auto`` knows the terminal by its variables.

    tmux and screen stand between the program and the terminal, and pass none of them on.
    """
    if asked != "auto":
        return asked
    if environment.get("TMUX") or environment.get("STY"):
        return "off"
    found = _PROGRAMS.get(environment.get("TERM_PROGRAM", ""))
    if found is not None:
        return found
    if environment.get("KITTY_WINDOW_ID"):
        return "osc99"
    term = environment.get("TERM", "")
    return next((one for name, one in _TERMS.items() if term.startswith(name)), "off")


def notification(protocol: NotifyProtocol, text: str) -> str:
    """Return the sequence that shows a text; empty without a protocol."""
    # A semicolon parts the fields of OSC 777.
    said = clean(text, LONGEST).replace(";", ",")
    match protocol:
        case "osc9":
            return f"\x1b]9;{_TITLE}: {said}\x1b\\"
        case "osc777":
            return f"\x1b]777;notify;{_TITLE};{said}\x1b\\"
        case "osc99":
            return f"\x1b]99;;{_TITLE}: {said}\x1b\\"
    return ""
