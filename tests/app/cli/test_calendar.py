"""``kis-tui calendar``: sessions and expiries of a date, as a table and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from harness.command_line import CommandLine


def days(kis_tui: CommandLine, *words: str) -> list[dict[str, Any]]:
    outcome = kis_tui("calendar", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)
    return found


def test_calendar_prints_a_holidays_eve_as_json(kis_tui: CommandLine) -> None:
    eve, christmas = days(kis_tui, "2026-12-24", "--days", "2")
    assert eve == {
        "date": "2026-12-24",
        "sessions": [
            {
                "session": "day",
                "begin": "2026-12-24T08:30:00+09:00",
                "open": "2026-12-24T08:45:00+09:00",
                "close": "2026-12-24T15:35:00+09:00",
                "end": "2026-12-24T15:45:00+09:00",
                "trade_date": "2026-12-24",
            },
            {
                "session": "night",
                "begin": "2026-12-24T17:50:00+09:00",
                "open": "2026-12-24T18:00:00+09:00",
                "close": "2026-12-25T05:50:00+09:00",
                "end": "2026-12-25T06:00:00+09:00",
                "trade_date": "2026-12-28",
            },
        ],
        "expiries": [
            {"series": "위클리 2612W4", "product": "09"},
            {"series": "코스닥위클리 2612W4", "product": "AJ"},
        ],
    }
    assert christmas == {"date": "2026-12-25", "sessions": [], "expiries": []}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-10", {("01", "202612"), ("05", "202612"), ("06", "202612")}),
        ("2026-12-15", {("04", "202612"), ("65", "202612"), ("67", "202612")}),
        ("2026-12-21", {("75", "202612"), ("AF", "2612W3"), ("AK", "2612W3")}),
        ("2027-02-10", {("AF", "2702W2"), ("AK", "2702W2")}),
        (
            "2027-09-13",
            {
                ("04", "202709"),
                ("09", "2709W3"),
                ("AF", "2709W2"),
                ("AJ", "2709W3"),
                ("AK", "2709W2"),
            },
        ),
        ("2025-12-30", {("09", "2601W1"), ("AJ", "2601W1")}),
        ("2026-11-17", set()),  # bonds expire by quarters
        ("2025-09-04", {("09", "2509W1")}),  # before the weeklies of the KOSDAQ150 were listed
        ("2026-11-12", {("01", "202611"), ("05", "202611"), ("06", "202611")}),
    ],
)
def test_calendar_lists_every_series_that_expires(
    kis_tui: CommandLine, day: str, expected: set[tuple[str, str]]
) -> None:
    [found] = days(kis_tui, day)
    listed = [(one["product"], one["series"].split()[-1]) for one in found["expiries"]]
    assert set(listed) == expected
    assert len(listed) == len(expected)


def test_calendar_names_weeklies_as_krx_does(kis_tui: CommandLine) -> None:
    [found] = days(kis_tui, "2027-02-10")
    assert {"series": "위클리M 2702W2", "product": "AF"} in found["expiries"]


def test_calendar_prints_a_table_in_both_languages(kis_tui: CommandLine) -> None:
    outcome = kis_tui("calendar", "2026-12-30", "--days", "2")
    heading, day, night, closed = outcome.out.splitlines()
    assert heading.split()[:2] == ["날짜", "세션"]
    assert day.split()[:6] == ["2026/12/30(수)", "주간", "08:30", "08:45", "15:35", "15:45"]
    assert night.split()[:5] == ["야간", "17:50", "18:00", "05:50", "+1"]
    assert night.split()[-1] == "2027/01/04(월)"
    assert closed.split() == ["2026/12/31(목)", "휴장"]
    english = kis_tui("--lang", "en", "calendar", "2026-12-31").out
    assert english.splitlines()[1].split() == ["2026/12/31(Thu)", "closed", "today"]


def test_calendar_knows_late_opens(kis_tui: CommandLine) -> None:
    [found] = days(kis_tui, "2026-11-19")
    begins = [one["begin"] for one in found["sessions"]]
    assert begins == ["2026-11-19T09:30:00+09:00", "2026-11-19T18:50:00+09:00"]


def test_calendar_counts_the_corrections_of_the_settings_in(
    kis_tui: CommandLine, home: Path
) -> None:
    config = home / ".config" / "kis-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[calendar]\nclosed_nights = ["2027-02-05"]\n', encoding="utf-8")
    [found] = days(kis_tui, "2027-02-05")
    assert [one["session"] for one in found["sessions"]] == ["day"]
    page = kis_tui("doctor", "--json").out
    assert json.loads(page)["settings"]["values"]["calendar"]["closed_nights"] == ["2027-02-05"]
    config.write_text('[calendar]\nclosed_nights = ["2027-02-30"]\n', encoding="utf-8")
    outcome = kis_tui("calendar", "2027-02-05")
    assert outcome.code == 2
    assert "calendar.closed_nights" in outcome.err
    assert "2027-02-30" in outcome.err


def test_calendar_without_a_date_is_of_today(kis_tui: CommandLine) -> None:
    [found] = days(kis_tui)
    assert found["date"] >= "2026-01-01"


@pytest.mark.parametrize("words", [("2027-02-30",), ("2027-02-05", "--days", "0"), ("1999-12-31",)])
def test_calendar_refuses_what_is_no_date_or_too_far(
    kis_tui: CommandLine, words: tuple[str, ...]
) -> None:
    assert kis_tui("calendar", *words).code == 2
