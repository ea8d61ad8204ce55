"""The code master of the simulated contracts, in the lines that KIS' own files have.

Nine fields with ``|`` between: product, short code, ISIN, name, moneyness (1 at, 2 in, 3 out of the
money), strike, month class, underlying code, underlying name.  Source: fo_idx_code_mts.mst and
fo_stk_code_mts.mst; fo_com_code.mst has the same fields at fixed places, two letters in the first.
"""

from collections.abc import Iterable

from app.simulator.instrument import SimulatedInstrument, SimulatedUnderlying
from specs.codes import Right, UnderlyingKind

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MONTHS = " 123456789ABC"


def master_lines(
    instruments: Iterable[SimulatedInstrument],
) -> tuple[list[str], list[str], list[str]]:
    """The lines of the index, the stock and the commodity master."""
    listed = tuple(instruments)
    nearest: dict[SimulatedUnderlying, float] = {}
    for option in (i for i in listed if i.right is not None):
        level = option.underlying.level
        kept = nearest.get(option.underlying, 0.0)
        if abs(option.strike - level) < abs(kept - level):
            nearest[option.underlying] = option.strike
    lines: dict[UnderlyingKind, list[str]] = {market: [] for market in UnderlyingKind}
    for instrument in listed:
        line = _line(instrument, nearest.get(instrument.underlying, 0.0))
        lines[instrument.underlying.market].append(line)
    return lines[UnderlyingKind.INDEX], lines[UnderlyingKind.STOCK], lines[UnderlyingKind.COMMODITY]


def isin(instrument: SimulatedInstrument) -> str:
    """The standard code, check digit last."""
    code = instrument.code
    year_month = code[3:5] if "W" in code else f"{code[3]}{_MONTHS[int(code[4:6])]}"
    tail = code[6:] or "000"
    if instrument.far is not None:
        far = instrument.far.code
        tail = f"{far[3]}{_MONTHS[int(far[4:6])]}S"
    body = f"KR4{code[:3]}{year_month}{tail}"
    return f"{body}{check_digit(body)}"


def check_digit(body: str) -> int:
    """Luhn's digit over an ISIN without it, letters counted as 10 to 35."""
    digits = "".join(str(_DIGITS.index(c)) for c in body)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def _line(instrument: SimulatedInstrument, nearest: float) -> str:
    future = instrument.right is None
    return "|".join(
        (
            instrument.product,
            instrument.code,
            isin(instrument),
            instrument.name,
            " " if future else _moneyness(instrument, nearest),
            f"{instrument.strike:08.2f}",
            str(instrument.rank + 1) if future and not instrument.is_spread else " ",
            instrument.underlying.id,
            instrument.underlying.name,
        )
    )


def _moneyness(option: SimulatedInstrument, nearest: float) -> str:
    if option.strike == nearest:
        return "1"
    below = option.strike < option.underlying.level
    return "2" if below == (option.right is Right.CALL) else "3"
