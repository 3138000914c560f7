"""A loopback server, a clock, and an adapter that is started against them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.exchange.hyperliquid.venue import HyperliquidVenue
from tests.bot.exchange.hyperliquid.loopback import Loopback, MarketTime, adapter, serving


@pytest.fixture
def clock() -> MarketTime:
    return MarketTime()


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with serving() as loopback:
        yield loopback


@pytest.fixture
async def venue(server: Loopback, clock: MarketTime) -> AsyncIterator[HyperliquidVenue]:
    started = adapter(server.url, clock)
    await started.start()
    yield started
    await started.close()
