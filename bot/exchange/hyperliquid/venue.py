"""Hyperliquid as the trading stage's venue: one adapter for simulation, paper, testnet and mainnet.

Every read is asked of the venue anew; nothing about the account is remembered. No write is ever repeated: the ticket
with its client id was stored before, and what became of it is asked for by that id.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlsplit

from bot.budget import WeightBudget
from bot.exchange.hyperliquid import collateral
from bot.exchange.hyperliquid.actions import Actions, Withheld, always, never
from bot.exchange.hyperliquid.answers import MarketClock
from bot.exchange.hyperliquid.assets import Assets, dex_of
from bot.exchange.hyperliquid.candles import CandleRows
from bot.exchange.hyperliquid.identity import check_account
from bot.exchange.hyperliquid.nonces import Nonces
from bot.exchange.hyperliquid.nudges import Nudges, subscriptions
from bot.exchange.hyperliquid.reads import Reads
from bot.exchange.hyperliquid.rest import Rest
from bot.exchange.hyperliquid.signing import SecretKey, Signer
from bot.exchange.hyperliquid.sockets import Socket, address
from bot.exchange.hyperliquid.tickets import acknowledgements, cancel_action, order_action, spread, was_there
from core.errors import VektorError, VenueRefused
from core.market.ports import Clock
from core.settings import Execution
from core.trading.collateral import with_freed
from core.trading.orders import Acknowledgement, Fill, FundingPayment, OpenOrder, OrderReport, Ticket, Transfer
from core.trading.ports import Account, Listing, Quote, Venue, Wallet

MAINNET = "https://api.hyperliquid.xyz"
TESTNET = "https://api.hyperliquid-testnet.xyz"

MICRO = 1_000_000
"""The venue counts margin in millionths of a dollar."""

_ENDED = ""
"""Stands behind the last word of a stream that was closed."""


HeardTime = Callable[[int, int, int], object]


def _nobody_listens(_: int, __: int, ___: int) -> None:
    """The venue's time is of no interest."""


def is_mainnet(url: str) -> bool:
    """Whether real money lies behind an address, however it is written.

    >>> is_mainnet("HTTPS://API.hyperliquid.xyz:443/"), is_mainnet("http://127.0.0.1:4001")
    (True, False)
    """
    return urlsplit(url).hostname == urlsplit(MAINNET).hostname


class HyperliquidVenue(Venue):
    """One account on one venue.

    ``key`` is an API wallet's or the account's own; without one the venue can be read only. ``clock`` is market time;
    ``wall_ms`` gives the nonces of a real venue. ``mainnet`` tells which network is signed for (default: by the URL).
    ``withheld`` is asked before every signature why it must not be made; without it nothing is signed for mainnet.
    ``jitter`` spreads reconnects, numbers in [0, 1). ``heard_time`` is told the venue's time with every reading of the
    account, between our own before it was asked for and after it came.
    """

    def __init__(
        self,
        *,
        base_url: str,
        account: str,
        key: SecretKey | None,
        execution: Execution,
        clock: Clock,
        wall_ms: Callable[[], int],
        dexes: Sequence[str] = ("", "xyz"),
        mainnet: bool | None = None,
        withheld: Withheld | None = None,
        jitter: Callable[[], float] = random.random,
        heard_time: HeardTime = _nobody_listens,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._account = account.lower()
        self._key = key
        self._execution = execution
        self._clock = clock
        self._jitter = jitter
        self._heard_time = heard_time
        self._mainnet = is_mainnet(self._base_url) if mainnet is None else mainnet
        self._withheld = withheld or (never if self._mainnet or is_mainnet(self._base_url) else always)
        self._nonces = Nonces(wall_ms if self._base_url in (MAINNET, TESTNET) else clock.now_ms)
        self._budget = WeightBudget(execution.weight_per_minute, execution.weight_reserve, clock)
        self._rest = Rest(self._base_url, self._budget, execution.timeout_ms, execution.read_timeout_ms)
        self._reads = Reads(self._rest, self._account, dexes)
        self._assets = Assets([])
        self._tokens: dict[str, int] = {}
        self._actions: Actions | None = None
        self._streams: set[asyncio.Task[None]] = set()

    @property
    def account_id(self) -> str:
        """Address of the account, lower case."""
        return self._account

    @property
    def weight_spent(self) -> int:
        """Request weight spent during the last minute of market time."""
        return self._budget.spent

    async def start(self) -> None:
        """Learn the markets and check the account. Raises ``VenueUnavailable`` or ``VenueRefused``; may be repeated."""
        await self._rest.open()
        try:
            if self._key is not None:
                signer = await asyncio.to_thread(Signer, self._key, mainnet=self._mainnet)
                self._actions = Actions(self._rest, signer, self._nonces, self._withheld)
            await self._reads.learn()
            await self._relist()
            await check_account(self._rest, self._account)
        except VektorError:
            await self._rest.close()
            raise

    async def close(self) -> None:
        """End every stream and connection."""
        for stream in self._streams:
            stream.cancel()
        await asyncio.gather(*self._streams, return_exceptions=True)
        await self._rest.close()

    async def listings(self) -> Sequence[Listing]:
        """Every market with its live terms, delisted ones included."""
        await self._relist()
        return list(self._assets)

    async def quotes(self, *, hurried: bool = False) -> Mapping[str, Quote]:
        """Prices by coin of every live market; where they are ``hurried``, weight for them is not waited for long."""
        return await self._reads.quotes(hurried=hurried)

    async def account(self) -> Account:
        """Equity, free collateral and positions over every dex in use."""
        asked_ms = self._clock.now_ms()
        account = await self._reads.account(self._assets)
        self._heard_time(asked_ms, account.time_ms, self._clock.now_ms())
        return account

    async def open_orders(self) -> Sequence[OpenOrder]:
        """Every resting order, triggers included."""
        return await self._reads.open_orders(self._assets)

    async def order(self, client_id: str) -> OrderReport | None:
        """What became of an order of ours; ``None`` when the venue never knew it."""
        return await self._reads.order(client_id)

    async def fills(self, since_ms: int) -> Sequence[Fill]:
        """Executions at or after ``since_ms``, oldest first, complete."""
        return await self._reads.fills(since_ms, self._assets)

    async def funding(self, since_ms: int) -> Sequence[FundingPayment]:
        """Funding settlements at or after ``since_ms``, oldest first, complete."""
        return await self._reads.funding(since_ms, self._assets)

    async def candles(self, coin: str, interval: str, start_ms: int, end_ms: int) -> CandleRows:
        """Bars of ``coin`` that overlap the span, oldest first, the forming one included; only the newest 5000 exist."""
        return await self._reads.candles(coin, interval, start_ms, end_ms)

    async def wallet(self) -> Wallet | None:
        """The API wallet that signs; ``None`` where the account's own key does, which has no end, or none at all."""
        if self._actions is None or self._actions.signer == self._account:
            return None
        return Wallet(self._actions.signer, (await self._reads.agents()).get(self._actions.signer, 0))

    async def transfers(self, since_ms: int) -> Sequence[Transfer]:
        """Money in and out of the account, oldest first."""
        return await self._reads.transfers(since_ms)

    async def set_leverage(self, coin: str, leverage: int, *, isolated: bool) -> None:
        """Set leverage and margin mode for the next entry in ``coin``."""
        number = self._assets.number(coin)
        action = {"type": "updateLeverage", "asset": number, "isCross": not isolated, "leverage": leverage}
        await self._signed().perform(action, self._expiry())

    async def bring_collateral(self, coin: str, usd: Decimal) -> None:
        """See that the dex of ``coin`` holds ``usd`` of free collateral, moving what it lacks from the others.

        Raises ``VenueRefused`` when an API wallet signs (it may not move money) or the account has too little.
        """
        target = dex_of(coin)
        self._assets.number(coin)
        moves = self._moves(target, usd, await self._reads.free())
        if not moves:
            return
        token = await self._reads.token(self._tokens[target])
        for source, amount in moves:
            await self._signed().transfer(collateral.transfer(self._account, source, target, token, amount))

    async def collateral_lacking(self, coin: str, usd: Decimal, freed: Mapping[str, Decimal]) -> str:
        """Why that much could not be brought, were ``freed`` free as well; "" where it could."""
        free = with_freed(await self._reads.free(), freed, dex_of)
        try:
            self._moves(dex_of(coin), usd, free)
        except VenueRefused as refusal:
            return str(refusal)
        return ""

    def _moves(self, target: str, usd: Decimal, free: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
        own_key = usd > free[target] and self._signed().signer == self._account
        return collateral.moves(free, target, usd, own_key=own_key)

    async def add_margin(self, coin: str, usd: Decimal, expires_ms: int) -> None:
        """Bind ``usd`` more to the isolated position in ``coin``, in whole millionths, rounded down."""
        action = {
            "type": "updateIsolatedMargin",
            "asset": self._assets.number(coin),
            "isBuy": True,
            "ntli": int(usd * MICRO),
        }
        await self._signed().perform(action, expires_ms)

    async def submit(self, tickets: Sequence[Ticket], *, attached: bool) -> Sequence[Acknowledgement]:
        """Send tickets in one request, accepted until the first of them expires; one acknowledgement each.

        An answer is not waited for beyond that: from then on the venue can be asked what became of them.
        """
        if not tickets:
            return []
        numbers = [self._assets.number(ticket.coin) for ticket in tickets]
        action = order_action(tickets, numbers, attached=attached)
        expires_ms = min(ticket.expires_ms for ticket in tickets)
        return acknowledgements(tickets, await self._signed().statuses(action, expires_ms, self._patience(expires_ms)))

    async def cancel(self, orders: Sequence[tuple[str, int]]) -> Sequence[bool]:
        """Cancel by ``(coin, venue_id)``; per order whether it was still there."""
        if not orders:
            return []
        action = cancel_action([(self._assets.number(coin), venue_id) for coin, venue_id in orders])
        expires_ms = self._clock.now_ms() + self._clock.span_ms(self._execution.protective_expires_ms)
        statuses = await self._signed().statuses(action, expires_ms, self._execution.protective_expires_ms)
        return [was_there(status) for status in spread(statuses, len(orders))]

    async def changes(self) -> AsyncIterator[str]:
        """A word for everything that happens to the account; words that nobody took yet are merged.

        ``fill``, ``order``, ``funding``, ``liquidation``, and ``gap`` once the stream is whole again after an
        interruption. Ends when the venue is closed.
        """
        heard = Nudges()
        socket = Socket(address(self._base_url), subscriptions(self._account), self._execution, self._jitter)
        stream = asyncio.create_task(socket.run(heard), name="account stream")
        self._streams.add(stream)
        stream.add_done_callback(lambda _: heard.add(_ENDED))
        try:
            while (word := await heard.next()) != _ENDED:
                yield word
            if not stream.cancelled():
                await stream
        finally:
            stream.cancel()
            await asyncio.gather(stream, return_exceptions=True)
            self._streams.discard(stream)

    async def market_clock(self) -> tuple[int, float | None]:
        """Market time and its speed at the simulated venue; speed ``None`` where the clock is stepped by its client.

        A simulated venue without a weight budget is spared ours from here on. Raises ``VenueUnavailable`` at a venue
        without such a clock.
        """
        clock = await self._rest.clock(MarketClock)
        self._budget.waived = clock.speed == "step" or not clock.limited
        return clock.now_ms, None if clock.speed == "step" else clock.speed

    async def market_end(self) -> int | None:
        """When the simulated venue's market ends; ``None`` for an endless one."""
        return (await self._rest.clock(MarketClock)).end_ms

    async def step_to(self, ms: int) -> None:
        """Let the simulated venue's market go on to ``ms``. Raises ``VenueUnavailable`` where it is not stepped."""
        await self._rest.step(ms)

    async def _relist(self) -> None:
        self._assets, self._tokens = await self._reads.assets()

    def _signed(self) -> Actions:
        if self._actions is None:
            words = "no key is configured; this account can only be read"
            raise VenueRefused(words, words=words)
        return self._actions

    def _patience(self, expires_ms: int) -> float:
        """Wall milliseconds until a market time; that an order has expired is itself an answer worth a moment."""
        left_ms = (expires_ms - self._clock.now_ms()) * 1_000 / self._clock.span_ms(1_000)
        return max(left_ms, self._execution.lookup_ms)

    def _expiry(self) -> int:
        return self._clock.now_ms() + self._clock.span_ms(self._execution.expires_ms)
