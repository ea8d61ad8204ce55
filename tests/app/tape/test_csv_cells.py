"""A column of numbers holds numbers alone, as the record's decoder does."""

import re

import pytest

from app.tape.csv_cells import CELLS

NUMBER, QUANTITY, TEXT = (True, False, 9), (True, True, 9), (False, False, 9)


@pytest.mark.parametrize("text", ["1_0", " 1", "1 ", "infinity", "1e", "0x1", "１"])
def test_a_text_that_python_reads_as_a_number_is_refused_as_the_decoder_does(text: str) -> None:
    for kind in (NUMBER, QUANTITY):
        with pytest.raises(ValueError, match=re.escape(text)):
            CELLS[kind][text]


def test_only_a_quantity_is_refused_when_it_is_negative() -> None:
    assert CELLS[NUMBER]["-0.5"] == "-0.5"
    with pytest.raises(ValueError, match=r"^[-1]"):
        CELLS[QUANTITY]["-0.5"]


def test_a_text_is_refused_beyond_its_longest() -> None:
    assert CELLS[TEXT]["123456789"] == "123456789"
    with pytest.raises(ValueError, match=r"^[-1]"):
        CELLS[TEXT]["1234567890"]
