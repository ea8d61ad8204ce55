"""Output for cells that differ: what a terminal shows after it, and how little it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from rig.styled_screen import Cell, StyledScreen, least_output

from app.screens.textual_compat.shown_cells import ShownCells, transition

WIDTH, HEIGHT = 24, 3
RED, BLUE, NIGHT = "38;2;255;0;0", "38;2;0;0;255", "48;2;10;10;30"
CODES = ("", RED, BLUE, f"1;{RED}", f"2;{RED};{NIGHT}", f"1;3;4;7;9;{NIGHT}", "31;102", "38;5;17")

Segments = list[tuple[str, str]]


def painted_whole(lines: list[Segments]) -> list[list[Cell]]:
    """Return the cells of lines that are written with a reset before every style."""
    terminal = StyledScreen(WIDTH, HEIGHT)
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
    shown, terminal = ShownCells(), StyledScreen(WIDTH, HEIGHT)
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
    assert output([("a----a", "")], [("b----b", "")]) == "\x1b[2;1Hb----b"
    assert output([("a-----a", "")], [("b-----b", "")]) == "\x1b[2;1Hb\x1b[7Gb"


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


def test_a_frame_costs_at_most_half_more_than_the_least() -> None:
    before: list[Segments] = [[(f"C 108{row}.0   12.{row}5  0.541~", RED)] for row in range(HEIGHT)]
    after: list[Segments] = [
        [(f"C 108{row}.0   ", RED), (f"12.{row}7", f"{RED};{NIGHT}"), ("  0.542~", RED)]
        for row in range(HEIGHT)
    ]
    shown = ShownCells()
    shown.clear(WIDTH, HEIGHT)
    for y, line in enumerate(before):
        list(shown.write(y, 0, line))
    shown.finish()
    written = "".join("".join(shown.write(y, 0, line)) for y, line in enumerate(after))
    least = least_output(painted_whole(before), painted_whole(after))
    assert len(written + shown.finish()) <= 1.5 * least
