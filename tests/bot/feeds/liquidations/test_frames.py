"""Frames of every feed as liquidations: on recordings where there are some, on the documented shape where there are not."""

from __future__ import annotations

import csv
import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from bot.feeds.liquidations import frames
from bot.feeds.liquidations.sources import backstop_wire, binance_wire, bybit_wire, makers_wire, okx_wire
from bot.feeds.universe import load_universe
from core.errors import BadData
from core.market.liquidations import Certainty
from core.market.symbols import Side
from core.settings import LiquidationFeeds

RULES = LiquidationFeeds()
VAULT = "0x2e3d94f0562703b25c83308a05046ddaf9a8dd14"
NAMES = {"BTC": "BTC", "xyz:TSLA": "TSLA"}


def test_a_recorded_forced_order_of_binance(shared_data: Path) -> None:
    frame = (shared_data / "wire/binance/nautilus/fut_liquidation_stream.json").read_bytes()
    [one] = frames.binance({"BTCUSDT": "BTC"})(frame)
    assert (one.symbol, one.side, one.size, one.price, one.time_ms) == (
        "BTC",
        Side.LONG,
        0.014,
        9910.12345678,
        1568014460893,
    )
    assert one.certainty is Certainty.SAMPLED
    assert frames.binance({"ETHUSDT": "ETH"})(frame) == ()


def test_recorded_days_of_forced_orders_add_up_to_what_was_recorded(shared_data: Path) -> None:
    files = sorted((shared_data / "liquidations").glob("binance_forceorder_*.csv.gz"))
    assert files
    heard = 0
    for file in files:
        with gzip.open(file, "rt") as lines:
            rows = list(csv.DictReader(lines))
        decode = frames.binance({f"{row['symbol']}": row["symbol"] for row in rows})
        for row in rows:
            if not row["avg_price"]:  # left out by one of the collectors
                continue
            order = {
                "s": row["symbol"],
                "S": row["side"],
                "z": row["filled_qty"],
                "ap": row["avg_price"],
                "T": int(row["ts_ms"]),
            }
            [one] = decode(json.dumps({"e": "forceOrder", "E": 1, "o": order}).encode())
            assert one.side is (Side.LONG if row["liquidated"] == "LONG" else Side.SHORT)
            exact = Decimal(row["filled_qty"]) * Decimal(row["avg_price"])
            assert abs(one.micro_usd - exact * 1_000_000) <= 1
            heard += 1
    assert heard > 1_000


def test_a_recorded_maker_s_fill_of_a_liquidation_on_hyperliquid(shared_data: Path) -> None:
    frame = (shared_data / "wire/hyperliquid/nautilus/ws_user_fill_liquidation.json").read_bytes()
    [one] = frames.hyperliquid_sample(NAMES)(frame)
    assert (one.symbol, one.side, one.size, one.price) == ("BTC", Side.SHORT, 0.001, 66653.0)
    assert (one.venue, one.source, one.event_id) == ("hyperliquid", "makers", ("BTC", 745210434703679))


def test_recorded_trades_between_others_are_no_liquidations(shared_data: Path) -> None:
    captured = json.loads((shared_data / "wire/hyperliquid/ws_captured_frames.json").read_bytes())
    trades = [one["frame"] for one in captured if one["frame"]["channel"] == "trades"]
    assert trades
    coins = {row["coin"] for frame in trades for row in frame["data"]}
    decode = frames.hyperliquid_backstop({coin: coin for coin in coins})
    for frame in trades:
        assert decode(json.dumps(frame).encode()) == []
        for row in frame["data"]:
            row["users"] = [VAULT, row["users"][1]] if row["side"] == "A" else [row["users"][0], VAULT]
        found = decode(json.dumps(frame).encode())
        assert [one.side for one in found] == [Side.LONG if r["side"] == "A" else Side.SHORT for r in frame["data"]]
        assert {one.certainty for one in found} == {Certainty.INFERRED}


@pytest.mark.parametrize(
    ("aggressor", "users", "side"),
    [
        ("A", (VAULT, "0x1"), Side.LONG),
        ("B", ("0x1", VAULT), Side.SHORT),
        ("B", (VAULT, "0x1"), None),  # the vault unwinds
        ("A", ("0x1", VAULT), None),
        ("A", ("0x1", "0x2"), None),
        ("A", ("0x4000000000000000000000000000000000000001", "0x2"), Side.LONG),
        ("A", ("0x4000000000000000000000000000000010000001", "0x2"), None),
    ],
)
def test_a_vault_takes_over_passively(aggressor: str, users: tuple[str, str], side: Side | None) -> None:
    assert frames.taken_over(aggressor, users) is side


def test_a_snapshot_and_one_s_own_liquidation_are_no_news() -> None:
    fill = {"coin": "BTC", "side": "B", "px": "100", "sz": "2", "time": 5, "tid": 7, "crossed": False}
    forced = fill | {"liquidation": {"liquidatedUser": "0xabc", "markPx": "100", "method": "market"}}
    decode = frames.hyperliquid_sample(NAMES)

    def heard(user: str, **more: object) -> int:
        body = {"channel": "userFills", "data": {"user": user, "fills": [fill, forced], **more}}
        return len(decode(json.dumps(body).encode()))

    assert heard("0xdef") == 1
    assert heard("0xabc") == 0
    assert heard("0xdef", isSnapshot=True) == 0


def test_bybit_names_the_side_of_the_position() -> None:
    rows = [
        {"T": 5, "s": "BTCUSDT", "S": "Buy", "v": "0.3", "p": "60050"},
        {"T": 6, "s": "BTCUSDT", "S": "Sell", "v": "0.1", "p": "60000"},
        {"T": 6, "s": "OTHER", "S": "Sell", "v": "0.1", "p": "1"},
    ]
    frame = {"topic": "allLiquidation.BTCUSDT", "type": "snapshot", "ts": 7, "data": rows}
    found = frames.bybit({"BTCUSDT": "BTC"})(json.dumps(frame).encode())
    assert [(one.side, one.size, one.price, one.time_ms) for one in found] == [
        (Side.LONG, 0.3, 60050.0, 5),
        (Side.SHORT, 0.1, 60000.0, 6),
    ]
    assert {one.certainty for one in found} == {Certainty.EXACT}
    assert list(frames.bybit({})(b'{"success":true,"op":"subscribe"}')) == []


def test_okx_counts_in_contracts() -> None:
    details = [
        {"side": "sell", "posSide": "long", "bkPx": "60020", "sz": "12", "bkLoss": "0", "ccy": "", "ts": "5"},
        {"side": "buy", "posSide": "short", "bkPx": "60020", "sz": "1", "bkLoss": "0", "ccy": "", "ts": "6"},
        {"side": "sell", "posSide": "net", "bkPx": "60020", "sz": "1", "bkLoss": "0", "ccy": "", "ts": "7"},
    ]
    row = {
        "instId": "BTC-USDT-SWAP",
        "instFamily": "BTC-USDT",
        "uly": "BTC-USDT",
        "instType": "SWAP",
        "details": details,
    }
    decode = frames.okx({"BTC-USDT-SWAP": "BTC"}, {"BTC-USDT-SWAP": 0.01})
    found = decode(json.dumps({"arg": {}, "data": [row]}).encode())
    assert [(one.side, round(one.size, 6), one.time_ms) for one in found] == [
        (Side.LONG, 0.12, 5),
        (Side.SHORT, 0.01, 6),
        (Side.LONG, 0.01, 7),
    ]
    assert decode(b"pong") == ()
    assert list(decode(b'{"event":"subscribe","arg":{"channel":"liquidation-orders"}}')) == []


@pytest.mark.parametrize(
    "decode",
    [
        frames.binance({}),
        frames.bybit({}),
        frames.okx({}, {}),
        frames.hyperliquid_backstop({}),
        frames.hyperliquid_sample({}),
    ],
)
@pytest.mark.parametrize("frame", [b"", b"{", b"[1,2", b'{"o":{"s":1}', b"\xff\xfe"])
def test_what_cannot_be_read_is_named(decode: frames.Decode, frame: bytes) -> None:
    with pytest.raises(BadData):
        decode(frame)


def test_every_feed_asks_for_what_it_needs() -> None:
    markets = load_universe()
    crypto = [m for m in markets if m.binance_symbol and not m.binance_is_proxy]
    assert binance_wire(markets, "wss://x", RULES).url == "wss://x/market/ws/!forceOrder@arr"
    hello = [json.loads(line) for line in bybit_wire(markets, "wss://x", RULES).hello]
    assert {topic for line in hello for topic in line["args"]} == {f"allLiquidation.{m.binance_symbol}" for m in crypto}
    assert max(len(line["args"]) for line in hello) <= 10
    assert json.loads(okx_wire(markets, "wss://x", {}, RULES).hello[0])["args"][0]["channel"] == "liquidation-orders"
    assert len(backstop_wire(markets, "wss://x", RULES).hello) == len(markets)
    assert len(makers_wire(markets, "wss://x", RULES).hello) == 4
