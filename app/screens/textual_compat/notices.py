"""Notices in the corner of the screen, one at a time.

Textual stacks them, which covers the market: eight deletions in a row were eight lines.
"""

from collections import deque
from typing import Self

from textual.notifications import Notification, Notifications

MOST_WAITING = 8
"""Notices that wait; more are in the log alone."""


class NoticeQueue(Notifications):
    """The notice that is shown, and those that wait for their turn.

    An information is shown at once, in the place of another one; a warning or an error that it
    displaces comes back after it.  Warnings and errors are shown in their order.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Notification] = deque(maxlen=MOST_WAITING)

    @property
    def messages(self) -> list[str]:
        """Return the text that is shown, and those that wait."""
        return [notice.message for notice in (*self, *self._waiting)]

    def add(self, notification: Notification) -> Self:
        """Show a notice, or have it wait; a warning that is shown or waits already is dropped."""
        shown = next(iter(self), None)
        known = {one.message for one in self._waiting}
        if shown is not None and shown.severity != "information":
            if notification.severity != "information":
                if notification.message not in known | {shown.message}:
                    self._waiting.append(notification)
                return self
            self._waiting.appendleft(shown)
        elif notification.message in known:
            return self
        super().clear()
        return super().add(notification)

    def clear(self) -> Self:
        """Remove all notices."""
        self._waiting.clear()
        return super().clear()

    def advance(self) -> bool:
        """Show the next notice if none is shown; return whether there was one."""
        if len(self) or not self._waiting:
            return False
        next_one = self._waiting.popleft()
        # Its time begins now.
        renewed = Notification(
            next_one.message, next_one.title, next_one.severity, next_one.timeout, next_one.markup
        )
        super().add(renewed)
        return True
