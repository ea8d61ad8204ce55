"""The one token: where it comes from, how seldom it is issued, and what happens when it is refused.

KIS issues one a minute at most (EGW00133 otherwise), and tells the user by KakaoTalk each time.
"""

import asyncio
from collections.abc import Awaitable, Callable

from app.feed.rest.token_file import Token, TokenFile
from app.system.clock import Clock
from app.system.secret import Secret
from specs.bearer import EVERY, BearerError, BearerToken

TOO_SOON = "EGW00133"
GRACE = 1.0
"""Seconds that are waited beyond KIS' minute."""
ONCE_IN = 12 * 3600.0
"""Seconds in which one refused token is replaced; a second one is not."""


class TokenIssuer:
    """Holds the token, takes it from disk, has it issued."""

    def __init__(
        self,
        issue: Callable[[], Awaitable[BearerToken]],
        clock: Clock,
        file: TokenFile | None = None,
    ) -> None:
        self._issue = issue
        self._clock = clock
        self._file = file
        self._token = file.load() if file is not None else None
        self._tried = float("-inf")
        self._dropped = float("-inf")
        if self._token is not None:
            age = max(0.0, clock.now().timestamp() - self._token.issued)
            self._tried = clock.monotonic() - age

    async def token(self) -> Secret:
        """A token that is good by the clock.

        Raises:
            BearerError: KIS issues none.
            NoAnswer: it cannot be asked now.
        """
        token = self._token
        if token is None or not token.good(self._clock.now().timestamp()):
            token = self._token = await self._issued()
            if self._file is not None:
                self._file.save(token)
        return token.secret

    def drop(self) -> bool:
        """REST refused the token; whether another one may be had."""
        if self._token is not None:
            self._token = Token(Secret(""), self._token.issued, self._token.issued)
            if self._file is not None:
                self._file.save(self._token)
        before, self._dropped = self._dropped, self._clock.monotonic()
        return self._dropped - before > ONCE_IN

    async def _issued(self) -> Token:
        await self._wait()
        try:
            made = await self._try()
        except BearerError as error:
            if error.code != TOO_SOON:
                raise
            await self._wait()
            made = await self._try()
        now = self._clock.now().timestamp()
        return Token(Secret(made.token), now, now + made.seconds)

    async def _try(self) -> BearerToken:
        self._tried = self._clock.monotonic()
        return await self._issue()

    async def _wait(self) -> None:
        await asyncio.sleep(max(0.0, self._tried + EVERY + GRACE - self._clock.monotonic()))
