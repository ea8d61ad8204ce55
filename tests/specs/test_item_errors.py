"""Errors of one item: raised without a listener, else sent to the newest one."""

from collections.abc import Callable

import pytest

from specs import item_errors
from specs.item_errors import listen_to_item_errors, report_item_error, stop_listening


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_errors, "_listeners", [])


def listener(errors: list[Exception]) -> Callable[[Exception], None]:
    return errors.append


def test_report_raises_the_error_without_a_listener() -> None:
    error = ValueError("one row")
    with pytest.raises(ValueError, match="one row"):
        report_item_error(error)


def test_report_reaches_the_newest_listener_until_it_stops() -> None:
    first: list[Exception] = []
    second: list[Exception] = []
    one, two = listener(first), listener(second)
    listen_to_item_errors(one)
    listen_to_item_errors(two)
    report_item_error(ValueError("a"))
    stop_listening(two)
    report_item_error(ValueError("b"))
    stop_listening(two)
    report_item_error(ValueError("c"))
    assert [str(error) for error in first] == ["b", "c"]
    assert [str(error) for error in second] == ["a"]
    stop_listening(one)
    with pytest.raises(ValueError, match="d"):
        report_item_error(ValueError("d"))
