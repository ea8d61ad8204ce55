"""Messages about changes of a recording."""

from collections.abc import Iterator

from app.feed.recording import Recording
from specs.user_message import News, UserMessage


def news(before: Recording, now: Recording) -> Iterator[News]:
    """Yield a message for each change between two states of a recording."""
    if now.on and not before.on:
        before = Recording(on=True)
    for one in now.closed[len(before.closed) :]:
        key = f"record.{one.why}" if one.why in ("lost", "moved") else "record.stopped"
        yield News(
            UserMessage(key, name=one.name, count=f"{one.messages:,}"), bad=one.why == "lost"
        )
    if now.begun > before.begun:
        yield News(UserMessage("record.next" if before.begun else "record.started", name=now.name))
    if now.trouble and now.trouble != before.trouble:
        yield News(UserMessage("record.halted", why=UserMessage(now.trouble)), bad=True)
    elif before.trouble and not now.trouble and now.begun == before.begun:
        yield News(UserMessage("record.resumed", name=now.name))
    if now.removed > before.removed:
        yield News(UserMessage("record.removed", count=now.removed - before.removed))
    if before.on and not now.on and not (now.closed and now.closed[-1].why == "asked"):
        # While no tape was written.
        yield News(UserMessage("record.over"))
    if now.dropped and (now.dropped != before.dropped) and not (now.trouble and now.on):
        yield News(UserMessage("record.dropped", count=f"{now.dropped:,}"), bad=True)
