"""Reads the text catalogue: from one JSON file beside Python's caches, else from the TOML files.

Parsing the TOML files takes some 60 ms, the JSON below one.  It holds names, sizes and times of
the files that it was made of, so that a changed text makes it anew.  It is written where Python
writes bytecode, and under the same conditions.
"""

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import msgspec
from msgspec import Struct

Catalogue = dict[str, dict[str, dict[str, str]]]
Sources = list[tuple[str, int, int]]
"""Name, size and time of change (ns) of each TOML file."""


class CatalogueFile(Struct, frozen=True):
    """Content of the JSON file."""

    sources: Sources
    texts: Catalogue


def read_catalogue(folder: Path) -> Catalogue:
    """Return area, key and language of all texts in the TOML files of a folder.

    Raises:
        OSError, TOMLDecodeError: a TOML file cannot be read.
    """
    sources = list_sources(folder)
    place = cache_path(folder)
    kept = _read_cache(place) if place is not None else None
    if kept is not None and kept.sources == sources:
        return kept.texts
    texts = _parse(folder, sources)
    if place is not None and not sys.dont_write_bytecode:
        _write_cache(place, CatalogueFile(sources, texts))
    return texts


def list_sources(folder: Path) -> Sources:
    """Return the TOML files of a folder, by name."""
    with os.scandir(folder) as entries:
        found = [(one.name, one.stat()) for one in entries if one.name.endswith(".toml")]
    return sorted((name, about.st_size, about.st_mtime_ns) for name, about in found)


def cache_path(folder: Path) -> Path | None:
    """Return the path of the JSON file; None if Python keeps no caches."""
    try:
        return Path(cache_from_source(str(folder / "catalogue.py"))).with_suffix(".json")
    except NotImplementedError:
        return None


def _read_cache(place: Path) -> CatalogueFile | None:
    try:
        return msgspec.json.decode(place.read_bytes(), type=CatalogueFile)
    except (OSError, ValueError, RecursionError):
        return None


def _write_cache(place: Path, content: CatalogueFile) -> None:
    """Write the file as a whole, or not at all."""
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        try:
            beside.write_bytes(msgspec.json.encode(content))
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)


def _parse(folder: Path, sources: Sources) -> Catalogue:
    import tomllib

    merged: Catalogue = {}
    for name, _, _ in sources:
        merged.update(tomllib.loads((folder / name).read_text(encoding="utf-8")))
    return merged
