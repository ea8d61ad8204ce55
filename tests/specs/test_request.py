"""The registration and release of a code, as they are sent."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.catalog import CATALOG
from specs.control import request

DOCUMENTED = (
    '{"header":{"approval_key":"KEY","custtype":"P","tr_type":"1","content-type":"utf-8"},'
    '"body":{"input":{"tr_id":"H0EUCNT0","tr_key":"B01612A18"}}}'
)


def test_a_registration_is_sent_exactly_as_documented() -> None:
    assert request("KEY", "H0EUCNT0", "B01612A18", register=True) == DOCUMENTED


def test_a_release_differs_in_its_type_and_a_company_in_its_customer_type() -> None:
    released = request("KEY", "H0EUCNT0", "B01612A18", register=False)
    assert released == DOCUMENTED.replace('"tr_type":"1"', '"tr_type":"2"')
    company = request("KEY", "H0EUCNT0", "B01612A18", register=True, customer="B")
    assert company == DOCUMENTED.replace('"custtype":"P"', '"custtype":"B"')


@pytest.mark.parametrize("tr_id", sorted(CATALOG))
def test_every_tr_of_the_catalog_can_be_asked_for(tr_id: str) -> None:
    sent = json.loads(request("KEY", tr_id, "A01612", register=True))
    assert sent["body"] == {"input": {"tr_id": tr_id, "tr_key": "A01612"}}


@pytest.mark.parametrize(
    "tr_id", ["H0IFCNI0", "H0STCNI0", "H0EUCNI0", "H0MFCNI0", "H0STCNT0", "h0eucnt0", "", "\x1b[2J"]
)
def test_an_order_notice_or_any_other_tr_cannot_be_asked_for(tr_id: str) -> None:
    """S01"""
    for register in (True, False):
        with pytest.raises(ValueError, match="market-data") as caught:
            request("KEY", tr_id, "A01612", register=register)
        assert "KEY" not in str(caught.value)
        assert str(caught.value).isprintable()


@given(st.text(), st.sampled_from(sorted(CATALOG)))
@settings(deadline=None)
def test_a_hostile_key_stays_one_value_of_the_request(tr_key: str, tr_id: str) -> None:
    sent = json.loads(request("K", tr_id, tr_key, register=True))
    assert sent["body"]["input"] == {"tr_id": tr_id, "tr_key": tr_key}
