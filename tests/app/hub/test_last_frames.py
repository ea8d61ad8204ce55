"""The last record of a registration as a frame of its own."""

import pytest

from app.feed.registration_state import RegistrationKey
from app.hub.last_frames import LastFrames
from specs.catalog import CATALOG
from specs.frame import decode

TR = "H0EUANC0"
WIDTH = CATALOG[TR].width
ONE, OTHER = "B01612A33", "C01612A33"


def record(code: str, time: str, surplus: int = 0) -> str:
    return "^".join([code, time, "1.05", *["1"] * (WIDTH - 3), *["9"] * surplus])


@pytest.mark.parametrize("surplus", [0, 2])
def test_the_last_record_of_each_code_is_cut_out(surplus: int) -> None:
    records = [record(ONE, "180001", surplus), record(OTHER, "180002", surplus)]
    records.append(record(ONE, "180003", surplus))
    frames, raw = LastFrames(), f"0|{TR}|003|{'^'.join(records)}"
    frames.apply(TR, (ONE, OTHER), raw)
    assert frames.find(RegistrationKey(TR, ONE)) == f"0|{TR}|001|{records[2]}"
    assert frames.find(RegistrationKey(TR, OTHER)) == f"0|{TR}|001|{records[1]}"
    assert decode(f"0|{TR}|001|{records[1]}").records[0].code == OTHER


def test_a_frame_of_one_record_stays_byte_for_byte() -> None:
    frames, raw = LastFrames(), f"0|{TR}|1|{record(ONE, '180001')}^"
    frames.apply(TR, (ONE,), raw)
    assert frames.find(RegistrationKey(TR, ONE)) is raw


def test_a_frame_with_values_beyond_its_records_gives_the_last_record() -> None:
    records = [record(ONE, "180001"), record(ONE, "180003")]
    frames = LastFrames()
    frames.apply(TR, (ONE,), f"0|{TR}|002|{'^'.join(records)}^")
    assert frames.find(RegistrationKey(TR, ONE)) == f"0|{TR}|001|{records[1]}"


def test_what_is_no_longer_registered_is_discarded() -> None:
    frames = LastFrames()
    for code in (ONE, OTHER):
        frames.apply(TR, (code,), f"0|{TR}|001|{record(code, '180001')}")
    frames.retain({RegistrationKey(TR, ONE)})
    assert frames.find(RegistrationKey(TR, ONE)) is not None
    assert frames.find(RegistrationKey(TR, OTHER)) is None
    frames.clear()
    assert frames.find(RegistrationKey(TR, ONE)) is None
