"""Signs of one cell: on a pseudo-terminal that answers 1, 2 or nothing, and as it was chosen."""

import time
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from rig.terminal import COMMAND, Terminal

from app.screens.textual_compat.sign_width import QUESTION, narrow
from widgets.texts import catalogue

DEMO = [COMMAND, "--demo", "--lang", "ko"]
ASKED = QUESTION.encode()


def ambiguous(text: str) -> set[str]:
    """Return the characters of a text that a terminal may draw two cells wide."""
    return {character for character in text if east_asian_width(character) == "A"}


def shown_lines(running: Terminal) -> str:
    """Return the lower part of the screen, where everything was drawn again."""
    return "\n".join(running.text.splitlines()[1:])


@pytest.mark.parametrize(
    ("answer", "is_replaced"),
    [("\x1b[2;2R", False), ("\x1b[2;3R", True), ("", False), ("\x1b[1;3R", False)],
    ids=["one", "two", "none", "F3"],
)  # fmt: skip
def test_signs_follow_the_answer_of_the_terminal(
    home: Path, answer: str, *, is_replaced: bool
) -> None:
    with Terminal(DEMO, home) as running:
        running.until(lambda: ASKED in running.output)
        if answer:
            running.type(answer)
        running.shows("관심종목")
        if is_replaced:
            running.until(lambda: not ambiguous(running.text))
            assert "+-" in running.text
        else:
            running.shows("╭─")
            time.sleep(1)
            assert "╭─" in running.text


def test_a_late_answer_draws_the_screen_once_again(home: Path) -> None:
    with Terminal(DEMO, home) as running:
        running.shows("관심종목", "╭─", "▲")
        running.type("\x1b[2;3R")
        running.until(lambda: not ambiguous(running.text))
        running.shows("^")
        before = len(running.output)
        running.type("\x1b[2;3R")
        time.sleep(1)
        assert bytes(running.output[before:]).count(b"\x1b[20;1H") == 0


@pytest.mark.parametrize(("signs", "is_replaced"), [("ascii", True), ("unicode", False)])
def test_a_choice_asks_nothing(home: Path, signs: str, *, is_replaced: bool) -> None:
    with Terminal(DEMO, home, {"KIS_TUI_SIGNS": signs}) as running:
        running.shows("관심종목", "^" if is_replaced else "▲")
        assert ASKED not in running.output
        assert bool(ambiguous(running.text)) is not is_replaced


def test_every_sign_of_every_text_has_one_of_a_cell() -> None:
    for texts in (one for keys in catalogue().values() for one in keys.values()):
        for text in texts.values():
            replaced = narrow(text)
            assert len(replaced) == len(text)
            assert not ambiguous(replaced)
            assert "?" not in replaced or "?" in text, text


def test_lines_and_blocks_become_ascii() -> None:
    assert narrow("╭─ 1,081.35 ▲ 4.20 │ × — … ▇▏") == "+- 1,081.35 ^ 4.20 | x - ~ ##"
    # Of dashed lines and candles some are ambiguous and some are not: they are drawn alike.
    assert narrow("╌╌┊ ╽┃╹ ━╸") == "--| ||| --"
    assert narrow("plain") == "plain"
    assert narrow("한글 ⠿") == "한글 ⠿"
