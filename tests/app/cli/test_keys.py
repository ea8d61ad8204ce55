"""``kis-tui keys``: every action with its keys, and what the terminal sends."""

import json
import re
from pathlib import Path

import pytest
from harness.command_line import CommandLine
from rig.terminal import COMMAND, Terminal

from app.screens.key_probe import KeyProbe, probe_line
from app.screens.key_scopes import all_commands
from app.storage.key_file import UserKeys
from widgets.texts import speaking

MINE = 'roll = "N"\nexport = ["standard", "ctrl+e"]\nremove = []\nsort = "w"\n'


@pytest.fixture
def mine(home: Path) -> None:
    folder = home / ".config" / "kis-tui"
    folder.mkdir(parents=True)
    (folder / "keys.toml").write_text(MINE, encoding="utf-8")


def test_every_action_stands_in_the_table(kis_tui: CommandLine) -> None:
    heading, *rows = kis_tui("--lang", "en", "keys").out.splitlines()
    assert heading.split() == ["*", "action", "screen", "keys", "description"]
    assert [row.split()[0] for row in rows] == [command.id for _, command in all_commands()]


@pytest.mark.usefixtures("mine")
def test_changed_actions_are_marked_and_what_is_wrong_is_named(
    kis_tui: CommandLine,
) -> None:
    ended = kis_tui("--lang", "en", "keys")
    changed = [row.split()[1:4] for row in ended.out.splitlines()[1:] if row.startswith("*")]
    assert changed == [
        ["remove", "boards", "—"],
        ["roll", "boards", "N"],
        ["export", "boards", "E"],
    ]
    assert "keys.toml line 4: 'w' cannot be the key of sort" in ended.err
    assert ended.code == 0


@pytest.mark.usefixtures("mine")
def test_the_list_as_json_has_what_scripts_need(kis_tui: CommandLine) -> None:
    listed = {one["id"]: one for one in json.loads(kis_tui("keys", "--format", "json").out)}
    assert listed["export"] == {
        "id": "export",
        "screens": ["boards"],
        "keys": ["E", "x", "ctrl+e"],
        "shown": "E x ^e",
        "standard": ["E", "x"],
        "changed": True,
        "description": "패널을 CSV로 내보내기",
    }
    assert listed["chain_add"]["screens"] == ["chain", "auction"]
    assert listed["quit"]["screens"][:3] == ["boards", "replay", "chain"]


def test_the_probe_needs_a_terminal(kis_tui: CommandLine) -> None:
    assert kis_tui("keys", "--probe").code == 2


@pytest.mark.parametrize(
    ("key", "character", "sent", "shown"),
    [
        ("a", "a", "a", "a|a|61|add (boards) · chain_add (option chain, auction)"),
        ("ㅜ", "ㅜ", "ㅜ", "ㅜ → n|n|e3 85 9c|roll (boards) · curve_days (positions)"),
        ("f7", None, "\x1b[18~", "F7|f7|1b 5b 31 38 7e|no action"),
        ("ctrl+c", "\x03", "\x03", "^c|ctrl+c|03|quit (everywhere)"),
    ],
)
def test_the_probe_says_what_a_key_sends_and_does(
    key: str, character: str | None, sent: str, shown: str
) -> None:
    with speaking("en"):
        line = probe_line(UserKeys(), key, character, sent)
    assert re.sub(" {2,}", "|", line).startswith(shown)


def test_the_probe_shows_bytes_and_gives_the_terminal_back(home: Path) -> None:
    command = [COMMAND, "--lang", "en", "keys", "--probe"]
    with Terminal(command, home) as terminal:
        terminal.shows("Press keys")
        terminal.type("\x1b[1;3A")
        terminal.shows("row_up (boards)")
        terminal.shows("1b 5b 31 3b 33 41")
        terminal.type("\x03")
        assert terminal.ends() == 0
        assert terminal.not_restored == []


@pytest.mark.parametrize("keys", [("q", "escape", "x", "escape", "escape"), ("q", "ctrl+c")])
async def test_the_probe_ends_with_ctrl_c_or_a_second_escape(keys: tuple[str, ...]) -> None:
    app = KeyProbe(UserKeys())
    async with app.run_test() as pilot:
        await pilot.press(*keys)
    assert app.return_code == 0
    assert len(app.lines) == len(keys)
