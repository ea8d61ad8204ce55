"""What is to be said of a recording when something about it changed."""

from collections.abc import Iterator

from msgspec import Struct

from app.tape.recording import Recording
from widgets.texts import t


class News(Struct, frozen=True):
    """A sentence; `bad` where it is a warning."""

    text: str
    bad: bool = False


def news(before: Recording, now: Recording) -> Iterator[News]:
    """What happened between two looks at a recorder."""
    if not before.on:
        before = Recording(on=now.on)
    if now.name != before.name and now.on:
        key = "record.next" if before.name else "record.started"
        yield News(t(key, name=now.name))
    if now.trouble and now.trouble != before.trouble:
        yield News(t("record.halted", why=t(now.trouble)), bad=True)
    elif before.trouble and not now.trouble:
        yield News(t("record.resumed", name=now.name))
    if now.removed > before.removed:
        yield News(t("record.removed", count=now.removed - before.removed))
    if before.on and not now.on:
        yield News(t("record.stopped", name=now.name, count=f"{now.entries:,}"))
    if now.dropped and (now.dropped != before.dropped) and not (now.trouble and now.on):
        yield News(t("record.dropped", count=f"{now.dropped:,}"), bad=True)
