"""What a tape lacks: outages, what the recorder missed, damage, an end that is still to come."""

from datetime import datetime, timedelta
from pathlib import Path

from harness.replay_harness import run_replay
from harness.tape_samples import entry, trades, with_end, write_tape

from app.cli.replay import notices_of
from app.instruments.contracts import Contracts
from app.instruments.master import Master
from app.screens.replay_text import event_words
from app.system.clock import KST
from app.tape.entry import EntryKind
from app.tape.reader import Tape
from app.tape.timeline import EventKind


async def test_an_outage_that_is_over_leaves_the_status_line_with_its_end() -> None:
    async with run_replay() as one:
        line = one.app.player.timeline
        outage = line.after(0.0, EventKind.GAP)
        assert outage is not None
        one.app.player.seek((outage.position + outage.end) / 2)
        await one.settle()
        assert "당시" in one.status
        assert "수신하지 못함" not in one.status
        one.app.player.seek(outage.end + 1.0)
        await one.settle()
        assert one.app.link.is_live(one.app.clock.monotonic())
        assert "다시 연결" not in one.status
        assert event_words(outage) not in one.status
        await one.press_and_settle("comma")
        assert "동안 수신하지 못함 (" in one.toasts[-1]


async def test_what_the_recorder_missed_is_told_as_long_as_it_lasts(tmp_path: Path) -> None:
    gap = b'{"why":"record.why_full","seconds":20.0,"missed":7}'
    entries = [*trades(20), entry(40, gap, EntryKind.GAP), entry(60, "0|damaged")]
    write_tape(tmp_path / "a.ktape", entries)
    async with run_replay(tmp_path / "a.ktape", size=(200, 40)) as one:
        for place, told in ((10.0, False), (30.0, True), (41.0, False)):
            one.app.player.seek(place)
            await one.settle()
            assert ("기록 누락" in one.status) is told


async def test_damage_is_told_at_opening_marked_and_gone_to(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    write_tape(path, trades(100), every=25)
    with Tape(path) as tape:
        start = tape.segments[2].start
    content = bytearray(path.read_bytes())
    content[start + 400 : start + 600] = bytes(200)
    path.write_bytes(content)
    async with run_replay(path) as one:
        assert any("기록 파일이 손상되었습니다: 1곳, 처음은 18:00:" in told for told in one.toasts)
        assert "✖" in one.timeline
        await one.app.run_action("go('gap')")
        await one.settle()
        assert 50 <= one.position < 75
        assert "손상: 기록 손상" in one.toasts[0]
        assert "기록 손상" in one.status


def test_a_tape_that_is_still_being_recorded_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.ktape"
    contracts = Contracts(Master.from_lines([], []))
    write_tape(path, trades(10))
    with Tape(path) as tape:
        now = datetime.fromtimestamp(tape.written, tz=KST)
        told = "아직 기록 중인 파일입니다"
        assert any(told in one for one in notices_of(tape, contracts, now))
        later = now + timedelta(hours=1)
        assert not any(told in one for one in notices_of(tape, contracts, later))
    path.unlink()
    write_tape(path, with_end(trades(10)))
    with Tape(path) as tape:
        now = datetime.fromtimestamp(tape.written, tz=KST)
        assert not any(told in one for one in notices_of(tape, contracts, now))
