"""The description of the package: README.md without what a package index cannot show.

An index resolves no relative links, shows no pictures of the package, and removes `data:`
addresses.  Links to the manual become the command that reads the page.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PICTURES = re.compile(r"^## Pictures\n.*?(?=^## )", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n\n", re.MULTILINE)
_PAGE = re.compile(r"\[([^\]]+)\]\(app/manual/(\w+)/([\w-]+)\.md(?:#[^)]*)?\)")


def description_of(readme: str) -> str:
    """Return the text of the README for a package index."""
    return _PAGE.sub(_command, _PICTURE.sub("", _PICTURES.sub("", readme)))


def _command(link: re.Match[str]) -> str:
    text, language, topic = link.groups()
    return f"{text} (`kis-tui help {topic} --lang {language}`)"


class PackageDescription(MetadataHookInterface):
    """The hook of hatchling that fills in `readme`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the description, read from the README of the project."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": description_of(text)}
