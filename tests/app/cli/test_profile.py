"""``--profile``: which app keys a run uses, and what becomes of one that KIS refuses."""

import json
from collections.abc import Iterator

import pytest
from harness.command_line import CommandLine
from harness.live_simulator import LiveSimulator

STREAM = ("stream", "A01612", "--session", "night", "--count", "2", "--timeout", "30")
FIRST, SECOND = "PSuserA0123456789", "PSuserB0123456789"
SIGNS = "signA0123456789/+", "signB0123456789/+"


@pytest.fixture
def second_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSimulator]:
    """Serve the second of two app keys, and refuse the first one."""
    simulator = LiveSimulator(app_key=SECOND)
    keys = {
        "KIS_APP_KEY": FIRST,
        "KIS_APP_SECRET": SIGNS[0],
        "KIS_APP_KEY_2": SECOND,
        "KIS_APP_SECRET_2": SIGNS[1],
    }
    for name, value in (simulator.variables | keys).items():
        monkeypatch.setenv(name, value)
    try:
        yield simulator
    finally:
        simulator.stop()


@pytest.mark.usefixtures("second_alone")
@pytest.mark.parametrize(
    "words", [(*STREAM, "--profile", "2"), ("--profile", "2", *STREAM)], ids=["after", "before"]
)
def test_run_uses_the_chosen_profile_alone(kis_tui: CommandLine, words: tuple[str, ...]) -> None:
    told = kis_tui(*words)
    assert told.code == 0, told.err
    assert [json.loads(line)["code"] for line in told.out.splitlines()] == ["A01612"] * 2
    assert "앱키" not in told.err


def test_run_goes_on_with_the_second_key_where_kis_refuses_the_first(
    second_alone: LiveSimulator, kis_tui: CommandLine
) -> None:
    told = kis_tui("--lang", "en", *STREAM)
    assert told.code == 0, told.err
    assert len(told.out.splitlines()) == 2
    assert "app key main: " in told.err
    assert "its registrations go to the other keys" in told.err
    oracle = second_alone.thread.simulator.oracle
    assert (oracle.most_open, oracle.overlaps, oracle.secrets) == (1, 0, [])
    for text in (FIRST, SECOND, *SIGNS):
        assert text not in told.out + told.err


@pytest.mark.usefixtures("second_alone")
def test_run_ends_with_4_where_kis_refuses_the_only_chosen_key(kis_tui: CommandLine) -> None:
    assert kis_tui(*STREAM, "--profile", "main").code == 4


@pytest.mark.usefixtures("second_alone")
def test_unknown_profile_ends_a_run_with_2_and_names_those_there_are(kis_tui: CommandLine) -> None:
    told = kis_tui("--lang", "en", *STREAM, "--profile", "3")
    assert told.code == 2
    assert "there is no profile 3 (there are: main, 2)" in told.err
