"""Masks everything in a file for a bug report that is, or looks like, a secret or an account."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app.system.secret import MASK, redact

SHORTEST = 6
"""Characters of the shortest value that is masked by value."""

_NAMES = r"key|secret|token|passw|acct|account|acnt|cano|hts_?id|authorization|my_app|my_sec|_sec\b"
_TELLING = re.compile(_NAMES, re.IGNORECASE)
_NAMED = re.compile(
    rf"""(?P<name>["']?[\w.-]*(?:{_NAMES})[\w.-]*["']?\s*[:=]\s*(?:Bearer\s+)?)"""
    r"""(?P<value>"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s"',}&]+)""",
    re.IGNORECASE,
)
# JSON web tokens, UUIDs as approval keys are, keys in hexadecimal or base64.
_RUN = re.compile(
    r"eyJ[\w.-]{10,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|[A-Za-z0-9+_]{16,}={0,2}"
)
# With slashes it may be a path: only what has capitals, small letters and digits is masked.
_LONG_RUN = re.compile(r"[A-Za-z0-9+/_]{40,}={0,2}")
_ACCOUNT = re.compile(r"(?<!\d)\d{8}-\d{2}(?!\d)")


class Masking:
    """Masks `values` and what has a telling name or shape; the home directory becomes ``~``."""

    def __init__(self, values: Iterable[str], home: Path) -> None:
        found = {value.strip() for value in values}
        found |= {value[:8] for value in found if re.fullmatch(r"\d{8}-?\d{2}", value)}
        found = {value for value in found if len(value) >= SHORTEST}
        forms = {form for value in found for form in (value, quote(value, safe=""))}
        # The longest first: one may be a part of another.
        self._values = sorted(forms, key=len, reverse=True)
        self._home = str(home) if len(home.parts) > 1 else ""

    def text(self, text: str) -> str:
        """Return a text without secrets and accounts."""
        text = redact(text)
        for value in self._values:
            text = text.replace(value, MASK)
        if self._home:
            text = re.sub(rf"{re.escape(self._home)}(?![\w.-])", "~", text)
        text = _NAMED.sub(rf"\g<name>{MASK}", text)
        text = _ACCOUNT.sub(MASK, text)
        text = _LONG_RUN.sub(_masked_long_run, text)
        return _RUN.sub(_masked_run, text)

    def json(self, content: bytes) -> bytes:
        """Return a JSON document likewise; content that is not JSON is masked as text."""
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            return self.text(content.decode("utf-8", "replace")).encode()
        return json.dumps(self.tree(found), ensure_ascii=False, indent=2).encode()

    def tree(self, value: Any) -> Any:
        """Return builtin values likewise; a member with a telling name loses its text or number."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(name): self._member(name, one) for name, one in value.items()}
            case list() | tuple():
                return [self.tree(one) for one in value]
        return value

    def _member(self, name: str, value: Any) -> Any:
        is_scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
        return MASK if is_scalar and _TELLING.search(name) else self.tree(value)


def secret_values(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the values of environment variables with names of secrets or accounts."""
    return [value for name, value in environment.items() if _TELLING.search(name)]


def _masked_run(run: re.Match[str]) -> str:
    text = run[0]
    mixed = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return MASK if mixed else text


def _masked_long_run(run: re.Match[str]) -> str:
    text = run[0]
    mixed = text.upper() != text != text.lower() and any(map(str.isdigit, text))
    return MASK if mixed else text
