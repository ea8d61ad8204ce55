"""``python -m benchmarks.session_growth``: prints what two million trades add to a process, in MiB.

41 contracts, the busiest traded 41 times as much as the quietest, by batches as the feed brings
them; three in four have our own theory beside their price.
"""

import random
import sys
from array import array
from math import nan

from benchmarks.onlooker import resident_of

from app.market.session_memory import LIMIT, SessionMemory

CODES = 41
BATCH = 500
_BEGIN, _LASTS = 1_795_165_200, 43_200
_FUTURES = 10


def main() -> None:
    """Fill a session's memory with as many trades as it keeps."""
    trades = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT
    draw, memory = random.Random(7), SessionMemory()
    weights = [1 / (rank + 1) for rank in range(CODES)]
    volumes = [0] * CODES
    before = resident_of("self")
    for count in range(0, trades, BATCH):
        second = _BEGIN + count * _LASTS // trades
        batch: dict[str, array[float]] = {}
        for code in draw.choices(range(CODES), weights, k=BATCH):
            volumes[code] += 3
            price = 1000 + draw.randrange(1000) * 0.05
            one = (second, round(price, 2), 3, volumes[code], 100_000, 15.0, 0.5, 9)
            batch.setdefault(str(code), array("d")).extend(one)
        memory.apply(batch, lambda code: nan if int(code) < _FUTURES else 1000.0)
    print(memory.count, f"{resident_of('self') - before:.1f}")


if __name__ == "__main__":
    main()
