"""``kis-tui positions trade`` and ``closed``: what trades leave, worked out by hand."""

import json

from harness.command_line import CommandLine

FUTURE, CALL = "A01612", "B01612A33"


def test_trades_realise_profits_at_average_cost(kis_tui: CommandLine) -> None:
    for quantity, price in (("2", "1,080"), ("1", "1083"), ("-2", "1084.5")):
        done = kis_tui("positions", "trade", FUTURE, quantity, price, "--day", "2026-11-23")
        assert done.code == 0, done.err
    assert done.err == "체결을 반영했습니다. 잔고 1 @ 1081\n"
    # (1084.5 - 1081) × 2 contracts × 250,000 won.
    closed = json.loads(kis_tui("positions", "closed", "--format", "json").out)
    assert closed == [
        {
            "code": FUTURE,
            "quantity": 2,
            "average": 1081.0,
            "price": 1084.5,
            "day": "2026-11-23",
            "realised": 1_750_000.0,
        }
    ]
    assert "+1,750,000" in kis_tui("positions", "closed").out
    lines = kis_tui("positions", "closed", "--format", "csv").out.splitlines()
    assert lines[0] == "code,quantity,average,price,day,realised"
    assert lines[1] == f"{FUTURE},2,1081,1084.5,2026-11-23,1750000"


def test_import_keeps_closed_lots_until_they_are_cleared(kis_tui: CommandLine) -> None:
    kis_tui("positions", "trade", CALL, "-1", "20")
    kis_tui("positions", "trade", CALL, "1", "18")
    file = kis_tui("positions", "closed", "--format", "json").out
    assert json.loads(file)[0]["realised"] == 2 * 250_000
    assert kis_tui("positions", "list").out == ""
    done = kis_tui("positions", "closed", "--clear")
    assert done.err == "청산 내역 1건을 비웠습니다\n"
    assert kis_tui("positions", "closed").out == ""


def test_a_trade_that_cannot_be_is_refused(kis_tui: CommandLine) -> None:
    for words in (
        (FUTURE, "0", "1080"),
        (FUTURE, "1.5", "1080"),
        ("XYZ", "1", "1"),
        (CALL, "1", "-3"),
    ):
        done = kis_tui("positions", "trade", *words)
        assert done.code == 2, words
    assert kis_tui("positions", "list").out == ""
