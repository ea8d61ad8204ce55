"""The command line: arguments to settings to a run; the only room that prints and exits."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A terminal dashboard for Korean futures and options, above all in the night session."""
