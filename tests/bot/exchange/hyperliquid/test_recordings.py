"""The adapter reads what the real venue was recorded to say: same figures, nothing lost on the way."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.exchange.hyperliquid import candles, decode
from bot.exchange.hyperliquid.answers import (
    ClearinghouseState,
    ContextRow,
    DexRow,
    FillRow,
    FundingRow,
    LedgerDelta,
    LedgerRow,
    MarketRow,
    Meta,
    OrderRecord,
    OrderRow,
    Role,
    SpotMeta,
)
from bot.exchange.hyperliquid.assets import Assets, indexed
from bot.exchange.hyperliquid.frames import Frame, UserEvent
from bot.exchange.hyperliquid.nudges import Nudges
from bot.exchange.hyperliquid.outcomes import ActionAnswer, ActionResponse, StatusRow
from core.trading.orders import TicketState


@pytest.fixture
def wire(shared_data: Path) -> Path:
    return shared_data / "wire" / "hyperliquid"


def recorded(file: Path, kind: str | None = None) -> Any:
    """The answer to the last request of ``kind`` in a recording (any, without one)."""
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    exchanges = [one for one in json.loads(raw) if kind is None or one["request"]["type"] == kind]
    return exchanges[-1]["response"]


def read(answer: Any, shape: Any) -> Any:
    return msgspec.json.decode(json.dumps(answer), type=shape)


def main_assets(wire: Path) -> Assets:
    return Assets([(0, read(recorded(wire / "info" / "gosdk_Meta.json"), Meta))])


ME = "0x2ba553d9f990a3b66b03b2dc0d030dfc1c061036"
OTHER = "0x" + "ab" * 20


def test_recorded_money_in_and_out_of_the_perpetual_dexes(wire: Path) -> None:
    rows = read(
        recorded(wire / "info" / "pysdk_user_non_funding_ledger_updates_without_end_time.json"), list[LedgerRow]
    )
    found = [decode.transfer(row, ME) for row in rows]
    assert [(one.kind, one.amount) for one in found] == [
        ("deposit", Decimal("2703997.4500000002")),
        ("accountClassTransfer", Decimal("-12.0")),
        ("spotTransfer", Decimal(0)),
        ("accountClassTransfer", Decimal("-2684105.0099999998")),
        ("deposit", found[-1].amount),
    ]
    assert len({one.transfer_id for one in found}) == 5


@pytest.mark.parametrize(
    ("delta", "amount"),
    [
        ({"type": "withdraw", "usdc": "99.0", "fee": "1.0"}, "-100"),
        ({"type": "accountClassTransfer", "usdc": "5", "toPerp": True}, "5"),
        ({"type": "internalTransfer", "usdc": "7", "user": OTHER, "destination": ME.upper(), "fee": "1"}, "7"),
        ({"type": "internalTransfer", "usdc": "7", "user": ME, "destination": OTHER, "fee": "1"}, "-8"),
        ({"type": "send", "usdcValue": "3", "user": ME, "destination": ME, "sourceDex": "", "destinationDex": "xyz"}, "0"),
        ({"type": "send", "usdcValue": "3", "user": ME, "destination": ME, "sourceDex": "spot", "destinationDex": ""}, "3"),
        ({"type": "send", "usdcValue": "3", "user": ME, "destination": ME, "sourceDex": "", "destinationDex": "spot"}, "-3"),
        ({"type": "send", "usdcValue": "3", "user": ME, "destination": OTHER, "sourceDex": "xyz"}, "-3"),
        ({"type": "vaultWithdraw", "netWithdrawnUsd": "44", "user": ME}, "44"),
        ({"type": "vaultDeposit", "usdc": "44"}, "-44"),
        ({"type": "cStakingTransfer", "token": "HYPE", "amount": "1"}, "0"),
    ],
)  # fmt: skip
def test_what_a_movement_of_money_changes(delta: dict[str, Any], amount: str) -> None:
    """Shapes of the documentation; unverified but for deposit, accountClassTransfer and spotTransfer."""
    assert decode.moved(read(delta, LedgerDelta), ME) == Decimal(amount)


def test_every_recorded_market_gets_its_id_and_terms(wire: Path) -> None:
    rows = recorded(wire / "info" / "gosdk_Meta.json")["universe"]
    assets = main_assets(wire)
    listings = list(assets)
    assert [one.coin for one in listings] == [row["name"] for row in rows]
    assert [assets.number(row["name"]) for row in rows] == list(range(len(rows)))
    assert {one.coin for one in listings if one.delisted} == {row["name"] for row in rows if row.get("isDelisted")}
    assert {one.coin for one in listings if one.isolated_only} >= {r["name"] for r in rows if r.get("onlyIsolated")}
    assert [one.max_leverage for one in listings] == [row["maxLeverage"] for row in rows]


def test_a_dex_has_the_ids_of_its_place(wire: Path) -> None:
    dexes = read(json.loads((wire / "info" / "live_perpdexs.json").read_bytes()), list[DexRow | None])
    places = indexed(dexes, ["", "xyz"])
    assert places == {"": 0, "xyz": 1}
    meta = read(recorded(wire / "info" / "gosdk_Meta_WithDex.json"), Meta)
    assets = Assets([(places["xyz"], meta)])
    assert assets.number(meta.universe[1].name) == 110_001


def test_a_dex_tells_what_its_markets_pay_that_lean_to_no_side(wire: Path) -> None:
    dexes = read(json.loads((wire / "info" / "live_perpdexs.json").read_bytes()), list[DexRow | None])
    multipliers = {coin: float(m) for row in dexes if row is not None for coin, m in row.asset_to_funding_multiplier}
    assert (multipliers["xyz:AAPL"], multipliers["flx:COIN"]) == (0.5, 0.0)
    raw = recorded(wire / "info" / "gosdk_MetaAndAssetCtxs.json.gz", "metaAndAssetCtxs")
    quotes = decode.quotes(*read(raw, tuple[Meta, list[ContextRow]]), {raw[0]["universe"][0]["name"]: 0.5})
    first, *others = quotes.values()
    assert first.funding_multiplier == 0.5
    assert {one.funding_multiplier for one in others} == {1.0}


def test_markets_that_ended_or_never_began_have_no_quote(wire: Path) -> None:
    raw = recorded(wire / "info" / "gosdk_MetaAndAssetCtxs.json.gz", "metaAndAssetCtxs")
    quotes = decode.quotes(*read(raw, tuple[Meta, list[ContextRow]]))
    live = [row["name"] for row in raw[0]["universe"] if not row.get("isDelisted")]
    assert set(quotes) == set(live)
    for row, context in zip(raw[0]["universe"], raw[1], strict=True):
        if quote := quotes.get(row["name"]):
            assert quote.mark == Decimal(context["markPx"])
            assert quote.funding == Decimal(context["funding"])
            assert quote.open_interest == Decimal(context["openInterest"])
            assert quote.day_volume_usd == Decimal(context["dayNtlVlm"])
            assert (quote.mid is None) is (context["midPx"] is None)
            assert [quote.bid, quote.ask] == [Decimal(price) for price in context["impactPxs"]]
            assert quote.bid < quote.mid < quote.ask


def test_a_book_without_impact_prices_is_read_as_one_and_growth_mode_is_heard_of(wire: Path) -> None:
    meta, (idle, *_) = recorded(wire / "info" / "gosdk_MetaAndAssetCtxs.json.gz", "metaAndAssetCtxs")
    plain, grown = {"szDecimals": 2, "maxLeverage": 20}, {"growthMode": "enabled"}
    rows = [{"name": "A", **plain}, {"name": "B", **plain, "growthMode": "disabled"}, {"name": "C", **plain, **grown}]
    contexts = [{**idle, "impactPxs": None, "midPx": None}, {**idle, "impactPxs": [None, "7.5"]}, idle]
    quotes = decode.quotes(*read([{**meta, "universe": rows}, contexts], tuple[Meta, list[ContextRow]]))
    assert (quotes["A"].bid, quotes["A"].ask, quotes["A"].mid) == (None, None, None)
    assert (quotes["B"].bid, quotes["B"].ask) == (None, Decimal("7.5"))
    assert [quotes[name].growth for name in "ABC"] == [False, False, True]


def test_the_growth_mode_of_recorded_markets_is_heard_of(wire: Path) -> None:
    metas = json.loads((wire / "nautilus" / "http_all_perp_metas_non_usdc_collateral.json").read_bytes())
    rows = [row for meta in metas for row in meta["universe"]]
    grown = [read(row, MarketRow).growth_mode for row in rows if "growthMode" in row]
    assert grown == ["enabled"] * len(grown)
    assert grown


@pytest.mark.parametrize(
    "file", ["info/live_clearinghouse_small.json", "info/pysdk_get_user_state.json", "jkorf.json", "info/gosdk_UserState_WithDex.json"]
)  # fmt: skip
def test_an_account_is_read_whole(wire: Path, file: str) -> None:
    raw = json.loads((wire / file).read_bytes())
    if file == "jkorf.json":
        raw = raw["Endpoints/Futures/Account/GetAccountInfo"]["response"]
    elif isinstance(raw, list):
        raw = raw[0]["response"]
    raw.setdefault("marginSummary", {"accountValue": "0"})
    state = read(raw, ClearinghouseState)
    account = decode.account([state], main_assets(wire))
    assert account.equity == Decimal(raw["marginSummary"]["accountValue"])
    assert account.free == Decimal(raw["withdrawable"])
    rows = [one["position"] for one in raw["assetPositions"] if Decimal(one["position"]["szi"])]
    assert [position.coin for position in account.positions] == [row["coin"] for row in rows]
    for position, row in zip(account.positions, rows, strict=True):
        assert position.size == Decimal(row["szi"])
        assert position.unrealised == Decimal(row["unrealizedPnl"])
        assert position.isolated is (row["leverage"]["type"] == "isolated")
        assert (position.liquidation is None) is (row["liquidationPx"] is None)
        value = Decimal(row["positionValue"])
        assert abs(position.mark * abs(position.size) - value) <= value / 100_000


def test_a_mark_is_the_positions_value_over_its_size_without_the_recordings_rounding_noise(wire: Path) -> None:
    state = read(json.loads((wire / "info" / "live_clearinghouse_small.json").read_bytes()), ClearinghouseState)
    positions = decode.account([state], main_assets(wire)).positions
    assert {one.coin: one.mark for one in positions}["BTC"] == Decimal("64894.0")


def test_funding_paid_is_negative_cash(wire: Path) -> None:
    state = read(json.loads((wire / "info" / "live_clearinghouse_small.json").read_bytes()), ClearinghouseState)
    pump = decode.account([state], main_assets(wire)).position("PUMP")
    assert pump is not None
    assert pump.funding_since_open == Decimal("892.715409")


def test_open_triggers_are_told_apart_and_counted_once(wire: Path) -> None:
    rows = read(recorded(wire / "info" / "pysdk_get_frontend_open_orders.json"), list[OrderRow])
    orders = {order.venue_id: order for order in decode.resting(rows)}
    assert len(orders) == len({row.oid for row in rows})
    stop, target, parent = orders[3184595906], orders[3184595907], orders[3184595905]
    assert (stop.is_stop, stop.is_target, stop.trigger, stop.reduce_only) == (True, False, Decimal("9.995"), True)
    assert (target.is_stop, target.is_target, target.trigger) == (False, True, Decimal("10.004"))
    assert (parent.is_buy, parent.trigger, parent.limit) == (True, None, Decimal("10.0"))


def test_every_recorded_end_of_an_order_has_a_state(wire: Path) -> None:
    records = read(recorded(wire / "info" / "pysdk_historical_orders.json"), list[OrderRecord])
    reports = [decode.order_report("0x", record) for record in records]
    refused = [report for report in reports if report.status == "iocCancelRejected"]
    assert refused
    assert {report.state for report in refused} == {TicketState.REJECTED}
    assert {report.state for report in reports if report.status == "open"} <= {TicketState.RESTING}
    assert {report.state for report in reports if report.status == "filled"} <= {TicketState.FILLED}


def test_funding_settlements_are_read_with_their_sign(wire: Path) -> None:
    raw = recorded(wire / "info" / "pysdk_user_funding_history_with_end_time.json")
    rows = read(raw, list[FundingRow])
    payments = [decode.funding_payment(row) for row in rows]
    assert [str(one.amount) for one in payments] == [row["delta"]["usdc"] for row in raw]
    assert [str(one.size) for one in payments] == [row["delta"]["szi"] for row in raw]


def test_candles_become_columns(wire: Path) -> None:
    raw = recorded(wire / "info" / "pysdk_get_candles_snapshot.json", "candleSnapshot")
    rows = msgspec.json.decode(json.dumps(raw), type=list[candles.CandleRow], strict=False)
    bars = candles.columns(rows)
    assert bars.time.tolist() == [row["t"] for row in raw]
    assert bars.high.tolist() == [float(row["h"]) for row in raw]
    assert bars.volume.tolist() == [float(row["v"]) for row in raw]
    assert len(bars) == len(raw)


def test_a_liquidation_counts_for_the_one_who_was_liquidated_only(wire: Path) -> None:
    frame = read(json.loads((wire / "nautilus" / "ws_user_fill_liquidation.json").read_bytes()), Frame)
    event = msgspec.json.decode(frame.data, type=UserEvent)
    assert event.fills is not None
    row = msgspec.json.decode(event.fills[0], type=FillRow)
    assert decode.fill(row, "0x360878d351f05975e25f1807a27895e1e5e004fb").liquidation
    maker = decode.fill(row, "0x14791697260e4c9a71f18484c9f997b308e59325")
    assert not maker.liquidation
    assert (maker.price, maker.fee, maker.is_buy) == (Decimal("66653.0"), Decimal("0.009997"), False)


def test_a_position_that_the_exchange_took_says_so(wire: Path) -> None:
    frame = read(json.loads((wire / "nautilus" / "ws_user_fill_liquidation.json").read_bytes()), Frame)
    event = msgspec.json.decode(frame.data, type=UserEvent)
    assert event.fills is not None
    row = msgspec.json.decode(event.fills[0])
    taken = read({**row, "dir": "Auto-Deleveraging", "liquidation": None}, FillRow)
    assert decode.fill(taken, "0x1").deleveraged
    assert not decode.fill(read(row, FillRow), "0x1").deleveraged


@pytest.mark.parametrize(
    ("file", "shape"),
    [("gosdk_Orders_Above10", "resting"), ("gosdk_Orders_Below10", "error"), ("gosdk_Cancel_NonExistent", "error")],
)
def test_outcomes_of_actions_are_read(wire: Path, file: str, shape: str) -> None:
    answer = read(recorded(wire / "info" / f"{file}.json"), ActionAnswer)
    assert isinstance(answer.response, ActionResponse)
    assert answer.response.data is not None
    (status,) = answer.response.data.statuses
    assert isinstance(status, StatusRow)
    assert getattr(status, shape) is not None


def test_a_refused_action_gives_its_words(wire: Path) -> None:
    answer = read(recorded(wire / "info" / "gosdk_Orders_InvalidAuth.json"), ActionAnswer)
    assert answer.status == "err"
    assert isinstance(answer.response, str)
    assert answer.response.startswith("User or API Wallet")


def test_who_an_address_is_and_what_a_token_is_called(wire: Path) -> None:
    assert read(recorded(wire / "info" / "pysdk_user_role.json"), Role).role == "vault"
    tokens = read(recorded(wire / "info" / "gosdk_SpotMeta.json.gz"), SpotMeta).tokens
    assert (tokens[0].name, tokens[0].index, tokens[0].token_id[:2]) == ("USDC", 0, "0x")


async def test_every_captured_frame_can_be_heard(wire: Path) -> None:
    heard = Nudges()
    for captured in json.loads((wire / "ws_captured_frames.json").read_bytes()):
        heard.hear(read(captured["frame"], Frame))
    heard.hear(read(json.loads((wire / "nautilus" / "ws_user_fill_liquidation.json").read_bytes()), Frame))
    assert await heard.next() == "fill"


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("Futures/ExchangeData/GetExchangeInfo", Meta),
        ("Futures/ExchangeData/GetExchangeInfoAndTickers", tuple[Meta, list[ContextRow]]),
        ("Futures/Account/GetFundingHistory", list[FundingRow]),
        ("Futures/Trading/SetLeverage", ActionAnswer),
        ("Spot/Trading/PlaceOrder", ActionAnswer),
        ("Spot/Trading/GetOpenOrdersExtended", list[OrderRow]),
        ("Spot/ExchangeData/GetExchangeInfo", SpotMeta),
        ("Futures/ExchangeData/GetKlines", list[candles.CandleRow]),
    ],
)
def test_answers_that_another_client_recorded_are_read_as_well(wire: Path, name: str, shape: Any) -> None:
    known = json.loads((wire / "jkorf.json").read_bytes())
    entry = known.get(f"Endpoints/{name}") or known[f"Endpoints/{name.replace('Futures', 'Spot')}"]
    assert msgspec.json.decode(json.dumps(entry["response"]), type=shape, strict=False)


def test_keys_that_are_null_are_as_good_as_absent(wire: Path) -> None:
    meta = read(json.loads((wire / "nautilus" / "http_meta_perp_sample.json").read_bytes()), Meta)
    assert [(one.delisted, one.isolated_only) for one in Assets([(0, meta)])] == [(False, False)] * 3


async def test_the_frames_that_another_client_recorded_nudge(wire: Path) -> None:
    known = json.loads((wire / "jkorf.json").read_bytes())
    heard = Nudges()
    for name in ("Klines", "Trades", "Prices", "Order", "UserEventTrade"):
        frame = known[f"Subscriptions/{name}"].split("\n= \n")[1]
        heard.hear(msgspec.json.decode(frame, type=Frame))
    assert [await heard.next(), await heard.next()] == ["order", "fill"]
