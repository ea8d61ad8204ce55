"""Sizes of files in words; apart from `cells`, so that commands need not import Rich."""


def size_words(size: int) -> str:
    """Return a number of bytes in KB, MB or GB."""
    if size < 1_000_000:
        return f"{size / 1000:,.1f} KB"
    return f"{size / 1e6:,.1f} MB" if size < 1_000_000_000 else f"{size / 1e9:,.2f} GB"
