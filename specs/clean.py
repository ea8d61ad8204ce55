"""Masking of unprintable characters in text from the wire, a file or the keyboard."""

MASK = "·"


def clean(text: str, limit: int = 120) -> str:
    """Return the text with every unprintable character masked, at most `limit` characters long.

    Unprintable are control and escape characters, bidirectional overrides, zero-width marks,
    lone surrogates and tag characters.  Terminal libraries pass these through, markup or not.
    """
    text = text[:limit]
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else MASK for c in text)
