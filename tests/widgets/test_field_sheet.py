"""The sheet of all fields of a contract's records."""

import csv
from math import inf
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult

from specs.market.instrument import Instrument
from specs.market.ticker import Ticker
from specs.record_fields import FieldValue, record_fields
from specs.trs.night_option_book import NightOptionBook
from specs.trs.night_option_expected import NightOptionExpected
from specs.trs.night_option_trade import NightOptionTrade
from specs.user_message import UserMessage
from widgets import cells
from widgets.field_sheet import FieldSheet, field_lines, field_text
from widgets.texts import catalogue, speaking, t

CODE = "B01612A31"
ROW = Ticker(
    Instrument(CODE, "C 202612 1,075.0"),
    NightOptionTrade(CODE, "234512", price=24.85, delta=0.5812, accumulated_volume=1204.0),
    100.0,
    expected=NightOptionExpected(CODE, "175959", 24.0, expected_volume=42.0),
    expected_at=90.0,
    book=NightOptionBook(CODE, "234513", bid=24.75, ask=24.9, bid_size=3, ask_size=4),
    book_at=101.0,
)
TABLE = Path(__file__).parents[1] / "data" / "fields.tsv"


def texts(row: Ticker, width: int, now: float = 101.0, *, live: bool = True) -> list[str]:
    lines = field_lines(row, list(record_fields(row)), width, now, live=live)
    return ["".join(text for text, _ in line) for line in lines]


def test_every_field_has_the_korean_term_of_the_portal_and_an_english_one() -> None:
    with TABLE.open(encoding="utf-8") as lines:
        terms = {row["element"]: row["korean"] for row in csv.DictReader(lines, delimiter="\t")}
    found = catalogue()["field"]
    assert {element: term.replace(" ", "") for element, term in terms.items()} == {
        element: entry["ko"].replace(" ", "") for element, entry in found.items()
    }
    assert all(entry["en"].isascii() for entry in found.values())


@pytest.mark.parametrize(
    ("name", "value", "decimals", "text"),
    [
        ("price", 1081.0, 2, "1,081.00"),
        ("price", 77_900.0, 0, "77,900"),
        ("delta", 0.5812, 2, "0.5812"),
        ("accumulated_volume", 7_671.0, 2, "7,671"),
        ("accumulated_turnover", 1e15, 2, "1,000,000,000,000,000"),
        ("theta", -4.06, 0, "-4.06"),
        ("open_time", "084500", 2, "08:45:00"),
        ("open_time", "000000", 2, "000000"),
        ("change_sign", "5", 2, "5 하락"),
        ("change_sign", "9", 2, "9"),
        ("dynamic_limit_flag", "2", 2, "2"),
        ("market_operation_code", "311", 2, "311"),
        ("rho", None, 2, cells.MISSING),
        ("rho", inf, 2, "inf"),
    ],
)
def test_field_text_keeps_every_digit(
    name: str, value: float | str | None, decimals: int, text: str
) -> None:
    assert field_text(FieldValue("", name, value), decimals) == text


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("width", "height"), [(76, 105), (116, 105), (196, 35)])
def test_field_lines_show_every_field_once_at_any_width(
    language: str, width: int, height: int
) -> None:
    with speaking(language):
        found = texts(ROW, width)
    words = " ".join(found).split()
    assert len(found) == height
    assert "…" not in "".join(found)
    for record in record_fields(ROW):
        for element in (field.element for field in record.fields):
            shared = sum(element in [f.element for f in one.fields] for one in record_fields(ROW))
            assert words.count(element) == shared
    assert max(map(len, found)) <= width


def test_titles_name_the_tr_its_time_and_its_age() -> None:
    titles = [line.strip() for line in texts(ROW, 76) if line.startswith("H0")]
    assert titles == [
        "H0EUCNT0 KRX야간옵션 체결 · 23:45:12 · 1.0초 전",
        "H0EUANC0 KRX야간옵션 예상체결 · 17:59:59 · 11초 전",
        "H0EUASP0 KRX야간옵션 호가 · 23:45:13 · 0.0초 전",
    ]


def test_values_grow_dim_with_the_age_of_their_record() -> None:
    row = replace(ROW, expected=None, book=None)
    records = list(record_fields(row))
    tones = [
        field_lines(row, records, 76, now, live=live)[3][2][1]
        for now, live in ((101.0, True), (115.0, True), (170.0, True), (101.0, False))
    ]
    assert tones == ["value", "older", "old", "old"]


class SheetApp(App[None]):
    def compose(self) -> ComposeResult:
        yield FieldSheet()


async def test_the_sheet_scrolls_to_its_last_line_and_no_further() -> None:
    async with SheetApp().run_test(size=(80, 20)) as pilot:
        sheet = pilot.app.query_one(FieldSheet)
        sheet.show(ROW, 101.0, live=True)
        height = sheet.size.height
        assert str(sheet.border_subtitle) == f"1–{height} / 105줄"
        last = 106 - height
        for way, first in (
            ("down", 2), ("page_down", height + 1), ("bottom", last), ("down", last),
            ("up", last - 1), ("top", 1), ("up", 1),
        ):  # fmt: skip
            sheet.move(way)
            assert str(sheet.border_subtitle).startswith(f"{first}–{first + height - 1} ")
        sheet.move("bottom")
        assert sheet.render_line(height - 1).text.split()[-2] == "TOTAL_BIDP_RSQN_ICDC"
        sheet.show(replace(ROW, instrument=Instrument("B01612A33")), 101.0, live=True)
        assert str(sheet.border_subtitle).startswith("1–")


async def test_the_sheet_of_a_row_without_records_says_why() -> None:
    async with SheetApp().run_test(size=(80, 20)) as pilot:
        sheet = pilot.app.query_one(FieldSheet)
        for row, note in (
            (None, t("fields.none")),
            (Ticker(ROW.instrument), t("fields.none")),
            (Ticker(ROW.instrument, note=UserMessage("row.no_trade")), t("row.no_trade")),
        ):
            sheet.show(row, 0.0, live=True)
            assert note in "".join(sheet.render_line(y).text for y in range(sheet.size.height))
