"""The words of a command line that opens the dashboard with options that were already read."""

import copy
from collections.abc import Iterator
from math import inf
from typing import Any

import click
from click.core import ParameterSource

_OWN = ("version", "help")


def dashboard_options(root: click.Command) -> list[click.Parameter]:
    """Return copies of the options that the dashboard takes, for another command."""
    return [copy.copy(option) for option in root.params if option.name not in _OWN]


def given_words(context: click.Context, options: list[click.Parameter]) -> list[str]:
    """Return the options that a command line has given, as words of another one."""
    return [
        word
        for option in options
        if option.name is not None
        and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
        for word in _words(option, context.params[option.name])
    ]


def _words(option: click.Parameter, value: Any) -> Iterator[str]:
    name = max(option.opts, key=len)
    if getattr(option, "is_flag", False) and value is True:
        yield name
    elif isinstance(option.type, click.DateTime):
        yield f"{name}={value.strftime(option.type.formats[0])}"
    elif isinstance(value, float):
        yield f"{name}={'max' if value == inf else repr(value)}"
    else:
        # One word: a value may begin with a dash, and that of --record may be empty.
        yield f"{name}={value}"
