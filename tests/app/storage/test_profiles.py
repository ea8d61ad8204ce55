"""Profiles: their names and places, the order of their keys, and what is refused."""

from pathlib import Path

import pytest

from app.storage.credentials import FoundCredentials
from app.storage.profiles import check_profiles, find_profiles, profile_names
from app.storage.settings import load
from app.system.errors import CredentialsError, UsageError
from app.system.files import ProgramFolders
from specs.user_message import MessageList, UserMessage
from widgets.message_text import message_text

KEYS = ("PSprofile1key0123456789", "PSprofile2key0123456789", "PSprofile3key0123456789")
SIGNS = ("profile1Sign+/0123456789==", "profile2Sign+/0123456789==", "profile3Sign+/0123456789==")
"""App keys and app secrets, in pairs."""


def variables(number: int) -> dict[str, str]:
    ending = f"_{number}" if number > 1 else ""
    return {
        f"KIS_APP_KEY{ending}": KEYS[number - 1],
        f"KIS_APP_SECRET{ending}": SIGNS[number - 1],
    }


def key_file(path: Path, number: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"my_app: '{KEYS[number - 1]}'\nmy_sec: '{SIGNS[number - 1]}'\n")
    path.chmod(0o600)
    return str(path)


def named(found: tuple[FoundCredentials, ...]) -> list[tuple[str, str]]:
    return [(one.credentials.profile, one.credentials.app_key.reveal()) for one in found]


def test_profiles_are_the_usual_key_and_the_numbered_ones_without_a_table(tmp_path: Path) -> None:
    environment = {**variables(3), **variables(2)}
    key_file(tmp_path / "KIS" / "config" / "kis_devlp.yaml", 1)
    found = find_profiles({}, environment=environment, home=tmp_path)
    assert named(found) == [("main", KEYS[0]), ("2", KEYS[1]), ("3", KEYS[2])]
    assert found[1].credentials.source == "KIS_APP_KEY_2"


def test_profiles_of_the_table_come_in_its_order_and_no_others(tmp_path: Path) -> None:
    files = {
        "office": key_file(tmp_path / "office.yaml", 3),
        "home": "~/keys/mine.yml",
        "second": "env:2",
    }
    key_file(tmp_path / "keys" / "mine.yml", 1)
    found = find_profiles(files, environment={**variables(1), **variables(2)}, home=tmp_path)
    assert named(found) == [("office", KEYS[2]), ("home", KEYS[0]), ("second", KEYS[1])]


def test_choice_of_profiles_has_its_own_order(tmp_path: Path) -> None:
    environment = {**variables(1), **variables(2), **variables(3)}
    found = find_profiles({}, " 3, main,3", environment=environment, home=tmp_path)
    assert named(found) == [("3", KEYS[2]), ("main", KEYS[0])]


def test_profile_that_is_not_chosen_may_be_broken(tmp_path: Path) -> None:
    environment = {**variables(2), "KIS_APP_KEY": KEYS[0]}
    assert named(find_profiles({}, "2", environment=environment, home=tmp_path)) == [("2", KEYS[1])]
    with pytest.raises(CredentialsError) as refused:
        find_profiles({}, environment=environment, home=tmp_path)
    assert refused.value.values["name"] == "main"
    assert "KIS_APP_SECRET" in message_text(refused.value.message)


def test_paper_profile_reads_the_variables_of_paper_trading(tmp_path: Path) -> None:
    environment = {"KIS_PAPER_APP_KEY_2": KEYS[1], "KIS_PAPER_APP_SECRET_2": SIGNS[1]}
    assert profile_names({}, environment) == ("main",)
    found = find_profiles({}, "2", paper=True, environment=environment, home=tmp_path)
    assert named(found) == [("2", KEYS[1])]


def test_unknown_profile_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        find_profiles({"office": "env"}, "ofice", environment=variables(1), home=tmp_path)
    unknown = UserMessage("profiles.unknown", name="ofice", names="office")
    nearest = UserMessage("settings.did_you_mean", name="office")
    assert refused.value.message == MessageList([unknown, nearest], "")


def test_profiles_with_one_app_key_are_refused(tmp_path: Path) -> None:
    environment = {**variables(1), "KIS_APP_KEY_2": KEYS[0], "KIS_APP_SECRET_2": SIGNS[0]}
    with pytest.raises(CredentialsError) as refused:
        find_profiles({}, environment=environment, home=tmp_path)
    assert refused.value.message == UserMessage("profiles.same_key", name="2", other="main")


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("env:4", "profiles.no_variables"),
        ("~/none.yaml", "credentials.no_file"),
        ("~/paper.yaml", "credentials.not_in_file"),
        ("~/placeholder.yaml", "credentials.placeholder"),
    ],
)
def test_profile_without_usable_keys_is_refused_by_its_name(
    tmp_path: Path, place: str, why: str
) -> None:
    (tmp_path / "paper.yaml").write_text(f"paper_app: {KEYS[0]}\npaper_sec: {SIGNS[0]}\n")
    (tmp_path / "placeholder.yaml").write_text("my_app: 앱키\nmy_sec: 앱키 시크릿\n")
    with pytest.raises(CredentialsError) as refused:
        find_profiles({"office": place}, environment={}, home=tmp_path)
    assert refused.value.key == "profiles.refused"
    assert refused.value.exit_code == 4
    cause = refused.value.values["why"]
    assert isinstance(cause, UserMessage)
    assert cause.key == why


def test_only_usual_key_is_missed_in_the_usual_words(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError) as refused:
        find_profiles({}, environment={}, home=tmp_path)
    assert refused.value.key == "credentials.none"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"a b": "env"}, "profiles.bad_name"),
        ({"x" * 17: "env"}, "profiles.bad_name"),
        ({"": "env"}, "profiles.bad_name"),
        ({"office": KEYS[0]}, "profiles.bad_place"),
        ({"office": {"app_key": KEYS[0], "app_secret": SIGNS[0]}}, "profiles.bad_place"),
        ({"office": "env:0"}, "profiles.bad_place"),
        ({"office": "office.yaml"}, "profiles.bad_place"),
        ({"office": "~/office.toml"}, "profiles.bad_place"),
        ({str(n): "env" for n in range(10)}, "profiles.too_many"),
        ("env", "settings.bad_value"),
    ],
)
def test_table_of_profiles_is_checked(table: object, key: str) -> None:
    [problem] = check_profiles(table)
    assert isinstance(problem, UserMessage)
    assert problem.key == key
    for text in (*KEYS, *SIGNS):
        assert text not in message_text(problem)


def test_settings_hold_profiles_in_the_order_of_the_file(tmp_path: Path) -> None:
    places = ProgramFolders(*(tmp_path / name for name in ("config", "data", "state", "cache")))
    places.config.mkdir()
    path = places.config / "config.toml"
    path.write_text('[profiles]\noffice = "~/office.yaml"\n"우리집" = "env"\n', encoding="utf-8")
    assert list(load(places).profiles.items()) == [("office", "~/office.yaml"), ("우리집", "env")]
    path.write_text(f'[profiles]\noffice = "{KEYS[0]}"\n', encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        load(places)
    shown = message_text(refused.value.message)
    assert "profiles.office" in shown
    assert KEYS[0] not in shown
