"""The messages between feed, screens and app, named by what has happened."""

from dataclasses import dataclass

from textual.message import Message

from app.feed.batch import Batch


@dataclass
class BatchArrived(Message):
    """The feed's thread has posted a batch that waits to be applied."""

    batch: Batch


@dataclass
class CodesChanged(Message):
    """Other codes are watched."""


@dataclass
class ContractChosen(Message):
    """A contract of a page is to be watched."""

    code: str
