"""The bases that mark what a TR sends: each TR has one, and the fields that it promises."""

import ast
from pathlib import Path

import pytest

import specs.record
from specs.catalog import CATALOG, channel_of
from specs.record import Record


def annotated_fields() -> dict[str, set[str]]:
    """Return the names that each base in specs/record.py annotates."""
    tree = ast.parse(Path(specs.record.__file__).read_text())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return {
        node.name: {d.name for d in ast.walk(node) if isinstance(d, ast.FunctionDef)}
        for node in classes
    }


@pytest.mark.parametrize("tr_id", CATALOG)
def test_record_has_every_field_that_its_bases_annotate(tr_id: str) -> None:
    spec = CATALOG[tr_id].spec
    annotated = annotated_fields()
    names = {name for base in spec.__mro__ for name in annotated.get(base.__name__, ())}
    assert len(names) >= 7
    assert names <= set(spec.__struct_fields__)


def test_channel_of_refuses_a_record_without_a_marker_base() -> None:
    class Unmarked(Record, frozen=True):
        pass

    with pytest.raises(TypeError, match="Unmarked"):
        channel_of(Unmarked)
