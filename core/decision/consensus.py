"""Opinions become one confidence (SPEC A4): a weighted pool of logits, then the regime's shift and the crowd's.

An agent without evidence abstains; it never answers 0.5. All of them abstaining means no trade.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.settings import Confidence


@dataclass(frozen=True, slots=True)
class Opinion:
    """One agent's belief ``p`` that the side is right, with its reasons. ``skill`` is earned, 1 by default."""

    agent: str
    p: float
    weight: float
    reasons: tuple[str, ...] = ()
    skill: float = 1.0


@dataclass(frozen=True, slots=True)
class Consensus:
    """``before`` is C0 (what leverage may read at most), ``after`` is C (what decides)."""

    before: float
    after: float

    @property
    def for_leverage(self) -> float:
        """min(C0, C): a regime bonus never adds leverage."""
        return min(self.before, self.after)


def logit(p: float) -> float:
    """log(p / (1 − p)).

    >>> logit(0.5)
    0.0
    """
    return math.log(p / (1 - p))


def sigmoid(x: float) -> float:
    """1 / (1 + e^−x), without overflow.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    e = math.exp(x)
    return e / (1 + e)


def pool(opinions: Sequence[Opinion], rules: Confidence) -> float | None:
    """C0 = σ(Σ b·k·logit p), weights rescaled to sum 1; ``None`` when nobody spoke or nobody has skill.

    >>> round(pool([Opinion("technical", 0.7, 0.35)], Confidence()), 6)
    0.7
    """
    total = sum(o.weight for o in opinions)
    if total <= 0 or all(o.skill == 0 for o in opinions):
        return None
    clipped = [(o, min(max(o.p, rules.floor), 1 - rules.floor)) for o in opinions]
    return sigmoid(sum(o.weight / total * o.skill * logit(p) for o, p in clipped))


def agree(before: float, regime_shift: float, crowding: float, rules: Confidence) -> Consensus:
    """C = clip(C0 + regime shift − crowding).

    >>> round(agree(0.7, 0.1, 0.05, Confidence()).after, 6)
    0.75
    """
    return Consensus(before, min(max(before + regime_shift - crowding, rules.floor), 1 - rules.floor))
