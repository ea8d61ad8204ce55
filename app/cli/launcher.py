"""Start the program from its own folder, whatever other package is called ``app``.

The wheel holds this file as ``kis_tui_launcher``, a name that nothing else has, beside the
packages.  A folder in PYTHONPATH comes before them, and its ``app`` would take the place of ours.
"""

import sys
from pathlib import Path

_OWN_FILE = Path("app", "screens", "kis.tcss")


def main() -> None:
    """Put the folder of the program's packages first, and run the command line."""
    # An editable install has this file in site-packages, and the packages where a .pth file says.
    folders = (str(Path(__file__).parent), *sys.path)
    own = next((folder for folder in folders if Path(folder, _OWN_FILE).is_file()), None)
    if own is not None:
        sys.path.insert(0, own)
    from app.cli import main as run

    run()
