"""A setting as the dialog of settings offers it."""

from collections.abc import Callable, Sequence

from msgspec import Struct


class SettingChoice(Struct, frozen=True):
    """A setting with the values that it can have."""

    name: str
    """Its name in the settings file; its title is ``setting.<name>`` in the catalogue."""
    values: Sequence[tuple[str, str]]
    """Each value, and what it means in words."""
    current: str
    preview: Callable[[str], bool]
    """Shows a value; returns whether it can be shown."""
