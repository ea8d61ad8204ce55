"""Registrations whose orders are sent and answered without a socket."""

from app.feed.registrations import LIMIT, RegistrationKey, Registrations
from specs.control import Ack


def key(number: int) -> RegistrationKey:
    """Return the key of a night option's trades."""
    return RegistrationKey("H0EUCNT0", f"B01612A{number:02}")


def answer_to(k: RegistrationKey, code: str = "OPSP0000", result: str = "", words: str = "") -> Ack:
    """Return KIS' answer to a registration or release."""
    return Ack(k.tr_id, k.code, code, words, result)


def send_orders(
    registrations: Registrations, start: float, end: float
) -> list[tuple[RegistrationKey, bool]]:
    """Every order between two moments, asked for each tenth of a second."""
    orders = []
    for tenth in range(round(start * 10), round(end * 10)):
        order = registrations.next_order(tenth / 10)
        if order is not None:
            orders.append((order.key, order.register))
    return orders


def confirm_orders(
    registrations: Registrations, orders: list[tuple[RegistrationKey, bool]]
) -> None:
    """Answer all orders with success."""
    for k, register in orders:
        registrations.acknowledge(answer_to(k, "OPSP0000" if register else "OPSP0001"))


def all_sent(rows: int = 2, limit: int = LIMIT) -> Registrations:
    """Return registrations that were all sent and not answered yet."""
    registrations = Registrations(limit)
    registrations.request([key(n) for n in range(rows)])
    send_orders(registrations, 0, rows)
    return registrations
