"""The list of equivalent mutants against the code: each entry is exactly one mutant of its file."""

from collections import Counter

import pytest
from rig.mutant_source import Source, equivalent_mutants

EQUIVALENT = equivalent_mutants()


@pytest.mark.parametrize("path", EQUIVALENT)
def test_an_equivalent_mutant_is_one_of_its_file_and_has_a_reason(path: str) -> None:
    found = Counter(mutant.key for mutant in Source(path).mutants())
    assert {key: found[key] for key in EQUIVALENT[path]} == dict.fromkeys(EQUIVALENT[path], 1)
    assert all(len(reason.split()) > 3 for reason in EQUIVALENT[path].values())
