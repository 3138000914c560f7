"""The governor: how much less is dared after losses, and when nothing is dared any more (SPEC R4).

Deposits and withdrawals are taken out: they move the peak and the day's start along with the equity, in proportion, so
that neither the drawdown nor the day's loss changes by them. It closes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.settings import Governor
from core.sifting import Refusal

STAGE = "governor"
DAY_MS = 86_400_000
PATH_MS = 900_000
"""Of the standings of a quarter of an hour the last one is kept, for the picture of how it came to a halt."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What must be remembered from one reading of the equity to the next. Money in USD.

    ``tier`` is 0 (free), 1 or 2; the halts are latched: the day's until 00:00 UTC, the drawdown's until an operator
    confirms.
    """

    at_ms: int
    equity: float
    peak: float
    day_equity: float
    tier: int = 0
    day_halt: bool = False
    drawdown_halt: bool = False

    @property
    def drawdown(self) -> float:
        """Share of the peak that is lost."""
        return max(0.0, (self.peak - self.equity) / self.peak) if self.peak > 0 else 0.0

    @property
    def day_loss(self) -> float:
        """What today has cost so far, USD, never negative; unrealised losses count."""
        return max(0.0, self.day_equity - self.equity)

    @property
    def day_loss_share(self) -> float:
        """The same as a share of the day's first equity."""
        return self.day_loss / self.day_equity if self.day_equity > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a tier allows: ``threshold`` is added to every threshold, ``risk`` multiplies the risk of a trade."""

    threshold: float
    risk: float
    positions: int


def first_standing(equity: float, at_ms: int) -> Standing:
    """Where a book begins: at its peak."""
    return Standing(at_ms, equity, equity, equity)


def govern(before: Standing, equity: float, moved: float, at_ms: int, rules: Governor) -> Standing:
    """The standing at a new reading. ``moved`` came in (positive) or went out since the last one, USD.

    >>> start = first_standing(10_000.0, 0)
    >>> govern(start, 9_400.0, 0.0, 60_000, Governor()).tier
    1
    >>> govern(start, 19_400.0, 10_000.0, 60_000, Governor()).drawdown  # a deposit makes good no loss
    0.06
    """
    own = equity - moved
    scale = equity / own if own > 0 else 0.0  # of an account that was emptied in between nothing is remembered
    peak = max(before.peak * scale, equity)
    new_day = at_ms // DAY_MS != before.at_ms // DAY_MS
    day_equity = before.day_equity * scale if own > 0 and not new_day else equity
    after = replace(before, at_ms=at_ms, equity=equity, peak=peak, day_equity=day_equity)
    return replace(
        after,
        tier=tier_of(before.tier, after.drawdown, rules),
        day_halt=(before.day_halt and not new_day) or after.day_loss_share >= rules.day_loss_halt,
        drawdown_halt=before.drawdown_halt or after.drawdown >= rules.drawdown_halt,
    )


def tier_of(before: int, drawdown: float, rules: Governor) -> int:
    """The tier at a drawdown; a tier is left only once the drawdown is ``loosen`` inside of what began it.

    >>> [tier_of(0, d, Governor()) for d in (0.05, 0.0501, 0.10, 0.1001)]
    [0, 1, 1, 2]
    >>> [tier_of(2, d, Governor()) for d in (0.081, 0.079, 0.031, 0.029)]
    [2, 1, 1, 0]
    """
    reached = (drawdown > rules.drawdown_1) + (drawdown > rules.drawdown_2)
    held = (drawdown + rules.loosen > rules.drawdown_1) + (drawdown + rules.loosen > rules.drawdown_2)
    return max(reached, min(before, held))


def allowance(tier: int, positions: int, rules: Governor) -> Allowance:
    """What a tier allows; ``positions`` is the maximum without it."""
    tiers = (
        Allowance(0.0, 1.0, positions),
        Allowance(rules.threshold_1, rules.risk_1, min(positions, rules.positions_1)),
        Allowance(rules.threshold_2, rules.risk_2, min(positions, rules.positions_2)),
    )
    return tiers[tier]


def confirmed(standing: Standing) -> Standing:
    """An operator has confirmed: the drawdown counts from here, and its halt is over."""
    return replace(standing, peak=standing.equity, tier=0, drawdown_halt=False)


def refuse_by_halt(symbol: str, standing: Standing, rules: Governor) -> Refusal | None:
    """No entries while one of the halts lasts."""
    if standing.drawdown_halt:
        return Refusal(symbol, STAGE, "drawdown_halt", standing.drawdown, rules.drawdown_halt)
    if standing.day_halt:
        return Refusal(symbol, STAGE, "day_halt", standing.day_loss_share, rules.day_loss_halt)
    return None
