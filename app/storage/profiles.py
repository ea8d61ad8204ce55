"""Profiles: several app keys of one user, each by a name and the place where it is found.

The table ``[profiles]`` of the settings file has a line for each, in the order in which kis-tui
uses them: ``env``, the variables ``KIS_APP_KEY`` and ``KIS_APP_SECRET``; ``env:2``, the variables
``KIS_APP_KEY_2`` and ``KIS_APP_SECRET_2``; or the path of a file like KIS' ``kis_devlp.yaml``.
Without the table the profiles are `MAIN`, the keys that are found without any, and ``2`` to ``9``
where the environment has such variables.  The settings hold no secret.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path, PurePath

from msgspec.structs import replace

from app.storage.credentials import (
    MAIN,
    NUMBERS,
    FoundCredentials,
    credentials_in_environment,
    credentials_in_file,
    find_credentials,
    has_numbered_key,
)
from app.system.errors import CredentialsError, UsageError
from specs.clean import clean
from specs.user_message import MessageList, UserMessage, UserText

MOST = 9
"""Profiles of one user; each may hold a session of its own."""

LONGEST_NAME = 16

_NAME = re.compile(rf"[A-Za-z0-9가-힣_-]{{1,{LONGEST_NAME}}}")
_NUMBERED = re.compile(r"env(?::([1-9]))?")
_ENDINGS = (".yaml", ".yml")


def check_profiles(value: object) -> list[UserText]:
    """Return what is wrong with the table of profiles; no message has a place in it.

    A place that is none may be a key that was written into the wrong file.
    """
    if not isinstance(value, dict):
        return [UserMessage("settings.bad_value", name="profiles", allowed="[profiles]")]
    problems: list[UserText] = []
    for name, place in value.items():
        if not _NAME.fullmatch(name):
            problems.append(
                UserMessage("profiles.bad_name", name=clean(name, 40), most=LONGEST_NAME)
            )
        elif not _is_place(place):
            problems.append(UserMessage("profiles.bad_place", name=name))
    if len(value) > MOST:
        problems.append(UserMessage("profiles.too_many", most=MOST))
    return problems


def find_profiles(
    profiles: Mapping[str, str],
    chosen: str = "",
    *,
    paper: bool = False,
    environment: Mapping[str, str] | None = None,
    home: Path | None = None,
) -> tuple[FoundCredentials, ...]:
    """Return the credentials of the chosen profiles, the first one first; of all without a choice.

    `chosen` are names with commas between.

    Raises:
        UsageError: a name that no profile has.
        CredentialsError: credentials that cannot be used, or two profiles with one app key.
    """
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    names = choose_profiles(chosen, profile_names(profiles, environment, paper=paper))
    found = tuple(
        _find(name, profiles, environment, home, paper=paper, is_only=names == (MAIN,))
        for name in names
    )
    _refuse_shared_keys(found)
    return found


def profile_names(
    profiles: Mapping[str, str],
    environment: Mapping[str, str] | None = None,
    *,
    paper: bool = False,
) -> tuple[str, ...]:
    """Return the names of all profiles, in the order in which they are used."""
    if profiles:
        return tuple(profiles)
    environment = os.environ if environment is None else environment
    more = (one for one in NUMBERS if has_numbered_key(environment, one, paper=paper))
    return (MAIN, *more)


def profile_files(profiles: Mapping[str, str], home: Path) -> list[Path]:
    """Return the files that profiles have their keys in."""
    places = (place for place in profiles.values() if not _NUMBERED.fullmatch(place))
    return [_path(place, home) for place in places]


def choose_profiles(chosen: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a choice, with commas between, in its order; all for an empty one.

    Raises:
        UsageError: a name that no profile has.
    """
    words = dict.fromkeys(word.strip() for word in chosen.split(",") if word.strip())
    for word in words:
        if word not in names:
            near = get_close_matches(word, names, 1)
            unknown = UserMessage("profiles.unknown", name=clean(word, 40), names=", ".join(names))
            hint = [UserMessage("settings.did_you_mean", name=near[0])] if near else []
            raise UsageError(MessageList([unknown, *hint], ""))
    return tuple(words) or tuple(names)


def _find(
    name: str,
    profiles: Mapping[str, str],
    environment: Mapping[str, str],
    home: Path,
    *,
    paper: bool,
    is_only: bool,
) -> FoundCredentials:
    try:
        if name not in profiles and name == MAIN:
            found = find_credentials(environment, home, paper=paper)
        else:
            found = _at(profiles.get(name, f"env:{name}"), environment, home, paper=paper)
    except CredentialsError as error:
        if is_only and name not in profiles:
            raise
        raise CredentialsError(
            "profiles.refused", name=name, why=error.message, hint=error.hint
        ) from error
    return replace(found, credentials=replace(found.credentials, profile=name))


def _at(place: str, environment: Mapping[str, str], home: Path, *, paper: bool) -> FoundCredentials:
    """Return the credentials of a place.

    Raises:
        CredentialsError: there are none, or they cannot be used.
    """
    numbered = _NUMBERED.fullmatch(place)
    if numbered is None:
        return credentials_in_file(_path(place, home), paper=paper)
    found = credentials_in_environment(environment, home, numbered[1] or "", paper=paper)
    if found is None:
        raise CredentialsError("profiles.no_variables", place=place)
    return found


def _path(place: str, home: Path) -> Path:
    return home / place[2:] if place.startswith("~/") else Path(place)


def _refuse_shared_keys(found: Iterable[FoundCredentials]) -> None:
    seen: dict[str, str] = {}
    for one in found:
        credentials = one.credentials
        other = seen.setdefault(credentials.app_key.reveal(), credentials.profile)
        if other != credentials.profile:
            raise CredentialsError("profiles.same_key", name=credentials.profile, other=other)


def _is_place(place: object) -> bool:
    if not isinstance(place, str):
        return False
    if _NUMBERED.fullmatch(place):
        return True
    is_rooted = place.startswith("~/") or PurePath(place).is_absolute()
    return is_rooted and place.endswith(_ENDINGS) and place.isprintable()
