"""The settings of a gateway; apart from it, because its sockets use them too."""

from msgspec import Struct

from app.hub.owner_file import OwnerFile
from app.hub.session_records import SessionRecords
from app.krx.calendar import KRX, Schedule
from app.storage.credentials import Credentials


class GatewaySettings(Struct, frozen=True):
    """The settings of a gateway; port 0 is any free one."""

    credentials: Credentials
    rest_port: int = 0
    ws_port: int = 0
    schedule: Schedule = KRX
    file: OwnerFile | None = None
    """Where other kis-tui find it; None where they do not."""
    more_credentials: tuple[Credentials, ...] = ()
    """Those of the other app keys that the feed has sessions of."""
    records: SessionRecords | None = None
    """What was kept of the session before this program became its owner."""
