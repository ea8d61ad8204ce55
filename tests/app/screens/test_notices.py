"""Notices come one at a time, above the hints, and no warning is lost to a later notice."""

from harness.dashboard import at, run_dashboard
from textual.notifications import Notification
from textual.widgets._toast import Toast

from app.screens.textual_compat.notices import NoticeQueue

FEW = ["A01612", "B01612A33", "C01612A33"]


def shown(queue: NoticeQueue) -> list[str]:
    return [notice.message for notice in queue]


def warning(message: str) -> Notification:
    return Notification(message, severity="warning")


def test_a_newer_notice_takes_the_place_of_an_information() -> None:
    queue = NoticeQueue().add(Notification("1")).add(Notification("2"))
    assert shown(queue) == ["2"]
    assert shown(queue.add(warning("3"))) == ["3"]


def test_a_warning_comes_back_after_an_information_and_warnings_keep_their_order() -> None:
    queue, seen = NoticeQueue(), []
    for text in ("first", "second", "a", "first", "b"):
        queue.add(Notification(text) if len(text) == 1 else warning(text))
        seen += shown(queue)
    assert seen == ["first", "first", "a", "a", "b"]
    seen.clear()
    while queue:
        [notice] = queue
        seen.append(notice.message)
        del queue[notice]
        queue.advance()
    assert seen == ["b", "first", "second"]


def test_nothing_comes_after_all_notices_were_removed() -> None:
    queue = NoticeQueue().add(warning("1")).add(warning("2"))
    assert not queue.advance()
    queue.clear()
    assert not queue.advance()


async def test_a_row_of_notices_stands_alone_above_the_hints() -> None:
    async with run_dashboard(FEW, notifications=True) as stage:
        await stage.step_to(at(18, 0, 20))
        for _ in range(3):
            await stage.press("d")
        await stage.until(lambda: len(stage.app.screen.query(Toast)) == 1)
        await stage.wait_layout()
        [toast] = stage.app.screen.query(Toast)
        assert "A01612" not in str(toast.render())
        assert toast.region.bottom == stage.app.size.height - 1
        stage.app.show_toast("first", warning=True)
        stage.app.show_toast("second", warning=True)
        await stage.until(lambda: stage.toasts == ["first", "second"])
        [notice] = stage.app._notifications
        stage.app._unnotify(notice, refresh=False)
        await stage.until(lambda: "second" in str(stage.app.screen.query(Toast).last().render()))
