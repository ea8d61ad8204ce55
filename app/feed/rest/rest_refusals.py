"""What KIS' refusals over REST mean: of the keys, of the token, and of one code."""

from app.system.secret import redact
from specs.bearer import BearerError
from specs.quotation import QuotationError
from specs.user_message import UserMessage

TOKEN_REFUSED = frozenset(("EGW00121", "EGW00123"))
KEYS_REFUSED = frozenset(("EGW00102", "EGW00103", "EGW00104", "EGW00105"))
_TOKEN_TOO_SOON = "EGW00133"


class RestOver(Exception):
    """Nothing more is to be asked for in this run."""

    def __init__(self, message: UserMessage) -> None:
        super().__init__(str(message))
        self.message = message


def refusal_message(error: QuotationError) -> UserMessage:
    """Return why a code has no price."""
    if error.reason in ("refused", "status"):
        answer = redact(f"{error.code} {error.words}".strip())
        return UserMessage(f"picture.{error.reason}", told=answer)
    return UserMessage(f"picture.{error.reason}")


def no_token_message(error: BearerError) -> UserMessage:
    """Return why there is no token for now.

    Raises:
        RestOver: there will be none in this run.
    """
    if error.code in KEYS_REFUSED:
        raise RestOver(UserMessage("picture.keys", code=error.code)) from error
    if error.code == _TOKEN_TOO_SOON:
        raise RestOver(UserMessage("picture.token_too_soon")) from error
    return UserMessage(
        "picture.no_token", told=redact(f"{error.code} {error.words}".strip()) or "?"
    )
