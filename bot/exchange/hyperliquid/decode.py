"""From the venue's rows to the values of the trading stage; pure, and strict about what it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from bot.exchange.hyperliquid.answers import (
    COLLATERAL,
    ClearinghouseState,
    ContextRow,
    FillRow,
    FundingRow,
    LedgerDelta,
    LedgerRow,
    MarketRow,
    Meta,
    OrderRecord,
    OrderRow,
    PositionRow,
)
from bot.exchange.hyperliquid.assets import Assets
from core.errors import VenueUnavailable
from core.trading.orders import Fill, FundingPayment, OpenOrder, OrderReport, Transfer
from core.trading.ports import Account, Quote, VenuePosition
from core.trading.statuses import state_of


def quotes(
    meta: Meta, contexts: Sequence[ContextRow], multipliers: Mapping[str, float] = MappingProxyType({})
) -> dict[str, Quote]:
    """Prices of every live market of one dex; delisted ones and those without a mark are left out."""
    if len(meta.universe) != len(contexts):
        raise VenueUnavailable(f"{len(meta.universe)} markets came with {len(contexts)} prices")
    return {
        row.name: _quote(row, context, context.mark_px, multipliers.get(row.name, 1.0))
        for row, context in zip(meta.universe, contexts, strict=True)
        if not row.is_delisted and context.mark_px is not None
    }


def _quote(row: MarketRow, context: ContextRow, mark: Decimal, multiplier: float) -> Quote:
    bid, ask = context.impact_pxs or (None, None)
    return Quote(
        coin=row.name,
        mark=mark,
        oracle=mark if context.oracle_px is None else context.oracle_px,
        mid=context.mid_px,
        funding=context.funding,
        open_interest=context.open_interest,
        day_volume_usd=context.day_ntl_vlm,
        funding_multiplier=multiplier,
        bid=bid,
        ask=ask,
        growth=row.growth_mode == GROWTH,
    )


GROWTH = "enabled"
"""What a market in growth mode says of it."""


def account(states: Sequence[ClearinghouseState], assets: Assets) -> Account:
    """The account over its dexes, which hold separate balances; as old as the oldest answer."""
    return Account(
        equity=sum((state.margin_summary.account_value for state in states), Decimal(0)),
        free=sum((max(state.withdrawable, Decimal(0)) for state in states), Decimal(0)),
        positions=tuple(
            _position(row.position, assets) for state in states for row in state.asset_positions if row.position.szi
        ),
        time_ms=min(state.time for state in states),
    )


def _position(row: PositionRow, assets: Assets) -> VenuePosition:
    if row.entry_px is None:
        raise VenueUnavailable(f"the position in {row.coin} came without an entry price")
    paid = Decimal(0) if row.cum_funding is None else row.cum_funding.since_open
    return VenuePosition(
        coin=row.coin,
        size=row.szi,
        entry=row.entry_px,
        mark=(row.position_value / abs(row.szi)).quantize(assets.finest_price(row.coin)),
        leverage=row.leverage.value,
        isolated=row.leverage.type == "isolated",
        unrealised=row.unrealized_pnl,
        margin=row.margin_used,
        liquidation=row.liquidation_px,
        funding_since_open=-paid,  # the venue counts what was paid, the book counts cash
    )


def open_order(row: OrderRow) -> OpenOrder:
    """A resting order or a waiting trigger; ``size`` is what is left of it."""
    return OpenOrder(
        coin=row.coin,
        venue_id=row.oid,
        client_id=row.cloid,
        is_buy=row.side == "B",
        size=row.sz,
        limit=row.limit_px,
        trigger=row.trigger_px if row.is_trigger else None,
        is_stop=row.order_type.startswith("Stop"),
        is_target=row.order_type.startswith("Take Profit"),
        reduce_only=row.reduce_only,
        placed_ms=row.timestamp,
    )


def order_report(client_id: str, record: OrderRecord) -> OrderReport:
    """What became of an order; ``size`` is the size it was placed with."""
    row = record.order
    return OrderReport(
        client_id, row.oid, state_of(record.status, executed=row.sz < row.orig_sz), row.orig_sz, record.status
    )


DELEVERAGED = "Auto-Deleveraging"
"""What a fill says of itself by which the venue took a position away."""


def fill(row: FillRow, account_id: str) -> Fill:
    """One execution. Only the liquidated side's fills count as a liquidation: the maker's carry the mark as well."""
    if row.fee_token != COLLATERAL:
        raise VenueUnavailable(f"the fee of fill {row.tid} is in {row.fee_token}, not in {COLLATERAL}")
    forced = row.liquidation is not None and (row.liquidation.liquidated_user or "").lower() == account_id
    return Fill(
        trade_id=row.tid,
        coin=row.coin,
        is_buy=row.side == "B",
        price=row.px,
        size=row.sz,
        time_ms=row.time,
        venue_id=row.oid,
        client_id=row.cloid,
        closed_pnl=row.closed_pnl,
        fee=row.fee,
        start_position=row.start_position,
        liquidation=forced,
        deleveraged=row.dir == DELEVERAGED,
    )


def transfer(row: LedgerRow, account: str) -> Transfer:
    """How a movement changed what the account's perpetual dexes hold together; zero where it stayed among them."""
    delta = row.delta
    amount = moved(delta, account)
    name = f"{row.time}:{row.hash}:{delta.type}:{amount}"
    return Transfer(name, row.time, amount, delta.type)


def moved(delta: LedgerDelta, account: str) -> Decimal:
    """USDC that came into the perpetual dexes, or left them (negative). A type that is not known moved nothing."""
    usdc, fee = delta.usdc or Decimal(0), delta.fee or Decimal(0)
    match delta.type:
        case "deposit":
            return usdc
        case "withdraw" | "vaultDeposit" | "vaultCreate":
            return -usdc - fee
        case "vaultWithdraw":
            return delta.net_withdrawn_usd or Decimal(0)
        case "accountClassTransfer":
            return usdc if delta.to_perp else -usdc
        case "internalTransfer" | "subAccountTransfer":
            return usdc if delta.destination.lower() == account else -usdc - fee
        case "send":
            value = delta.usdc_value or Decimal(0)
            came = delta.destination.lower() == account and delta.destination_dex != SPOT
            left = delta.user.lower() == account and delta.source_dex != SPOT
            return value * (came - left)
    return Decimal(0)


SPOT = "spot"
"""Name of the spot balance beside the dexes."""


def funding_payment(row: FundingRow) -> FundingPayment:
    """One hourly settlement of one market."""
    delta = row.delta
    return FundingPayment(delta.coin, row.time, delta.usdc, delta.szi, delta.funding_rate)


def resting(rows: Iterable[OrderRow]) -> list[OpenOrder]:
    """Open orders, each once, oldest first. Triggers waiting for their parent's fill stand among the rows themselves."""
    unique = {row.oid: row for row in rows}
    return [open_order(row) for row in sorted(unique.values(), key=lambda row: (row.timestamp, row.oid))]
