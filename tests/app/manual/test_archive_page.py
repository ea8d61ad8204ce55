"""The manual's page of the archive: every query runs, and every column is explained."""

import re
import shlex
from pathlib import Path

import pytest
from harness.command_line import CommandLine

from app.archive.archiving import archive_tape
from app.archive.query_views import LEVELS, VIEWS
from app.archive.ready_queries import READY
from app.manual.manual_pages import LANGUAGES, page, sections
from app.system.files import ProgramFolders
from app.tape import library
from app.tape.reader import Tape

QUESTIONS = 10
_FENCE = re.compile(r"```(sh|sql)\n(.*?)```", re.DOTALL)
_NUMBERED = re.compile(r"(\d+)\. ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("archive")
    with Tape(library.find("demo", ProgramFolders.find())) as tape:
        archive_tape(tape, made)
    return made


def questions(language: str) -> list[list[str]]:
    """Return the words after ``kis-tui query`` for each question of the page."""
    found = []
    for section in sections("archive", language):
        if not _NUMBERED.match(section.title):
            continue
        [(shape, text)] = _FENCE.findall(section.text)
        found.append(shlex.split(text)[2:] if shape == "sh" else [text])
    return found


def commands(language: str) -> list[list[str]]:
    """Return the words after ``kis-tui query`` of the other commands of the page."""
    lines = [line for shape, text in _FENCE.findall(page("archive", language)) if shape == "sh"
             for line in text.splitlines()]  # fmt: skip
    return [shlex.split(line)[2:] for line in lines if line.startswith("kis-tui query")]


def test_the_page_has_ten_questions_with_the_same_queries_in_both_languages() -> None:
    first, second = (questions(language) for language in LANGUAGES)
    assert len(first) == QUESTIONS
    assert first == second


@pytest.mark.parametrize("number", range(QUESTIONS))
def test_the_query_of_a_question_has_an_answer(
    kis_tui: CommandLine, folder: Path, number: int
) -> None:
    words = questions("en")[number]
    told = kis_tui("query", "--archive", folder, *words, "--format", "csv")
    assert (told.code, told.err) == (0, "")
    assert len(told.out.splitlines()) > 1


def test_every_other_command_of_the_page_runs(kis_tui: CommandLine, folder: Path) -> None:
    assert len(commands("en")) > 10
    for words in commands("en"):
        if "--archive" in words:
            at = words.index("--archive")
            words = [*words[:at], *words[at + 2 :]]
        told = kis_tui("query", "--archive", folder, *words)
        assert (told.code, told.err, bool(told.out)) == (0, "", True), words


def test_every_ready_query_answers_a_question() -> None:
    asked = {words[1] for words in questions("en") if words[0] == "--ready"}
    assert asked == READY.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_column_of_a_view_is_explained(language: str, view: str) -> None:
    text = sections("archive", language)[-1].text
    _, common, trades, quotes, expected = re.split(r"(?:\|[- ]+)+\|\n", text)
    tables = {"trades": trades, "quotes": quotes, "expected": expected}
    deeper = {f"_{level}" for level in range(3, LEVELS + 1)}
    missing = [
        column.name
        for column in VIEWS[view]
        if f"`{column.name}`" not in common + tables[view]
        and not any(column.name.endswith(level) for level in deeper)
    ]
    assert missing == []
