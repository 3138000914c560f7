"""The simulated exchange on a market: state machine, wire server and clock put together."""

from __future__ import annotations

import time
from pathlib import Path

from bot.clock import wall_ms
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.server import SimulatedVenue
from bot.markets import SimulatedMarket
from core.settings import Settings
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange


def simulated_venue(
    market: SimulatedMarket, settings: Settings, speed: float | None, state_file: Path | None, port: int = 0
) -> SimulatedVenue:
    """The simulated exchange on a market, not yet started. A speed of ``None`` is stepped by its client."""
    exchange = Exchange(market.source.terms, settings.exchange, market.source.now_ms)
    return SimulatedVenue(
        RunningExchange(exchange, market.source),
        clock=VenueClock(market.source.now_ms, speed=speed, monotonic=time.monotonic, wall_ms=wall_ms),
        rules=settings.exchange,
        wire=settings.wire,
        port=port,
        state_file=state_file,
        origin=market.origin,
    )
