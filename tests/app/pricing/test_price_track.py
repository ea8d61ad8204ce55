"""Past prices by time, in bounded memory."""

from app.pricing.price_track import MOST, REACH, PriceTrack


def test_a_price_holds_until_the_next() -> None:
    track = PriceTrack()
    track.add(100.0, 1.0)
    track.add(110.0, 2.0)
    track.add(120.0, 2.0)
    track.add(130.0, 3.0)
    assert [track.price_at(at) for at in (100, 109.9, 110, 125, 130, 1e9)] == [1, 1, 2, 2, 3, 3]


def test_before_its_first_point_a_track_answers_for_a_few_seconds_only() -> None:
    track = PriceTrack()
    assert track.price_at(100.0) is None
    track.add(100.0, 1.0)
    assert track.price_at(100.0 - REACH) == 1.0
    assert track.price_at(99.9 - REACH) is None


def test_a_price_that_storms_is_kept_by_the_second_and_its_newest_at_once() -> None:
    track = PriceTrack()
    for count in range(1000):
        track.add(100 + count / 100, float(count))
        assert track.price_at(1e9) == count
    assert track.price_at(104.5) is not None
    assert abs((track.price_at(104.5) or 0.0) - 450) <= 100


def test_a_late_price_does_not_undo_the_order_of_the_moments() -> None:
    track = PriceTrack()
    track.add(100.0, 1.0)
    track.add(110.0, 2.0)
    track.add(105.0, 3.0)
    assert track.price_at(105.0) == 1.0
    assert track.price_at(110.0) == 3.0


def test_a_track_forgets_what_is_oldest() -> None:
    track = PriceTrack()
    for count in range(MOST + 10):
        track.add(2.0 * count, float(count))
    assert track.price_at(0.0) is None
    assert track.price_at(2.0 * MOST) == MOST
