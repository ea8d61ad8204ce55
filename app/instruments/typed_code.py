"""Read a short code that a user typed, or say that it is none."""

from app.system.errors import UsageError
from specs.clean import clean
from specs.code_input import code_of
from widgets.texts import t


def read_code(text: str) -> str:
    """Return the short code that a short code or an ISIN stands for.

    Raises:
        UsageError: it is neither.
    """
    code = code_of(text)
    if code is None:
        raise UsageError(t("layouts.no_code", code=clean(text.strip(), 16)))
    return code
