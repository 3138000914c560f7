"""The paper venue put together: the real exchange's public market under the simulated exchange's wire server.

Two connections to the real exchange ask public questions, one for prices and books, one for candles, each within its
part of the weight that an address may spend there. Nothing here has a key.
"""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.budget import WeightBudget
from bot.clock import MarketClock, wall_ms
from bot.exchange.hyperliquid.reads import Reads
from bot.exchange.hyperliquid.rest import Rest
from bot.exchange.simulator.live import WorldClock
from bot.exchange.simulator.server import SimulatedVenue
from bot.feeds.paper.upstream import DEXES, Upstream, patiently
from bot.feeds.universe import load_universe
from core.desk import Desk
from core.settings import Settings
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange

STATE_FILE = "paper.db"
NOBODY = "0x" + "0" * 40


Add = Callable[[str, Callable[[Desk], Awaitable[object]], int], None]
"""Puts a job that has a name into the timetable, every so many ms."""


@dataclass(frozen=True, slots=True)
class PaperVenue:
    """The venue, the market under it, and the real exchange as a source of candles."""

    venue: SimulatedVenue
    upstream: Upstream
    reads: Reads


async def paper_venue(stack: AsyncExitStack, base_url: str, state: Path, settings: Settings) -> PaperVenue:
    """The paper venue on the exchange at ``base_url``, not yet started; ``stack`` closes its connections.

    Raises :class:`core.errors.StartRefused` when the exchange gives no answer for too long. Starting it does so when
    the account was kept on another exchange's prices.
    """
    rules, execution = settings.paper, settings.execution
    prices = await connection(stack, base_url, rules.weight_per_minute, execution.timeout_ms)
    rest = max(1, execution.weight_per_minute - rules.weight_per_minute)
    candles = await connection(stack, base_url, rest, execution.timeout_ms)
    terms, now_ms = await patiently(base_url, prices.info, settings.exchange, rules)
    clock = WorldClock(now_ms, speed=1.0, monotonic=time.time, wall_ms=wall_ms)
    streamed = [market.coin for market in load_universe(state)]
    upstream = Upstream(
        base_url, prices.info, terms, streamed, rules, clock.target_ms, time=MarketClock(), jitter=random.random
    )
    await upstream.ask_figures()
    venue = SimulatedVenue(
        RunningExchange(Exchange(terms, settings.exchange, upstream.now_ms), upstream),
        clock=clock,
        rules=settings.exchange,
        wire=settings.wire,
        state_file=state / STATE_FILE,
        origin=f"paper:{base_url}",
    )
    return PaperVenue(venue, upstream, Reads(candles, NOBODY, DEXES))


def follow(desk: Desk, upstream: Upstream, timetable: Add) -> list[Coroutine[Any, Any, None]]:
    """The real market, watched: its stream, its requests, and at the timetable's marks whether it is heard at all."""
    from jobs.streams import supervise

    async def heard(_: Desk) -> None:
        upstream.check()

    timetable("market data", heard, desk.settings.cadence.watch_ms)
    return [
        supervise(desk, "stream of market data", upstream.listen),
        supervise(desk, "figures of all markets", upstream.poll),
    ]


async def connection(stack: AsyncExitStack, base_url: str, weight: int, timeout_ms: int) -> Rest:
    """A connection for public questions that may weigh so much a minute."""
    rest = Rest(base_url, WeightBudget(weight, 0, MarketClock()), timeout_ms, timeout_ms)
    stack.push_async_callback(rest.close)
    await rest.open()
    return rest
