"""Reading of codes that a user typed."""

from app.system.errors import UsageError
from specs.clean import clean
from specs.code_input import code_of
from widgets.texts import t


def read_code(text: str) -> str:
    """Return the short code of a typed short code or ISIN.

    Raises:
        UsageError: the text is neither.
    """
    code = code_of(text)
    if code is None:
        raise UsageError(t("layouts.no_code", code=clean(text.strip(), 16)))
    return code
