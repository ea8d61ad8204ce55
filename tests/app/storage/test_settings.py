"""Settings: flag above environment above file above default, and errors that help."""

from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.krx.corrections import Corrections
from app.storage.settings import (
    Settings,
    TapeSettings,
    config_path,
    load,
    read_file,
)
from app.storage.settings_example import EXAMPLE
from app.system.errors import UsageError
from app.system.files import ProgramFolders
from widgets.message_text import message_text


@pytest.fixture
def places(tmp_path: Path) -> ProgramFolders:
    return ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))


def write(places: ProgramFolders, text: str | bytes) -> Path:
    path = config_path(places)
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_everything_is_default(places: ProgramFolders) -> None:
    assert load(places, environment={}) == Settings()


def test_a_flag_stands_above_the_environment_above_the_file(places: ProgramFolders) -> None:
    write(places, 'language = "en"\nbeat_ms = 200\nregistration_limit = 20\n')
    environment = {"KIS_TUI_BEAT_MS": "300", "KIS_TUI_REGISTRATION_LIMIT": " "}
    settings = load(places, environment=environment, language="ko")
    assert settings == Settings(language="ko", beat_ms=300, registration_limit=20)
    assert load(places, environment=environment, language=None).language == "en"


def test_the_example_holds_every_setting_and_its_default(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert read_file(path) == {}
    lines = [line.removeprefix("# ") for line in EXAMPLE.splitlines()]
    kept = (line for line in lines if " = " in line or line.startswith("["))
    path.write_text("\n".join(kept), encoding="utf-8")
    assert msgspec.to_builtins(read_file(path)) == msgspec.to_builtins(Settings())


def test_an_unknown_key_brings_the_nearest_one(places: ProgramFolders) -> None:
    path = write(places, 'langauge = "en"\nbeat_ms = 5\n')
    with pytest.raises(UsageError) as caught:
        load(places, environment={})
    for part in (str(path), "langauge", "language", "beat_ms", "50-1000"):
        assert part in message_text(caught.value.message)


BOUNDS = {
    "beat_ms": (50, 1000),
    "registration_limit": (1, 41),
    "rate": (-1, 20),
    "tape.keep_days": (0, 36500),
    "tape.keep_gb": (0, 100_000),
}


@pytest.mark.parametrize(("name", "bounds"), BOUNDS.items())
def test_a_number_stays_within_its_bounds(
    places: ProgramFolders, name: str, bounds: tuple[int, int]
) -> None:
    low, high = bounds
    variable = f"KIS_TUI_{name.upper().replace('.', '_')}"
    for value in (low, high):
        assert attrgetter(name)(load(places, environment={variable: str(value)})) == value
    for value in (low - 1, high + 1, -(10**6), 10**30):
        with pytest.raises(UsageError, match=variable):
            load(places, environment={variable: str(value)})


def test_a_table_is_read_and_the_environment_stands_above_each_of_its_lines(
    places: ProgramFolders,
) -> None:
    write(places, "[tape]\nkeep_days = 7\nkeep_gb = 0\n")
    assert load(places, environment={}).tape == TapeSettings(7, 0)
    environment = {"KIS_TUI_TAPE_KEEP_GB": "3"}
    assert load(places, environment=environment).tape == TapeSettings(7, 3)


def test_recordings_may_take_a_part_of_a_gigabyte(places: ProgramFolders) -> None:
    write(places, "[tape]\nkeep_gb = 0.5\n")
    assert load(places, environment={}).tape.keep_gb == 0.5
    environment = {"KIS_TUI_TAPE_KEEP_GB": "0.25"}
    assert load(places, environment=environment).tape.keep_gb == 0.25


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[tape]\nkeep_day = 7", ("tape.keep_day", "tape.keep_days")),
        ("[tape]\nkeep_gb = -1", ("tape.keep_gb", "0-100000")),
        ("[tape]\nkeep_gb = nan", ("tape.keep_gb", "0-100000")),
        ("[tape]\nkeep_gb = inf", ("tape.keep_gb", "0-100000")),
        ("[tape]\nkeep_days = 1.5", ("tape.keep_days", "0-36500")),
        ("tape = 7", ("tape", "[tape]")),
        ("[[tape]]\nkeep_days = 1", ("tape", "[tape]")),
        ("[tape.keep_days]\nx = 1", ("tape.keep_days", "0-36500")),
        ("[tapes]\nkeep_days = 1", ("tapes",)),
    ],
)
def test_what_is_wrong_in_a_table_is_said(
    places: ProgramFolders, text: str, parts: tuple[str, ...]
) -> None:
    write(places, text)
    with pytest.raises(UsageError) as caught:
        load(places, environment={})
    said = message_text(caught.value.message)
    assert all(part in said for part in parts), said


def test_the_calendar_is_corrected_by_dates_as_texts_or_as_toml_has_them(
    places: ProgramFolders,
) -> None:
    write(places, '[calendar]\nclosed_days = ["2026-12-24", 2027-05-04]\nopen_days = []\n')
    environment = {"KIS_TUI_CALENDAR_CLOSED_NIGHTS": "2027-02-05, 2027-09-13"}
    assert load(places, environment=environment).calendar == Corrections(
        closed_days=frozenset((date(2026, 12, 24), date(2027, 5, 4))),
        closed_nights=frozenset((date(2027, 2, 5), date(2027, 9, 13))),
    )


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        ('closed_days = ["2027-13-05"]', ("calendar.closed_days", "2027-13-05")),
        ("closed_days = [2027-02-05T18:00:00]", ("calendar.closed_days", "2027-02-05 18:00:00")),
        ("closed_days = 20270205", ("calendar.closed_days", "20270205")),
        ("closed_nights = [1]", ("calendar.closed_nights", "1")),
        ('open_days = ["2027-02-06"]', ("calendar.open_days", "2027-02-06")),
        ('open_days = ["20270205"]', ("calendar.open_days", "20270205")),
        ('closed_night = ["2027-02-05"]', ("calendar.closed_night", "calendar.closed_nights")),
        (
            'open_days = ["2027-02-05"]\nclosed_days = ["2027-02-05"]',
            ("calendar.open_days", "calendar.closed_days", "2027-02-05"),
        ),
    ],
)
def test_a_wrong_correction_is_named_with_its_value(
    places: ProgramFolders, lines: str, parts: tuple[str, ...]
) -> None:
    write(places, f"[calendar]\n{lines}\n")
    with pytest.raises(UsageError) as caught:
        load(places, environment={})
    said = message_text(caught.value.message)
    assert all(part in said for part in parts), said


def test_a_contradiction_between_file_and_environment_is_refused(places: ProgramFolders) -> None:
    write(places, '[calendar]\nclosed_days = ["2027-02-05"]\n')
    with pytest.raises(UsageError, match=r"settings\.closed_and_open.*2027, 2, 5"):
        load(places, environment={"KIS_TUI_CALENDAR_OPEN_DAYS": "2027-02-05"})


@pytest.mark.parametrize(
    "line",
    ["beat_ms = nan", "beat_ms = 1e308", "beat_ms = true", 'beat_ms = "100"', "beat_ms = 100.5",
     "beat_ms = -100", 'language = "fr"', "language = 1", "updown = []", "beat_ms = 2026-11-20"],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused(places: ProgramFolders, line: str) -> None:
    write(places, line)
    with pytest.raises(UsageError, match=line.split()[0]):
        load(places, environment={})


@pytest.mark.parametrize("value", ["nan", "１００", "1_00", "", "x", "\x1b[2J", "9" * 5000])
def test_the_environment_is_held_to_the_same(places: ProgramFolders, value: str) -> None:
    environment: dict[str, Any] = {"KIS_TUI_BEAT_MS": value}
    if not value:
        assert load(places, environment=environment) == Settings()
        return
    with pytest.raises(UsageError) as caught:
        load(places, environment=environment)
    assert value not in message_text(caught.value.message) or value == "x"


@pytest.mark.parametrize(
    "content",
    [b"\0" * 100, b"beat_ms = ", b'a = "\xff"', b"a = " + b"[" * 50_000,
     b"beat_ms = " + b"1" * 5000, b"beat_ms = 100\nbeat_ms = 100",
     b"#" * 2_000_000, "a = 1".encode("utf-16")],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named_and_left(
    places: ProgramFolders, content: bytes
) -> None:
    path = write(places, content)
    with pytest.raises(UsageError) as caught:
        load(places, environment={})
    assert str(path) in message_text(caught.value.message)
    assert path.read_bytes() == content


def test_a_byte_order_mark_and_windows_line_ends_are_read(places: ProgramFolders) -> None:
    write(places, b'\xef\xbb\xbflanguage = "en"\r\nbeat_ms = 200\r\n')
    assert load(places, environment={}) == Settings(language="en", beat_ms=200)


def test_a_file_that_is_asked_for_must_be_there(places: ProgramFolders, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load(places, path=tmp_path / "none.toml", environment={})


def test_a_folder_in_place_of_the_file_is_refused(places: ProgramFolders) -> None:
    config_path(places).mkdir(parents=True)
    with pytest.raises(UsageError):
        load(places, environment={})
