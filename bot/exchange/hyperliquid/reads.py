"""What is asked of the venue about one account and its markets, over every dex in use.

Asks anew every time and remembers nothing but where each dex stands; raises ``VenueUnavailable`` for every failure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from bot.exchange.hyperliquid import candles, decode, history
from bot.exchange.hyperliquid.answers import (
    AgentRow,
    ClearinghouseState,
    ContextRow,
    DexRow,
    FillRow,
    FundingRow,
    LedgerRow,
    Meta,
    OrderRow,
    OrderStatus,
    SpotMeta,
)
from bot.exchange.hyperliquid.assets import Assets, indexed
from bot.exchange.hyperliquid.rest import Rest
from core.errors import VenueUnavailable
from core.trading.orders import Fill, FundingPayment, OpenOrder, OrderReport, Transfer
from core.trading.ports import Account, Quote

T = TypeVar("T")


class Reads:
    """Reads of one account. ``learn`` comes first."""

    def __init__(self, rest: Rest, account: str, wanted: Sequence[str]) -> None:
        self._rest = rest
        self._account = account
        self._wanted = wanted
        self._dexes: dict[str, int] = {}
        self._multipliers: dict[str, float] = {}

    async def learn(self) -> None:
        """Find out where the wanted dexes stand."""
        rows = await self._rest.info("perpDexs", list[DexRow | None])
        self._dexes = indexed(rows, self._wanted)
        self._multipliers = {c: float(m) for row in rows if row is not None for c, m in row.asset_to_funding_multiplier}

    async def assets(self) -> tuple[Assets, dict[str, int]]:
        """Every market of the dexes in use, and the collateral token of each dex."""
        metas = await self._each("meta", Meta, hurried=True)
        tokens = {dex: meta.collateral_token for dex, meta in metas.items()}
        return Assets([(self._dexes[dex], meta) for dex, meta in metas.items()]), tokens

    async def token(self, index: int) -> str:
        """Name and id of a token, as a transfer names it."""
        meta = await self._rest.info("spotMeta", SpotMeta)
        for row in meta.tokens:
            if row.index == index:
                return f"{row.name}:{row.token_id}"
        raise VenueUnavailable(f"the venue names no token {index}")

    async def quotes(self, *, hurried: bool) -> dict[str, Quote]:
        """Prices by coin."""
        answers = await self._each("metaAndAssetCtxs", tuple[Meta, list[ContextRow]], hurried=hurried)
        found = (decode.quotes(*pair, self._multipliers) for pair in answers.values())
        return {coin: quote for quotes in found for coin, quote in quotes.items()}

    async def account(self, assets: Assets) -> Account:
        """Equity, free collateral and positions over the dexes."""
        return decode.account(list((await self._states()).values()), assets)

    async def free(self) -> dict[str, Decimal]:
        """What each dex could give away."""
        return {dex: state.withdrawable for dex, state in (await self._states()).items()}

    async def open_orders(self, assets: Assets) -> list[OpenOrder]:
        """Every resting order and waiting trigger in the markets of the dexes in use: spot orders come along with them."""
        answers = await self._each("frontendOpenOrders", list[OrderRow], user=self._account)
        return decode.resting(row for rows in answers.values() for row in rows if row.coin in assets)

    async def order(self, client_id: str) -> OrderReport | None:
        """What became of an order of ours, or ``None``."""
        answer = await self._rest.info("orderStatus", OrderStatus, user=self._account, oid=client_id)
        if answer.order is not None:
            return decode.order_report(client_id, answer.order)
        if answer.status == "unknownOid":
            return None
        raise VenueUnavailable(f"the venue answered {answer.status!r} about order {client_id}")

    async def fills(self, since_ms: int, assets: Assets) -> list[Fill]:
        """Executions in the markets of the dexes in use, complete, oldest first."""

        async def ask(start_ms: int) -> list[FillRow]:
            return await self._rest.info(
                "userFillsByTime", list[FillRow], user=self._account, startTime=start_ms, aggregateByTime=False
            )

        rows = await history.complete(ask, since_ms, time=lambda row: row.time, identity=lambda row: (row.tid, row.oid))
        return [decode.fill(row, self._account) for row in rows if row.coin in assets]

    async def funding(self, since_ms: int, assets: Assets) -> list[FundingPayment]:
        """Funding settlements in the markets of the dexes in use, complete, oldest first."""

        async def ask(start_ms: int) -> list[FundingRow]:
            return await self._rest.info("userFunding", list[FundingRow], user=self._account, startTime=start_ms)

        rows = await history.complete(
            ask, since_ms, time=lambda row: row.time, identity=lambda row: (row.time, row.delta.coin)
        )
        return [decode.funding_payment(row) for row in rows if row.delta.coin in assets]

    async def transfers(self, since_ms: int) -> list[Transfer]:
        """Money in and out of the perpetual dexes, complete, oldest first."""

        async def ask(start_ms: int) -> list[LedgerRow]:
            return await self._rest.info(
                "userNonFundingLedgerUpdates", list[LedgerRow], hurried=True, user=self._account, startTime=start_ms
            )

        rows = await history.complete(
            ask, since_ms, time=lambda row: row.time, identity=lambda row: decode.transfer(row, self._account)
        )
        found = (decode.transfer(row, self._account) for row in rows)
        return [one for one in found if one.amount]

    async def agents(self) -> dict[str, int]:
        """Address of each named API wallet of the account, and when it ends (epoch ms)."""
        rows = await self._rest.info("extraAgents", list[AgentRow], user=self._account)
        return {row.address.lower(): row.valid_until for row in rows}

    async def candles(self, coin: str, interval: str, start_ms: int, end_ms: int) -> candles.CandleRows:
        """Bars that overlap the span (the one around its start as well), the forming one included."""
        body = candles.request(coin, interval, start_ms, end_ms)
        rows = candles.count(interval, start_ms, end_ms)
        return candles.columns(
            await self._rest.info("candleSnapshot", list[candles.CandleRow], strict=False, rows=rows, **body)
        )

    async def _states(self) -> dict[str, ClearinghouseState]:
        return await self._each("clearinghouseState", ClearinghouseState, user=self._account)

    async def _each(self, kind: str, answer: type[T], **fields: Any) -> dict[str, T]:
        """The same question to every dex; one that fails fails them all."""
        if not self._dexes:
            raise VenueUnavailable("the venue was not started")
        answers = await asyncio.gather(
            *(self._rest.info(kind, answer, **fields, **_of(dex)) for dex in self._dexes),
        )
        return dict(zip(self._dexes, answers, strict=True))


def _of(dex: str) -> Mapping[str, Any]:
    """The field that names a dex; the main one goes without."""
    return {"dex": dex} if dex else {}
