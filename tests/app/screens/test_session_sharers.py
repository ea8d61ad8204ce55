"""The dialog of registrations, where other programs share the session."""

from app.feed.batch import LinkState, Sharer
from app.market.book import Book
from app.screens.dialogs.slots_dialog import slots_text
from specs.market.instrument import Instrument
from widgets.texts import speaking

CODES = tuple(f"B01612A{number}" for number in range(30, 38))


def text_of(*sharers: Sharer) -> list[str]:
    return slots_text(
        Book(Instrument), LinkState(used=12, limit=41, sharers=sharers)
    ).plain.splitlines()


def test_other_programs_are_named_with_what_they_have() -> None:
    client = Sharer("Python/3.11 websockets/12.0", CODES, 12, waiting=2, dropped=3)
    with speaking("en"):
        *_, heading, line = text_of(client)
    assert heading == "other programs of this session"
    assert line.startswith("Python/3.11 websockets/12.0")
    assert "12 registered" in line
    assert CODES[5] in line
    assert CODES[6] not in line
    assert line.endswith("… · 2 waiting · 3 skipped, not read in time")


def test_a_program_without_a_name_is_said_to_have_none() -> None:
    assert text_of(Sharer("", ("A01612",), 1))[-1].split() == [
        "이름", "없는", "프로그램", "등록", "1건", "A01612",
    ]  # fmt: skip


def test_nothing_is_said_of_others_where_there_are_none() -> None:
    assert "프로그램" not in "\n".join(text_of())
