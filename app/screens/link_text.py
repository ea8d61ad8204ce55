"""The state of the link in words: what it is, why, and when the next try comes."""

from math import inf

from app.feed.batch import HUB_SILENT, LinkState
from app.feed.connection import SETTLED, WAITING, LinkPhase
from specs.clean import clean
from widgets import times
from widgets.texts import has, t


def link_words(link: LinkState, now: float, *, in_session: bool = True) -> str:
    """One clause about the link; `now` in monotonic seconds.

    Where no data can come, outside of a session or without registrations, a link is not live.
    """
    age = now - link.last_message
    if link.phase is LinkPhase.SUSPECT and link.reason == HUB_SILENT:
        return t("hub.silent", age=times.span(age))
    if link.phase is LinkPhase.SUSPECT:
        return t("link.suspect", age=times.span(age))
    if link.phase in SETTLED:
        silent = link.notice <= age < inf
        if silent:
            return t("link.silent", age=times.span(age))
        if in_session and link.limit and not link.used:
            return t("link.nothing_registered")
        return t(f"link.{link.phase}" if in_session else f"link.{link.phase}_closed")
    words = t(f"link.{link.phase}")
    why = reason_words(link.reason, link.detail)
    if why:
        words = f"{words}: {why}"
    if link.phase in WAITING and link.next_at < inf:
        wait = times.span(max(0.0, link.next_at - now))
        counted = "link.next_try" if link.failures else "link.first_try"
        words += t(counted, span=wait, count=link.failures)
    elif link.phase in (LinkPhase.OCCUPIED, LinkPhase.FATAL):
        words += t("link.by_hand")
    return words


def reason_words(reason: str, detail: str) -> str:
    """Why the link is as it is, in the catalogue's words; empty where nothing is known."""
    if not has(f"reason.{reason}"):
        return ""
    words = t(f"why.{detail}") if has(f"why.{detail}") else clean(detail)
    return t(f"reason.{reason}", why=words)
