"""What goes over the wire for each verb of the venue, and what comes back of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hyperliquid.utils.signing import (
    SEND_ASSET_SIGN_TYPES,
    recover_agent_or_user_from_l1_action,
    recover_user_from_user_signed_action,
)

from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.errors import VenueRefused, VenueUnavailable
from core.trading.orders import Acknowledgement, Intent, TicketState
from tests.bot.exchange.hyperliquid.loopback import (
    ADDRESS,
    EMPTY_STATE,
    FASTER,
    KEY,
    NOW,
    Loopback,
    MarketTime,
    accepted,
    adapter,
    ticket,
)

DONE = {"status": "ok", "response": {"type": "default"}}


def signer(envelope: dict[str, Any], *, mainnet: bool = False) -> str:
    """Who signed an action, as the venue would find out."""
    address: str = recover_agent_or_user_from_l1_action(
        envelope["action"], envelope["signature"], None, envelope["nonce"], envelope["expiresAfter"], mainnet
    )
    return address.lower()


async def test_an_entry_goes_out_with_its_stop_and_target_in_one_signed_request(
    venue: HyperliquidVenue, server: Loopback
) -> None:
    filled = {"filled": {"totalSz": "0.015", "avgPx": "60990.5", "oid": 77}}
    server.exchange = server.answers(accepted(filled, "waitingForFill", "waitingForTrigger"))
    entry = ticket(coin="xyz:TSLA", expires_ms=NOW + 9_000 * FASTER)
    stop, target = ticket(Intent.STOP, coin="xyz:TSLA", number=2), ticket(Intent.TARGET, coin="xyz:TSLA", number=3)
    answers = await venue.submit([entry, stop, target], attached=True)
    (envelope,) = server.received
    assert signer(envelope) == ADDRESS
    assert envelope["expiresAfter"] == NOW + 9_000 * FASTER
    assert envelope["action"]["grouping"] == "normalTpsl"
    assert [order["a"] for order in envelope["action"]["orders"]] == [110_001] * 3
    assert [order["s"] for order in envelope["action"]["orders"]] == ["0.02"] * 3
    assert answers == [
        Acknowledgement(entry.client_id, TicketState.FILLED, 77, Decimal("0.015"), Decimal("60990.5")),
        Acknowledgement(stop.client_id, TicketState.RESTING, waiting=True),
        Acknowledgement(target.client_id, TicketState.RESTING, waiting=True),
    ]


async def test_a_mainnet_venue_signs_for_mainnet(server: Loopback, clock: MarketTime) -> None:
    venue = adapter(server.url, clock)
    venue._mainnet = True
    await venue.start()
    server.exchange = server.answers(accepted({"resting": {"oid": 5}}))
    await venue.submit([ticket(Intent.STOP)], attached=False)
    await venue.close()
    assert signer(server.received[0], mainnet=True) == ADDRESS


async def test_cancels_and_leverage_expire_as_well(
    venue: HyperliquidVenue, server: Loopback, clock: MarketTime
) -> None:
    server.exchange = server.answers(DONE)
    await venue.set_leverage("BTC", 7, isolated=True)
    assert server.received[0]["action"] == {"type": "updateLeverage", "asset": 0, "isCross": False, "leverage": 7}
    assert server.received[0]["expiresAfter"] == clock.now + clock.span_ms(15_000)
    assert signer(server.received[0]) == ADDRESS


async def test_an_account_is_the_sum_of_its_dexes(venue: HyperliquidVenue, server: Loopback) -> None:
    position = {
        "coin": "xyz:TSLA", "szi": "-2.5", "leverage": {"type": "isolated", "value": 5, "rawUsd": "1"}, "entryPx": "318.0",
        "positionValue": "793.125", "unrealizedPnl": "1.875", "liquidationPx": None, "marginUsed": "160.5", "maxLeverage": 20,
        "cumFunding": {"allTime": "1.0", "sinceOpen": "0.5", "sinceChange": "0.1"},
    }  # fmt: skip
    flat = position | {"coin": "xyz:XYZ100", "szi": "0.0"}
    rows = [{"type": "oneWay", "position": row} for row in (position, flat)]
    server.info["clearinghouseState/xyz"] = EMPTY_STATE | {
        "withdrawable": "-3",
        "assetPositions": rows,
        "time": NOW - 5,
    }
    account = await venue.account()
    assert (account.equity, account.free, account.time_ms) == (Decimal("2001.0"), Decimal("1000.5"), NOW - 5)
    (held,) = account.positions
    assert (held.coin, held.size, held.mark, held.isolated) == ("xyz:TSLA", Decimal("-2.5"), Decimal("317.250"), True)
    assert (held.liquidation, held.funding_since_open) == (None, Decimal("-0.5"))


async def test_an_order_is_looked_up_by_its_client_id(venue: HyperliquidVenue, server: Loopback) -> None:
    row = {
        "coin": "BTC", "side": "B", "limitPx": "61000.0", "sz": "0.005", "oid": 77, "timestamp": NOW, "origSz": "0.02",
        "triggerCondition": "N/A", "isTrigger": False, "triggerPx": "0.0", "children": [], "isPositionTpsl": False,
        "reduceOnly": False, "orderType": "Limit", "tif": "Ioc", "cloid": ticket().client_id,
    }  # fmt: skip
    server.info["orderStatus"] = {
        "status": "order",
        "order": {"order": row, "status": "canceled", "statusTimestamp": NOW},
    }
    report = await venue.order(ticket().client_id)
    assert report is not None
    assert (report.venue_id, report.state, report.size) == (77, TicketState.FILLED, Decimal("0.02"))
    assert server.questions[-1] == {"type": "orderStatus", "user": ADDRESS, "oid": ticket().client_id}


async def test_an_order_state_nobody_knows_is_no_answer(venue: HyperliquidVenue, server: Loopback) -> None:
    server.info["orderStatus"] = {"status": "perhaps"}
    with pytest.raises(VenueUnavailable, match="perhaps"):
        await venue.order(ticket().client_id)


def executions(count: int, *, per_ms: int) -> list[dict[str, Any]]:
    return [
        {"coin": "BTC" if n % 7 else "PURR/USDC", "px": "1", "sz": "1", "side": "B", "time": NOW + n // per_ms, "startPosition": "0",
         "dir": "Open Long", "closedPnl": "0", "hash": "0x", "oid": n, "crossed": True, "fee": "0.1", "tid": n, "feeToken": "USDC"}
        for n in range(count)
    ]  # fmt: skip


def paged(rows: list[dict[str, Any]], size: int) -> Any:
    def page(body: dict[str, Any]) -> list[dict[str, Any]]:
        return [row for row in rows if row["time"] >= body["startTime"]][:size]

    return page


@pytest.mark.parametrize("size", [500, 2_000])
async def test_fills_are_complete_over_many_pages(venue: HyperliquidVenue, server: Loopback, size: int) -> None:
    server.info["userFillsByTime"] = paged(executions(5_003, per_ms=3), size)
    fills = await venue.fills(NOW)
    assert [fill.trade_id for fill in fills] == [n for n in range(5_003) if n % 7]
    assert {fill.coin for fill in fills} == {"BTC"}


async def test_a_short_history_takes_one_request(venue: HyperliquidVenue, server: Loopback) -> None:
    server.info["userFillsByTime"] = paged(executions(20, per_ms=1), 2_000)
    assert len(await venue.fills(NOW + 10)) == 9
    assert server.asked["userFillsByTime"] == 1


async def test_a_history_that_cannot_be_paged_is_no_history(venue: HyperliquidVenue, server: Loopback) -> None:
    server.info["userFillsByTime"] = paged(executions(2_001, per_ms=5_000), 2_000)
    with pytest.raises(VenueUnavailable, match="completely"):
        await venue.fills(NOW)


async def test_funding_is_complete_over_many_pages(venue: HyperliquidVenue, server: Loopback) -> None:
    delta = {"type": "funding", "usdc": "-0.031", "szi": "2", "fundingRate": "0.00001", "nSamples": None}
    rows = [
        {"time": NOW + n // 2, "hash": "0x", "delta": delta | {"coin": "ETH" if n % 2 else "xyz:TSLA"}}
        for n in range(1_207)
    ]
    server.info["userFunding"] = paged(rows, 500)
    payments = await venue.funding(NOW)
    assert len(payments) == 1_207
    assert sum(one.amount for one in payments) == Decimal("-0.031") * 1_207


async def test_what_the_account_does_on_spot_is_not_our_trading(venue: HyperliquidVenue, server: Loopback) -> None:
    perpetual, spot = executions(2, per_ms=1)[1], executions(1, per_ms=1)[0]
    server.info["userFillsByTime"] = [spot | {"coin": "@107", "feeToken": "HYPE"}, perpetual]
    assert [fill.trade_id for fill in await venue.fills(NOW)] == [1]


async def test_only_our_own_liquidation_is_one(venue: HyperliquidVenue, server: Loopback) -> None:
    row = executions(2, per_ms=1)[1]
    parties = [ADDRESS.upper().replace("0X", "0x"), "0x" + "cd" * 20]
    marks = [{"liquidatedUser": who, "markPx": "1", "method": "market"} for who in parties]
    server.info["userFillsByTime"] = [row | {"tid": n, "liquidation": mark} for n, mark in enumerate(marks)]
    assert [fill.liquidation for fill in await venue.fills(NOW)] == [True, False]


async def test_a_fee_in_another_coin_is_not_taken_for_money(venue: HyperliquidVenue, server: Loopback) -> None:
    server.info["userFillsByTime"] = [executions(2, per_ms=1)[1] | {"feeToken": "HYPE"}]
    with pytest.raises(VenueUnavailable, match="HYPE"):
        await venue.fills(NOW)


async def test_collateral_that_is_there_is_not_moved(venue: HyperliquidVenue, server: Loopback) -> None:
    await venue.bring_collateral("xyz:TSLA", Decimal(20))
    assert server.received == []


async def test_missing_collateral_is_moved_from_the_other_dex_by_the_accounts_own_key(
    venue: HyperliquidVenue, server: Loopback
) -> None:
    server.exchange = server.answers(DONE)
    await venue.bring_collateral("xyz:TSLA", Decimal("120.25"))
    (envelope,) = server.received
    action = envelope["action"]
    assert (action["sourceDex"], action["destinationDex"], action["amount"]) == ("", "xyz", "100.25")
    assert (action["destination"], action["token"]) == (ADDRESS, "USDC:0x6d1e7cde53ba9467b783cb7c530ce054")
    assert envelope["expiresAfter"] is None
    assert action["nonce"] == envelope["nonce"]
    who = recover_user_from_user_signed_action(
        dict(action), envelope["signature"], SEND_ASSET_SIGN_TYPES, "HyperliquidTransaction:SendAsset", False
    )
    assert who.lower() == ADDRESS


async def test_collateral_that_nobody_has_is_refused_and_nothing_moves(
    venue: HyperliquidVenue, server: Loopback
) -> None:
    with pytest.raises(VenueRefused, match="short"):
        await venue.bring_collateral("xyz:TSLA", Decimal(5_000))
    assert server.received == []


FREED = ("BTC", "xyz:TSLA")


async def test_an_api_wallet_is_told_that_it_cannot_move_collateral(server: Loopback, clock: MarketTime) -> None:
    venue = adapter(server.url, clock, account="0x" + "AB" * 20)
    await venue.start()
    with pytest.raises(VenueRefused, match="API wallet may not move collateral"):
        await venue.bring_collateral("xyz:TSLA", Decimal(25))
    assert venue.account_id == "0x" + "ab" * 20
    (words, covered) = [await venue.collateral_lacking("xyz:TSLA", Decimal(25), {c: Decimal(5)}) for c in FREED]
    assert "needs 5 USDC more and an API wallet may not move collateral" in words, "what BTC frees is on another dex"
    assert covered == ""
    assert server.received == []
    await venue.close()


async def test_candles_are_columns_of_floats(venue: HyperliquidVenue, server: Loopback) -> None:
    bar = {
        "t": NOW,
        "T": NOW + 899_999,
        "s": "BTC",
        "i": "15m",
        "o": "1.5",
        "c": "1.6",
        "h": "1.7",
        "l": "1.4",
        "v": "9",
        "n": 3,
    }
    server.info["candleSnapshot"] = [bar, bar | {"t": NOW + 900_000, "c": "1.65"}]
    bars = await venue.candles("BTC", "15m", NOW, NOW + 900_000)
    assert (bars.time.tolist(), bars.close.tolist(), bars.open.dtype) == ([NOW, NOW + 900_000], [1.6, 1.65], float)
    wanted = {"coin": "BTC", "interval": "15m", "startTime": NOW, "endTime": NOW + 900_000}
    assert server.questions[-1] == {"type": "candleSnapshot", "req": wanted}


async def test_a_venue_without_a_clock_of_its_own_says_so(venue: HyperliquidVenue) -> None:
    with pytest.raises(VenueUnavailable, match="404"):
        await venue.market_clock()
    with pytest.raises(VenueUnavailable, match="404"):
        await venue.step_to(NOW)


def test_the_adapter_shows_neither_its_key_nor_half_of_it(clock: MarketTime) -> None:
    assert KEY[2:20] not in repr(vars(adapter("http://127.0.0.1:1", clock)))


@pytest.mark.parametrize("coin", ["@107", "PURR/USDC", "#12"])
async def test_orders_outside_the_perpetual_dexes_are_none_of_ours(
    venue: HyperliquidVenue, server: Loopback, coin: str
) -> None:
    row = {"side": "B", "limitPx": "1.0", "sz": "1.0", "oid": 7, "timestamp": NOW, "origSz": "1.0"}
    server.info["frontendOpenOrders/xyz"] = []
    server.info["frontendOpenOrders"] = [row | {"coin": coin}, row | {"coin": "BTC", "oid": 8}]
    assert {order.venue_id for order in await venue.open_orders()} == {8}
