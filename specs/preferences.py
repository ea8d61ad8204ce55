"""Choices of a user that several rooms share: each has its values here and nowhere else."""

from typing import Literal

Language = Literal["ko", "en"]
"""Language of every text."""

CustomerType = Literal["P", "B"]
"""KIS' ``custtype``: the account of a person, or of a company (법인)."""

Updown = Literal["kr", "us", "cb", "mono"]
"""Colours of up and down: red/blue, green/red, orange/blue, none."""

NotifyProtocol = Literal["auto", "off", "osc9", "osc777", "osc99"]
"""How a terminal is asked for a desktop notification."""
