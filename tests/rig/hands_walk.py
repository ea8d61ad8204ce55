"""The walk of random hands through all screens: draws the next step by the screen in front."""

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

from rig.keystrokes import (
    ENTER,
    ESCAPE,
    NAMES,
    NUMBERS,
    PASTE_BEGIN,
    PASTE_END,
    PATHS,
    QUITS,
    TAB,
    TIMES,
    WORDS,
    Keystrokes,
    Token,
)

from app.screens.chain_screen import ChainScreen
from app.screens.keymap import COMMANDS, ON_PAGES, REPLAY, Command
from app.screens.page_screen import BACK
from app.screens.positions_screen import PositionsScreen
from app.screens.smile_screen import SmileScreen
from widgets.texts import t

PAGES = {page.__name__: page for page in (ChainScreen, SmileScreen, PositionsScreen)}
BURST, SPACED, UNREAD = "burst", "spaced", "unread"
BURSTS = (12, 60, 250)

_LIST_KEYS = ("\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", " ", TAB, ENTER)
_TYPED: dict[str, tuple[str, ...]] = {
    "AddDialog": WORDS,
    "PositionDialog": (*WORDS, *NUMBERS),
    "NameDialog": NAMES,
    "PathDialog": PATHS,
    "MomentDialog": TIMES,
    "HelpDialog": ("콜", "greeks", "그릭스", "zzzz", "a"),
}
_KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "tab": TAB,
    "enter": ENTER,
    "shift+tab": "\x1b[Z",
    "space": " ",
    "escape": ESCAPE,
    "plus": "+",
    "minus": "-",
    "tilde": "~",
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "question_mark": "?",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "f1": "\x1bOP",
    "f12": "\x1b[24~",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "alt+up": "\x1b[1;3A",
    "alt+down": "\x1b[1;3B",
    "grave_accent": "`",
    "equals_sign": "=",
    "exclamation_mark": "!",
    "percent_sign": "%",
    "slash": "\x2f",
    "backslash": "\\",
    "quotation_mark": '"',
    "apostrophe": "'",
}


class Step(NamedTuple):
    """Tokens that are sent together, and how."""

    tokens: tuple[Token, ...]
    how: str = BURST
    waits: bool = True
    """Whether the next step waits until all of it is handled."""

    def parts(self) -> list["Step"]:
        """Return steps of one token each, sent the same way."""
        return [Step((token,), self.how, self.waits) for token in self.tokens]

    def told(self) -> list[Any]:
        """Return it as JSON can hold it."""
        return [*self]

    @staticmethod
    def read(told: list[Any]) -> "Step":
        """Return the step from its JSON."""
        tokens, how, waits = told
        return Step(tuple(t if isinstance(t, str) else (t[0], t[1]) for t in tokens), how, waits)


class Walk:
    """Draws steps; what leads on depends on the screens that `now_on` names."""

    def __init__(
        self, random: Random, size: tuple[int, int], *, replay: bool, bursts: Sequence[int] = BURSTS
    ) -> None:
        """`bursts` are the most tokens of a burst of random keys, one drawn for each."""
        self._random = random
        self._keys = Keystrokes(random, size)
        self._stack = ["BoardsScreen"]
        self._bursts = bursts
        self._used: Counter[tuple[str, str]] = Counter()
        self._stayed = 0
        self._boards = (*REPLAY, *COMMANDS) if replay else COMMANDS
        self._lent = REPLAY if replay else ()

    def now_on(self, stack: list[str]) -> None:
        """Take note of the screens that are open, the one in front last."""
        self._stayed = self._stayed + 1 if stack == self._stack else 0
        self._stack = stack

    def steps(self, keys: int) -> Iterator[Step]:
        """Yield steps until they have so many tokens, or a few more."""
        sent = 0
        while sent < keys:
            step = self._step()
            sent += len(step.tokens)
            yield step

    def _step(self) -> Step:
        random = self._random
        tokens: list[Token] = (
            self._leading()
            if random.random() < 0.55
            else self._keys.burst(random.choice(self._bursts))
        )
        if random.random() < 0.3:
            tokens += self._keys.burst(12)
        if random.random() < 0.06:
            tokens = _doubled(tokens)
        if self._stack[-1] != "BoardsScreen" and random.random() < 0.08 * self._stayed:
            # Out of a dialog that random keys do not leave, or of all that is open.
            tokens = [*[ESCAPE] * random.choice((1, 1, 4)), *tokens]
        tokens = closed(tokens)
        how = random.choices((BURST, SPACED, UNREAD), (80, 12, 8))[0]
        if how == SPACED:
            tokens = tokens[:10]
        # A sequence that is cut here must not leave a paste open for all that follows.
        return Step(tuple(closed(tokens)), how, random.random() < 0.85)

    def _leading(self) -> list[Token]:
        """Return what somebody types who means something on this screen."""
        front = self._stack[-1].split()[0]
        if front == "BoardsScreen":
            return [self._command("BoardsScreen", self._boards)]
        if front in PAGES:
            own = {key for command in PAGES[front].KEYS for key in command.keys[:1]}
            shared = [c for c in COMMANDS if c.id in ON_PAGES and c.keys and c.keys[0] not in own]
            return [self._command(front, (*PAGES[front].KEYS, BACK, *self._lent, *shared))]
        random = self._random
        tokens: list[Token] = []
        if front == "CommandPalette":
            command = random.choice([c for c in self._boards if c.id != "quit"])
            tokens += t(f"command.{command.id}")
            return [*tokens, *["\x1b[B"] * random.choice((0, 0, 1)), ENTER]
        for _ in range(random.randint(1, 3)):
            if front in _TYPED and random.random() < 0.7:
                word = random.choice(_TYPED[front])
                typed = word if random.random() < 0.7 else f"{PASTE_BEGIN}{word}{PASTE_END}"
                tokens += typed if typed == word else [typed]
            tokens += random.choices(_LIST_KEYS, k=random.randint(0, 4))
        if random.random() < 0.4:
            tokens.append(ENTER)
        return tokens

    def _command(self, screen: str, table: tuple[Command, ...]) -> Token:
        """Return a key of the command that was used least on a screen."""
        found = [c for c in table if any(self._typed(key) for key in c.keys)]
        least = min(self._used[screen, c.id] for c in found)
        command = self._random.choice([c for c in found if self._used[screen, c.id] == least])
        self._used[screen, command.id] += 1
        return self._random.choice([typed for key in command.keys if (typed := self._typed(key))])

    @staticmethod
    def _typed(key: str) -> str:
        """Return what a terminal sends for a key; empty for one that quits, or is not known."""
        typed = _KEYS.get(key, key)
        if key.startswith("ctrl+") and len(key) == 6:
            typed = chr(ord(key[-1]) & 31)
        return typed if (len(typed) == 1 and typed not in QUITS) or typed.startswith("\x1b") else ""


def closed(tokens: list[Token]) -> list[Token]:
    """Return tokens of which none leaves a paste open."""
    opened = any(one == PASTE_BEGIN for one in tokens)
    return [*tokens, PASTE_END] if opened and tokens[-1] != PASTE_END else tokens


def _doubled(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, token)]
