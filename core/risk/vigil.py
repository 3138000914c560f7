"""What must be kept in mind while real money is traded: when a person was last heard of, when the key ends.

Pure: times come in, words and warnings are others'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.settings import LiveRules

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Vigil:
    """What is remembered over a restart.

    ``heard_ms`` is the wall time at which an operator last did something in the chat, ``away`` whether it was told that
    none has for too long. ``wallet`` is the API wallet's address, ``until_ms`` when it ends (0: not known), ``warned``
    the last mark in days that was warned of.
    """

    heard_ms: int = 0
    away: bool = False
    wallet: str = ""
    until_ms: int = 0
    warned: int | None = None


class Attendance:
    """How long ago an operator was heard of, by the wall's clock."""

    def __init__(self, wall_ms: Callable[[], int], heard_ms: int) -> None:
        self.wall_ms = wall_ms
        self.heard_ms = heard_ms

    @property
    def absent_ms(self) -> int:
        """Since when nobody was heard of."""
        return max(0, self.wall_ms() - self.heard_ms)

    def is_away(self, rules: LiveRules) -> bool:
        """Whether that is too long for new entries (SPEC V4)."""
        return self.absent_ms >= rules.away_ms


def due_warning(vigil: Vigil, now_ms: int, rules: LiveRules) -> int | None:
    """The mark of days before its end that an API wallet has passed and that was not warned of; 0 is the end itself.

    Whoever was down over several marks is warned of the nearest alone.

    >>> day = 86_400_000
    >>> due_warning(Vigil(until_ms=20 * day), 6 * day, LiveRules())
    14
    >>> due_warning(Vigil(until_ms=20 * day, warned=14), 7 * day, LiveRules()) is None
    True
    """
    if not vigil.until_ms:
        return None
    marks = (rules.wallet_days_1, rules.wallet_days_2, rules.wallet_days_3, 0)
    passed = [days for days in marks if vigil.until_ms - now_ms <= days * DAY_MS]
    if not passed or (vigil.warned is not None and min(passed) >= vigil.warned):
        return None
    return min(passed)
