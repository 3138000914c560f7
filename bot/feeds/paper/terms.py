"""From what the exchange lists to the terms of the simulated one: tiers, margin modes, fees. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bot.feeds.paper.answers import DexRow, MarketRow, Meta, TableRow
from core.settings import ExchangeRules
from core.trading.exchange.ports import MarketTerms

ISOLATED = ("noCross", "strictIsolated")
GROWING = "enabled"


def terms_of(meta: Meta, dex: DexRow | None, exchange: ExchangeRules) -> list[MarketTerms]:
    """Every market of a dex in its order, delisted ones included; ``dex`` is ``None`` for the main one."""
    tables = dict(meta.margin_tables)
    multipliers = dict(dex.asset_to_funding_multiplier) if dex is not None else {}
    return [
        MarketTerms(
            coin=row.name,
            size_decimals=row.sz_decimals,
            max_leverage=row.max_leverage,
            isolated_only=bool(row.only_isolated) or row.margin_mode in ISOLATED,
            margin_tiers=tiers(row, tables),
            delisted=bool(row.is_delisted),
            fee_multiple=None if dex is None else fee_multiple(row, dex, exchange),
            funding_multiplier=multipliers.get(row.name, Decimal(1)),
        )
        for row in meta.universe
    ]


def tiers(row: MarketRow, tables: Mapping[int, TableRow]) -> tuple[tuple[Decimal, int], ...]:
    """``(lower bound, max leverage)``; a table that is not spelled out has one tier."""
    table = tables.get(row.margin_table_id) if row.margin_table_id is not None else None
    if table is None:
        return ((Decimal(0), row.max_leverage),)
    return tuple((tier.lower_bound, tier.max_leverage) for tier in table.margin_tiers)


def fee_multiple(row: MarketRow, dex: DexRow, exchange: ExchangeRules) -> Decimal:
    """How many base fees a market of a dex takes: the deployer's share on top, less where the market is to grow.

    >>> row, rules = MarketRow("xyz:TSLA", 3, 10), ExchangeRules()
    >>> fee_multiple(row, DexRow("xyz", Decimal("0.5")), rules), fee_multiple(row, DexRow("xyz", Decimal(1)), rules)
    (Decimal('1.5'), Decimal('2'))
    """
    multiple, scale = Decimal(repr(exchange.hip3_fee)), dex.deployer_fee_scale
    if scale is not None:
        multiple = 1 + scale if scale < 1 else 2 * scale
    return multiple * Decimal(repr(exchange.growth_fee)) if row.growth_mode == GROWING else multiple
