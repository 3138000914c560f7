"""The soak's world: the bot and the chat server as processes, the venue here, where every motion of it can be judged."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import aiohttp
from eth_account import Account

from bot.clock import wall_ms
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.server import SimulatedVenue
from bot.feeds.universe import SHIPPED
from bot.markets import SimulatedMarket, synthetic_market
from bot.state import SETTINGS_FILE, read_settings
from core.settings import Settings
from core.trading.exchange.run import RunningExchange
from tests.bot.emulator.chat_client import ChatClient
from tests.chaos.book import Book
from tests.chaos.checks import Witness
from tests.chaos.stage import NOTHING_STOPS
from tests.chaos.venue_truth import VenueTruth
from tests.e2e.process import Process
from tests.soak.guard import Guard, WatchedExchange
from tests.soak.limits import HOUR_MS, Accepted

START_S = 120.0
MARKETS = {
    *("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "AVAX", "LINK", "LTC", "SUI", "DOT", "NEAR"),
    *("TSLA", "NVDA", "AAPL", "MSFT", "AMZN", "GOLD", "SILVER", "CL", "EUR", "JPY", "SP500"),
}
"""Enough of every class that eight always find a place, few enough that three days pass in minutes."""
RULES = f"""\
# All places taken most of the time: whatever has a side is entered, exits are near, and losses stop nothing.
[confidence]
threshold = 0.0
equity = 0.0
[limits]
cooldown_ms = 0
same_direction = 8
correlation_most = 1.0
[stops]
stop_atrs = 1.0
target_atrs = 1.5
{NOTHING_STOPS}
[chat]
per_chat_ms = 50
burst = 20
"""


@dataclass(slots=True)
class World:
    """Everything of one soak. ``began_ms`` is where its market began."""

    bot: Process
    venue: SimulatedVenue
    guard: Guard
    chat: ChatClient
    witness: Witness
    began_ms: int
    settings: Settings

    @property
    def hours(self) -> float:
        """Market hours that have passed."""
        return (self.venue.state.now_ms - self.began_ms) / HOUR_MS


@asynccontextmanager
async def open_world(folder: Path, seed: int, speed: float | None, accepted: Accepted) -> AsyncIterator[World]:
    """Start everything on a fresh folder; a speed of ``None`` is lockstep. The bot is ended with the block."""
    state = folder / "bot"
    state.mkdir(parents=True)
    (state / SETTINGS_FILE).write_text(RULES, encoding="utf-8")
    (state / "universe.csv").write_text(small_universe(), encoding="utf-8")
    settings, _ = read_settings(state)
    key = f"0x{seed + 1:064x}"
    address = str(Account.from_key(key).address).lower()
    async with AsyncExitStack() as stack:
        market = await asyncio.to_thread(synthetic_market, None, seed, state, settings)
        guard = Guard(settings, accepted, market.source.now_ms + accepted.warm_up_h * HOUR_MS, address)
        venue = watched_venue(market, settings, speed, folder / "venue.db", guard)
        venue.fund(address, Decimal(str(settings.exchange.deposit_usd)))
        await venue.start()
        stack.push_async_callback(venue.stop)
        server = await stack.enter_async_context(Process("chat", cwd=folder))
        client = await stack.enter_async_context(ChatClient((await server.line(r"page: (\S+)"))[1]))
        environment = {
            "TELEGRAM_API_BASE": (await server.line(r"API: +(\S+)"))[1],
            "TELEGRAM_TOKEN": "1:demo-vektor",
            "TELEGRAM_OWNER_ID": "1001",
            "HYPERLIQUID_API_BASE": venue.base_url,
            "HYPERLIQUID_API_KEY": key,
        }
        http = await stack.enter_async_context(aiohttp.ClientSession())
        witness = Witness(VenueTruth(http, venue.base_url, address), Book(state / "vektor.db"), client)
        command = [sys.executable, "-m", "tests.soak.measured", "--venue", "sim", "--chat", "telegram"]
        command += ["--state", str(state)]
        bot = await stack.enter_async_context(Process(cwd=state, environment=environment, command=command))
        yield World(bot, venue, guard, client, witness, market.source.now_ms, settings)


def small_universe() -> str:
    """The header of the universe and the rows of our markets."""
    head, *rows = SHIPPED.read_text(encoding="utf-8").splitlines()
    return "\n".join([head, *(row for row in rows if row.split(",")[0] in MARKETS)]) + "\n"


def watched_venue(
    market: SimulatedMarket, settings: Settings, speed: float | None, file: Path, guard: Guard
) -> SimulatedVenue:
    """The simulated exchange, put together as the product does, with the guard over the exchange."""
    exchange = WatchedExchange(market.source.terms, settings.exchange, market.source.now_ms)
    exchange.guard = guard
    return SimulatedVenue(
        RunningExchange(exchange, market.source),
        clock=VenueClock(market.source.now_ms, speed=speed, monotonic=time.monotonic, wall_ms=wall_ms),
        rules=settings.exchange,
        wire=settings.wire,
        state_file=file,
        origin=market.origin,
    )
