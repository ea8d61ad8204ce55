"""``kis-tui config schema``: what an editor needs to check the settings file."""

import json
from typing import Any

import pytest
from harness.command_line import CommandLine

from app.storage.settings import SETTING_NAMES, Settings
from widgets.texts import LANGUAGES, speaking, t


@pytest.fixture
def definitions(kis_tui: CommandLine) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(kis_tui("--lang", "en", "config", "schema").out)
    assert schema["$ref"] == "#/$defs/Settings"
    found: dict[str, Any] = schema["$defs"]
    return found


def entry(definitions: dict[str, Any], name: str) -> dict[str, Any]:
    table, _, inner = name.rpartition(".")
    owner = definitions["Settings"]
    if table:
        owner = definitions[owner["properties"][table]["$ref"].rpartition("/")[2]]
    assert owner["additionalProperties"] is False
    found: dict[str, Any] = owner["properties"][inner]
    return found


@pytest.mark.parametrize("name", SETTING_NAMES)
def test_each_setting_has_a_type_a_default_and_its_help(
    definitions: dict[str, Any], name: str
) -> None:
    found = entry(definitions, name)
    assert {"type", "enum"} & found.keys()
    assert found["default"] is not None
    with speaking("en"):
        assert found["description"] == t(f"setting_help.{name.replace('.', '_')}")


def test_bounds_and_choices_are_those_of_the_structs(definitions: dict[str, Any]) -> None:
    beat = entry(definitions, "beat_ms")
    assert (beat["minimum"], beat["maximum"], beat["default"]) == (50, 1000, Settings().beat_ms)
    assert entry(definitions, "updown")["enum"] == ["cb", "kr", "mono", "us"]
    assert entry(definitions, "calendar.closed_days")["items"] == {
        "type": "string",
        "format": "date",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_descriptions_are_in_the_language(kis_tui: CommandLine, language: str) -> None:
    printed = kis_tui("--lang", language, "config", "schema").out
    with speaking(language):
        assert t("setting_help.theme") in printed
