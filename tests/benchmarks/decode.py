"""Decode of one frame, checked and typed, against what else is done with such a text.

The floor splits header and fields and does no more.  Beside it stand the dictionary of texts that
most KIS libraries make, the ``pandas.read_csv`` of KIS' own sample and the parser of python-kis,
with a class of the same fields as it declares its own.  CPU time of the process, in µs a record;
the collector is off meanwhile, and every variant reads the same frames.
"""

import gc
import importlib
import io
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from time import process_time
from typing import Any

from benchmarks.frames import frames
from benchmarks.table import Table, Variant, interleave
from msgspec.structs import fields

from specs.catalog import CATALOG
from specs.frame import decode
from specs.record import Quantity, elements

NAME = "decode of a frame (µs of CPU a record)"
ROUNDS, QUICK_ROUNDS = 25, 7
SAMPLE = 0.012
"""Seconds that one sample takes, about."""
FULL = "H0EUCNT0"
AT_MOST = {1: 3.2, 4: 3.0}
"""Of a full frame against the floor, by its records."""


def run(rounds: int, quick: bool) -> list[Table]:
    """The full comparison for 56 fields and 8, then every TR against the floor."""
    rounds = rounds or (QUICK_ROUNDS if quick else ROUNDS)
    tables = [
        _compared(tr_id, count, mixed, rounds)
        for tr_id, count, mixed in (
            (FULL, 1, True),
            (FULL, 4, True),
            (FULL, 1, False),
            (FULL, 4, False),
            ("H0EUANC0", 1, True),
        )
    ]
    return [*tables, *(_every_tr(mixed, max(3, rounds // 3)) for mixed in (True, False))]


def _compared(tr_id: str, count: int, mixed: bool, rounds: int) -> Table:
    entry, raws = CATALOG[tr_id], frames(tr_id, count, mixed)
    names = elements(entry.spec)
    judged = tr_id == FULL and mixed
    variants = [
        Variant("split only"),
        Variant("kis-tui", "split only", at_most=AT_MOST[count] if judged else float("inf")),
        Variant("dict of texts", "split only"),
        Variant("python-kis", "kis-tui", at_least=8.0 if judged else 0.0),
        Variant("pandas.read_csv", "kis-tui", at_least=300.0 if judged else 0.0),
    ]
    blanks = "with blanks and nan" if mixed else "clean"
    table = Table(f"{tr_id}, {entry.width} fields × {count}, {blanks}", "µs", variants)
    ways: dict[str, Callable[[str], object]] = {
        "split only": _floor,
        "kis-tui": decode,
        "dict of texts": _dictionary(names, count),
    }
    optional = {
        "python-kis": partial(_python_kis, tr_id),
        "pandas.read_csv": partial(_pandas, names),
    }
    for name, make in optional.items():
        try:
            ways[name] = make()
        except ImportError as error:
            table.notes.append(f"{name} left out ({error}); pip install -e '.[bench]'")
    interleave(table, rounds, {name: _timed(way, raws, count) for name, way in ways.items()})
    return table


def _every_tr(mixed: bool, rounds: int) -> Table:
    title = f"every TR, {'with blanks and nan' if mixed else 'clean'}: decode in floors"
    table = Table(title, "×", [])
    for tr_id, entry in sorted(CATALOG.items(), key=lambda item: item[1].channel):
        for count in (1, 4):
            raws = frames(tr_id, count, mixed)
            one = Table("", "µs", [Variant("floor"), Variant("ours")])
            measures = {"floor": _timed(_floor, raws, count), "ours": _timed(decode, raws, count)}
            interleave(one, rounds, measures)
            ratios = zip(one["ours"].samples, one["floor"].samples, strict=True)
            name = f"{tr_id} {entry.channel}, {entry.width} × {count}"
            table.variants.append(Variant(name, samples=[ours / floor for ours, floor in ratios]))
    return table


def _timed(way: Callable[[str], object], raws: list[str], count: int) -> Callable[[], float]:
    """A measure of a way: µs a record over all frames, repeated to the length of a sample."""
    started = process_time()
    # A dear way is measured on a few frames: its spread is small beside its cost.
    few = raws
    for done, raw in enumerate(raws, 1):
        way(raw)
        if process_time() - started > 4 * SAMPLE:
            few = raws[: max(done, 8)]
            break
    spent = process_time() - started
    repeats = max(1, round(SAMPLE / max(spent, 1e-6)))

    def measure() -> float:
        gc.disable()
        try:
            begun = process_time()
            for _ in range(repeats):
                for raw in few:
                    way(raw)
            return (process_time() - begun) * 1e6 / (repeats * len(few) * count)
        finally:
            gc.enable()

    return measure


def _floor(raw: str) -> object:
    return raw.split("|", 3)[3].split("^")


def _dictionary(names: tuple[str, ...], count: int) -> Callable[[str], object]:
    width = len(names)

    def one(raw: str) -> object:
        _, tr_id, _, body = raw.split("|", 3)
        return tr_id, dict(zip(names, body.split("^"), strict=False))

    def several(raw: str) -> object:
        _, tr_id, _, body = raw.split("|", 3)
        values = body.split("^")
        starts = range(0, count * width, width)
        return tr_id, [dict(zip(names, values[at : at + width], strict=False)) for at in starts]

    return one if count == 1 else several


def _pandas(names: tuple[str, ...]) -> Callable[[str], object]:
    """As in KIS' sample, which gives several records the columns of one and keeps the last."""
    read_csv = importlib.import_module("pandas").read_csv

    def read(raw: str) -> object:
        body = raw.split("|", 3)[3]
        return read_csv(io.StringIO(body), header=None, sep="^", names=names, dtype=object)

    return read


def _python_kis(tr_id: str) -> Callable[[str], object]:
    """Its parser with a class of our fields: texts, whole numbers, and Decimal as it has them."""
    response = importlib.import_module("pykis.responses.websocket").KisWebsocketResponse
    types = importlib.import_module("pykis.responses.types")
    layout: list[Any] = []
    annotations: dict[str, Any] = {}
    for field in fields(CATALOG[tr_id].spec):
        kind: Any
        annotation: Any
        if field.default == "":
            kind, annotation = types.KisString, str
        elif field.type == Quantity:
            kind, annotation = types.KisInt, int | None
        else:
            kind, annotation = types.KisDecimal, Decimal | None
        layout.append(kind[field.name])
        annotations[field.name] = annotation
    declared = {"__fields__": layout, "__annotations__": annotations}
    response_type = type("Response", (response,), declared)

    def read(raw: str) -> object:
        _, _, count, body = raw.split("|", 3)
        return list(response.parse(body, count=int(count), response_type=response_type))

    return read
