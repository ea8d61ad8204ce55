"""One Parquet file of an archive, without the rows that the archive has from another tape."""

from pathlib import Path
from typing import Any, BinaryIO

from app.tape.tables import RECEIVED, ParquetTable, arrow

_CODE = "code"
_MARGIN = 60_000_000
"""µs around a tape's times in which records of others are compared: a clock may be set back."""


class ArchiveTable(ParquetTable):
    """A Parquet table that leaves out rows whose time of receipt and code are `known`.

    A cut, repaired or longer copy of an archived tape has the same records at the same times.
    """

    def __init__(self, file: BinaryIO, tr_id: str, known: Any | None) -> None:
        super().__init__(file, tr_id)
        self._known = known
        self.repeated = 0
        """Rows that were left out."""

    @property
    def written(self) -> int:
        """Rows of the file."""
        return self.count - self.repeated

    def _put(self, table: Any) -> None:
        if self._known is not None:
            pa, _ = arrow()
            is_new = pa.compute.invert(pa.compute.is_in(_keys(table), value_set=self._known))
            fresh = table.filter(is_new)
            self.repeated += table.num_rows - fresh.num_rows
            table = fresh
        if table.num_rows:
            super()._put(table)


def known_rows(part: Path, first: int, last: int) -> Any | None:
    """Return keys of the rows that other files in a part's folder have of a time; None if none.

    `first` and `last` are in ns since 1970.

    Raises:
        OSError, ValueError: one of the files cannot be read.
    """
    pa, pq = arrow()
    begin, end = first // 1000 - _MARGIN, last // 1000 + _MARGIN
    found = []
    for other in sorted(part.parent.glob(f"[!.]*{part.suffix}")):
        if other == part:
            continue
        with pq.ParquetFile(other) as file:
            groups = [
                at for at in range(file.num_row_groups) if _overlaps(file.metadata, at, begin, end)
            ]
            if groups:
                found.append(_keys(file.read_row_groups(groups, columns=[RECEIVED, _CODE])))
    if not found:
        return None
    return pa.chunked_array([chunk for keys in found for chunk in keys.chunks]).combine_chunks()


def _overlaps(metadata: Any, group: int, begin: int, end: int) -> bool:
    """Return whether a group of rows may have some of a time, in µs since 1970."""
    statistics = metadata.row_group(group).column(0).statistics
    if statistics is None or not statistics.has_min_max:
        return True
    return bool(statistics.min_raw <= end and statistics.max_raw >= begin)


def _keys(table: Any) -> Any:
    """Return time of receipt and code of each row as one text."""
    pa, _ = arrow()
    times = table.column(RECEIVED).cast(pa.int64()).cast(pa.string())
    return pa.compute.binary_join_element_wise(times, table.column(_CODE), "/")
