"""The dashboard's changes to Textual; no module outside this package uses Textual's internals.

`safe_app` overrides methods of `App`, `error_containment` and `layout_patches` replace methods of
Textual's own classes once, when this package is imported, and `terminal_driver` reads the input.
"""

from app.screens.textual_compat.error_containment import install_error_containment
from app.screens.textual_compat.layout_patches import replace_layouts
from app.screens.textual_compat.safe_app import SafeApp

__all__ = ["SafeApp"]

install_error_containment()
replace_layouts()
