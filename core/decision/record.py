"""What one scan left behind: exactly one outcome for every symbol of the universe, so that /why only reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from core.market.symbols import Side
from core.sifting import Missed


class Verdict(StrEnum):
    """How far a symbol came."""

    REFUSED = "refused"
    BORDERLINE = "borderline"
    OPENED = "opened"
    FAILED = "failed"
    """Decided and planned, but the venue did not carry it out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One symbol's way through one scan.

    ``stage`` and ``rule`` name where it ended (``opened``: stage ``execution``, rule ``filled``); ``measured`` and
    ``limit`` are in the rule's unit. ``confidence``/``threshold`` are C and T where the symbol was scored.
    ``steps`` are the lines of the plan or of the score, for /why.
    """

    symbol: str
    side: Side | None
    verdict: Verdict
    stage: str
    rule: str
    measured: float | None = None
    limit: float | None = None
    detail: str = ""
    confidence: float | None = None
    threshold: float | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanReport:
    """One scan, whole. ``regime`` is its name, ``regime_why`` its inputs in words.

    ``bullish``, ``bearish`` and ``neutral`` count assets; ``correlation`` is the mean over ``pairs`` pairs of one class,
    None where none could be measured; ``regime_since_ms`` is the first scan of those in a row that saw this regime,
    ``regime_before`` the one that gave way to it in this very scan, else empty.
    """

    scan_id: str
    at_ms: int
    took_ms: int
    regime: str
    regime_why: str
    outcomes: tuple[Outcome, ...]
    missed: tuple[Missed, ...] = ()
    bullish: int = 0
    bearish: int = 0
    neutral: int = 0
    pairs: int = 0
    correlation: float | None = None
    regime_since_ms: int = 0
    regime_before: str = ""

    def of(self, symbol: str) -> Outcome | None:
        """What happened to one symbol."""
        return next((o for o in self.outcomes if o.symbol == symbol), None)

    def funnel(self) -> Counter[str]:
        """How many symbols ended at each ``stage/rule``."""
        return Counter(f"{o.stage}/{o.rule}" for o in self.outcomes)
