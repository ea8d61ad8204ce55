"""The user's keys: read, checked against the tables of every screen, and in force everywhere."""

from pathlib import Path

import pytest
from harness.dashboard import run_dashboard
from harness.replay_harness import run_replay
from textual.keys import _character_to_key

from app.screens.chain_screen import ChainScreen
from app.screens.dialogs.add_dialog import AddDialog
from app.screens.dialogs.help_dialog import HelpDialog
from app.screens.dialogs.moment_dialog import MomentDialog
from app.screens.key_names import character_key, key_name, key_word
from app.screens.key_scopes import FIXED, all_commands, scopes
from app.screens.keymap import COMMANDS
from app.screens.user_keys import load_user_keys
from app.storage.key_file import UserKeys
from widgets.message_text import message_text
from widgets.texts import speaking, t

FEW = ("A01612", "B01612A31", "C01612A31")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.toml"


def loaded(file: Path, text: str) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the changed keys and the English messages of a file with this text."""
    file.write_text(text, encoding="utf-8")
    keys, problems = load_user_keys(file)
    with speaking("en"):
        return keys.keys, [message_text(one).removeprefix(f"{file} ") for one in problems]


# --- names


@pytest.mark.parametrize(
    ("written", "name", "word"),
    [
        ("q", "q", "q"),
        ("Q", "Q", "Q"),
        ("shift+q", "Q", "Q"),
        ("?", "question_mark", "?"),
        ("+", "plus", "+"),
        ("minus", "minus", "-"),
        ("ctrl++", "ctrl+plus", "^+"),
        ("^p", "ctrl+p", "^p"),
        ("Ctrl+P", "ctrl+p", "^p"),
        ("Esc", "escape", "Esc"),
        ("PgUp", "pageup", "PgUp"),
        ("F5", "f5", "F5"),
        (" ", "space", "Space"),
        ("alt+up", "alt+up", "alt+↑"),
        ("⇧Tab", "shift+tab", "⇧Tab"),
        ("ㅂ", "q", "q"),
        ("ㅃ", "Q", "Q"),
    ],
)
def test_a_key_is_read_as_a_user_writes_it(written: str, name: str, word: str) -> None:
    assert key_name(written) == name
    assert key_word(name) == word


@pytest.mark.parametrize("written", ["", "  ", "esx", "ctrl+", "cmd+k", "ㅘ", "가", "f99", "\x1b"])
def test_what_is_no_key_has_no_name(written: str) -> None:
    assert key_name(written) is None


def test_every_standard_key_is_shown_by_its_name() -> None:
    for _, command in all_commands():
        assert command.shown == " ".join(map(key_word, command.keys)), command.id
        assert [key_name(key) for key in command.keys] == [*command.keys]


def test_a_character_has_the_name_that_textual_gives_its_key() -> None:
    for character in map(chr, range(33, 0x2500)):
        if character.isprintable():
            assert character_key(character) == _character_to_key(character)


# --- the file


def test_the_keys_of_the_file_stand_in_place_of_the_standard_ones(file: Path) -> None:
    text = 'roll = "N"\nexport = ["standard", "ctrl+e"]\nremove = []\nlog = ["`"]\n'
    keys, problems = loaded(file, text)
    assert problems == []
    assert keys == {
        "roll": ("N",),
        "export": ("E", "x", "ctrl+e"),
        "remove": (),
        # ₩ is typed by the same key with the Hangul input method on.
        "log": ("grave_accent", "won_sign"),
    }


def test_keys_that_are_the_standard_ones_change_nothing(file: Path) -> None:
    assert loaded(file, 'roll = ["n"]\nquit = []\n') == ({}, [])


def test_two_actions_can_exchange_their_keys(file: Path) -> None:
    assert loaded(file, 'sort = "w"\nsave = "s"\n') == ({"sort": ("w",), "save": ("s",)}, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('\nrol = "N"\n', "line 2: there is no action rol; did you mean roll?"),
        ('zzzzzz = "N"', "line 1: there is no action zzzzzz (kis-tui keys lists them)"),
        (
            'roll = "ctr+n"',
            "line 1: there is no key 'ctr+n' for roll (roll to the next expiry)"
            " (kis-tui keys --probe shows their names); its standard keys hold",
        ),
        (
            '# mine\nroll = ["escap"]',
            "line 2: there is no key 'escap' for roll (roll to the next expiry);"
            " did you mean escape? Its standard keys hold",
        ),
        (
            "roll = 5",
            'line 1: roll takes a key or a list of keys, such as "f5" or ["N", "ctrl+n"];'
            " its standard keys hold",
        ),
        (
            'record = "f5"\nroll = "s"\n',
            "line 2: 's' cannot be the key of roll (roll to the next expiry), as it is that of"
            " sort (sort by a column) (boards); the standard keys hold",
        ),
        (
            'chain_money = "R"',
            "line 1: 'R' cannot be the key of chain_money (to the money (ATM)), as it is that of"
            " record (start or stop recording) (option chain); the standard keys hold",
        ),
    ],
)
def test_what_is_wrong_is_named_and_the_standard_keys_hold(
    file: Path, text: str, problem: str
) -> None:
    keys, problems = loaded(file, text)
    assert problems == [problem]
    assert not {"roll", "chain_money"} & keys.keys()


def test_the_later_of_two_entries_with_one_key_is_refused(file: Path) -> None:
    keys, problems = loaded(file, 'sort = "N"\nroll = "N"\n')
    assert keys == {"sort": ("N",)}
    assert problems[0].startswith("line 2: 'N' cannot be the key of roll")


def test_keys_that_a_refused_entry_has_again_are_those_of_no_other(file: Path) -> None:
    # roll keeps n, which sort then cannot have.
    keys, problems = loaded(file, 'sort = "n"\nroll = "w"\n')
    assert keys == {}
    assert [one.partition(":")[0] for one in problems] == ["line 2", "line 1"]


@pytest.mark.parametrize("content", [b"roll = ", b"\xff\xfe", b"roll = 'a'\nroll = 'b'\n"])
def test_a_file_that_is_no_toml_leaves_all_standard_keys(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    keys, problems = load_user_keys(file)
    assert (keys, len(problems)) == (UserKeys(), 1)
    assert str(file) in message_text(problems[0])


def test_no_file_is_nothing_wrong(file: Path) -> None:
    assert load_user_keys(file) == (UserKeys(), [])


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
@pytest.mark.parametrize("action", ["add", "chain_add", "pause", "position_drop", "back"])
def test_quitting_cannot_be_lost(file: Path, action: str, key: str) -> None:
    keys, problems = loaded(file, f'quit = []\n{action} = "{key}"\n')
    assert keys == {}
    assert len(problems) == 1


def test_fixed_actions_keep_their_keys(file: Path) -> None:
    keys, _ = loaded(file, 'quit = ["Q"]\nback = "backspace"\n')
    assert keys == {"quit": ("q", "ctrl+q", "ctrl+c", "Q"), "back": ("escape", "backspace")}
    assert set(FIXED) <= {command.id for _, command in all_commands()}


def test_every_page_that_a_key_opens_has_its_keys_checked() -> None:
    opened = {c.action[10:-2] for c in COMMANDS if c.action.startswith("app.page('")}
    assert opened == {*scopes()} - {"boards", "replay"}


# --- in force


def user_keys(file: Path, text: str) -> UserKeys:
    file.write_text(text, encoding="utf-8")
    keys, problems = load_user_keys(file)
    assert problems == []
    return keys


async def test_a_key_of_the_user_works_and_the_standard_one_does_no_longer(file: Path) -> None:
    keys = user_keys(file, 'add = "N"\nremove = ["standard", "x"]\nexport = "E"\nfreeze = "f5"\n')
    async with run_dashboard(FEW, keys=keys) as stage:
        await stage.press("a")
        assert stage.app.screen is stage.app.main
        await stage.press("N")
        assert isinstance(stage.app.screen, AddDialog)
        await stage.press("escape", "x")
        assert stage.codes == [*FEW[1:]]
        await stage.press("d")
        assert stage.codes == [FEW[2]]
        await stage.press("f5")
        assert stage.app.frozen_at is not None


async def test_a_letter_of_the_user_works_with_the_hangul_input_method_on(file: Path) -> None:
    keys = user_keys(file, 'add = "h"\nalert_add = "l"\n')
    async with run_dashboard(FEW, keys=keys) as stage:
        await stage.press("ㅗ")
        assert isinstance(stage.app.screen, AddDialog)
        await stage.press("escape", "exclamation_mark")
        assert type(stage.app.screen).__name__ == "AlertsScreen"
        await stage.press("ㅣ")
        assert type(stage.app.screen).__name__ == "AlertDialog"


async def test_hints_help_palette_and_texts_name_the_key_of_the_user(file: Path) -> None:
    lines = 'add = "N"\nundo = "f6"\nchain_money = "f7"\nsave = []\nwatchlist = "f8"\n'
    keys = user_keys(file, lines + "greeks = []\n")
    async with run_dashboard(FEW, keys=keys, notifications=True) as stage:
        assert stage.text.splitlines()[-1].startswith("  N ")
        assert "─ F8 관심종목 ─" in stage.text
        assert "╭─ 선물 ─" in stage.text
        await stage.press("d")
        assert stage.toasts == ["A01612 삭제 — F6 실행 취소"]
        shown = {one.title: one.help for one in stage.app.get_system_commands(stage.app.screen)}
        assert shown[t("command.add")] == "N"
        assert shown[t("command.save")] == ""
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, HelpDialog)
        assert "  N               종목 추가" in stage.text
        await stage.press("escape", "5")
        assert "F7" in stage.text.splitlines()[-1]
        await stage.press("question_mark")
        assert "  F7 " in stage.text
        assert t("toast.no_layouts") == "저장된 레이아웃이 없습니다 ('레이아웃 저장' 저장)"


async def test_the_keys_of_a_replay_are_changed_and_named(file: Path) -> None:
    keys = user_keys(file, 'pause = "p"\ngo_to_time = ["standard", "f7"]\n')
    async with run_replay(keys=keys) as one:
        await one.press_and_settle("space")
        assert "⏸" not in one.timeline
        await one.press_and_settle("p")
        assert "⏸" in one.timeline
        assert one.text.splitlines()[-1].startswith("  p ")
        await one.press("f7")
        assert isinstance(one.app.screen, MomentDialog)
        await one.press("escape", "5")
        # The chain has p for itself, as it has with the standard keys of a replay.
        assert isinstance(one.app.page, ChainScreen)
        await one.press_and_settle("p")
        assert "⏸" in one.timeline


async def test_a_key_of_the_user_on_a_page_is_bound_there_alone(file: Path) -> None:
    keys = user_keys(file, 'chain_money = ["f7"]\nback = "backspace"\n')
    async with run_dashboard(FEW, keys=keys) as stage:
        await stage.press("f7", "5")
        page = stage.app.page
        assert page is not None
        bound = {key: binding.action for key, binding in page._bindings}
        assert bound["f7"] == "money"
        # The standard keys of the action are those of others now, or of nothing.
        assert not {"full_stop", "0"} & bound.keys()
        await stage.press("backspace")
        assert stage.app.page is None
