"""The lists of a layout in its file."""

import pytest

from app.storage.layout_lists import MOST_LISTS, NamedList, check_list_name
from app.storage.layouts import Layout, read, write
from app.system.errors import UsageError
from specs.market.row_view import BaselineSetup
from widgets.message_text import message_text

TWO = Layout(
    codes=["B01612A18", "C01612745", "A01612"],
    lists=[
        NamedList("선물", ["A01612", "B01612A18"]),
        NamedList("콜 / 풋", ["B01612A18", "C01612745"], "-price"),
    ],
    open_list="콜 / 풋",
)


def test_lists_that_are_written_are_read_back_as_they_were() -> None:
    assert read(write(TWO), "here") == TWO


def test_a_layout_with_one_list_is_stored_as_before() -> None:
    content = write(Layout(codes=["A01612"])).decode()
    assert "list" not in content.replace("watchlist", "")


def test_codes_are_those_of_all_lists_the_open_one_first() -> None:
    text = b"""codes = ["A01703"]
open_list = "b"
[[lists]]
name = "a"
codes = ["A01612", "KR4A016C0006"]
[[lists]]
name = "b"
codes = ["c01612745", "A01612"]
"""
    layout = read(text, "here")
    assert layout.codes == ["C01612745", "A01612"]
    assert layout.lists[1] == NamedList("b", ["C01612745", "A01612"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[lists]]\nname = "a"\ncodes = []\n[[lists]]\nname = "a"\ncodes = []', "lists[1].name"),
        ('[[lists]]\nname = " a"\ncodes = []', "lists[0].name"),
        (f'[[lists]]\nname = "{"x" * 21}"\ncodes = []', "lists[0].name"),
        ("[[lists]]\nname = 1\ncodes = []", "lists[0].name"),
        ('[[lists]]\nname = "a"\ncodes = ["nonsense"]', "nonsense"),
        ('[[lists]]\nname = "a"\ncodes = 1', "lists"),
        ("lists = 1", "lists"),
        (
            "".join(f'[[lists]]\nname = "{at}"\ncodes = []\n' for at in range(MOST_LISTS + 1)),
            "lists",
        ),
    ],
)
def test_a_wrong_list_is_refused_with_its_place(text: str, named: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text.encode(), "here")
    assert named in message_text(refused.value.message)


@pytest.mark.parametrize("name", ["", " a", "a  b", "a\x1b", "x" * 21])
def test_a_list_name_of_blanks_or_escapes_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        check_list_name(name)


def test_notes_and_baseline_are_read_back_and_a_wrong_time_is_refused() -> None:
    layout = Layout(
        codes=["A01612"],
        notes={"A01612": "roll on Thursday"},
        baseline=BaselineSetup("mark", "21:03", {"A01612": 1080.5}),
    )
    assert read(write(layout), "here") == layout
    for wrong in ('at = "\\u001b[31m"', 'kind = "yesterday"', 'prices = {A01612 = "x"}'):
        with pytest.raises(UsageError):
            read(f"[baseline]\n{wrong}\n".encode(), "here")
    kept = 'codes = ["A01612"]\n[notes]\nA01612 = "\\u001b[31m"\nA01703 = "gone"\n'
    assert read(kept.encode(), "here").notes == {"A01612": "·[31m"}
