"""The description in the metadata of the wheel, as a package index renders it."""

import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the description in a wheel that is built now."""
    wheel = pytest.importorskip("hatchling.builders.wheel")
    [built] = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("built")))
    with zipfile.ZipFile(built) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = message_from_bytes(archive.read(name))
    assert metadata["Description-Content-Type"] == "text/markdown"
    content = metadata.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def tokens(text: str) -> Iterator[Token]:
    """Return the tokens of a Markdown text, those within lines included."""
    for token in MarkdownIt().enable("table").parse(text):
        yield token
        yield from token.children or ()


def headings(text: str) -> list[str]:
    """Return the headings of a Markdown text."""
    return [after.content for one, after in pairwise(tokens(text)) if one.type == "heading_open"]


def test_the_description_needs_nothing_that_an_index_lacks(description: str) -> None:
    assert [token.content for token in tokens(description) if token.type == "image"] == []
    links = [
        str(token.attrGet("href")) for token in tokens(description) if token.type == "link_open"
    ]
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert "](" not in description


def test_the_description_is_the_readme_without_its_pictures(description: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert headings(description) == [one for one in headings(readme) if one != "Pictures"]
    assert "shares it (`kis-tui help hub --lang en`)" in description
    assert description.splitlines()[:5] == readme.splitlines()[:5]
