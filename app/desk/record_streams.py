"""The streams of a desk in JetStream: last frames for joiners, and the log of a day.

``KIS_DAY`` stores what is published under ``kis.raw``; ``KIS_LAST`` copies it and keeps one message
a subject, in memory, for direct gets.  Two streams cannot listen to the same subjects.  Frames are
published without waiting for the store, which may lose some when the server dies: the tape is the
record.  ``KIS_LEASE`` holds who has the session of a key; its messages expire.
"""

from typing import Any

import msgspec

from app.desk.desk_messages import LEASE, RAW
from app.desk.nats_connection import NatsConnection, Unanswered, Unreachable

DAY, LAST, LEASES = "KIS_DAY", "KIS_LAST", "KIS_LEASE"
DAY_AGE = 26 * 3600
DAY_BYTES = 2 * 1024**3
LAST_BYTES = 64 * 1024**2
KEY_LEASE_SECONDS = 5.0
"""Seconds after which a lease that is not renewed is free."""

_NANOSECONDS = 1_000_000_000
_API = "$JS.API"


class NoJetStream(Unreachable):
    """The server has no JetStream, or these credentials may not use it."""


async def make_lease_stream(connection: NatsConnection) -> None:
    """Make the stream of leases.

    Raises:
        Unreachable: the server does not answer, or has no JetStream.
    """
    await _make(
        connection,
        {
            "name": LEASES,
            "subjects": [f"{LEASE}.*"],
            "storage": "file",
            "max_msgs_per_subject": 1,
            "max_age": int(KEY_LEASE_SECONDS * _NANOSECONDS),
            "duplicate_window": int(KEY_LEASE_SECONDS * _NANOSECONDS),
            "allow_direct": True,
        },
    )


async def make_frame_streams(connection: NatsConnection) -> None:
    """Make the streams of frames.

    Raises:
        Unreachable: the server does not answer, or has no JetStream.
    """
    await _make(
        connection,
        {
            "name": DAY,
            "subjects": [f"{RAW}.>"],
            "storage": "file",
            "max_age": DAY_AGE * _NANOSECONDS,
            "max_bytes": DAY_BYTES,
            "discard": "old",
        },
    )
    # The day's log is not copied again: the hub publishes the last frames anew.
    about = await connection.request(f"{_API}.STREAM.INFO.{DAY}")
    if (error := error_of(about.data)) is not None:
        raise Unreachable(f"{DAY}: {error[1]}")
    begin = int(msgspec.json.decode(about.data)["state"]["last_seq"]) + 1
    await _make(
        connection,
        {
            "name": LAST,
            "sources": [{"name": DAY, "opt_start_seq": begin}],
            "storage": "memory",
            "max_msgs_per_subject": 1,
            "max_bytes": LAST_BYTES,
            "discard": "old",
            "allow_direct": True,
        },
    )


async def purge_last(connection: NatsConnection, subject: str = f"{RAW}.>") -> None:
    """Discard last frames that are over.

    Raises:
        Unreachable: the server does not answer.
    """
    body = msgspec.json.encode({"filter": subject})
    await connection.request(f"{_API}.STREAM.PURGE.{LAST}", body)


async def free_lease(connection: NatsConnection, subject: str) -> None:
    """Discard a lease that its holder gives back.

    Raises:
        Unreachable: the server does not answer.
    """
    await connection.request(
        f"{_API}.STREAM.PURGE.{LEASES}", msgspec.json.encode({"filter": subject})
    )


def last_lease(subject: str) -> str:
    """Return the subject of the request for the message of a lease."""
    return f"{_API}.DIRECT.GET.{LEASES}.{subject}"


def direct_get(subject: str) -> str:
    """Return the subject of the request for the last frame of a subject."""
    return f"{_API}.DIRECT.GET.{LAST}.{subject}"


async def _make(connection: NatsConnection, configuration: dict[str, Any]) -> None:
    """Make a stream; one that exists is left as it is, with what it holds."""
    name = configuration["name"]
    try:
        about = await connection.request(f"{_API}.STREAM.INFO.{name}")
    except Unanswered as unanswered:
        raise NoJetStream(name) from unanswered
    if error_of(about.data) is None:
        return
    body = msgspec.json.encode({"retention": "limits", "num_replicas": 1, **configuration})
    answer = await connection.request(f"{_API}.STREAM.CREATE.{name}", body)
    if (error := error_of(answer.data)) is not None:
        raise Unreachable(f"{name}: {error[1]}")


def error_of(answer: bytes) -> tuple[int, str] | None:
    """Return code and sentence of a refusal of JetStream, or None if it is none."""
    try:
        error = msgspec.json.decode(answer).get("error")
    except (msgspec.MsgspecError, AttributeError):
        return 0, "unreadable answer"
    return (int(error.get("err_code", 0)), str(error.get("description", ""))) if error else None
