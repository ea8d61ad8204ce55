"""Layouts that are refused: the error, and that no file is moved or replaced."""

from datetime import datetime
from pathlib import Path

import pytest

from app.storage.layout_store import LayoutStore
from app.storage.layouts import MOST_CODES, Layout, read
from app.storage.toml_files import RefusedFile
from app.system.clock import KST, ManualClock
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from specs.user_message import MessageList, UserMessage, UserText


def test_session_of_too_many_codes_is_refused_and_left_where_it_is(tmp_path: Path) -> None:
    places = ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))
    store = LayoutStore(places, ManualClock(datetime(2026, 11, 20, 18, tzinfo=KST)))
    session = places.state / "session.toml"
    session.parent.mkdir()
    content = b"codes = [" + b'"A01612",' * (MOST_CODES + 1) + b"]"
    session.write_bytes(content)
    with pytest.raises(RefusedFile) as caught:
        store.last_session(demo=None)
    many = UserMessage("layouts.too_many", count=MOST_CODES + 1, most=MOST_CODES)
    assert caught.value.message == UserMessage("layouts.refused", where=str(session), why=many)
    with pytest.raises(RefusedFile):
        store.save_session(Layout(name="", codes=["A01612"]), demo=None)
    assert session.read_bytes() == content
    assert list(session.parent.iterdir()) == [session]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'updown = "kr"\ncodes = = 3', UserMessage("toml.syntax", line="2", column="9")),
        (b'codes = ["A01612"', UserMessage("toml.incomplete")),
        (b"\xff", UserMessage("toml.not_utf8", byte=1)),
        (b"a = " + b"[" * 50_000, UserMessage("toml.too_deep")),
        (
            b'codes = ["A01612", 7]',
            MessageList(
                [
                    UserMessage("layouts.bad_value", name="codes[1]"),
                    UserMessage("layouts.no_code", code="7"),
                ]
            ),
        ),
        (b'updown = "green"', MessageList([UserMessage("layouts.bad_value", name="updown")])),
    ],
)
def test_refused_layout_names_the_cause(content: bytes, reason: UserText) -> None:
    with pytest.raises(UsageError) as caught:
        read(content, "night.toml")
    assert caught.value.message == UserMessage("layouts.unreadable", where="night.toml", why=reason)
