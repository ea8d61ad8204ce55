"""Masking of bug reports: no secret, no account, no home directory."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.system.masking import Masking, secret_values

MASKING = Masking(["opensesame+/7=", "50123456-03", "short"], Path("/home/trader"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with opensesame+/7= in it", "with *** in it"),
        ("url?secret=opensesame%2B%2F7%3D&x=1", "url?secret=***&x=1"),
        ("CANO 50123456 and 50123456-03", "CANO *** and ***"),
        ("another account 98765432-01.", "another account ***."),
        ("a short word", "a short word"),
        ("/home/trader/KIS and /home/trader2", "~/KIS and /home/trader2"),
        ("app_key = 'x1' # note", "app_key = *** # note"),
        ('"my_acct_future": "12345678"', '"my_acct_future": ***'),
        ("authorization: Bearer abcdef", "authorization: Bearer ***"),
        ('token = "with \\" quote"', "token = ***"),
        ("6e3f2b1a-0000-1111-2222-333344445555", "***"),
        ("secret:5ecre7+Sentinel/of0the/app0secret+0000000000000/00000000000==", "secret:***"),
        ("why=5ecre7+Sentinel/of0the/app0secret+00000000000/000==", "why=***"),
        (
            "2026-11-30T19:00:01+09:00 INFO feed wait=2.1s why=1006 attempt=2",
            "2026-11-30T19:00:01+09:00 INFO feed wait=2.1s why=1006 attempt=2",
        ),
        (
            'File "/usr/lib/python3.11/site-packages/textual/app.py", line 3285',
            'File "/usr/lib/python3.11/site-packages/textual/app.py", line 3285',
        ),
    ],
)
def test_text_is_masked_by_value_by_name_and_by_shape(text: str, expected: str) -> None:
    assert MASKING.text(text) == expected


def test_tree_masks_members_with_telling_names_and_keeps_the_shape() -> None:
    found = MASKING.tree(
        {"keys": {"app_key": "x", "cano": 12345678, "locked": False, "none_key": None}, "n": [1]}
    )
    assert found == {
        "keys": {"app_key": "***", "cano": "***", "locked": False, "none_key": None},
        "n": [1],
    }


def test_json_that_is_damaged_is_masked_as_text() -> None:
    assert b"opensesame" not in MASKING.json(b'{"a": "opensesame+/7="')
    assert json.loads(MASKING.json(b'{"a": "opensesame+/7="}')) == {"a": "***"}


@given(st.text(alphabet="abc\"'\\ =:\n", max_size=40), st.text(max_size=20))
def test_a_known_value_never_remains(before: str, after: str) -> None:
    assert "opensesame+/7=" not in MASKING.text(f"{before}opensesame+/7={after}")


def test_telling_values_are_those_of_secrets_and_accounts() -> None:
    environment = {
        "KIS_APP_KEY": "a", "KIS_SECRET": "b", "KIS_ACCT_FUTURE": "c", "KIS_CANO": "d",
        "GITHUB_TOKEN": "e", "KIS_HTS_ID": "f", "LANG": "g", "PATH": "h",
    }  # fmt: skip
    assert secret_values(environment) == ["a", "b", "c", "d", "e", "f"]
