"""Every answer compared with what the real exchange was recorded to answer: keys, types, number strings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hyperliquid.utils import signing

from bot.exchange.simulator.actions import VERBS
from bot.exchange.simulator.channels import CHANNELS as OUR_CHANNELS
from bot.exchange.simulator.info.table import QUESTIONS
from bot.exchange.simulator.server import SimulatedVenue
from tests.bot.exchange.simulator.client import WireClient, limit, trigger
from tests.bot.exchange.simulator.followers import Follower
from tests.bot.exchange.simulator.market import START_MS
from tests.bot.exchange.simulator.recordings import ACTIONS, CHANNELS, INFO, NEWER, acknowledgement, recorded
from tests.bot.exchange.simulator.shapes import differences, shape_of

BUILDER = "0x" + "ab" * 20
FIELDS: dict[str, list[dict[str, Any]]] = {
    "meta": [{}, {"dex": "xyz"}],
    "metaAndAssetCtxs": [{}, {"dex": "xyz"}],
    "perpDexLimits": [{"dex": "xyz"}],
    "allMids": [{}, {"dex": "xyz"}],
    "candleSnapshot": [{"req": {"coin": "BTC", "interval": "15m", "startTime": START_MS - 10_000_000}}],
    "l2Book": [{"coin": "BTC"}, {"coin": "xyz:TSLA"}, {"coin": "BTC", "nSigFigs": 3}],
    "recentTrades": [{"coin": "BTC"}],
    "fundingHistory": [{"coin": "BTC", "startTime": 0}],
    "maxBuilderFee": [{"builder": BUILDER}],
    "clearinghouseState": [{}, {"dex": "xyz"}],
    "userFillsByTime": [{"startTime": 0}],
    "userFunding": [{"startTime": 0}],
    "userNonFundingLedgerUpdates": [{"startTime": 0}],
}
OF_USER = frozenset(name for name, question in QUESTIONS.items() if "user" in question.shape.__struct_fields__)


async def live(client: WireClient) -> None:
    """Positions on both dexes, cross and isolated, resting orders, stops, fills, funding, a transfer."""
    await client.act({"type": "updateLeverage", "asset": 1, "isCross": False, "leverage": 5})
    await client.order(
        limit(0, True, "62000", "0.05", "Ioc", cloid="0x" + "1" * 32),
        trigger(0, False, "50000", "0.05", "60000", "sl"),
        trigger(0, False, "60000", "0.05", "63000", "tp", cloid="0x" + "3" * 32),
        grouping="normalTpsl",
    )
    await client.order(
        limit(1, False, "2900", "1", "Ioc"), limit(5, True, "140", "1"), limit(0, True, "61000", "0.01", "Alo")
    )
    sent = {"type": "sendAsset", "destination": client.wallet.address, "sourceDex": "", "destinationDex": "xyz"}
    sent |= {"token": "USDC", "amount": "1000", "fromSubAccount": "", "nonce": next(client.nonces)}
    assert (await client.post(client.user_signed(sent, signing.SEND_ASSET_SIGN_TYPES, "SendAsset")))["status"] == "ok"
    spot = {"type": "usdClassTransfer", "amount": "7.5", "toPerp": False, "nonce": next(client.nonces)}
    fields = signing.USD_CLASS_TRANSFER_SIGN_TYPES
    assert (await client.post(client.user_signed(spot, fields, "UsdClassTransfer")))["status"] == "ok"
    await client.order(limit(110001, True, "330", "1", "Ioc"))
    await client.step(START_MS + 3_600_000)


@pytest.mark.parametrize("kind", sorted(INFO))
async def test_an_info_answer_looks_like_the_recorded_one(kind: str, client: WireClient, shared_data: Path) -> None:
    await live(client)
    recordings = [answer for name in INFO[kind] for answer in recorded(shared_data, name)]
    for fields in FIELDS.get(kind, [{}]):
        user = {"user": client.wallet.address} if kind in OF_USER else {}
        ours = await client.info(kind, **user, **fields)
        learnt = [list(one.values()) for one in recordings] if kind == "allMids" else recordings
        shown = list(ours.values()) if kind == "allMids" else ours
        assert differences(shown, shape_of(learnt), NEWER.get(kind, frozenset())) == []


@pytest.mark.parametrize("kind", sorted(ACTIONS))
async def test_an_action_is_answered_like_the_recorded_one(kind: str, client: WireClient, shared_data: Path) -> None:
    shape = shape_of(answer for name in ACTIONS[kind] for answer in recorded(shared_data, name))
    tries: dict[str, list[dict[str, Any]]] = {
        "order": [
            {"type": "order", "orders": [limit(0, True, "50000", "0.01")], "grouping": "na"},
            {"type": "order", "orders": [limit(0, True, "50000", "0.0001")], "grouping": "na"},
        ],
        "cancel": [{"type": "cancel", "cancels": [{"a": 0, "o": 12345}]}],
        "updateLeverage": [{"type": "updateLeverage", "asset": 0, "isCross": True, "leverage": 3}],
    }
    for action in tries[kind]:
        assert differences(await client.act(action), shape) == []


async def test_errors_have_the_recorded_words(client: WireClient, shared_data: Path) -> None:
    def words(name: str) -> str:
        answer = recorded(shared_data, f"info/gosdk_{name}.json")[0]
        return str(
            answer["response"] if answer["status"] == "err" else answer["response"]["data"]["statuses"][0]["error"]
        )

    (small,) = await client.order(limit(0, True, "50000", "0.0001"))
    assert small["error"] == words("Orders_Below10").replace("asset=173", "asset=0")
    missing = await client.act({"type": "cancel", "cancels": [{"a": 0, "o": 1}]})
    assert missing["response"]["data"]["statuses"][0]["error"] == words("Cancel_NonExistent").replace("=173", "=0")
    stranger = await client.act({"type": "noop"}, wallet=type(client.wallet).of(99))
    address = type(client.wallet).of(99).address
    recorded_words = words("Orders_InvalidAuth")
    assert stranger["response"] == recorded_words.replace(recorded_words.split()[4], address)


@pytest.mark.parametrize("kind", sorted(CHANNELS))
async def test_frames_look_like_the_recorded_ones(
    kind: str, venue: SimulatedVenue, client: WireClient, shared_data: Path
) -> None:
    shape = shape_of(answer for name in CHANNELS[kind] for answer in recorded(shared_data, name))
    user = {"user": client.wallet.address} if kind in ("orderUpdates", "userEvents") else {}
    coin = {"coin": "BTC"} if kind not in ("allMids", "orderUpdates", "userEvents") else {}
    interval = {"interval": "1m"} if kind == "candle" else {}
    async with Follower(venue.base_url) as follower:
        await follower.subscribe(type=kind, **user, **coin, **interval)
        await client.order(limit(0, True, "62000", "0.01", "Ioc"), limit(0, True, "50000", "0.01"))
        await client.step(START_MS + 6_000)
        channel = "user" if kind == "userEvents" else kind
        frame = await follower.next(channel)
    if kind == "allMids":
        assert differences(list(frame["data"]["mids"].values()), shape_of([["1.0", "1"]])) == []
    else:
        assert differences(frame, shape, NEWER.get(kind, frozenset())) == []


@pytest.mark.parametrize("name", ["BookTicker", "Klines", "Prices", "Trades"])
async def test_a_subscription_is_acknowledged_as_recorded(name: str, venue: SimulatedVenue, shared_data: Path) -> None:
    sent, told = acknowledgement(shared_data, name)
    renamed = {"HYPE": "BTC"}
    for message in (sent, told["data"]):
        subscription = message["subscription"]
        subscription |= (
            {"coin": renamed.get(subscription["coin"], subscription["coin"])} if "coin" in subscription else {}
        )
    async with Follower(venue.base_url) as follower:
        await follower.send(sent)
        assert await follower.next("subscriptionResponse") == told


def test_the_table_of_the_wire_says_what_was_compared() -> None:
    page = Path(__file__).resolve().parents[4] / "docs" / "wire.md"
    rows = [line.split("|")[1:4] for line in page.read_text().splitlines() if line.startswith("| `")]
    told = {
        (part.strip(), name.strip(" `")): proof.strip()
        for name, part, proof in (row for row in rows if len(row) == 3)
        if part.strip() in ("info", "action", "channel")
    }
    expected = {
        **{("info", name): "recorded" if name in INFO else "unverified" for name in QUESTIONS},
        **{("action", name): "recorded" if name in ACTIONS else "unverified" for name in VERBS},
        **{("channel", name): "recorded" if name in CHANNELS else "unverified" for name in OUR_CHANNELS},
    }
    assert told == expected


def test_the_comparison_notices_differences() -> None:
    shape = shape_of([{"a": "1.0", "b": [{"c": 1}]}, {"a": "2.5", "b": [], "d": None}])
    assert differences({"a": "3.0", "b": [{"c": 2}]}, shape) == []
    assert differences({"a": 3.0, "b": []}, shape) == ["$.a: float (3.0), recorded ['decimal']"]
    assert differences({"a": "3", "b": []}, shape) == ["$.a: number ('3'), recorded ['decimal']"]
    assert differences({"b": [{}]}, shape) == ["$.a is missing", "$.b[0].c is missing"]
    assert differences({"a": "1.0", "b": [], "e": 1}, shape) == ["$.e was never recorded"]
