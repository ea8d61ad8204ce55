"""The manual against the program and itself; renew tables with ``pytest --snapshot-update``."""

import re
from pathlib import Path

import pytest
from harness.manual_tables import fill, generated_pages

from app.manual import manual_pages
from app.manual.manual_pages import (
    LANGUAGES,
    TOPICS,
    anchor_of,
    find_sections,
    page,
    section_linked,
    sections,
    title_of,
    topic_named,
)
from app.storage.settings import SETTING_NAMES
from app.system.errors import UsageError

FOLDER = Path(manual_pages.__file__).parent
NEAREST = (("alert", "alerts"), ("tape", "tapes"), ("단일", "auctions"))
_LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")


@pytest.mark.parametrize(("language", "topic"), generated_pages())
def test_a_page_holds_the_tables_that_the_program_has_now(
    language: str, topic: str, request: pytest.FixtureRequest
) -> None:
    path = FOLDER / language / f"{topic}.md"
    text = path.read_text(encoding="utf-8")
    wanted = fill(text, language)
    if request.config.getoption("--snapshot-update"):
        path.write_text(wanted, encoding="utf-8")
        text = wanted
    assert text == wanted, "renew it with: pytest --snapshot-update"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_folder_of_a_language_holds_the_topics_and_nothing_else(language: str) -> None:
    assert {path.stem for path in (FOLDER / language).iterdir()} == set(TOPICS)


def shape(topic: str, language: str) -> list[str]:
    """Return what begins the lines of a page that are more than a paragraph."""
    return re.findall(r"^(?:#+ |```\w*|\||- |\d\. )", page(topic, language), re.MULTILINE)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_has_the_same_headings_tables_and_lists_in_both_languages(topic: str) -> None:
    first, second = (shape(topic, language) for language in LANGUAGES)
    assert first == second


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_page_and_a_section(language: str) -> None:
    broken = [
        f"{topic}: {target}"
        for topic in TOPICS
        for target in _LINK.findall(page(topic, language))
        if section_linked(target, topic, language) is None
    ]
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_explained(language: str) -> None:
    explained = sections("settings", language)[-1].text
    assert [name for name in SETTING_NAMES if f"`{name}`" not in explained] == []


def test_a_page_is_shown_without_the_marks_of_its_tables() -> None:
    for language, topic in generated_pages():
        assert "<!--" not in page(topic, language)


def test_sections_are_found_by_all_words_with_headings_first() -> None:
    found = find_sections("ntfy", "ko")
    assert found[0].topic == "alerts"
    assert "ntfy" in found[0].title
    assert find_sections("one app key session", "en")[0].topic == "registrations"
    assert find_sections("no such words at all", "en") == []


def test_a_line_of_a_fence_is_no_heading() -> None:
    assert "closed_days" in sections("calendar", "en")[-1].text
    assert [one.title for one in sections("calendar", "en")][-1] == "Correct the calendar"


@pytest.mark.parametrize(
    ("name", "topic"),
    [("alerts", "alerts"), ("ALERTS.md", "alerts"), ("알림", "alerts"), ("Auctions", "auctions")],
)
def test_a_topic_is_named_by_its_file_or_its_title(name: str, topic: str) -> None:
    assert topic_named(name) == topic


@pytest.mark.parametrize(("name", "near"), NEAREST)
def test_an_unknown_topic_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UsageError) as raised:
        topic_named(name)
    assert raised.value.key == "manual.unknown"
    assert near in str(raised.value.hint)


def test_an_unlike_topic_names_all() -> None:
    with pytest.raises(UsageError) as raised:
        topic_named("xyzzy")
    assert "tape-format" in str(raised.value.hint)


def test_anchors_are_those_of_markdown_readers() -> None:
    assert anchor_of("Why is a row grey, or without a price?") == (
        "why-is-a-row-grey-or-without-a-price"
    )
    assert anchor_of("doctor --json") == "doctor---json"
    assert title_of("tapes", "ko") == "기록과 재생"
