"""``python tests/benchmarks/run.py [CASE…]``: measures the cases and prints a table of each.

A case is a module beside this one with a NAME (one line on what it measures) and a
``run(rounds, quick) -> list[Table]``; `rounds` is 0 where the case's own number is meant, `quick`
asks for a fifth of the time and a rougher figure.  Ends with 1 where a target is missed.
"""

import argparse
import importlib
import sys
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve().parent
# The folder of a script comes first on the path, where its modules would stand for others' names.
sys.path[0] = str(HERE.parent)


def cases() -> list[str]:
    """The modules that measure something."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\nNAME = " in path.read_text())


def main() -> int:
    """Measure what the command line names, or everything."""
    known = cases()
    parser = argparse.ArgumentParser(description="Measures kis-tui; ratios are judged.")
    parser.add_argument("case", nargs="*", metavar="CASE", help=", ".join(known))
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each case")
    parser.add_argument("--quick", action="store_true", help="rougher, in a fifth of the time")
    options = parser.parse_args()
    unknown = sorted(set(options.case) - set(known))
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)} (there are {', '.join(known)})")
    missed: list[str] = []
    for name in options.case or known:
        case = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {case.NAME}", flush=True)
        started = perf_counter()
        for table in case.run(options.rounds, options.quick):
            print(f"\n{table}", flush=True)
            missed += [f"{name}: {table.title}: {target}" for target in table.missed]
        print(f"\n({perf_counter() - started:.0f} s)", flush=True)
    print("\nEvery target holds." if not missed else "\nMissed:")
    for target in missed:
        print(f"  {target}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
