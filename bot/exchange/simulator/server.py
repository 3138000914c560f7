"""The venue whole: one port on loopback with ``/info``, ``/exchange`` and ``/ws``, and ``/clock`` and ``/faults`` beside.

The last two are ours, not Hyperliquid's. It listens on loopback only.
"""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

from aiohttp import web

from bot.exchange.simulator.assets import Assets
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.faults import Faults
from bot.exchange.simulator.gate import Gate
from bot.exchange.simulator.hub import Hub
from bot.exchange.simulator.keeper import Keeper
from bot.exchange.simulator.limits import Budget
from bot.exchange.simulator.live import LiveMarket, Saver
from bot.exchange.simulator.nonces import Nonces
from bot.exchange.simulator.pump import Pump
from bot.exchange.simulator.rates import Rates
from bot.exchange.simulator.routes import Routes
from bot.exchange.simulator.signatures import load as load_signing
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.store import Store
from bot.exchange.simulator.upset_market import UpsetMarket
from bot.exchange.simulator.wallets import Wallets
from core.errors import StartRefused
from core.settings import ExchangeRules, WireRules
from core.trading.exchange.run import RunningExchange

HOST = "127.0.0.1"
FOREVER_MS = 2**62


class SimulatedVenue:
    """The simulated Hyperliquid on one loopback port.

    ``port`` 0 takes a free one. With ``state_file`` nothing that was acknowledged is ever lost; ``origin`` names the
    market the file belongs to (its seed, its recording). ``limited`` switches the request budget on.
    """

    def __init__(
        self,
        running: RunningExchange,
        *,
        clock: VenueClock,
        rules: ExchangeRules,
        wire: WireRules | None = None,
        port: int = 0,
        state_file: Path | None = None,
        origin: str = "",
        limited: bool = False,
    ) -> None:
        wire = wire or WireRules()
        self.faults = Faults()
        self.state = venue_state(running, clock, rules, wire)
        self._port = port
        self._store = Store(state_file, origin) if state_file is not None else None
        self._pump = Pump(self.state, reserve=self._reserve, moved=self._moved)
        self._hub = Hub(self.state, self.faults)
        market = self.state.market.under
        self._market = market if isinstance(market, LiveMarket) else None
        self._keeper = None
        if self._store is not None:
            round_off = self._hub.round
            self._keeper = Keeper(self.state, self._pump, self._store, round_off, live=self._market is not None)
        self._saver = Saver(self.state, self._hub, self._keeper) if self._market is not None else None
        live = (self._market, self._saver) if self._market is not None and self._saver is not None else None
        budget = Budget(wire) if limited else None
        self._gate = Gate(self.state, self._pump, self._hub, self._store, budget, live)
        self._funds: list[tuple[str, Decimal]] = []
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up the state file, open the port, let the market move. Raises :class:`StartRefused`."""
        try:
            await self._start()
        except StartRefused:
            if self._store is not None:
                await self._store.close()
            raise

    async def _start(self) -> None:
        await asyncio.to_thread(load_signing)
        if self._keeper is not None:
            await self._keeper.open()
        if self._keeper is None or self._market is not None:
            self._pump.allowed(FOREVER_MS)
        if self._market is not None:
            await self._market.catch_up(self.state.exchange.held_coins(), self.state.now_ms)
        self.state.clock.anchor(self.state.now_ms)
        for address, usd in self._funds:
            self._gate.fund(address, usd)
        if self._saver is not None:
            await self._saver.settle(acted=True)
        elif self._store is not None:
            await self._store.durable()
        await self._listen()
        self._tasks = [
            asyncio.create_task(self._pump.run(), name="venue-pump"),
            asyncio.create_task(self._hub.run(), name="venue-hub"),
        ]
        if self._keeper is not None:
            self._tasks.append(asyncio.create_task(self._keeper.run(), name="venue-keeper"))
        if self._saver is not None:
            self._tasks.append(asyncio.create_task(self._saver.run(), name="venue-saver"))

    async def stop(self) -> None:
        """Close the port, hang up, save."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._hub.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._keeper is not None:
            await self._keeper.close()

    async def wait(self) -> None:
        """Until something in it fails; the failure is raised."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    @property
    def base_url(self) -> str:
        """Where clients find it; the socket is at ``/ws`` of the same port."""
        return f"http://{HOST}:{self._port}"

    def fund(self, address: str, usd: Decimal) -> None:
        """Open an account with ``usd`` on its main dex; an account that is open already is left alone."""
        if self._runner is None:
            self._funds.append((address, usd))
        else:
            self._gate.fund(address, usd)

    async def _listen(self) -> None:
        routes = Routes(self.state, self._gate, self._pump, self._hub, self.faults)
        self._runner = web.AppRunner(routes.application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, HOST, self._port)
            await site.start()
        except OSError as error:
            raise StartRefused(
                f"port {self._port} of {HOST} cannot be opened for the venue ({error.strerror}); give another one",
                port=self._port,
            ) from error
        self._port = self._runner.addresses[0][1]

    async def _reserve(self, until_ms: int) -> None:
        if self._store is not None:
            await self._store.reserve(until_ms)

    def _moved(self) -> None:
        self._hub.round()


def venue_state(running: RunningExchange, clock: VenueClock, rules: ExchangeRules, wire: WireRules) -> VenueState:
    """The state of a venue on which nothing has happened yet."""
    market, books = UpsetMarket(running.source), running.exchange.books
    upset = RunningExchange(running.exchange, market)
    upset.exchange.books = books  # a real market's stay what they are
    return VenueState(
        running=upset,
        market=market,
        clock=clock,
        rules=rules,
        wire=wire,
        assets=Assets(running.source.terms),
        wallets=Wallets(wire),
        nonces=Nonces(rules),
        rates=Rates(wire),
    )
