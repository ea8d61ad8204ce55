"""The feed's loop: uvloop's where it is installed, asyncio's where it is not, and both work."""

import asyncio
import importlib.util
import threading

import pytest

from app.feed import feed_loop


async def _where() -> str:
    await asyncio.sleep(0)
    return type(asyncio.get_running_loop()).__module__.partition(".")[0]


@pytest.mark.parametrize("name", ["asyncio", "uvloop"])
def test_the_feed_runs_on_the_loop_that_doctor_names(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "uvloop":
        pytest.importorskip("uvloop")
    else:
        monkeypatch.setattr(feed_loop, "find_spec", lambda module: None)
    assert feed_loop.name() == name
    assert feed_loop.run(_where()) == name


def test_a_loop_runs_on_a_thread_of_its_own() -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(feed_loop.run(_where())))
    thread.start()
    thread.join(10)
    assert found == ["uvloop" if importlib.util.find_spec("uvloop") else "asyncio"]
