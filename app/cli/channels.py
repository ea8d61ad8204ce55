"""The channels that a command requests, and the codes without any of them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import click

from app.feed.demand import Reader
from app.instruments.contracts import Contracts, has_expired
from app.system.errors import UsageError
from specs.catalog import Absent, Channel, Session, choose_for
from specs.codes import read
from specs.user_message import UserMessage
from widgets.texts import t

_Command = TypeVar("_Command", bound=Callable[..., Any])


def channel_option(default: str) -> Callable[[_Command], _Command]:
    """The option that `channels` reads."""
    return click.option(
        "--channel",
        default=default,
        show_default=True,
        metavar="NAMES",
        help="trade, book, expected, or several with commas between.",
    )


def channels(text: str) -> frozenset[Channel]:
    """The channels of a text.

    Raises:
        UsageError: one of them is none.
    """
    try:
        return frozenset(Channel(name.strip()) for name in text.split(","))
    except ValueError as error:
        raise UsageError(
            "cli.no_channel", name=text, hint="--channel trade,book,expected"
        ) from error


def without_expired(codes: Iterable[str], contracts: Contracts, now: datetime) -> tuple[str, ...]:
    """Return the codes whose last trading moment is ahead, and print the others.

    Raises:
        UsageError: all have expired.
    """
    left: list[str] = []
    for code in codes:
        about = contracts.instrument(code)
        if has_expired(about, now):
            click.echo(f"{code}: {t('row.expired', day=f'{about.expiry:%y/%m/%d}')}", err=True)
        else:
            left.append(code)
    if not left:
        raise UsageError("cli.all_expired", hint=UserMessage("cli.roll_hint"))
    return tuple(left)


def refuse_sleepers(
    codes: Iterable[str], session: Session, asked: frozenset[Channel], reader: Reader = read
) -> None:
    """Print the codes that no TR carries.

    Raises:
        UsageError: none of them would bring anything.
    """
    awake, sleeping = 0, set[Absent]()
    for code in codes:
        contract = reader(code)
        if contract is None:
            continue
        entries = [choose_for(contract, session, channel) for channel in sorted(asked)]
        for why in dict.fromkeys(entry for entry in entries if isinstance(entry, Absent)):
            click.echo(f"{code}: {t(f'absent.{why}')}", err=True)
            sleeping.add(why)
        awake += sum(not isinstance(entry, Absent) for entry in entries)
    if not awake:
        unknown = sleeping == {Absent.UNKNOWN_PRODUCT}
        hint = "kis-tui master update" if unknown else "--session day|night"
        raise UsageError("cli.nothing_to_stream", hint=hint)
