"""Every record struct against the portal's field tables, copied to tests/data/fields.tsv."""

import ast
import csv
import inspect
import io
import math
import tokenize
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import fields

from specs.catalog import CATALOG, Channel
from specs.record import CodeText, Flag, Quantity, Record, Sign, TimeOfDay, elements

TABLE = Path(__file__).parents[1] / "data" / "fields.tsv"
TEXT_ENDINGS = ("_ISCD", "_HOUR", "_SIGN", "_CODE", "_YN")
COUNTED = ("CNQN", "VOL", "QTY", "CSNU", "SMTN", "PBMN", "RSQN")
PORTAL_WIDTHS = {
    "H0EUCNT0": 56,
    "H0ZOCNT0": 53,
    "H0IFCNT0": 50,
    "H0ZOANC0": 7,
    "H0ZFANC0": 8,
    "H0EUANC0": 8,
    "H0MFCNT0": 49,
    "H0IOCNT0": 58,
    "H0ZFCNT0": 49,
    "H0EUASP0": 38,
    "H0MFASP0": 38,
    "H0IOASP0": 38,
    "H0IFASP0": 38,
    "H0ZFASP0": 68,
    "H0ZOASP0": 68,
    "H0CFCNT0": 50,
    "H0CFASP0": 38,
}
ALL = sorted(CATALOG)


@cache
def table() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with TABLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            rows[row["tr_id"]].append(row)
    return dict(rows)


def korean_names(spec: type[Record]) -> list[str]:
    """The comment behind each field of a struct."""
    source = inspect.getsource(spec)
    comments = {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    [body] = ast.parse(source).body
    assert isinstance(body, ast.ClassDef)
    lines = [node.end_lineno for node in body.body if isinstance(node, ast.AnnAssign)]
    return [comments.get(line or 0, "") for line in lines]


def meaning(element: str) -> str:
    """Return an element's name without its product."""
    if element == "DSCS_LRQN_VOL":
        return "DSCS_BLTR_ACML_QTY"
    for product in ("OPTN_", "FUTS_", "STCK_"):
        element = element.removeprefix(product)
    return element.replace("_NMIX_", "_")


def is_text(element: str) -> bool:
    return element.endswith(TEXT_ENDINGS)


def test_the_table_holds_the_trs_of_the_catalog_and_no_other() -> None:
    assert sorted(table()) == ALL
    assert {tr_id: len(rows) for tr_id, rows in table().items()} == PORTAL_WIDTHS


@pytest.mark.parametrize("tr_id", ALL)
def test_a_struct_holds_every_element_in_wire_order(tr_id: str) -> None:
    rows = table()[tr_id]
    assert [int(row["position"]) for row in rows] == list(range(1, len(rows) + 1))
    assert elements(CATALOG[tr_id].spec) == tuple(row["element"] for row in rows)
    assert CATALOG[tr_id].width == len(rows)


@pytest.mark.parametrize("tr_id", ALL)
def test_a_field_has_the_english_name_of_the_table(tr_id: str) -> None:
    spec = CATALOG[tr_id].spec
    assert [field.name for field in fields(spec)] == [row["english"] for row in table()[tr_id]]


@pytest.mark.parametrize("tr_id", ALL)
def test_a_field_says_its_korean_name_behind_it(tr_id: str) -> None:
    assert korean_names(CATALOG[tr_id].spec) == [row["korean"] for row in table()[tr_id]]


def test_one_english_name_means_one_thing_over_all_trs() -> None:
    by_english: dict[str, set[str]] = defaultdict(set)
    by_meaning: dict[str, set[str]] = defaultdict(set)
    for rows in table().values():
        for row in rows:
            by_english[row["english"]].add(meaning(row["element"]))
            by_meaning[meaning(row["element"])].add(row["english"])
    assert {name: found for name, found in by_english.items() if len(found) > 1} == {}
    assert {name: found for name, found in by_meaning.items() if len(found) > 1} == {}


@pytest.mark.parametrize("tr_id", ALL)
def test_no_name_stands_twice_in_a_record(tr_id: str) -> None:
    for column in ("element", "english"):
        names = [row[column] for row in table()[tr_id]]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("tr_id", ALL)
def test_codes_times_signs_and_flags_are_text_and_all_else_a_number(tr_id: str) -> None:
    for field in fields(CATALOG[tr_id].spec):
        bare = (get_args(field.type) or (field.type,))[0]
        assert bare is (str if is_text(field.encode_name) else float), field.name


@pytest.mark.parametrize("tr_id", ALL)
def test_a_text_field_is_bounded_so_that_a_shifted_column_does_not_fit(tr_id: str) -> None:
    bounds = {"_SIGN": Sign, "_HOUR": TimeOfDay, "_YN": Flag, "_CODE": CodeText, "_ISCD": str}
    for field in fields(CATALOG[tr_id].spec):
        if is_text(field.encode_name):
            ending = "_" + field.encode_name.rpartition("_")[2]
            assert field.type == bounds[ending], field.name


@pytest.mark.parametrize("tr_id", ALL)
def test_what_is_counted_is_never_negative_and_what_is_a_difference_may_be(tr_id: str) -> None:
    for field in fields(CATALOG[tr_id].spec):
        if is_text(field.encode_name):
            continue
        element = field.encode_name.rstrip("0123456789")
        counted = element.endswith(COUNTED) and not element.startswith("NTBY")
        assert (field.type == Quantity) is counted, field.name


@pytest.mark.parametrize("tr_id", ALL)
def test_a_missing_number_is_nan_and_a_missing_text_empty(tr_id: str) -> None:
    for field in fields(CATALOG[tr_id].spec):
        if is_text(field.encode_name):
            assert field.default == ""
        else:
            assert math.isnan(field.default), field.name


@pytest.mark.parametrize("tr_id", ALL)
def test_every_record_begins_with_code_and_time(tr_id: str) -> None:
    assert [field.name for field in fields(CATALOG[tr_id].spec)][:2] == ["code", "time"]


def test_the_sign_stands_before_the_change_except_in_index_futures_and_auctions() -> None:
    for tr_id, entry in CATALOG.items():
        if entry.channel is Channel.BOOK:
            continue
        names = [field.name for field in fields(entry.spec)]
        prefix = "expected_" if "expected_price" in names else ""
        sign, change = names.index(f"{prefix}change_sign"), names.index(f"{prefix}change")
        change_first = (
            tr_id in ("H0IFCNT0", "H0MFCNT0", "H0CFCNT0") or entry.channel is Channel.EXPECTED
        )
        assert (change < sign) is change_first, tr_id


def test_the_night_option_flag_stands_between_its_two_limits() -> None:
    tail = ("DYNM_MXPR", "DYNM_PRC_LIMT_YN", "DYNM_LLAM")
    assert elements(CATALOG["H0EUCNT0"].spec)[-3:] == tail
    for tr_id in ("H0IFCNT0", "H0CFCNT0", "H0MFCNT0", "H0IOCNT0", "H0ZFCNT0"):
        assert elements(CATALOG[tr_id].spec)[-3:] == ("DYNM_MXPR", "DYNM_LLAM", "DYNM_PRC_LIMT_YN")
