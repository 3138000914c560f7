"""The simulated exchange as a venue without a wire: what replay trades on.

The same state machine stands behind the loopback server, so a run over the wire and a replay see the same answers.
It refuses what only a network can do: nothing here is ever lost or unknown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal

from core.errors import VenueRefused
from core.market.symbols import Market
from core.trading.collateral import plan, with_freed
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.records import FillRecord, OrderRecord, PositionState
from core.trading.exchange.requests import Grouping, OrderRequest, Outcome, Refused, Tif, Trigger
from core.trading.exchange.run import RunningExchange
from core.trading.orders import (
    Acknowledgement,
    Fill,
    FundingPayment,
    Intent,
    OpenOrder,
    OrderReport,
    Ticket,
    TicketState,
    Transfer,
)
from core.trading.ports import Account, Listing, Quote, VenuePosition
from core.trading.statuses import state_of


class DirectVenue:
    """A :class:`core.trading.ports.Venue` over a :class:`RunningExchange` in this process."""

    def __init__(self, running: RunningExchange, account: str, markets: Sequence[Market]) -> None:
        self._running = running
        self._account = account
        self._markets = {m.coin: m for m in markets}
        self._dexes = sorted({m.dex for m in markets} | {""})

    @property
    def _exchange(self) -> Exchange:
        return self._running.exchange

    @property
    def account_id(self) -> str:
        """Address of the account."""
        return self._account

    async def listings(self) -> Sequence[Listing]:
        """Every market."""
        terms = self._running.source.terms
        return [Listing(t.coin, t.max_leverage, t.size_decimals, t.isolated_only, t.delisted) for t in terms]

    async def quotes(self, *, hurried: bool = False) -> Mapping[str, Quote]:
        """Prices of every market that has begun; at once, whoever asks."""
        del hurried
        found: dict[str, Quote] = {}
        for terms in self._running.source.terms:
            price = self._running.source.price(terms.coin)
            if price is None or terms.delisted:
                continue
            told = self._running.source.statistics(terms.coin)
            bid, ask = self._exchange.impact(terms.coin) or (None, None)
            found[terms.coin] = Quote(
                coin=terms.coin,
                mark=price.mark,
                oracle=price.oracle,
                mid=(price.bid + price.ask) / 2,
                funding=told.funding,
                open_interest=told.open_interest,
                day_volume_usd=told.day_volume_usd,
                bid=bid,
                ask=ask,
            )
        return found

    async def account(self) -> Account:
        """Equity, free collateral and positions over the dexes."""
        states = [self._exchange.account(self._account, dex) for dex in self._dexes]
        return Account(
            equity=sum((s.margin.account_value for s in states), Decimal(0)),
            free=sum((max(s.withdrawable, Decimal(0)) for s in states), Decimal(0)),
            positions=tuple(self._position(p) for s in states for p in s.positions),
            time_ms=self._exchange.now_ms,
        )

    def _position(self, held: PositionState) -> VenuePosition:
        market = self._markets[held.coin]
        mark = held.value / abs(held.size)
        return VenuePosition(
            coin=held.coin,
            size=held.size,
            entry=held.entry,
            mark=mark.quantize(Decimal(1).scaleb(-market.price_decimals)),
            leverage=held.leverage,
            isolated=not held.cross,
            unrealised=held.unrealised,
            margin=held.margin_used,
            liquidation=held.liquidation,
            funding_since_open=-held.funding.since_open,
        )

    async def open_orders(self) -> Sequence[OpenOrder]:
        """Resting orders and waiting triggers."""
        return [open_order(o) for o in self._exchange.open_orders(self._account)]

    async def order(self, client_id: str) -> OrderReport | None:
        """What became of an order of ours."""
        found = self._exchange.order(self._account, client_id)
        if found is None:
            return None
        state = state_of(found.status, executed=found.filled > 0)
        return OrderReport(client_id, found.oid, state, found.original_size, found.status)

    async def fills(self, since_ms: int) -> Sequence[Fill]:
        """Executions, oldest first."""
        return [fill(f, self._account) for f in self._exchange.fills(self._account, since_ms)]

    async def funding(self, since_ms: int) -> Sequence[FundingPayment]:
        """Settlements, oldest first."""
        paid = self._exchange.funding_payments(self._account, since_ms)
        return [FundingPayment(p.coin, p.time_ms, p.usd, p.size, p.rate) for p in paid]

    async def transfers(self, since_ms: int) -> Sequence[Transfer]:
        """None: a replayed account is funded once, before it begins."""
        del since_ms
        return []

    async def set_leverage(self, coin: str, leverage: int, *, isolated: bool) -> None:
        """Raises :class:`VenueRefused`."""
        try:
            self._exchange.set_leverage(self._account, coin, leverage, cross=not isolated)
        except Refused as refusal:
            raise VenueRefused(str(refusal), words=str(refusal)) from refusal

    async def bring_collateral(self, coin: str, usd: Decimal) -> None:
        """Move the shortfall from the richest other dexes. Raises :class:`VenueRefused` when all have too little."""
        target = self._dex_of(coin)
        for source, amount in plan(self._free(), target, usd):
            self._exchange.transfer(self._account, source, target, amount)

    async def collateral_lacking(self, coin: str, usd: Decimal, freed: Mapping[str, Decimal]) -> str:
        """Why that much could not be brought; "" where it could."""
        try:
            plan(with_freed(self._free(), freed, self._dex_of), self._dex_of(coin), usd)
        except VenueRefused as refusal:
            return str(refusal)
        return ""

    def _dex_of(self, coin: str) -> str:
        return self._markets[coin].dex

    def _free(self) -> dict[str, Decimal]:
        return {dex: max(self._exchange.account(self._account, dex).withdrawable, Decimal(0)) for dex in self._dexes}

    async def add_margin(self, coin: str, usd: Decimal, expires_ms: int) -> None:
        """Raises :class:`VenueRefused`."""
        del expires_ms  # it acts at once
        try:
            self._exchange.adjust_margin(self._account, coin, usd)
        except Refused as refusal:
            raise VenueRefused(str(refusal), words=str(refusal)) from refusal

    async def submit(self, tickets: Sequence[Ticket], *, attached: bool) -> Sequence[Acknowledgement]:
        """Place the tickets, as the wire adapter would."""
        grouping = Grouping.NORMAL if attached else Grouping.NA
        outcomes = self._exchange.submit(self._account, [request(t) for t in tickets], grouping)
        if len(outcomes) == 1 and len(tickets) > 1:
            outcomes = outcomes * len(tickets)
        return [acknowledgement(t, o) for t, o in zip(tickets, outcomes, strict=True)]

    async def cancel(self, orders: Sequence[tuple[str, int]]) -> Sequence[bool]:
        """Cancel by id."""
        return [self._exchange.cancel(self._account, coin, oid) is None for coin, oid in orders]

    async def changes(self) -> AsyncIterator[str]:
        """Nothing nudges here: a replay looks at every step."""
        await asyncio.Event().wait()
        yield "never"


def request(ticket: Ticket) -> OrderRequest:
    """A ticket as the exchange takes it."""
    stop = ticket.intent is not Intent.TARGET
    return OrderRequest(
        coin=ticket.coin,
        is_buy=ticket.is_buy,
        price=ticket.limit,
        size=ticket.size,
        reduce_only=ticket.reduce_only,
        tif=Tif.IOC if ticket.trigger is None else None,
        trigger=None if ticket.trigger is None else Trigger(ticket.trigger, is_market=True, is_stop=stop),
        client_id=ticket.client_id,
    )


def acknowledgement(ticket: Ticket, outcome: Outcome) -> Acknowledgement:
    """The exchange's answer as ours."""
    if outcome.kind == "error":
        return Acknowledgement(ticket.client_id, TicketState.REJECTED, reason=outcome.error)
    if outcome.kind == "filled":
        return Acknowledgement(ticket.client_id, TicketState.FILLED, outcome.oid, outcome.total, outcome.average)
    waiting = outcome.kind != "resting"
    return Acknowledgement(ticket.client_id, TicketState.RESTING, outcome.oid, waiting=waiting)


def open_order(order: OrderRecord) -> OpenOrder:
    """A resting order."""
    trigger = order.trigger
    return OpenOrder(
        coin=order.coin,
        venue_id=order.oid,
        client_id=order.client_id,
        is_buy=order.is_buy,
        size=order.size,
        limit=order.price,
        trigger=trigger.price if trigger is not None else None,
        is_stop=trigger is not None and trigger.is_stop,
        is_target=trigger is not None and not trigger.is_stop,
        reduce_only=order.reduce_only,
        placed_ms=order.placed_ms,
    )


def fill(record: FillRecord, account: str) -> Fill:
    """One execution; only the liquidated side's fills count as a liquidation."""
    forced = record.liquidation is not None and record.liquidation.user == account
    return Fill(
        trade_id=record.tid,
        coin=record.coin,
        is_buy=record.is_buy,
        price=record.price,
        size=record.size,
        time_ms=record.time_ms,
        venue_id=record.oid,
        client_id=record.client_id,
        closed_pnl=record.closed_pnl,
        fee=record.fee,
        start_position=record.start_position,
        liquidation=forced,
    )
