"""A feed with its gateway in a process of its own.

``python -m benchmarks.gateway_host PORT FRAMES CLIENTS CODE…``: the feed is of the server at PORT.
It prints the addresses of the gateway; once so many clients have registered it asks for the last
CODE, too, which starts the server; and in the end it prints as JSON when the frames of the other
codes came (`kept`, monotonic seconds), the 99th percentile of how late all came (`late`, ms), and
the share of a core that this process took from the first frame to the last one (`cpu`, percent).
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from statistics import quantiles

from benchmarks.blaster import code_of

from app.feed.batch import Batch
from app.feed.demand import WatchRequest
from app.feed.feed import Feed
from app.feed.feed_loop import name, runner
from app.feed.feed_settings import FeedSettings
from app.feed.link_step import LinkStep
from app.feed.recording import Recording
from app.hub.gateway import Gateway, GatewaySettings
from app.krx.calendar import Schedule
from app.storage.credentials import Credentials, Endpoints
from app.system.clock import SystemClock
from app.system.secret import Secret
from specs.catalog import Channel, Session

KEY, SECRET = "benchmark-key", "benchmark-secret"
RATE = 5_000


class Arrivals:
    """A recorder that keeps when data frames came."""

    def __init__(self) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.frames: list[tuple[float, str]] = []
        self.cpu: list[float] = []
        """Processor seconds of this process at each frame."""
        self.recording = Recording()

    def start(self) -> None:
        pass

    def stop(self, *, wait: bool = True) -> None:
        pass

    def record_message(self, message: object, monotonic: float) -> None:
        if isinstance(message, str) and message.startswith("0|"):
            self.frames.append((time.monotonic(), message))
            self.cpu.append(time.process_time())

    def link(self, step: LinkStep, monotonic: float) -> None:
        pass

    def name(self, names: Mapping[str, str]) -> None:
        pass

    def miss(self, missed: Mapping[str, float]) -> None:
        pass


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def host(port: str, count: int, clients: int, codes: tuple[str, ...]) -> None:
    credentials = Credentials(Secret(KEY), Secret(SECRET), "benchmark")
    clock, arrivals = SystemClock(), Arrivals()
    opened = asyncio.Event()

    def print_addresses(found: Endpoints) -> None:
        print(found.rest, found.ws, flush=True)
        opened.set()

    gateway = Gateway(GatewaySettings(credentials), clock, print_addresses)
    settings = FeedSettings(
        Endpoints(f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"),
        credentials,
        schedule=Schedule(Session.NIGHT),
        channels=frozenset((Channel.TRADE,)),
        recorder=arrivals,
        sharing=gateway,
    )

    def deliver(batch: Batch) -> None:
        feed.acknowledge_batch()

    feed = Feed(settings, clock, deliver)
    running = asyncio.create_task(feed.run())
    await opened.wait()
    wanted = len(codes) - 1
    await until(
        lambda: sum(len(gateway.registered(one)) == wanted for one in gateway.clients) >= clients
    )
    feed.watch(WatchRequest(codes))
    await until(lambda: len(arrivals.frames) >= count)
    await asyncio.sleep(1.0)
    kept = [at for at, raw in arrivals.frames if code_of(raw) != codes[-1]]
    after = [at - number / RATE for number, (at, _) in enumerate(arrivals.frames)]
    late = 1000 * (quantiles(after, n=100, method="inclusive")[98] - min(after))
    span = arrivals.frames[-1][0] - arrivals.frames[0][0]
    cpu = 100 * (arrivals.cpu[-1] - arrivals.cpu[0]) / span
    print(json.dumps({"kept": kept, "late": late, "cpu": cpu}), flush=True)
    await asyncio.sleep(3.0)
    feed.stop()
    await running


if __name__ == "__main__":
    with runner(name()) as loop:
        loop.run(host(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), tuple(sys.argv[4:])))
