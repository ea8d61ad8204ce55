"""The file of the alerts: round trip, what is damaged, and ids."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.alerts.alert import FiredAlert
from app.alerts.alert_file import AlertList, AlertStore, PartlySavedAlerts, read_alerts
from app.alerts.alert_parser import parse_alert
from app.storage.toml_files import DamagedFile, NewerFile
from app.system.clock import KST, ManualClock
from app.system.files import ProgramFolders

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=KST)
TEXTS = ("B01612A34 iv > 25", "A01612 high new repeat", "link down 30s")


@pytest.fixture
def store(tmp_path: Path) -> AlertStore:
    folders = ProgramFolders(*(tmp_path / name for name in ("config", "state", "cache", "data")))
    return AlertStore(folders, ManualClock(NOW))


def alerts() -> AlertList:
    found = AlertList()
    for text in TEXTS:
        found = found.add(parse_alert(text))
    return found


def test_alerts_come_back_as_they_were_saved(store: AlertStore) -> None:
    assert store.load().alerts == ()
    fired = FiredAlert(NOW, alerts().alerts[0], 25.5)
    kept = alerts().mark_fired(fired)
    store.save(kept)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert store.load().alerts == kept.alerts
    assert [one.fired for one in store.load().alerts] == [NOW, None, None]


def test_an_id_is_never_given_twice(store: AlertStore) -> None:
    store.save(alerts().remove(3))
    added = store.load().add(parse_alert(TEXTS[0]))
    assert [one.id for one in added.alerts] == [1, 2, 4]


def test_an_alert_written_by_hand_gets_an_id() -> None:
    found = read_alerts(b'[[alert]]\ntext = "a01612 price>400"\n', "alerts.toml")
    assert [(one.id, one.text) for one in found.alerts] == [(1, "A01612 price > 400")]


def test_a_changed_alert_has_not_fired() -> None:
    fired = alerts().mark_fired(FiredAlert(NOW, alerts().alerts[0], 25.5))
    changed = fired.change(1, parse_alert("B01612A34 iv > 30")).alerts[0]
    assert (changed.id, changed.text, changed.fired) == (4, "B01612A34 iv > 30", None)


def test_ended_alerts_are_dropped() -> None:
    ended = replace(parse_alert(TEXTS[0]), ends=NOW)
    later = replace(parse_alert(TEXTS[1]), ends=NOW + timedelta(hours=1))
    assert [one.id for one in AlertList().add(ended).add(later).drop_ended(NOW).alerts] == [2]


def test_a_damaged_file_is_moved_aside_and_its_good_alerts_are_kept(store: AlertStore) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.write_text(
        '[[alert]]\nid = 7\ntext = "link down 30s"\n[[alert]]\ntext = "A01612 iv > 2"\n'
    )
    with pytest.raises(PartlySavedAlerts) as caught:
        store.load()
    assert [one.id for one in caught.value.good.alerts] == [7]
    assert not store.path.exists()
    assert [path.name[:11] for path in store.path.parent.iterdir()] == ["alerts.toml"]


@pytest.mark.parametrize(
    "content",
    ["alert = 3", "[[alert]]\nid = true\ntext = 'link down 9s'", "last_id = 'x'", "[[alert",
     "[[alert]]\ntext = 3", "[[alert]]\ntext = 'link down 9s'\nfired = 3"],
)  # fmt: skip
def test_a_file_without_a_good_alert_is_moved_aside(store: AlertStore, content: str) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.write_text(content)
    with pytest.raises(DamagedFile):
        store.load()
    assert store.load().alerts == ()


def test_a_newer_file_stays_where_it_is(store: AlertStore) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.write_text("schema = 9\n")
    with pytest.raises(NewerFile):
        store.load()
    with pytest.raises(NewerFile):
        store.save(alerts())
    assert store.path.read_text() == "schema = 9\n"
