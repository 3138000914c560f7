"""A venue in a process of its own, to be killed: ``python -m … STATE_FILE PORT SPEED ADDRESS``. Prints its URL."""

from __future__ import annotations

import asyncio
import sys
import time
from decimal import Decimal
from pathlib import Path

from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.server import SimulatedVenue
from core.settings import ExchangeRules
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange
from tests.bot.exchange.simulator.market import WavyMarket


async def main(state_file: Path, port: int, speed: str, addresses: list[str]) -> None:
    market, rules = WavyMarket(), ExchangeRules()
    clock = VenueClock(
        market.now_ms,
        speed=None if speed == "step" else float(speed),
        monotonic=time.monotonic,
        wall_ms=lambda: time.time_ns() // 1_000_000,
    )
    running = RunningExchange(Exchange(market.terms, rules, market.now_ms), market)
    venue = SimulatedVenue(running, clock=clock, rules=rules, port=port, state_file=state_file, origin="wavy")
    for address in addresses:
        venue.fund(address, Decimal(100_000))
    await venue.start()
    sys.stdout.write(venue.base_url + "\n")
    sys.stdout.flush()
    await venue.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
