"""A client of the gateway in a process of its own, without a loop or a library.

``python -m benchmarks.gateway_reader REST WS READS CODE…`` registers, and prints when data frames
came as a JSON list of monotonic seconds, once none came for a second; with READS 0 it reads nothing
and prints nothing.
"""

import json
import os
import socket
import sys
import time
import urllib.request
from urllib.parse import urlsplit

from benchmarks.blaster import TR_ID
from benchmarks.gateway_host import KEY, SECRET

IDLE = 1.0


def main(rest: str, ws: str, reads: bool, codes: list[str]) -> None:
    body = json.dumps({"grant_type": "client_credentials", "appkey": KEY, "secretkey": SECRET})
    call = urllib.request.Request(
        f"{rest}/oauth2/Approval", body.encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(call, timeout=10) as answer:
        key = json.load(answer)["approval_key"]
    address = urlsplit(ws)
    client = socket.create_connection((address.hostname, address.port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.sendall(
        f"GET / HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(4096)
    data = data.partition(b"\r\n\r\n")[2]
    for code in codes:
        header = {"approval_key": key, "custtype": "P", "tr_type": "1", "content-type": "utf-8"}
        pair = {"tr_id": TR_ID, "tr_key": code}
        client.sendall(masked(json.dumps({"header": header, "body": {"input": pair}}).encode()))
    if not reads:
        time.sleep(60)
        return
    print(json.dumps(read_times(client, data)), flush=True)


def read_times(client: socket.socket, data: bytes) -> list[float]:
    """Return the moments at which data frames were there as a whole."""
    times: list[float] = []
    while True:
        client.settimeout(IDLE if times else None)
        at = 0
        while (size := frame_size(data, at)) and at + size <= len(data):
            head = 4 if data[at + 1] == 126 else 2
            if data[at + head : at + head + 2] == b"0|":
                times.append(time.monotonic())
            at += size
        data = data[at:]
        try:
            data += client.recv(65536)
        except TimeoutError:
            return times


def frame_size(data: bytes, at: int) -> int:
    """Return the length of the frame at a position, or 0 if its head is not whole."""
    if len(data) < at + 4:
        return 0
    short = data[at + 1] & 0x7F
    return 2 + short if short < 126 else 4 + int.from_bytes(data[at + 2 : at + 4])


def masked(payload: bytes) -> bytes:
    """Return a text frame of a client."""
    mask = os.urandom(4)
    body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return b"\x81" + bytes((0x80 | 126,)) + len(payload).to_bytes(2) + mask + body


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "1", sys.argv[4:])
