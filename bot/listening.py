"""Which feeds of liquidations run: all of them on a real exchange, on a simulated one its own sample and what .env names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.environment import Environment
from bot.feeds.liquidations import sources
from bot.feeds.liquidations.okx import OKX_API, OkxFeed
from bot.feeds.liquidations.sources import BINANCE_STREAM, BYBIT_STREAM, OKX_STREAM, LiquidationFeed
from bot.feeds.socket import Wire
from core.market.liquidations import Liquidation, LiquidationSource
from core.market.ports import Clock
from core.market.symbols import Market
from core.settings import LiquidationFeeds


def liquidation_feeds(
    markets: Sequence[Market],
    environment: Environment,
    venue_url: str,
    real: bool,
    rules: LiquidationFeeds,
    clock: Clock,
    jitter: Callable[[], float],
) -> list[LiquidationSource]:
    """The feeds. On a simulated venue (not ``real``) others' markets mean nothing, and it has no liquidator vaults."""
    stream = "ws" + venue_url.removeprefix("http")
    wires: list[Wire[Liquidation]] = [sources.makers_wire(markets, stream, rules)]
    if real:
        wires.append(sources.backstop_wire(markets, stream, rules))
    if real or environment.binance_stream_base:
        wires.append(sources.binance_wire(markets, environment.binance_stream_base or BINANCE_STREAM, rules))
    if real or environment.bybit_stream_base:
        wires.append(sources.bybit_wire(markets, environment.bybit_stream_base or BYBIT_STREAM, rules))
    found: list[LiquidationSource] = [LiquidationFeed(wire, rules, clock, jitter) for wire in wires]
    if real or environment.okx_stream_base:
        bases = (environment.okx_stream_base or OKX_STREAM, environment.okx_api_base or OKX_API)
        found.append(OkxFeed(markets, bases, rules, clock, jitter))
    return found
