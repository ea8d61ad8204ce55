"""The keys of an app or a screen other than those of its class.

Textual's own keymap cannot take a key away, and drops a binding whose key another one gets.
"""

from collections.abc import Collection, Iterable

from textual.binding import BindingsMap, BindingType
from textual.dom import DOMNode


def rebind(node: DOMNode, bindings: Iterable[BindingType], ids: Collection[str]) -> None:
    """Bind keys in place of those that the class of an app or screen binds for some ids."""
    kept = [binding for _, binding in node._bindings if binding.id not in ids]
    node._bindings = BindingsMap([*kept, *bindings])
