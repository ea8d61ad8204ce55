"""Output for cells that differ: what a terminal shows after it, and how little it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from rig.escapes import tokens

from app.screens.textual_compat.shown_cells import ShownCells, transition

WIDTH, HEIGHT = 24, 3
RED, BLUE, NIGHT = "38;2;255;0;0", "38;2;0;0;255", "48;2;10;10;30"
CODES = ("", RED, BLUE, f"1;{RED}", f"2;{RED};{NIGHT}", f"1;3;4;7;9;{NIGHT}", "31;102", "38;5;17")

Cell = tuple[str, frozenset[str]]
Segments = list[tuple[str, str]]


class Painted:
    """A terminal's cells with their styles, painted by escape sequences."""

    def __init__(self) -> None:
        blank: Cell = ("", frozenset())
        self.rows = [[blank] * WIDTH for _ in range(HEIGHT)]
        self._x = self._y = 0
        self._style: dict[str, str] = {}

    def feed(self, output: str) -> None:
        for kind, text in tokens(output):
            if kind == "text":
                for character in text:
                    self._put(character)
            elif text.endswith("H"):
                y, x = re.findall(r"\d+", text)
                self._y, self._x = int(y) - 1, int(x) - 1
            elif text.endswith("G"):
                self._x = int(text[2:-1]) - 1
            else:
                assert text.endswith("m"), text
                self._set(text[2:-1].split(";"))

    def _put(self, character: str) -> None:
        row, style = self.rows[self._y], frozenset(self._style.values())
        width = get_character_cell_size(character)
        for x in range(self._x, self._x + width):
            row[x] = (character if x == self._x else "", style)
        self._x += width

    def _set(self, codes: list[str]) -> None:
        style = self._style
        ends = {"22": "12", "23": "3", "24": "4", "27": "7", "29": "9"}
        at = 0
        while at < len(codes):
            code = codes[at]
            if code in ("38", "48"):
                length = 5 if codes[at + 1] == "2" else 3
                style["fg" if code == "38" else "bg"] = ";".join(codes[at : at + length])
                at += length
                continue
            if code == "0":
                style.clear()
            elif code in ("39", "49"):
                style.pop("fg" if code == "39" else "bg", None)
            elif code in ends:
                for ended in ends[code]:
                    style.pop(ended, None)
            elif len(code) == 1:
                style[code] = code
            else:
                style["fg" if code[0] in "39" else "bg"] = code
            at += 1


def painted_whole(lines: list[Segments]) -> list[list[Cell]]:
    """Return the cells of lines that are written with a reset before every style."""
    terminal = Painted()
    for y, line in enumerate(lines):
        terminal.feed(f"\x1b[{y + 1};1H")
        for text, code in line:
            terminal.feed(f"\x1b[0m\x1b[{code}m{text}" if code else f"\x1b[0m{text}")
    return terminal.rows


def segments(x: int, texts: list[tuple[str, str]]) -> Segments:
    """Return texts cut to what fits between a column and the right edge."""
    cut, room = [], WIDTH - x
    for text, code in texts:
        kept = ""
        for character in text:
            width = get_character_cell_size(character)
            if width > room:
                break
            kept, room = kept + character, room - width
        cut.append((kept, code))
    return cut


pieces = st.lists(
    st.tuples(st.text("ab1 ─한글×", max_size=9), st.sampled_from(CODES)), min_size=1, max_size=6
)
frames = st.lists(st.tuples(*[pieces] * HEIGHT), min_size=1, max_size=5)


@given(frames)
def test_a_terminal_shows_each_frame_as_if_it_was_written_whole(frames: list[Segments]) -> None:
    shown, terminal = ShownCells(), Painted()
    shown.clear(WIDTH, HEIGHT)
    for frame in frames:
        lines = []
        for y, line in enumerate(frame):
            cut = segments(0, line)  # type: ignore[arg-type]
            cells = sum(get_character_cell_size(c) for text, _ in cut for c in text)
            lines.append([*cut, (" " * (WIDTH - cells), "")])
            terminal.feed("".join(shown.write(y, 0, lines[-1])))
        terminal.feed(shown.finish())
        assert terminal.rows == painted_whole(lines)


def output(before: Segments, after: Segments, x: int = 0) -> str:
    """Return what is written where one line replaces another."""
    shown = ShownCells()
    shown.clear(WIDTH, HEIGHT)
    list(shown.write(1, x, before))
    shown.finish()
    return "".join(shown.write(1, x, after)) + shown.finish()


def test_equal_cells_are_not_written() -> None:
    line = [("1085.20", RED), ("  12", "")]
    assert output(line, [("1085", RED), (".20", RED), ("  12", "")]) == ""


def test_a_changed_digit_costs_a_move_a_style_and_the_digit() -> None:
    written = output([("1085.20", RED)], [("1085.25", RED)], x=3)
    assert written == f"\x1b[2;10H\x1b[{RED}m5\x1b[0m"


def test_changes_near_each_other_are_bridged_and_far_ones_jumped_over() -> None:
    assert output([("aXXXXa", "")], [("bXXXXb", "")]) == "\x1b[2;1HbXXXXb"
    assert output([("aXXXXXa", "")], [("bXXXXXb", "")]) == "\x1b[2;1Hb\x1b[7Gb"


def test_a_wide_character_is_written_with_both_its_cells() -> None:
    assert output([("a bc", "")], [("한bc", "")]) == "\x1b[2;1H한"
    assert output([("한bc", "")], [("ab글", "")]) == "\x1b[2;1Hab글"


def test_cells_beyond_the_edge_are_left_out() -> None:
    assert output([("", "")], [("abcdef", "")], x=WIDTH - 2) == f"\x1b[2;{WIDTH - 1}Hab"
    shown = ShownCells()
    shown.clear(WIDTH, HEIGHT)
    assert list(shown.write(HEIGHT, 0, [("a", "")])) == []


def test_everything_is_written_again_when_what_is_shown_is_unknown() -> None:
    shown = ShownCells()
    shown.clear(WIDTH, HEIGHT)
    first = list(shown.write(0, 0, [("한 1", RED)]))
    assert list(shown.write(0, 0, [("한 1", RED)])) == []
    shown.clear(WIDTH, HEIGHT)
    assert shown.size == (WIDTH, HEIGHT)
    assert list(shown.write(0, 0, [("한 1", RED)])) == [part for part in first if "m" not in part]


@pytest.mark.parametrize(
    ("before", "after", "sequence"),
    [
        ("", RED, f"\x1b[{RED}m"),
        (RED, BLUE, f"\x1b[{BLUE}m"),
        (RED, f"{RED};{NIGHT}", f"\x1b[{NIGHT}m"),
        (f"{RED};{NIGHT}", RED, "\x1b[49m"),
        (RED, "", "\x1b[0m"),
        (f"1;2;{RED}", f"2;{RED}", "\x1b[22;2m"),
        (f"1;{RED}", RED, "\x1b[22m"),
        ("1;3;4", "1;3;4", ""),
        ("38;5;17", "38;5;18", "\x1b[38;5;18m"),
        ("31;102", "31;42", "\x1b[42m"),
    ],
)
def test_a_transition_sets_what_differs(before: str, after: str, sequence: str) -> None:
    assert transition(before, after) == sequence
