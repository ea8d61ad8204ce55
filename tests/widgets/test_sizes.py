"""Sizes of files in words."""

import pytest

from widgets.byte_sizes import size_words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0.0 KB"),
        (999_949, "999.9 KB"),
        (1_000_000, "1.0 MB"),
        (999_000_000, "999.0 MB"),
        (12_340_000_000, "12.34 GB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_suits_it(size: int, words: str) -> None:
    assert size_words(size) == words
