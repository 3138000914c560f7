"""Who asks the real exchange and listens to it on behalf of the paper market. Public questions only; there is no key.

Start-up is asked for with patience; from then on the stream tells most, and requests the rest: all figures now and
then, a book right before an order is matched against it, and whatever the stream left quiet for too long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from bot.feeds.paper import frames
from bot.feeds.paper.answers import BookRow, ContextRow, DexRow, FundingRow, Meta
from bot.feeds.paper.market import PaperMarket
from bot.feeds.paper.terms import terms_of
from bot.feeds.socket import SocketFeed
from core.errors import FeedUnavailable, StartRefused, Unavailable
from core.market.ports import Clock
from core.settings import ExchangeRules, PaperRules
from core.trading.exchange.ports import MarketTerms

log = logging.getLogger(__name__)
T = TypeVar("T")
HOUR_MS = 3_600_000
DEXES = ("", "xyz")
"""Dexes in use; the main one has no name."""


class Ask(Protocol):
    """A public question to the exchange. Raises :class:`core.errors.VenueUnavailable` for every kind of failure."""

    def __call__(self, kind: str, answer: type[T], /, **fields: Any) -> Awaitable[T]:
        """The answer to ``kind``, decoded."""
        ...


class Upstream(PaperMarket):
    """The paper market with its own eyes and ears: a ``LiveMarket`` of the simulator.

    ``streamed`` are the coins that are followed from the start; any other is from its first order on.
    """

    def __init__(
        self,
        base_url: str,
        ask: Ask,
        terms: Sequence[MarketTerms],
        streamed: Collection[str],
        rules: PaperRules,
        clock: Callable[[], int],
        time: Clock,
        jitter: Callable[[], float],
    ) -> None:
        super().__init__(terms, clock, rules)
        self.base_url, self._ask, self._asked_rules = base_url, ask, rules
        self._dexes = [dex for dex in DEXES if any(one.coin.rpartition(":")[0] == dex for one in terms)]
        self._followed = dict.fromkeys(coin for coin in streamed if self.lists(coin))
        self._ordered: dict[str, None] = {}
        self._feed = SocketFeed(frames.wire(self._followed, base_url, rules), rules, time, jitter)

    async def listen(self) -> None:
        """Follow the stream until cancelled; connections come and go."""
        await self._feed.run(self)

    async def poll(self) -> None:
        """Ask for all figures now and then, and for what the stream left quiet, until cancelled."""
        while True:
            await asyncio.sleep(self._asked_rules.poll_ms / 1_000)
            try:
                await self.ask_figures()
            except Unavailable as trouble:
                log.warning("the figures of all markets were not told: %s", trouble)
            await self.look([coin for coin in self._ordered if self._will_be_stale(coin)])

    async def ask_figures(self) -> None:
        """Learn the figures of every market. Raises :class:`core.errors.VenueUnavailable`."""
        for dex in self._dexes:
            meta, contexts = await self._ask("metaAndAssetCtxs", tuple[Meta, list[ContextRow]], **_of(dex))
            for row, context in zip(meta.universe, contexts, strict=False):
                self.take_context(row.name, context)

    async def look(self, coins: Sequence[str]) -> None:
        """Learn books anew, as far as the exchange answers in time; from now on these coins are followed."""
        self._ordered |= dict.fromkeys(coins)
        fresh = [coin for coin in coins if coin not in self._followed]
        self._followed |= dict.fromkeys(fresh)
        try:
            async with asyncio.timeout(self._asked_rules.look_ms / 1_000):
                await self._feed.say_also(frames.subscriptions(fresh))
                await asyncio.gather(*(self._look(coin) for coin in coins))
        except (Unavailable, TimeoutError, OSError) as trouble:
            log.info("the book of %s could not be asked for: %s", ", ".join(coins), trouble)

    async def catch_up(self, held: Collection[str], since_ms: int) -> None:
        """Learn what was settled since then; hours that nobody tells of are settled at the present rate."""
        for coin in held:
            try:
                rows = await self._ask("fundingHistory", list[FundingRow], coin=coin, startTime=since_ms)
            except Unavailable as trouble:
                log.warning("what %s settled meanwhile is not known: %s", coin, trouble)
                continue
            for row in rows:
                self.settled(coin, row.time // HOUR_MS * HOUR_MS, row.funding_rate)

    def check(self) -> None:
        """Raise :class:`FeedUnavailable` while the exchange is not heard, or its stream is not."""
        now, rules = self._clock(), self._asked_rules
        silent_s = (now - self.heard_ms) // 1_000
        if now - self.heard_ms > rules.stale_ms:
            raise FeedUnavailable(f"{self.base_url} was not heard for {silent_s} s; paper orders are refused meanwhile")
        if self.down_ms is not None and now - self.down_ms > rules.stale_ms:
            down_s = (now - self.down_ms) // 1_000
            raise FeedUnavailable(f"the stream of {self.base_url} is down for {down_s} s; books are asked for instead")

    async def _look(self, coin: str) -> None:
        self.take_book(await self._ask("l2Book", BookRow, coin=coin))

    def _will_be_stale(self, coin: str) -> bool:
        """Whether a book would be too old before the next poll."""
        return self.book_age_ms(coin) + self._asked_rules.poll_ms > self._asked_rules.stale_ms


async def listed(ask: Ask, exchange: ExchangeRules) -> tuple[list[MarketTerms], int]:
    """Every market's terms, and the exchange's time. Raises :class:`core.errors.VenueUnavailable`."""
    rows = await ask("perpDexs", list[DexRow | None])
    dexes = {row.name: row for row in rows if row is not None}
    found: list[MarketTerms] = []
    for dex in DEXES:
        if not dex or dex in dexes:
            found += terms_of(await ask("meta", Meta, **_of(dex)), dexes.get(dex), exchange)
    first = next((one.coin for one in found if not one.delisted), "")
    book = await ask("l2Book", BookRow, coin=first)
    return found, book.time


async def patiently(
    base_url: str, ask: Ask, exchange: ExchangeRules, rules: PaperRules
) -> tuple[list[MarketTerms], int]:
    """As :func:`listed`, tried until patience ends. Raises :class:`StartRefused`."""
    loop = asyncio.get_running_loop()
    until = loop.time() + rules.boot_ms / 1_000
    while True:
        try:
            async with asyncio.timeout_at(max(until, loop.time() + rules.boot_retry_ms / 1_000)):
                return await listed(ask, exchange)
        except (Unavailable, TimeoutError) as trouble:
            if loop.time() + rules.boot_retry_ms / 1_000 >= until:
                raise StartRefused(
                    f"paper trading needs the exchange's prices, and {base_url} gave none within "
                    f"{rules.boot_ms / 1_000:g} s ({str(trouble) or 'no answer'})"
                ) from None
            await asyncio.sleep(rules.boot_retry_ms / 1_000)


def _of(dex: str) -> Mapping[str, Any]:
    """The field that names a dex; the main one goes without."""
    return {"dex": dex} if dex else {}
