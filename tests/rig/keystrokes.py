"""Random input of a terminal from a seed: keys, broken sequences, mouse, pastes, focus, sizes.

A token is what one press, click or paste sends, or a size that the terminal takes.  No token holds
a key that quits the boards (`QUITS`), and none a ``/``, which could name a file outside the home.
"""

from collections.abc import Callable
from random import Random
from string import ascii_letters, digits

from rig.hostile import HOSTILE

Token = str | tuple[int, int]
"""Text to write to the terminal, or its new size in columns and rows."""

ESCAPE, ENTER, TAB, BACKSPACE = "\x1b", "\r", "\t", "\x7f"
KITTY_ESCAPE = "\x1b[27u"
"""Escape as a terminal with kitty's keyboard protocol sends it: it needs no pause behind it."""

QUITS = frozenset("q\x03\x11")
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
LARGEST_SIZE = (300, 100)
LARGEST_PASTE = 200_000

_PLAIN = "".join(
    c for c in ascii_letters + digits + "!@#$%^&*()-_=+[]{};:'\"\\|,.<>?`~ " if c != "q"
)
_CONTROL = [chr(c) for c in range(1, 32) if chr(c) not in QUITS and c != 27]
_MOVES = ("A", "B", "C", "D", "H", "F")
_PAGES = ("5~", "6~", "2~", "3~", "1~", "4~", "7~", "8~")
_FUNCTIONS = (
    *("\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~"),
    *("\x1b[20~", "\x1b[21~", "\x1b[23~", "\x1b[24~", "\x1b[11~", "\x1b[1;2P", "\x1b[15;5~"),
)
_BROKEN = (
    *("\x1b[", "\x1bO", "\x1b[<", "\x1b[<0;", "\x1b[<0;5;5", "\x1b[1;", "\x1b[;;;;m", "\x1b]0;x"),
    *("\x1bP", "\x1b_", "\x1b^x", "\x1b[M", "\x1b[M \x80\xff", "\x1b[?1;2c", "\x1b[?2026;2$y"),
    *("\x1b[?2048;1$y", "\x1b[99999;99999R", "\x1b[<99999;99999;99999M", "\x1b[<0;-5;-7M"),
    *(
        "\x1b[<35;0;0M",
        "\x1b[<64;999;999M",
        "\x1b[0u",
        "\x1b[97;5u",
        "\x1b[57358;1u",
        "\x1b[1114112u",
    ),
    *("\x1b[48;24;80;0;0t", "\x1b[48;0;0;0;0t", "\x1b[48;30;90;600;900t"),
    *("\x1b[27;5;13~", "\x1b[200", "\x1b[201~", "\x1b\x1b", "\x1b\x1b[A", "\x1b\x1b\x1b", "\x9b5~"),
    *(
        "\x1b[" + "1;" * 40,
        "\x1b[<" + "9" * 40,
        "\x1b[A\x1b",
        "\xff",
        "\xc3",
        "\x00",
        "\x1b\r",
        "\x1b ",
    ),
)
_HANGUL = (
    "ㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅈㄷㄱㅅㅛㅕㅑㅐㅔㄲㄸㅆㅉㅒㅖㅘㅝㅢㄳㄶㄺ"
    "가나다콜풋위클리삼성월물"
)
WORDS = (
    *("A01703", "A01612", "B01612A31", "C01612A28", "c1085", "콜 1085 12월", "위클리 월 풋 1080"),
    *("미니선물", "삼성전자 선물", "put 1080 dec", "kosdaq", "A01703,A05701,B01701C05", "1,085"),
    *("zzzz", "選物", "A01703" * 20, "콜", "p", "05701", "A0170X", "b01612a31", "ㅁ01703", "，，,"),
)
NAMES = ("night", "day", "한국", "..", ".hidden", "con", "a" * 64, "night", "x y", "[/]", "-", "1")
TIMES = (
    "18:00",
    "1800",
    "0:30",
    "05:59:59",
    "6",
    "25:00",
    "17:58:30",
    "18:36",
    "abc",
    "１８:００",
    "99",
)
PATHS = (
    "held.csv",
    "table.txt",
    "made.csv",
    "none.csv",
    "folder",
    "~",
    "'held.csv'",
    "\\",
    "~nobody",
    ".",
)
NUMBERS = (
    "1",
    "-3",
    "0",
    "2.75",
    "1e9",
    "999999999999999999999",
    "nan",
    "-0",
    "１２",
    "1,000",
    "+5",
    ".5",
)


class Keystrokes:
    """Draws tokens for a terminal of a size, which resizes change."""

    def __init__(self, random: Random, size: tuple[int, int]) -> None:
        self.random = random
        self.size = size
        self._kinds: dict[Callable[[], Token], int] = {
            self.plain: 30,
            self.move: 16,
            self.edit: 14,
            self.mouse: 10,
            self.control: 6,
            self.escape: 4,
            self.hangul: 4,
            self.function: 3,
            self.broken: 3,
            self.paste: 2,
            self.resize: 2,
            self.focus: 1,
        }

    def draw(self) -> Token:
        """Return one token of any kind."""
        [kind] = self.random.choices(list(self._kinds), list(self._kinds.values()))
        return kind()

    def burst(self, most: int) -> list[Token]:
        """Return up to `most` tokens, some of them as of a key that is held down."""
        tokens: list[Token] = []
        wanted = self.random.randint(1, most)
        while len(tokens) < wanted:
            token = self.draw()
            held = self.random.choice((2, 2, 3, 8, 30, 80)) if self.random.random() < 0.12 else 1
            tokens += [token] * (held if isinstance(token, str) and len(token) < 20 else 1)
        return tokens[:most]

    def plain(self) -> str:
        """Return a letter, digit or sign, shifted or not."""
        return self.random.choice(_PLAIN)

    def control(self) -> str:
        """Return a control key."""
        return self.random.choice(_CONTROL)

    def move(self) -> str:
        """Return an arrow, page or end key, with modifiers now and then."""
        key = self.random.choice((*_MOVES, *_MOVES, *_PAGES))
        modifier = self.random.choice(("", "", "", "2", "3", "5", "6"))
        if key in _MOVES:
            return f"\x1b[1;{modifier}{key}" if modifier else f"\x1b[{key}"
        return f"\x1b[{key[0]};{modifier}~" if modifier else f"\x1b[{key}"

    def edit(self) -> str:
        """Return a key that answers, ticks or edits."""
        return self.random.choice((ENTER, ENTER, ENTER, TAB, "\x1b[Z", BACKSPACE, " ", "\x1b[3~"))

    def escape(self) -> str:
        """Return the escape key, or a letter with alt."""
        return self.random.choice((ESCAPE, ESCAPE, "\x1b" + self.plain()))

    def function(self) -> str:
        """Return a function key."""
        return self.random.choice(_FUNCTIONS)

    def hangul(self) -> str:
        """Return a letter or syllable that an input method sends."""
        return self.random.choice(_HANGUL)

    def broken(self) -> str:
        """Return a part of an escape sequence, a wrong one, or bytes that are not UTF-8."""
        return self.random.choice(_BROKEN)

    def focus(self) -> str:
        """Return what the terminal sends when its window gets or loses the focus."""
        return self.random.choice(("\x1b[I", "\x1b[O"))

    def mouse(self) -> str:
        """Return a click, drag, wheel turn or movement at random cells, some outside."""
        x, y = self._cell()
        modifier = self.random.choice((0, 0, 0, 0, 4, 8, 16))
        match self.random.choice(
            ("click", "click", "click", "double", "drag", "wheel", "move", "half")
        ):
            case "click":
                return self._press(self.random.choice((0, 0, 0, 1, 2)) + modifier, x, y)
            case "double":
                return self._press(0, x, y) * self.random.choice((2, 3))
            case "drag":
                path = [self._cell() for _ in range(self.random.randint(1, 4))]
                moved = "".join(f"\x1b[<32;{a};{b}M" for a, b in path)
                return f"\x1b[<0;{x};{y}M{moved}\x1b[<0;{path[-1][0]};{path[-1][1]}m"
            case "wheel":
                turn = f"\x1b[<{self.random.choice((64, 65, 66, 67)) + modifier};{x};{y}M"
                return turn * self.random.choice((1, 3, 10))
            case "move":
                return f"\x1b[<35;{x};{y}M"
        return f"\x1b[<0;{x};{y}{self.random.choice('Mm')}"

    def paste(self) -> str:
        """Return a bracketed paste: codes, words, control characters, many lines, or very much."""
        random = self.random
        match random.choice(
            ("codes", "codes", "words", "lines", "hostile", "controls", "huge", "")
        ):
            case "codes":
                text = random.choice((",", " ", "\r\n", "\t")).join(random.choices(WORDS, k=5))
            case "words":
                text = random.choice((*NAMES, *TIMES, *PATHS, *NUMBERS))
            case "lines":
                text = "\r".join(random.choices((*WORDS, *NUMBERS), k=300))
            case "hostile":
                text = "".join(random.sample(HOSTILE, 3))
            case "controls":
                text = "".join(chr(random.randrange(256)) for _ in range(200))
            case "huge":
                length = random.choice((2_000, 20_000, LARGEST_PASTE))
                text = (random.choice(("A01703,", "콜 ", "\x07", "1", "\n")) * length)[:length]
            case _:
                text = ""
        return PASTE_BEGIN + text.replace("/", "").replace(PASTE_END, "") + PASTE_END

    def resize(self) -> tuple[int, int]:
        """Return another size, between one cell and the largest, and keep to it from then on."""
        random = self.random
        self.size = random.choice(
            (
                *[(80, 24), (120, 40), (100, 30)] * 2,
                (1, 1),
                (random.randint(1, 60), random.randint(1, 14)),
                (random.randint(60, 130), random.randint(14, 40)),
                (random.randint(1, LARGEST_SIZE[0]), random.randint(1, LARGEST_SIZE[1])),
                LARGEST_SIZE,
            )
        )
        return self.size

    def _cell(self) -> tuple[int, int]:
        width, height = self.size
        beyond = 3 if self.random.random() < 0.05 else 0
        return self.random.randint(1, width + beyond), self.random.randint(1, height + beyond)

    def _press(self, button: int, x: int, y: int) -> str:
        return f"\x1b[<{button};{x};{y}M\x1b[<{button};{x};{y}m"


def encoded(text: str) -> bytes:
    """Return the bytes of a token; characters from U+0080 to U+00FF are single bytes."""
    return b"".join(
        bytes([ord(c)]) if 0x7F < ord(c) < 0x100 else c.encode("utf-8", "replace") for c in text
    )
