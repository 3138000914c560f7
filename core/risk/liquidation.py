"""Liquidation protection: how near a position is to being closed by force, and what it takes to move that away (SPEC R7).

The maintenance rate of an isolated position is not looked up: it follows from what the venue reports of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from enum import IntEnum

from core.market.symbols import Side
from core.settings import LiquidationGuard

CENT = Decimal("0.01")


class Nearness(IntEnum):
    """How near the liquidation is."""

    FAR = 0
    WARNING = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Held:
    """A position as the venue holds it; ``size`` unsigned, ``margin`` bound to it with its unrealised result."""

    side: Side
    size: Decimal
    mark: Decimal
    liquidation: Decimal
    margin: Decimal

    @property
    def exact_distance(self) -> Decimal:
        """(mark − liquidation) / mark toward the side; negative beyond the liquidation price."""
        return self.side.sign * (self.mark - self.liquidation) / self.mark

    @property
    def distance(self) -> float:
        """|mark − liquidation| / mark; zero beyond the liquidation price."""
        return max(0.0, float(self.exact_distance))


@dataclass(frozen=True, slots=True)
class Levels:
    """Distances at which one warns, and is critical, and to which an injection leads back."""

    warn: float
    critical: float
    goal: float
    tight: bool
    """Whether the position was opened nearer than the usual goal, so that its own distance is the measure."""


def entry_distance(leverage: int, market_max: int, side: Side) -> float:
    """Distance of the liquidation at entry of an isolated position: (1/L − l)/(1 − side·l), l = 1/(2·max).

    Source: ``hyperliquid.md`` §4.

    >>> round(entry_distance(10, 50, Side.LONG), 4), round(entry_distance(10, 50, Side.SHORT), 4)
    (0.0909, 0.0891)
    """
    rate = 1 / (2 * market_max)
    return max(0.0, (1 / leverage - rate) / (1 - side.sign * rate))


def levels(at_entry: float, rules: LiquidationGuard) -> Levels:
    """The levels of a position by its distance at entry.

    >>> levels(0.15, LiquidationGuard())
    Levels(warn=0.1, critical=0.05, goal=0.15, tight=False)
    >>> levels(0.08, LiquidationGuard())
    Levels(warn=0.04, critical=0.02, goal=0.08, tight=True)
    """
    if at_entry >= rules.goal:
        return Levels(rules.warn, rules.critical, rules.goal, tight=False)
    return Levels(rules.tight_warn * at_entry, rules.tight_critical * at_entry, at_entry, tight=True)


def nearness(held: Held, stop: Decimal | None, limits: Levels) -> Nearness:
    """How near it is. A warning of a tightly opened position is spared where a stop would end it before that level."""
    if held.distance > limits.warn:
        return Nearness.FAR
    if held.distance <= limits.critical:
        return Nearness.CRITICAL
    protected = limits.tight and stop is not None and stops_before(held, stop, limits.warn)
    return Nearness.FAR if protected else Nearness.WARNING


def stops_before(held: Held, stop: Decimal, level: float) -> bool:
    """Whether a stop ends the position while the liquidation is still further away than ``level``."""
    at = held.liquidation / (1 - held.side.sign * Decimal(str(level)))
    return held.side.sign * (stop - at) > 0


def maintenance(held: Held) -> Decimal:
    """Maintenance margin as a share of the value, as an isolated position's own liquidation price implies it.

    A long without leverage is liquidated at nothing, which implies no rate; it needs no margin either.
    """
    if not held.liquidation:
        return Decimal(0)
    away = held.size * held.side.sign * (held.mark - held.liquidation)
    return (held.margin - away) / (held.size * held.mark - held.side.sign * away)


def injection(held: Held, goal: float, rate: Decimal) -> Decimal:
    """Margin to add so that the liquidation is ``goal`` away from the mark, USDC, rounded up to the cent; never negative.

    With value V, margin m and maintenance ``rate`` l a position is liquidated d = (m − l·V)/(V·(1 − side·l)) away, so
    each step of d costs V·(1 − side·l). Source: ``hyperliquid.md`` §4.
    """
    missing = Decimal(str(goal)) - held.exact_distance
    return max(Decimal(0), missing * per_distance(held, rate)).quantize(CENT, ROUND_UP)


def distance_with(held: Held, added: Decimal, rate: Decimal) -> float:
    """The distance once ``added`` more margin is bound to it: :func:`injection` the other way round."""
    return max(0.0, float(held.exact_distance + added / per_distance(held, rate)))


def per_distance(held: Held, rate: Decimal) -> Decimal:
    """Margin that moves the liquidation by the whole mark, USDC."""
    return held.size * held.mark * (1 - held.side.sign * rate)
