"""Searches in the help."""

import pytest

from app.screens.dialogs.help_dialog import help_text


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("넓음", "넓음          매수·매도 호가 차이가"),
        ("호가 차이", "넓음  "),
        ("Δ괴리", "KIS 델타 − 자체 델타"),
    ],
)
def test_sign_is_found_by_itself_and_by_its_meaning(wanted: str, line: str) -> None:
    assert line in str(help_text(wanted))
