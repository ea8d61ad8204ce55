"""Reports of a run: percentiles, failed seeds, and elapsed time."""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "data" / "seeds.tsv"


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which `share` (of 1) of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def spread(values: Sequence[float]) -> str:
    """Median, 99th percentile and most."""
    return (
        f"p50 {percentile(values, 0.5):.1f} s, p99 {percentile(values, 0.99):.1f} s, "
        f"most {max(values, default=0.0):.1f} s"
    )


def kept_seeds(run: str) -> list[int]:
    """The seeds that once failed in a run."""
    lines = SEEDS.read_text(encoding="utf-8").splitlines()[1:]
    return [int(seed) for name, seed, _ in (line.split("\t", 2) for line in lines) if name == run]


def keep_seed(run: str, seed: int, why: str) -> None:
    """Keep a seed as a regression, once."""
    if seed not in kept_seeds(run):
        with SEEDS.open("a", encoding="utf-8") as file:
            file.write(f"{run}\t{seed}\t{' '.join(why.split())[:120]}\n")


def each(run: str, seeds: Iterable[int], history: Callable[[int], None]) -> int:
    """Run one history after another; how many failed, each printed and kept."""
    failed = 0
    for seed in seeds:
        try:
            history(seed)
        except Exception as error:
            failed += 1
            print(f"{run}: seed {seed} fails: {type(error).__name__}: {error}", flush=True)
            keep_seed(run, seed, str(error))
    return failed


def arguments(text: str | None, **defaults: int) -> argparse.Namespace:
    """The arguments of a run: whole numbers with a default each."""
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


class Stopwatch:
    """Real seconds since it was made."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._begun

    def __str__(self) -> str:
        return f"{self.seconds:.0f} s of real time"


def resident() -> int:
    """Bytes of memory in use now."""
    if sys.platform == "win32":
        raise NotImplementedError
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
