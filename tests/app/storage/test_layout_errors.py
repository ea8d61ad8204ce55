"""Layouts that are refused: what is said, and that nothing is moved or replaced."""

from datetime import datetime
from pathlib import Path

import pytest

from app.storage.layouts import MOST_CODES, Layout, LayoutStore, read
from app.storage.toml_files import RefusedFile
from app.system.clock import KST, ManualClock
from app.system.errors import UsageError
from app.system.files import ProgramFolders


def test_session_of_too_many_codes_is_refused_and_left_where_it_is(tmp_path: Path) -> None:
    places = ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))
    store = LayoutStore(places, ManualClock(datetime(2026, 11, 20, 18, tzinfo=KST)))
    session = places.state / "session.toml"
    session.parent.mkdir()
    content = b"codes = [" + b'"A01612",' * (MOST_CODES + 1) + b"]"
    session.write_bytes(content)
    with pytest.raises(RefusedFile) as caught:
        store.last_session(demo=False)
    assert f"종목 {MOST_CODES + 1}개" in caught.value.message
    with pytest.raises(RefusedFile):
        store.save_session(Layout(name="", codes=["A01612"]), demo=False)
    assert session.read_bytes() == content
    assert list(session.parent.iterdir()) == [session]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'updown = "kr"\ncodes = = 3', "2행 9열의 TOML 문법 오류"),
        (b'codes = ["A01612"', "TOML"),
        (b"\xff", "UTF-8이 아님, 1번째 바이트"),
        (b"a = " + b"[" * 50_000, "괄호가 너무 깊음"),
        (b'codes = ["A01612", 7]', "codes[1]: 잘못된 값"),
        (b'updown = "green"', "updown: 잘못된 값"),
    ],
)
def test_refused_layout_names_the_cause_in_the_language_of_the_program(
    content: bytes, reason: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read(content, "night.toml")
    assert reason in caught.value.message
