"""Layouts: what is saved comes back, and nothing damaged is lost or silently replaced."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest
from harness.named_pipe import make_named_pipe
from hypothesis import given
from hypothesis import strategies as st

from app.storage.layout_store import LayoutStore
from app.storage.layouts import Layout, check_name, read, write
from app.storage.toml_files import DamagedFile
from app.system.clock import KST, ManualClock
from app.system.errors import KisTuiError, UsageError
from app.system.files import ProgramFolders
from specs.catalog import Session
from specs.preferences import BarSeconds, ChartForm, ChartPane, ChartSetup
from specs.user_message import UserMessage
from widgets.message_text import message_text

CODES = ["A01612", "B01612A18", "C01612745", "BAFBLWA41", "301V06362", "D1160701", "211V05059"]
NIGHT = Layout(
    name="야간",
    codes=CODES,
    panels=["watchlist", "expected"],
    arrangement="side",
    sizes={"main": 60},
    columns={"watchlist": ["code", "price"]},
    sort={"watchlist": "-change"},
    updown="us",
    names={"B01612A18": "C 202612 1,120.0", "BAFBLWA41": "위클리M C 2607W1 1,100.0"},
)


@pytest.fixture
def places(tmp_path: Path) -> ProgramFolders:
    return ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))


@pytest.fixture
def store(places: ProgramFolders) -> LayoutStore:
    return LayoutStore(places, ManualClock(datetime(2026, 11, 20, 18, tzinfo=KST)))


@pytest.fixture
def session(places: ProgramFolders) -> Path:
    places.state.mkdir()
    return places.state / "session.toml"


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.corrupt-*"))


words = st.text(max_size=8)


@given(
    st.builds(
        Layout,
        name=st.from_regex(r"[A-Za-z0-9가-힣_-]{1,64}", fullmatch=True),
        codes=st.lists(st.sampled_from(CODES), unique=True),
        panels=st.lists(st.sampled_from(["watchlist", "greeks", "expected"]), unique=True),
        arrangement=words,
        sizes=st.dictionaries(words, st.integers(10, 90), max_size=3),
        columns=st.dictionaries(words, st.lists(words, max_size=3), max_size=3),
        sort=st.dictionaries(words, words, max_size=3),
        updown=st.sampled_from(["kr", "us", "cb", "mono"]),
        chart=st.builds(
            ChartSetup,
            seconds=st.sampled_from(get_args(BarSeconds)),
            form=st.sampled_from(get_args(ChartForm)),
            pane=st.sampled_from(get_args(ChartPane)),
        ),
    )
)
def test_a_layout_that_is_written_is_read_back_as_it_was(layout: Layout) -> None:
    assert read(write(layout), "here") == layout


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    with suppress(UsageError):
        read(content, "here")


def test_names_that_will_not_do_are_left_out_and_the_layout_opens() -> None:
    text = """codes = ["A01612", "B01612A18", "C01612745", "D1160701"]
[names]
A01612 = "F 202612"
A01703 = "F 202703"
B01612A18 = 5
C01612745 = "%s"
D1160701 = "\\u001b[31m"
""" % ("x" * 61)
    assert read(text.encode(), "here").names == {"A01612": "F 202612", "D1160701": "·[31m"}
    for odd in ("names = 1", 'names = ["x"]'):
        layout = read(f'codes = ["A01612"]\n{odd}\n'.encode(), "here")
        assert (layout.codes, layout.names) == (["A01612"], {})


def test_a_saved_layout_comes_back_by_its_name(store: LayoutStore) -> None:
    store.save(NIGHT)
    assert store.names() == ["야간"]
    assert store.load("야간") == NIGHT


def test_a_layout_that_is_not_there_names_those_that_are(store: LayoutStore) -> None:
    store.save(NIGHT)
    with pytest.raises(UsageError) as caught:
        store.load("day")
    assert caught.value.message == UserMessage("layouts.none", name="day")
    assert caught.value.hint == UserMessage("layouts.there", names="야간")


@pytest.mark.parametrize("name", ["night", "야간", "A-1_b", "x" * 64])
def test_a_plain_name_will_do(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../../.ssh/x", "a/b", "a\\b", "a  b", " a", "a\0b", "a\n", "x" * 65, "x" * 300,
     "C:x", "a.toml", "\x1b[2J", "ㅁ", "[red]", "~"],
)  # fmt: skip
def test_a_name_that_could_lead_elsewhere_is_refused(store: LayoutStore, name: str) -> None:
    uses: list[Callable[[str], object]] = [
        store.path,
        store.load,
        lambda given: store.save(Layout(name=given)),
    ]
    for use in uses:
        with pytest.raises(UsageError) as caught:
            use(name)
        assert message_text(caught.value.message).isprintable()


def test_the_working_copies_of_live_and_demo_are_apart(store: LayoutStore) -> None:
    assert store.last_session(demo=None) is None
    store.save_session(NIGHT, demo=None)
    store.save_session(Layout(), demo=Session.NIGHT)
    assert store.last_session(demo=None) == NIGHT
    assert store.last_session(demo=Session.NIGHT) == Layout()
    assert store.last_session(demo=Session.DAY) is None
    store.save_session(NIGHT, demo=Session.DAY)
    assert store.last_session(demo=Session.NIGHT) == Layout()


DAMAGED = {
    "empty": b"",
    "blank": b" \n\n",
    "zeros after a power cut": b"\0" * 300,
    "cut short": write(NIGHT)[:-3],
    "not utf-8": b'name = "\xff"',
    "utf-16": write(NIGHT).decode().encode("utf-16"),
    "cp949": write(NIGHT).decode().encode("cp949"),
    "a key twice": b"codes = []\ncodes = []",
    "deep": b"a = " + b"[" * 50_000,
    "an endless number": b"schema = " + b"1" * 5000,
    "wrong types": b'codes = "A01612"\nsizes = 5\nupdown = "green"',
    "no codes": b'codes = ["zzz"]',
    "sizes that are none": b"[sizes]\nmain = nan",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_session_is_kept_aside_and_named(
    store: LayoutStore, session: Path, content: bytes
) -> None:
    session.write_bytes(content)
    with pytest.raises(DamagedFile) as caught:
        store.last_session(demo=None)
    [aside] = kept(session.parent)
    assert caught.value.key == "layouts.set_aside"
    assert caught.value.values["kept"] == aside
    assert message_text(caught.value.message).isprintable()
    assert aside.read_bytes() == content
    assert store.last_session(demo=None) is None


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_saving_over_something_damaged_keeps_it_aside(
    store: LayoutStore, session: Path, content: bytes
) -> None:
    path = store.path("야간")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    session.write_bytes(content)
    store.save(NIGHT)
    store.save_session(NIGHT, demo=None)
    assert store.load("야간") == store.last_session(demo=None) == NIGHT
    for folder in (path.parent, session.parent):
        assert [aside.read_bytes() for aside in kept(folder)] == [content]


def test_a_file_cut_at_any_byte_is_read_or_kept_aside(store: LayoutStore, session: Path) -> None:
    whole = write(NIGHT)
    for length in range(len(whole)):
        session.write_bytes(whole[:length])
        try:
            store.last_session(demo=None)
        except DamagedFile:
            assert not session.exists()
        else:
            assert session.read_bytes() == whole[:length]


def test_everything_that_is_wrong_is_listed_together() -> None:
    with pytest.raises(UsageError) as caught:
        read(DAMAGED["wrong types"] + b"\narrangement = 1", "night.toml")
    for name in ("night.toml", "codes", "sizes", "updown", "arrangement"):
        assert name in message_text(caught.value.message)


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    assert read(b"\xef\xbb\xbf" + write(NIGHT).replace(b"\n", b"\r\n"), "here") == NIGHT


def test_unknown_keys_are_passed_over() -> None:
    assert read(b'colour = "x"\n' + write(NIGHT), "here") == NIGHT


def test_a_code_that_stands_twice_is_watched_once() -> None:
    assert read(b'codes = ["A01612", "A05612", "A01612"]', "here").codes == ["A01612", "A05612"]


def test_a_name_inside_the_file_reaches_no_terminal() -> None:
    assert read(b'name = "\\u001b]0;x\\u0007"\ncodes = ["A01612"]', "here").name == ""


def test_what_a_newer_program_wrote_is_not_touched(store: LayoutStore, session: Path) -> None:
    newer = b'schema = 2\ncodes = "of another kind"'
    path = store.path("야간")
    path.parent.mkdir(parents=True)
    path.write_bytes(newer)
    session.write_bytes(newer)
    uses: list[Callable[[], object]] = [
        lambda: store.load("야간"),
        lambda: store.save(NIGHT),
        lambda: store.last_session(demo=None),
        lambda: store.save_session(NIGHT, demo=None),
    ]
    for use in uses:
        with pytest.raises(UsageError, match=r"layouts\.newer.*schema=2"):
            use()
    assert path.read_bytes() == session.read_bytes() == newer
    assert kept(path.parent) == kept(session.parent) == []


def test_a_session_that_cannot_be_replaced_is_said_once(store: LayoutStore, session: Path) -> None:
    session.write_bytes(b"schema = 2")
    with pytest.raises(UsageError):
        store.save_session(NIGHT, demo=None)
    store.save_session(NIGHT, demo=None)
    assert session.read_bytes() == b"schema = 2"


def test_what_is_no_file_is_neither_waited_for_nor_replaced(
    store: LayoutStore, session: Path
) -> None:
    make_named_pipe(session)
    with pytest.raises(UsageError):
        store.last_session(demo=None)
    with pytest.raises(UsageError):
        store.save_session(NIGHT, demo=None)
    assert session.is_fifo()


def test_a_file_beyond_a_megabyte_is_refused_and_stays(store: LayoutStore) -> None:
    path = store.path("야간")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"#" * 2_000_000)
    with pytest.raises(UsageError):
        store.load("야간")
    with pytest.raises(UsageError):
        store.save(NIGHT)
    assert path.stat().st_size == 2_000_000


def test_a_layout_is_imported_under_a_free_name_only(store: LayoutStore, tmp_path: Path) -> None:
    source = tmp_path / "from.toml"
    source.write_bytes(write(NIGHT))
    assert store.import_file(source, "other").name == "other"
    assert store.load("other").codes == CODES
    with pytest.raises(UsageError):
        store.import_file(source, "other")
    with pytest.raises(UsageError):
        store.import_file(tmp_path / "none.toml", "third")


def test_a_damaged_file_that_is_imported_stays_where_it_is(
    store: LayoutStore, tmp_path: Path
) -> None:
    source = tmp_path / "from.toml"
    source.write_bytes(b"[")
    with pytest.raises(UsageError):
        store.import_file(source, "other")
    assert source.read_bytes() == b"["
    assert store.names() == []


def test_only_layouts_are_listed(store: LayoutStore) -> None:
    assert store.names() == []
    store.save(NIGHT)
    folder = store.path("야간").parent
    for name in ("a  b.toml", "x.txt", ".y.toml.tmp", "z.toml.corrupt-20261120T180000"):
        (folder / name).write_bytes(b"")
    assert store.names() == ["야간"]


def test_an_error_of_the_disk_is_the_programs_own(
    store: LayoutStore, places: ProgramFolders
) -> None:
    places.config.write_bytes(b"a file where a folder should be")
    with pytest.raises(KisTuiError):
        store.save(NIGHT)
