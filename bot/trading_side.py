"""The composition root of everything but the chat: market, venue, storage, desk."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal

from bot.candle_feeds import CandleFeeds, candle_feeds
from bot.choices import Choices, remember_choices
from bot.clock import MarketClock, wall_ms
from bot.condemned import FILE as CONDEMNED
from bot.condemned import condemned, is_condemned
from bot.environment import Environment
from bot.exchange.hyperliquid.actions import Withheld
from bot.exchange.hyperliquid.signing import SecretKey, Signer
from bot.exchange.hyperliquid.venue import MAINNET, TESTNET, HyperliquidVenue, is_mainnet
from bot.exchange.simulator.server import SimulatedVenue
from bot.feeds.paper.upstream import Upstream
from bot.feeds.universe import load_universe
from bot.listening import liquidation_feeds
from bot.markets import SimulatedMarket, open_market
from bot.paper import PaperVenue, paper_venue
from bot.simulated import simulated_venue
from bot.state import simulated_key
from bot.timekeeping import Timekeeper
from core.desk import Desk, Ledger
from core.errors import StartRefused
from core.flows.live import MAINNET as MAINNET_NAME
from core.flows.live import withheld
from core.market.liquidations import LiquidationSource
from core.market.symbols import Market
from core.market.universe import tradable
from core.risk.vigil import Attendance
from core.settings import Settings
from core.sifting import Refusal
from storage.database import Database
from storage.experience import SqlExperience
from storage.ledger import SqlLedger
from storage.lock import StateLock
from storage.start import open_database, writable

PAPER = "paper"
BASES = {"testnet": TESTNET, "mainnet": MAINNET}


@dataclass(frozen=True, slots=True)
class TradingSide:
    """The desk and what its drivers need. ``end_ms`` is where recorded data ends; ``dropped`` is not traded."""

    desk: Desk
    clock: MarketClock
    venue: HyperliquidVenue
    database: Database
    book: str
    dropped: tuple[Refusal, ...]
    end_ms: int | None
    candles: CandleFeeds
    feeds: tuple[LiquidationSource, ...] = ()
    upstream: Upstream | None = None
    """The real market under the paper venue."""


async def open_trading_side(
    stack: AsyncExitStack, choices: Choices, environment: Environment, settings: Settings, rung: Callable[[], None]
) -> TradingSide:
    """Open everything in order; ``stack`` closes it in reverse.

    ``rung`` is called when events were stored. Raises :class:`StartRefused`, :class:`core.errors.VenueUnavailable`.
    """
    check_mainnet(choices, environment)
    await asyncio.to_thread(writable, choices.state)
    key, account = await asyncio.to_thread(identity, choices, environment)
    await asyncio.to_thread(refuse_condemned, choices, key)
    database, book = await open_book(stack, choices, account, environment, settings)
    await asyncio.to_thread(remember_choices, choices)
    market = await simulated_market(choices, environment, settings)
    where = await reach(stack, choices, environment, settings, market, account)
    clock = MarketClock()
    ledger = SqlLedger(database, book, rung)
    leave = leave_to_sign(choices, environment, ledger)
    venue = adapter(where.account_url, account, key, clock, settings, leave, choices.venue)
    stack.push_async_callback(venue.close)
    await venue.start()
    end_ms = await take_time(venue, clock, choices)
    known = market.markets if market is not None else await asyncio.to_thread(load_universe, choices.state)
    listed = tradable(known, await venue.listings())
    markets, real = list[Market](listed.kept), None if choices.venue == "sim" else where.public_url
    asked = (venue.candles if where.paper is None else where.paper.reads.candles, venue.quotes)
    candles = candle_feeds(markets, environment, asked, real, settings, clock, random.random)
    stack.push_async_callback(candles.close)
    desk = Desk(
        settings=settings,
        clock=clock,
        universe=markets,
        candles=candles.candles,
        venue=venue,
        ledger=ledger,
        offload=asyncio.to_thread,
        venue_name=choices.venue,
        started_ms=clock.now_ms(),
        live_allowed=environment.live_trading is not None,
        experience=SqlExperience(database, book, environment.live_evidence),
        attendance=await attendance(choices, ledger),
    )
    rules = settings.liquidation_feeds
    public = (where.public_url, real is not None)
    feeds = tuple(liquidation_feeds(markets, environment, *public, rules, clock, random.random))
    desk.feeds = {one.name: one.certainty for one in feeds}
    upstream = None if where.paper is None else where.paper.upstream
    return TradingSide(desk, clock, venue, database, book, tuple(listed.refused), end_ms, candles, feeds, upstream)


async def open_book(
    stack: AsyncExitStack, choices: Choices, account: str, environment: Environment, settings: Settings
) -> tuple[Database, str]:
    """What is stored of an account, for this process alone, and its name; no venue is asked. Raises
    :class:`StartRefused`."""
    book = f"{choices.venue}:{account}"
    stack.enter_context(
        StateLock(choices.state, book, venue=choices.venue, host=socket.gethostname(), now_ms=wall_ms())
    )
    database = await open_database(choices.state, environment.database_url, settings.storage)
    stack.push_async_callback(database.close)
    return database, book


def adapter(
    base_url: str,
    account: str,
    key: SecretKey | None,
    clock: MarketClock,
    settings: Settings,
    leave: Withheld,
    name: str,
) -> HyperliquidVenue:
    """The wire to the venue, not yet started."""
    return HyperliquidVenue(
        base_url=base_url,
        account=account,
        key=key,
        execution=settings.execution,
        clock=clock,
        wall_ms=wall_ms,
        mainnet=name == MAINNET_NAME,
        withheld=leave,
        heard_time=Timekeeper(clock, settings.execution.skew_ms).heard,
    )


def check_mainnet(choices: Choices, environment: Environment) -> None:
    """Real money only by its name, and only where it is allowed. Raises :class:`StartRefused`."""
    if choices.venue == MAINNET_NAME and environment.live_trading is None:
        raise StartRefused("--venue mainnet trades real money; allow it with LIVE_TRADING=mainnet in .env")
    base = environment.hyperliquid_api_base
    if choices.venue not in (MAINNET_NAME, PAPER) and base is not None and is_mainnet(base):
        raise StartRefused(f"HYPERLIQUID_API_BASE is mainnet's, but --venue is {choices.venue}; use --venue mainnet")


async def attendance(choices: Choices, ledger: Ledger) -> Attendance | None:
    """When an operator was last heard of, over restarts; only where a real market is traded."""
    if choices.venue not in BASES:
        return None
    heard_ms = (await ledger.vigil()).heard_ms
    return Attendance(wall_ms, heard_ms or wall_ms())


def leave_to_sign(choices: Choices, environment: Environment, ledger: Ledger) -> Withheld:
    """What the adapter asks before every signature: whether the key is condemned; on mainnet, whether the environment
    allows it and an operator has confirmed it, as it is stored now."""

    async def why_not(signer: str) -> str:
        if await asyncio.to_thread(is_condemned, choices.state, signer):
            return f"the key of {signer} was declared compromised"
        allowed = environment.live_trading is not None
        return withheld(choices.venue, allowed, await ledger.switches()) if choices.venue == MAINNET_NAME else ""

    return why_not


def identity(choices: Choices, environment: Environment) -> tuple[SecretKey | None, str]:
    """Key and account address. On a venue of our own a key of no worth is made once. Raises :class:`StartRefused`.

    On paper that one is used whatever ``.env`` holds: no key of worth is touched.
    """
    given = environment.hyperliquid_api_key
    if choices.venue == PAPER:
        key = SecretKey(simulated_key(choices.state))
        return key, Signer(key, mainnet=False).address.lower()
    if given is None and choices.venue == "sim":
        key = SecretKey(simulated_key(choices.state))
    elif given is None:
        raise StartRefused(f"--venue {choices.venue} needs HYPERLIQUID_ACCOUNT and HYPERLIQUID_API_KEY in .env")
    else:
        key = SecretKey(given.get_secret_value())
    account = environment.hyperliquid_account or Signer(key, mainnet=False).address
    return key, account.lower()


def refuse_condemned(choices: Choices, key: SecretKey | None) -> None:
    """Raises :class:`StartRefused` for a key that somebody else may know. On paper that of ``.env`` is not touched."""
    if key is None or choices.venue == PAPER or not condemned(choices.state):
        return
    signer, file = Signer(key, mainnet=False).address, choices.state / CONDEMNED
    if is_condemned(choices.state, signer):
        raise StartRefused(f"the key of {signer} was declared compromised ({file}); make a new API wallet")


async def simulated_market(choices: Choices, environment: Environment, settings: Settings) -> SimulatedMarket | None:
    """The market of our own venue; also the universe of one that runs elsewhere on the same data."""
    if choices.venue != "sim" or (environment.hyperliquid_api_base and choices.data is None):
        return None
    return await asyncio.to_thread(open_market, choices.data, choices.start_ms, choices.seed, choices.state, settings)


@dataclass(frozen=True, slots=True)
class Where:
    """Where the account is kept, and where the market is told in public: the same place, but for paper."""

    account_url: str
    public_url: str
    paper: PaperVenue | None = None


async def reach(
    stack: AsyncExitStack,
    choices: Choices,
    environment: Environment,
    settings: Settings,
    market: SimulatedMarket | None,
    account: str,
) -> Where:
    """The venue, started here and now where it is one of our own. Raises :class:`StartRefused`."""
    if choices.venue != PAPER:
        url = await venue_address(stack, choices, environment, settings, market, account)
        return Where(url, url)
    public_url = (environment.hyperliquid_api_base or MAINNET).rstrip("/")
    paper = await paper_venue(stack, public_url, choices.state, settings)
    return Where(await opened(stack, paper.venue, account, settings), public_url, paper)


async def venue_address(
    stack: AsyncExitStack,
    choices: Choices,
    environment: Environment,
    settings: Settings,
    market: SimulatedMarket | None,
    account: str,
) -> str:
    """Where the venue listens: the one given, the exchange's own, or one started here and now."""
    if environment.hyperliquid_api_base:
        return environment.hyperliquid_api_base
    if choices.venue in BASES:
        return BASES[choices.venue]
    if market is None:
        raise StartRefused(f"--venue {choices.venue} is not possible; sim, paper, testnet and mainnet are")
    venue = simulated_venue(market, settings, choices.speed, choices.state / "venue.db")
    return await opened(stack, venue, account, settings)


async def opened(stack: AsyncExitStack, venue: SimulatedVenue, account: str, settings: Settings) -> str:
    """Start a venue of our own with a funded account; where it listens."""
    venue.fund(account, Decimal(str(settings.exchange.deposit_usd)))
    await venue.start()
    stack.push_async_callback(venue.stop)
    return venue.base_url


async def take_time(venue: HyperliquidVenue, clock: MarketClock, choices: Choices) -> int | None:
    """Set the bot's clock by the venue's, so that orders expire when the venue thinks so. The data's end, if it has one."""
    if choices.venue not in ("sim", PAPER):
        clock.sync((await venue.account()).time_ms, 1.0)
        return None
    now_ms, speed = await venue.market_clock()
    clock.sync(now_ms, speed)
    return await venue.market_end()
