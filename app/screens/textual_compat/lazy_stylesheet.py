"""Component styles computed when they are first asked for, and CSS parsed once.

Textual applies all rules to a virtual node for each component class of a widget, each time that
the widget's own styles are applied: six times as many nodes as there are widgets, most of them for
tones that are not shown.
"""

from textual.css.styles import RenderStyles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode


class LazyStylesheet(Stylesheet):
    """A stylesheet that applies rules to component classes in use only."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parsed_variables: dict[str, str] | None = None

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._variables:
            super().set_variables(variables)

    def parse(self) -> None:
        super().parse()
        self._parsed_variables = self._variables

    def reparse(self) -> None:
        # New sources are parsed by `rules`, and parsed ones change with the variables alone.
        if self._parsed_variables not in (None, self._variables):
            super().reparse()
            self._parsed_variables = self._variables

    def component_styles(self, node: DOMNode, name: str) -> RenderStyles:
        """Return the styles of one component class of a node."""
        virtual = DOMNode(classes=name)
        virtual._attach(node)
        self.apply(virtual)
        return virtual.styles

    def _process_component_classes(self, node: DOMNode) -> None:
        names = node._get_component_classes()
        if not names:
            return
        styles = node._component_styles
        if not isinstance(styles, _ComponentStyles):
            node._component_styles = _ComponentStyles(self, node, names)
            return
        changed = False
        for name, before in list(styles.items()):
            after = styles[name] = self.component_styles(node, name)
            changed = changed or before != after
        if changed:
            node.refresh()


class _ComponentStyles(dict[str, RenderStyles]):
    """The component styles of a node that were asked for; it contains every name it may have."""

    def __init__(self, stylesheet: LazyStylesheet, node: DOMNode, names: frozenset[str]) -> None:
        super().__init__()
        self._stylesheet = stylesheet
        self._node = node
        self._names = names

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __missing__(self, name: str) -> RenderStyles:
        if name not in self._names:
            raise KeyError(name)
        styles = self[name] = self._stylesheet.component_styles(self._node, name)
        return styles
