"""Which feeds of liquidations there are, and how each is spoken to. Refuses to decide which of them shall run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from bot.feeds.liquidations import frames
from bot.feeds.socket import SocketFeed, Wire
from core.market.liquidations import Certainty, Liquidation
from core.market.symbols import Market
from core.settings import LiquidationFeeds

BINANCE_STREAM = "wss://fstream.binance.com"
BYBIT_STREAM = "wss://stream.bybit.com"
OKX_STREAM = "wss://ws.okx.com:8443"
HYPERLIQUID_PING = '{"method":"ping"}'
CERTAINTIES = {
    "binance": Certainty.SAMPLED,
    "bybit": Certainty.EXACT,
    "okx": Certainty.SAMPLED,
    "backstop": Certainty.INFERRED,
    "makers": Certainty.SAMPLED,
}
"""What each feed's word is worth."""
TOPICS_AT_ONCE = 10
"""Topics of one subscription to Bybit."""


class LiquidationFeed(SocketFeed[Liquidation]):
    """A :class:`core.market.liquidations.LiquidationSource` over one wire."""

    @property
    def certainty(self) -> Certainty:
        """What its events are."""
        return CERTAINTIES[self.name]


def binance_wire(markets: Sequence[Market], base: str, rules: LiquidationFeeds) -> Wire[Liquidation]:
    """All symbols in one stream."""
    names = {m.binance_symbol: m.symbol for m in markets if m.binance_symbol and not m.binance_is_proxy}
    return Wire(
        "binance",
        f"{base}/market/ws/!forceOrder@arr",
        frames.binance(names),
        life_s=rules.binance_life_s,
    )


def bybit_wire(markets: Sequence[Market], base: str, rules: LiquidationFeeds) -> Wire[Liquidation]:
    """One topic per symbol; Bybit calls its linear contracts as Binance does."""
    names = {m.binance_symbol: m.symbol for m in markets if m.binance_symbol and not m.binance_is_proxy}
    topics = [f"allLiquidation.{name}" for name in names]
    parts = [topics[i : i + TOPICS_AT_ONCE] for i in range(0, len(topics), TOPICS_AT_ONCE)]
    hello = tuple(_json({"op": "subscribe", "args": part}) for part in parts)
    return Wire(
        "bybit",
        f"{base}/v5/public/linear",
        frames.bybit(names),
        hello,
        ping=_json({"op": "ping"}),
        ping_s=rules.bybit_ping_s,
        idle_s=rules.idle_s,
    )


def okx_wire(
    markets: Sequence[Market], base: str, contracts: Mapping[str, float], rules: LiquidationFeeds
) -> Wire[Liquidation]:
    """All swaps in one channel. ``contracts`` are base units per contract, by instrument."""
    names = {f"{_base(m)}-USDT-SWAP": m.symbol for m in markets if m.binance_symbol and not m.binance_is_proxy}
    hello = _json({"op": "subscribe", "args": [{"channel": "liquidation-orders", "instType": "SWAP"}]})
    return Wire(
        "okx",
        f"{base}/ws/v5/public",
        frames.okx(names, contracts),
        (hello,),
        ping="ping",
        ping_s=rules.okx_ping_s,
        idle_s=rules.idle_s,
    )


def backstop_wire(markets: Sequence[Market], base: str, rules: LiquidationFeeds) -> Wire[Liquidation]:
    """Every market's trades; the ones that matter are those with a liquidator vault in them."""
    return Wire(
        "backstop",
        f"{base}/ws",
        frames.hyperliquid_backstop({m.coin: m.symbol for m in markets}),
        tuple(_subscription(type="trades", coin=m.coin) for m in markets),
        ping=HYPERLIQUID_PING,
        ping_s=rules.hyperliquid_ping_s,
        idle_s=rules.idle_s,
    )


def makers_wire(markets: Sequence[Market], base: str, rules: LiquidationFeeds) -> Wire[Liquidation]:
    """The fills of a few busy makers."""
    return Wire(
        "makers",
        f"{base}/ws",
        frames.hyperliquid_sample({m.coin: m.symbol for m in markets}),
        tuple(_subscription(type="userFills", user=maker) for maker in frames.MAKERS),
        ping=HYPERLIQUID_PING,
        ping_s=rules.hyperliquid_ping_s,
        idle_s=rules.idle_s,
    )


def _base(market: Market) -> str:
    return (market.binance_symbol or "").removesuffix("USDT").removeprefix("1000")


def _subscription(**what: str) -> str:
    return _json({"method": "subscribe", "subscription": what})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
