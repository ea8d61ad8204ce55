"""Ten kis-tui and another client with one app key: one session, and one plan of 41."""

from pathlib import Path

from harness.gateway_harness import CREDENTIALS
from harness.kis_client import connect_client
from harness.shared_sources import run_programs

from app.feed.demand import WatchRequest
from app.feed.phase import LinkPhase
from app.simulator.faults import LIMIT

SCREENS = 10
STRIKES = [f"B01612A{number}" for number in range(10, 55)]
TRADE, BOOK, MINI = "H0MFCNT0", "H0MFASP0", "A05612"
OPTION_TRADE, OPTION_BOOK = "H0EUCNT0", "H0EUASP0"


async def test_ten_screens_share_41_registrations_and_each_has_its_focused_row(
    tmp_path: Path,
) -> None:
    async with run_programs(tmp_path, speed=5) as stage:
        owner = stage.begin(WatchRequest(("A01612",), "A01612", frozenset(("A01612",))))
        await stage.until(lambda: owner.link.phase is LinkPhase.LIVE)
        address = owner.key.find_owner()
        assert address is not None
        key = CREDENTIALS.app_key.reveal()
        async with connect_client(address.rest, address.ws, key) as foreign:
            assert await foreign.ask(TRADE, MINI) == "OPSP0000"
            assert await foreign.ask(BOOK, MINI) == "OPSP0000"
            screens = []
            for number in range(SCREENS - 1):
                codes = tuple(STRIKES[5 * number : 5 * number + 5])
                screens.append(stage.begin(WatchRequest(codes, codes[2], frozenset(codes))))
            focused = {
                (tr_id, STRIKES[5 * number + 2])
                for number in range(SCREENS - 1)
                for tr_id in (OPTION_TRADE, OPTION_BOOK)
            }
            kept = focused | {(TRADE, MINI), (BOOK, MINI), (TRADE, "A01612"), (BOOK, "A01612")}
            await stage.until(lambda: kept <= stage.simulator.registrations)
            await stage.until(lambda: len(stage.simulator.registrations) == LIMIT)
            await stage.until(lambda: all(screen.active for screen in screens))
            for screen, number in zip(screens, range(SCREENS - 1), strict=True):
                own = STRIKES[5 * number : 5 * number + 5]
                assert {code for _, code in screen.active} <= set(own)
                assert screen.link.via_hub
            # Nothing is left for a client that cannot wait: KIS' own refusal.
            wanted = [code for code in STRIKES if (OPTION_TRADE, code) not in kept]
            answers = [await foreign.ask(OPTION_TRADE, code) for code in wanted[:LIMIT]]
            assert "OPSP0008" in answers
            assert kept <= stage.simulator.registrations
        oracle = stage.simulator.oracle
        assert (oracle.most_open, oracle.overlaps, stage.simulator.dials) == (1, 0, 1)
        assert oracle.most_registered <= LIMIT
        assert (oracle.strangers, oracle.secrets) == (0, [])
