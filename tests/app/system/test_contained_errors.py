"""The ids of errors, which of them count, and when they are too many."""

import re
from collections.abc import Callable

import pytest

from app.krx.calendar import format_clock
from app.market.watchlist import Watchlist
from app.system.contained_errors import ContainedErrors, Occurrence, error_id


def raised(action: Callable[[], object]) -> Exception:
    """Return what a function raises."""
    try:
        action()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def divide() -> object:
    return 1 / 0


def look_up() -> object:
    return dict[str, int]()["x"]


def fail_in_ours() -> object:
    return format_clock(None)  # type: ignore[arg-type]


ERRORS = (divide, look_up, fail_in_ours, lambda: Watchlist(1))  # type: ignore[arg-type]


class Errors:
    """Contained errors on a clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._errors = ContainedErrors(lambda: self.now)

    def note(self, action: Callable[[], object], at: float = 0.0) -> Occurrence:
        self.now = 1000.0 + at
        return self._errors.note(raised(action))


def test_an_id_is_six_digits_of_type_and_place() -> None:
    ids = [error_id(raised(action)) for action in ERRORS]
    assert all(re.fullmatch("[0-9a-f]{6}", one) for one in ids)
    assert len({*ids}) == len(ids)
    assert ids == [error_id(raised(action)) for action in ERRORS]


def test_an_id_does_not_depend_on_the_way_to_a_line_of_ours() -> None:
    def indirectly() -> object:
        return fail_in_ours()

    assert error_id(raised(fail_in_ours)) == error_id(raised(indirectly))


def test_an_id_does_not_depend_on_the_words_of_the_error() -> None:
    def complain(words: str) -> object:
        raise ValueError(words)

    assert error_id(raised(lambda: complain("a"))) == error_id(raised(lambda: complain("b")))


def test_the_third_different_error_within_a_minute_is_too_much() -> None:
    errors = Errors()
    noted = [errors.note(action, at) for action, at in zip(ERRORS, (0, 30, 59), strict=False)]
    assert [one.is_too_much for one in noted] == [False, False, True]


def test_errors_of_one_beat_count_once() -> None:
    errors = Errors()
    one_record = [errors.note(action, at) for action, at in zip(ERRORS[:3], (0, 0, 1), strict=True)]
    assert not any(one.is_too_much for one in one_record)
    assert all(one.shows for one in one_record)
    later = [errors.note(lambda: int("x"), 10), errors.note(lambda: [][0], 20)]
    assert [one.is_too_much for one in later] == [False, True]


def test_errors_that_never_pause_are_too_much_in_the_third_beat() -> None:
    errors = Errors()
    noted = [errors.note(action, at) for action, at in zip(ERRORS, (0, 2, 3.9, 4), strict=True)]
    assert [one.is_too_much for one in noted] == [False, False, False, True]


def test_different_errors_further_apart_are_not_too_much() -> None:
    errors = Errors()
    assert not any(errors.note(action, 31 * at).is_too_much for at, action in enumerate(ERRORS))


def test_an_error_that_occurs_again_counts_once() -> None:
    errors = Errors()
    noted = [errors.note(divide, at) for at in range(59)]
    assert not any(one.is_too_much for one in noted)
    assert [one.shows for one in noted] == [True] + 58 * [False]
    assert not errors.note(look_up, 59).is_too_much


def test_an_error_that_goes_on_is_shown_again_after_a_minute_with_its_count() -> None:
    errors = Errors()
    errors.note(divide)
    errors.note(divide, 30)
    again = errors.note(divide, 60)
    assert (again.shows, again.is_first, again.occurrences) == (True, False, 2)


@pytest.mark.parametrize("depth", [1, 3])
def test_a_group_of_one_is_known_by_what_it_holds(depth: int) -> None:
    error = raised(divide)
    group: Exception = error
    for _ in range(depth):
        group = ExceptionGroup("", [group])
    assert error_id(group) == error_id(error)
