"""A server in a process of its own that registers whatever it is asked to and then sends frames.

``python -m benchmarks.blaster FRAMES RATE CODES``: so many frames, RATE a second or 0 for as fast
as the socket takes them, once CODES registrations are in.  The one line that it prints is its port
and the codes.  It blocks and has no loop: what it costs must not depend on what is measured.
"""

import hashlib
import json
import socket
import struct
import sys
import time
from base64 import b64encode
from itertools import cycle, islice

from benchmarks.frames import frames

from app.simulator.wire import framed

TR_ID = "H0EUCNT0"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CHUNK = 64


def chosen(codes: int) -> list[str]:
    """The codes whose frames are sent."""
    return list(dict.fromkeys(map(code_of, frames(TR_ID, 1, True))))[:codes]


def code_of(raw: str) -> str:
    return raw.split("|", 3)[3].partition("^")[0]


def main(count: int, rate: float, codes: int) -> None:
    kept = chosen(codes)
    raws = [framed(raw) for raw in frames(TR_ID, 1, True) if code_of(raw) in kept]
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], *kept, flush=True)
    while True:
        client, _ = server.accept()
        head = _head(client)
        if head.startswith(b"POST"):
            _answer(client, head)
            continue
        _upgrade(client, head)
        for _ in range(codes):
            asked = json.loads(_text(client))["body"]["input"]
            header = {"tr_id": asked["tr_id"], "tr_key": asked["tr_key"], "encrypt": "N"}
            body = {"rt_cd": "0", "msg_cd": "OPSP0000", "msg1": "SUBSCRIBE SUCCESS"}
            client.sendall(framed(json.dumps({"header": header, "body": body})))
        if rate:
            _pace(client, raws, count, rate)
        else:
            _blast(client, raws, count)
        # The client leaves first.
        while client.recv(4096):
            pass
        return


def _pace(client: socket.socket, raws: list[bytes], count: int, rate: float) -> None:
    """One frame at a time, each at its moment; those that are late follow at once."""
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    started = time.monotonic()
    for at, raw in enumerate(islice(cycle(raws), count)):
        wait = started + at / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        client.sendall(raw)


def _blast(client: socket.socket, raws: list[bytes], count: int) -> None:
    endless = cycle(raws)
    while count:
        some = min(_CHUNK, count)
        client.sendall(b"".join(islice(endless, some)))
        count -= some


def _head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(65536)
    return head


def _answer(client: socket.socket, head: bytes) -> None:
    text = json.dumps({"approval_key": "0" * 36}).encode()
    client.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(text), text)
    )
    client.close()


def _upgrade(client: socket.socket, head: bytes) -> None:
    lines = [line.partition(b":") for line in head.split(b"\r\n")]
    [key] = [value.strip() for name, _, value in lines if name.lower() == b"sec-websocket-key"]
    accept = b64encode(hashlib.sha1(key + _GUID).digest())
    client.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept
    )


def _text(client: socket.socket) -> bytes:
    """The next text of the client, which masks what it sends."""
    _, length = _exactly(client, 2)
    length &= 0x7F
    if length == 126:
        [length] = struct.unpack(">H", _exactly(client, 2))
    mask = _exactly(client, 4)
    return bytes(byte ^ mask[at % 4] for at, byte in enumerate(_exactly(client, length)))


def _exactly(client: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        data += client.recv(length - len(data))
    return data


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
