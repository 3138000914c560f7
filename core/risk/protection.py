"""Symbol protection V2: a symbol that keeps losing is left alone for a while, then tried carefully (SPEC R6).

Everything follows from the symbol's closed trades, oldest first; nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.settings import Protection

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Shield:
    """How a symbol stands after its trades so far.

    ``results`` are the trades since the last block, True for a gain, as many as the rate is taken over; ``blocks`` the
    ``(time, length)`` of every block in ms; ``probation`` lasts until enough gains in a row.
    """

    losses: int = 0
    gains: int = 0
    results: tuple[bool, ...] = ()
    blocks: tuple[tuple[int, int], ...] = ()
    probation: bool = False
    why: str = ""

    @property
    def until_ms(self) -> int | None:
        """When the last block ends, or ended."""
        return sum(self.blocks[-1]) if self.blocks else None

    def is_blocked(self, now_ms: int) -> bool:
        """Whether a block stands."""
        return self.until_ms is not None and now_ms < self.until_ms


def shield_of(trades: Iterable[tuple[int, float]], rules: Protection) -> Shield:
    """The shield after ``(closed_ms, net result)`` of a symbol's trades, oldest first."""
    shield = Shield()
    for closed_ms, pnl in trades:
        shield = after_trade(shield, closed_ms, pnl, rules)
    return shield


def after_trade(shield: Shield, closed_ms: int, pnl: float, rules: Protection) -> Shield:
    """The shield after one more trade. A result of zero ends a row of gains and is no loss."""
    gain, loss = pnl > 0, pnl < 0
    counted = replace(
        shield,
        losses=0 if gain else shield.losses + loss,
        gains=shield.gains + 1 if gain else 0,
        results=(*shield.results, gain)[-rules.rate_trades :],
    )
    length, why = block_length(counted, closed_ms, loss, rules)
    if length:
        return Shield(blocks=(*shield.blocks, (closed_ms, length)), probation=True, why=why)
    return replace(counted, probation=shield.probation and counted.gains < rules.probation_gains)


def block_length(shield: Shield, now_ms: int, loss: bool, rules: Protection) -> tuple[int, str]:
    """How long a block must be now in ms, and why; zero for none. Only a loss blocks.

    Why: ``losses`` in a row, win ``rate``, a loss on ``probation``, ``second`` or ``third`` block in its time.
    """
    lengths = (rules.first_days * DAY_MS, rules.second_days * DAY_MS, rules.third_days * DAY_MS)
    found: list[tuple[int, str]] = []
    if not loss:
        return 0, ""
    if shield.losses >= rules.losses_in_row:
        found.append((lengths[0], "losses"))
    if len(shield.results) >= rules.rate_trades and sum(shield.results) < rules.rate_least * len(shield.results):
        found.append((lengths[1], "rate"))
    if shield.probation and shield.blocks:
        last = shield.blocks[-1][1]
        found.append((next((one for one in lengths if one > last), lengths[-1]), "probation"))
    if not found:
        return 0, ""
    if recent(shield, now_ms, rules.second_within_days) >= 1:
        found.append((lengths[1], "second"))
    if recent(shield, now_ms, rules.third_within_days) >= 2:
        found.append((lengths[2], "third"))
    return max(found, key=lambda one: one[0])


def recent(shield: Shield, now_ms: int, days: int) -> int:
    """How many blocks began within so many days before now."""
    return sum(now_ms - began <= days * DAY_MS for began, _ in shield.blocks)
