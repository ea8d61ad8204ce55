"""Choices of a user that several rooms share: each has its values here and nowhere else."""

from typing import Literal

from msgspec import Struct

Language = Literal["ko", "en"]
"""Language of every text."""

CustomerType = Literal["P", "B"]
"""KIS' ``custtype``: the account of a person, or of a company (법인)."""

Updown = Literal["kr", "us", "cb", "mono"]
"""Colours of up and down: red/blue, green/red, orange/blue, none."""

Signs = Literal["auto", "unicode", "ascii"]
"""Signs that some terminals draw two cells wide: as the terminal answers, drawn, or replaced."""

HubMode = Literal["on", "off"]
"""Whether several kis-tui with one app key share its session."""

NotifyProtocol = Literal["auto", "off", "osc9", "osc777", "osc99"]
"""How a terminal is asked for a desktop notification."""

ChartPane = Literal["volatility", "delta", "none"]
"""The pane of a chart below the volume."""

ChartForm = Literal["candles", "line"]
"""How a chart draws its bars."""

BarSeconds = Literal[1, 60, 300, 900, 3600]
"""Lengths of a chart's bars that can be chosen, in seconds."""


class ChartSetup(Struct, frozen=True):
    """How the chart was left."""

    seconds: BarSeconds = 60
    form: ChartForm = "candles"
    pane: ChartPane = "volatility"
    small: bool = True
    """Whether a small form stands under the watchlist, where there is room for it."""
