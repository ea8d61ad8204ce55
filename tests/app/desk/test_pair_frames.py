"""The order of a registration's frames, and the hub's clock, without a server."""

import pytest
from harness.sample_frames import frame as sample
from harness.sample_frames import record

from app.desk.desk_messages import FrameStamp, key_of_subject, read_stamp
from app.desk.frame_publisher import split_records
from app.desk.hub_time import HubTime
from app.desk.pair_frames import FollowedEpoch, StampedFrame
from app.feed.registration_state import RegistrationKey
from specs.frame import decode

KEY = RegistrationKey("H0MFCNT0", "A01612")
SECOND = 1_000_000_000


def frame(sequence: int) -> StampedFrame:
    """Return a frame of a number."""
    return StampedFrame(FrameStamp(sequence * SECOND, sequence, "e"), b"%d" % sequence)


def numbers(frames: tuple[StampedFrame, ...]) -> list[int]:
    """Return the numbers of frames."""
    return [one.stamp.sequence for one in frames]


def test_frames_are_held_until_the_last_value_is_known_and_the_older_are_dropped() -> None:
    pair = FollowedEpoch("e").hold(KEY)
    assert [pair.accept(frame(n)) for n in (3, 4, 5)] == [(), (), ()]
    assert numbers(pair.join(frame(4))) == [4, 5]
    assert numbers(pair.accept(frame(5))) == []
    assert numbers(pair.accept(frame(6))) == [6]
    assert pair.older == 3


def test_without_a_last_value_all_that_was_held_is_delivered() -> None:
    pair = FollowedEpoch("e").hold(KEY)
    pair.accept(frame(1))
    assert numbers(pair.join(None)) == [1]


def test_a_connection_after_another_delivers_no_frame_again() -> None:
    followed = FollowedEpoch("e")
    assert numbers(followed.hold(KEY).join(frame(7))) == [7]
    again = followed.hold(KEY)
    again.accept(frame(8))
    assert numbers(again.join(frame(7))) == [8]


def test_a_late_message_has_the_age_that_the_hub_gave_it() -> None:
    time = HubTime()
    assert time.moment(5 * SECOND, 100.0) == 100.0
    time.apply(5 * SECOND, 100.0)
    time.apply(6 * SECOND, 113.0)
    assert time.moment(6 * SECOND, 113.0) == 101.0
    assert time.moment(20 * SECOND, 113.0) == 113.0


def test_the_clock_of_a_hub_that_runs_slower_is_measured_anew() -> None:
    time = HubTime()
    for second in range(0, 3600, 1):
        time.apply(second * SECOND, second * 1.001)
    assert time.moment(3599 * SECOND, 3599 * 1.001) > 3599 * 1.001 - 0.2


@pytest.mark.parametrize(
    "subject",
    ["kis.raw.H0MFCNT0", "kis.raw.NOPE.A01612", "kis.raw.H0MFCNT0.A>", "kis.state.x.y"],
)
def test_a_subject_of_no_registration_is_none(subject: str) -> None:
    assert key_of_subject(subject) is None
    assert key_of_subject("kis.raw.H0MFCNT0.A01612") == KEY


@pytest.mark.parametrize("headers", [None, {}, {"Kis-Time": "x", "Kis-Seq": "1", "Kis-Epoch": ""}])
def test_a_message_without_a_stamp_has_none(headers: dict[str, str] | None) -> None:
    assert read_stamp(headers) is None


def test_a_frame_of_several_records_is_split_byte_for_byte() -> None:
    raw = sample("H0MFCNT0", *(record("H0MFCNT0", "A01612") for _ in range(3)))
    records = decode(raw).records
    singles = [single for _, single in split_records(raw, "H0MFCNT0", records)]
    assert len(singles) == 3
    assert "^".join(one.split("|")[3] for one in singles) == raw.split("|")[3]
    assert [decode(one).records[0] for one in singles] == records
