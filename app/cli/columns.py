"""A table on standard output: columns as wide as their widest cell, Korean two cells a syllable."""

from collections.abc import Collection, Iterator, Sequence


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """The lines of a table; columns in `right` end at the same cell."""
    from rich.cells import cell_len

    from widgets.cells import fit

    columns = range(max(map(len, rows), default=0))
    widths = [max(cell_len(row[at]) for row in rows) for at in columns]
    for row in rows:
        cells = (fit(row[at], widths[at], right=at in right) for at in columns)
        yield "  ".join(cells).rstrip()
