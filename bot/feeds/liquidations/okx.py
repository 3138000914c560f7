"""OKX's feed: its sizes are contracts, and what a contract is must be asked before anything can be read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from msgspec import Struct

from bot.feeds.liquidations.sources import CERTAINTIES, LiquidationFeed, okx_wire
from core.market.liquidations import Listener
from core.market.ports import Clock
from core.market.symbols import Market
from core.settings import LiquidationFeeds

log = logging.getLogger(__name__)

OKX_API = "https://www.okx.com"


class _Instrument(Struct, rename="camel", gc=False):
    inst_id: str
    ct_val: str


class _Instruments(Struct, gc=False):
    data: list[_Instrument]


class OkxFeed:
    """A :class:`core.market.liquidations.LiquidationSource`: asks for the contracts, then listens."""

    name = "okx"
    certainty = CERTAINTIES["okx"]

    def __init__(
        self,
        markets: Sequence[Market],
        bases: tuple[str, str],
        rules: LiquidationFeeds,
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._markets, (self._stream, self._api), self._rules = markets, bases, rules
        self._clock, self._jitter = clock, jitter

    async def run(self, listener: Listener) -> NoReturn:
        """Listen until cancelled; until the contracts are known the feed is down."""
        while (known := await self._contracts()) is None:
            listener.stands(self.name, self._clock.now_ms(), up=False)
            await asyncio.sleep(self._rules.retry_most_ms / 1_000)
        wire = okx_wire(self._markets, self._stream, known, self._rules)
        await LiquidationFeed(wire, self._rules, self._clock, self._jitter).run(listener)

    async def _contracts(self) -> Mapping[str, float] | None:
        """Base units per contract by instrument; None when OKX does not answer."""
        limit = ClientTimeout(total=self._rules.ask_s)
        try:
            async with (
                ClientSession(timeout=limit) as session,
                session.get(f"{self._api}/api/v5/public/instruments", params={"instType": "SWAP"}) as answer,
            ):
                answer.raise_for_status()
                found = msgspec.json.decode(await answer.read(), type=_Instruments)
        except (ClientError, TimeoutError, OSError, msgspec.MsgspecError) as trouble:
            log.warning("okx does not say what its contracts are: %s", trouble)
            return None
        return {one.inst_id: float(one.ct_val) for one in found.data if one.ct_val}
