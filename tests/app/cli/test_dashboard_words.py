"""The options of the dashboard behind ``serve``: read, written as words, and read again."""

import click
import pytest

from app.cli.dashboard_words import given_words
from app.cli.root import root
from app.cli.serve import serve

OPTIONS = [option for option in serve.params if option.name not in ("port", "tabs", "opens")]

GIVEN = (
    ("-w", "A01612,콜"),
    ("--layout=-dash", "--no-color"),
    ("--lang", "ko", "--updown", "us", "--theme", "light"),
    ("--config", "a b.toml", "--log-file", "x.log", "--log-level", "debug"),
    ("--demo", "--date", "2026-11-20", "--start", "08:05", "--speed", "0.1", "--seed", "7"),
    ("--session", "night", "--record"),
    ("--record", "tapes/"),
    ("--replay", "demo", "--at", "20:00:30", "--speed", "max"),
    ("--paper", "--profile", "night"),
    ("--nats", "nats://127.0.0.1:4222"),
    (),
)


@pytest.mark.parametrize("words", GIVEN, ids=" ".join)
def test_written_words_are_read_as_the_same_options(words: tuple[str, ...]) -> None:
    read = serve.make_context("serve", list(words))
    written = given_words(read, OPTIONS)
    again = root.make_context("kis-tui", written)
    values = {name: value for name, value in read.params.items() if name in again.params}
    assert values == again.params


def test_serve_takes_every_option_of_the_dashboard_and_each_is_tried_here() -> None:
    named = {option.name for option in root.params if option.name not in ("version", "help")}
    assert {option.name for option in OPTIONS} == named
    tried = {
        option.name
        for words in GIVEN
        for option in OPTIONS
        if any(word.split("=")[0] in option.opts for word in words)
    }
    shown = {option.name for option in OPTIONS if not getattr(option, "hidden", False)}
    assert tried == shown


def test_options_that_are_not_given_are_not_written() -> None:
    context = click.Context(root)
    context.params = {}
    assert given_words(context, OPTIONS) == []
