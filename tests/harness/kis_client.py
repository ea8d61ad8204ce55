"""A minimal KIS client, written from the portal's documentation: approval key, websocket, JSON."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

APP_SECRET = "any-app-secret-0123456789"
"""The secret of every app key; a plain word would be masked in the logs of other tests."""


class KisClient:
    """One websocket and its approval key; `frames` gathers the data frames between answers."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, approval_key: str) -> None:
        self.socket = socket
        self.approval_key = approval_key
        self.frames: list[str] = []

    async def ask(self, tr_id: str, tr_key: str, tr_type: str = "1", custtype: str = "P") -> str:
        """Register (`tr_type` 1) or release (2) a TR; return the OPSP code of the answer."""
        header = {
            "approval_key": self.approval_key,
            "custtype": custtype,
            "tr_type": tr_type,
            "content-type": "utf-8",
        }
        await self.socket.send_json(
            {"header": header, "body": {"input": {"tr_id": tr_id, "tr_key": tr_key}}}
        )
        # A PINGPONG may come first; it need not be answered at once.
        while "body" not in (told := await self.answer()):
            pass
        return str(told["body"]["msg_cd"])

    async def answer(self) -> dict[str, Any]:
        """Return the next JSON message; data frames before it are added to `frames`."""
        while True:
            raw = await self.socket.receive_str(timeout=10)
            if raw.startswith("{"):
                return msgspec.json.decode(raw, type=dict[str, Any])
            self.frames.append(raw)

    async def echo(self, *, by_pong: bool = False) -> None:
        """Read up to a PINGPONG and send it back, as text or as a pong control frame."""
        while True:
            raw = await self.socket.receive_str(timeout=10)
            if "PINGPONG" not in raw:
                self.frames.append(raw)
            elif by_pong:
                await self.socket.pong(raw.encode())
                return
            else:
                await self.socket.send_str(raw)
                return


async def approve(http: aiohttp.ClientSession, rest_url: str, app_key: str = "any") -> str:
    """Return an approval key for an app key."""
    body = {"grant_type": "client_credentials", "appkey": app_key, "secretkey": APP_SECRET}
    async with http.post(f"{rest_url}/oauth2/Approval", json=body) as response:
        return str((await response.json())["approval_key"])


@asynccontextmanager
async def connect_client(
    rest_url: str, ws_url: str, app_key: str = "any", path: str = "/tryitout"
) -> AsyncIterator[KisClient]:
    """Get an approval key and connect; yield the client."""
    async with aiohttp.ClientSession() as http:
        key = await approve(http, rest_url, app_key)
        async with http.ws_connect(f"{ws_url}{path}") as socket:
            yield KisClient(socket, key)
