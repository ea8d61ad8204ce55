"""Every field that KIS sends can be seen, and `FIELDS.md` says where.

The table is renewed with ``pytest --snapshot-update``.
"""

import re
from pathlib import Path

import pytest
from harness.field_places import seen_at

from specs.catalog import CATALOG
from widgets.texts import catalogue

TABLE = Path(__file__).parents[2] / "widgets" / "FIELDS.md"
LISTED = ("H0EUCNT0", "H0EUANC0", "H0IFCNT0", "H0ZOCNT0", "H0ZOANC0", "H0ZFANC0")
_BODY = re.compile(r"(<!-- fields -->\n)(.*?)(<!-- /fields -->)", re.DOTALL)


def table() -> str:
    """Return the tables of the listed TRs as FIELDS.md has them."""
    parts = []
    for tr_id in LISTED:
        name = catalogue()["fields"][tr_id]
        parts.append(f"## {tr_id}: {name['en']} ({name['ko']})\n")
        parts.append("| field | 한국어 | name | seen at |\n|---|---|---|---|")
        spec = CATALOG[tr_id].spec
        for ours, (element, places) in zip(
            spec.__struct_fields__, seen_at(tr_id).items(), strict=True
        ):
            term = catalogue()["field"][element]["ko"]
            parts.append(f"| `{element}` | {term} | {ours} | {', '.join(places)} |")
        parts.append("")
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("tr_id", CATALOG)
def test_every_field_can_be_seen_on_the_page_of_fields(tr_id: str) -> None:
    assert [element for element, places in seen_at(tr_id).items() if "fields" not in places] == []


def test_panels_show_every_field_of_an_index_future_but_code_and_repeated_signs() -> None:
    only = [element for element, places in seen_at("H0IFCNT0").items() if places == ["fields"]]
    assert only == [
        "FUTS_SHRN_ISCD", "OPRC_VRSS_PRPR_SIGN", "HGPR_VRSS_PRPR_SIGN", "LWPR_VRSS_PRPR_SIGN",
    ]  # fmt: skip


def test_fields_md_says_where_each_field_is_seen(request: pytest.FixtureRequest) -> None:
    text = TABLE.read_text(encoding="utf-8")
    if request.config.getoption("--snapshot-update"):
        text = _BODY.sub(lambda found: found[1] + table() + found[3], text)
        TABLE.write_text(text, encoding="utf-8")
    found = _BODY.search(text)
    assert found is not None
    assert found[2] == table(), "renew it with: pytest --snapshot-update"
