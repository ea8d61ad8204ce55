"""500 rows scrolled and sorted under the load of 1,000 frames a second, beside 41 rows.

A layout holds 200 codes and KIS registers 41, so the watchlist and the book are driven directly
(`rowed`), on a real pty, 160×50, at ten beats a second.
"""

import json
import tempfile
from pathlib import Path

from benchmarks.onlooker import PYTHON, Onlooker
from benchmarks.table import Table, Variant, interleave

NAME = "500 rows, scrolled and sorted"
ROUNDS, BEATS = 5, 80
PATIENCE = 60.0
_SCRIPT = str(Path(__file__).with_name("rowed.py"))


def run(rounds: int, quick: bool) -> list[Table]:
    """CPU of a beat."""
    sizes = {"41 rows": 41, "200 rows": 200, "500 rows": 500}
    table = Table(
        "a beat of 100 frames",
        "ms of CPU",
        [Variant("41 rows"), Variant("200 rows", "41 rows"), Variant("500 rows", "41 rows", 1.6)],
    )
    beats = BEATS // (2 if quick else 1)
    measures = {name: lambda rows=rows: _beat(rows, beats) for name, rows in sizes.items()}
    interleave(table, rounds or (2 if quick else ROUNDS), measures)
    return [table]


def _beat(rows: int, beats: int) -> float:
    with tempfile.TemporaryDirectory() as home:
        result = Path(home, "result.json")
        command = (PYTHON, _SCRIPT, str(rows), str(beats), str(result))
        with Onlooker(command, Path(home)) as onlooker:
            onlooker.ends(PATIENCE)
        return float(json.loads(result.read_text())["beat"])
