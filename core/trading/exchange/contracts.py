"""The fixed terms of each market and the exchange's rules, made ready for exact arithmetic. Refuses state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.settings import ExchangeRules
from core.trading.exchange.grid import ZERO, micro
from core.trading.exchange.ports import MarketTerms


def exact(number: float) -> Decimal:
    """A setting as the decimal that was written.

    >>> exact(0.00045)
    Decimal('0.00045')
    """
    return Decimal(repr(number))


@dataclass(frozen=True, slots=True)
class Tier:
    """A margin tier: from ``lower`` USD of notional on, maintenance = notional × ``rate`` − ``deduction``."""

    lower: Decimal
    max_leverage: int
    rate: Decimal
    deduction: Decimal


def tiers(bounds: Sequence[tuple[Decimal, int]]) -> tuple[Tier, ...]:
    """Tiers from ``(lower bound, max leverage)``: rate = 1 / (2 × max leverage); the deduction joins them."""
    made: list[Tier] = []
    for lower, leverage in bounds:
        rate = 1 / Decimal(2 * leverage)
        deduction = made[-1].deduction + lower * (rate - made[-1].rate) if made else ZERO
        made.append(Tier(lower, leverage, rate, deduction))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Contract:
    """One perpetual with its fees, ready to trade."""

    coin: str
    dex: str
    size_decimals: int
    max_leverage: int
    isolated_only: bool
    delisted: bool
    tiers: tuple[Tier, ...]
    taker: Decimal
    maker: Decimal

    @property
    def price_decimals(self) -> int:
        """Most decimals of a price; also those of a displayed entry."""
        return max(0, 6 - self.size_decimals)

    def tier(self, notional: Decimal) -> Tier:
        """The tier in which a position of ``notional`` USD lies."""
        found = self.tiers[0]
        for one in self.tiers[1:]:
            if notional >= one.lower:
                found = one
        return found

    def maintenance(self, notional: Decimal) -> Decimal:
        """Maintenance margin of a position of ``notional`` USD."""
        tier = self.tier(notional)
        return micro(notional * tier.rate - tier.deduction)


def contract(terms: MarketTerms, rules: ExchangeRules) -> Contract:
    """The contract of a market under the rules; HIP-3 coins (``dex:COIN``) pay a multiple of the fees."""
    dex = terms.coin.partition(":")[0] if ":" in terms.coin else ""
    multiple = terms.fee_multiple
    if multiple is None:
        multiple = exact(rules.hip3_fee) if dex else Decimal(1)
    return Contract(
        coin=terms.coin,
        dex=dex,
        size_decimals=terms.size_decimals,
        max_leverage=terms.max_leverage,
        isolated_only=terms.isolated_only,
        delisted=terms.delisted,
        tiers=tiers(terms.margin_tiers or ((ZERO, terms.max_leverage),)),
        taker=exact(rules.taker_fee) * multiple,
        maker=exact(rules.maker_fee) * multiple,
    )


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The numbers of :class:`ExchangeRules` that meet money, as exact decimals."""

    minimum_usd: Decimal
    funding_cap: Decimal
    oracle_band: Decimal
    partial_usd: Decimal
    partial_share: Decimal
    backstop_share: Decimal
    level_usd: Decimal
    level_growth: Decimal
    impact_usd: Decimal
    transfer_share: Decimal
    schedule_volume_usd: Decimal
    counts: ExchangeRules

    @classmethod
    def of(cls, rules: ExchangeRules) -> Rulebook:
        """The rulebook of the settings."""
        return cls(
            minimum_usd=exact(rules.minimum_usd),
            funding_cap=exact(rules.funding_cap),
            oracle_band=exact(rules.oracle_band),
            partial_usd=exact(rules.partial_liquidation_usd),
            partial_share=exact(rules.partial_liquidation_share),
            backstop_share=exact(rules.backstop_share),
            level_usd=exact(rules.level_usd),
            level_growth=exact(rules.level_growth),
            impact_usd=exact(rules.impact_usd),
            transfer_share=exact(rules.transfer_share),
            schedule_volume_usd=exact(rules.schedule_volume_usd),
            counts=rules,
        )
