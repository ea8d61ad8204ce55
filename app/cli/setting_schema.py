"""A JSON Schema of the settings file, with the help texts of the settings as descriptions."""

from typing import Any

import msgspec

from app.storage.settings import PROFILES, SETTING_NAMES, TABLES, Settings
from widgets.texts import t


def settings_schema() -> dict[str, Any]:
    """Return the schema of ``config.toml``, of JSON Schema 2020-12; texts are in the language."""
    schema: dict[str, Any] = msgspec.json.schema(Settings)
    definitions = schema["$defs"]
    for name in SETTING_NAMES:
        table, _, inner = name.rpartition(".")
        owner = TABLES.get(table, Settings).__name__
        entry = definitions[owner]["properties"][inner]
        entry["title"] = t(f"setting.{name.replace('.', '_')}")
        entry["description"] = t(f"setting_help.{name.replace('.', '_')}")
        # TOML has no null, and a set's default is an empty list.
        if entry.get("default") is None:
            entry["default"] = []
    profiles = definitions[Settings.__name__]["properties"][PROFILES]
    profiles |= {"title": t("profiles.title"), "description": t("profiles.help")}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
