"""The dashboard's changes to Textual; no module outside this package uses Textual's internals.

`safe_app` overrides methods of `App`, and `lazy_stylesheet` of its stylesheet.
`error_containment`, `layout_patches`, `partial_paint` and `same_content` replace methods of
Textual's own classes once, when this package is imported; `terminal_driver` reads the input, and
`shown_cells` knows what the terminal shows.
"""

from app.screens.textual_compat.error_containment import install_error_containment
from app.screens.textual_compat.layout_patches import replace_layouts
from app.screens.textual_compat.partial_paint import install_partial_paint
from app.screens.textual_compat.safe_app import SafeApp
from app.screens.textual_compat.same_content import skip_same_content

__all__ = ["SafeApp"]

install_error_containment()
replace_layouts()
install_partial_paint()
skip_same_content()
