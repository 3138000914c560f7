"""A venue on loopback for each test, and a client that speaks its wire by hand."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.server import SimulatedVenue
from core.settings import ExchangeRules
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange
from tests.bot.exchange.simulator.client import Wallet, WireClient
from tests.bot.exchange.simulator.market import START_MS, WavyMarket

MakeVenue = Callable[..., Awaitable[SimulatedVenue]]


def new_venue(market: WavyMarket, **options: Any) -> SimulatedVenue:
    """A venue over a market, stepped unless told otherwise."""
    clock = VenueClock(
        market.now_ms, speed=options.pop("speed", None), monotonic=time.monotonic, wall_ms=lambda: START_MS
    )
    rules = options.pop("rules", ExchangeRules())
    running = RunningExchange(Exchange(market.terms, rules, market.now_ms), market)
    return SimulatedVenue(running, clock=clock, rules=rules, **options)


@pytest.fixture
async def make_venue() -> AsyncIterator[MakeVenue]:
    """Start venues that are stopped at the end of the test."""
    started: list[SimulatedVenue] = []

    async def make(market: WavyMarket | None = None, **options: Any) -> SimulatedVenue:
        venue = new_venue(market or WavyMarket(), **options)
        await venue.start()
        started.append(venue)
        return venue

    yield make
    for venue in started:
        await venue.stop()


@pytest.fixture
async def venue(make_venue: MakeVenue) -> SimulatedVenue:
    """A stepped venue over the wavy market."""
    return await make_venue()


@pytest.fixture
async def client(venue: SimulatedVenue) -> AsyncIterator[WireClient]:
    """A funded client of it."""
    async with WireClient(venue.base_url, Wallet.of(1)) as one:
        venue.fund(one.wallet.address, Decimal(10_000))
        yield one


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    """Where a venue may keep its state."""
    return tmp_path / "venue.state"
