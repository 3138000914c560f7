"""What became of the desk itself: its switches, its money, its health."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.risk.blackouts import Blackout


@dataclass(frozen=True, slots=True)
class TradingPaused:
    """No new entries until resumed; open positions go on being managed."""

    by: str


@dataclass(frozen=True, slots=True)
class TradingResumed:
    """Entries are allowed again."""

    by: str


@dataclass(frozen=True, slots=True)
class SymbolBlocked:
    """No entries in this symbol."""

    symbol: str
    by: str


@dataclass(frozen=True, slots=True)
class SymbolUnblocked:
    """Entries in this symbol are allowed again."""

    symbol: str
    by: str


@dataclass(frozen=True, slots=True)
class BlackoutSet:
    """An event was listed around which nothing new is entered."""

    blackout: Blackout


@dataclass(frozen=True, slots=True)
class BlackoutLifted:
    """It is on the list no more."""

    blackout: Blackout
    by: str


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """Money came into the account (positive) or left it, USDC; ``equity`` is what stands there now."""

    amount: Decimal
    kind: str
    equity: Decimal


@dataclass(frozen=True, slots=True)
class GovernorMoved:
    """The governor dares less, or more again. Tiers 0 … 2; the rest is what holds from now on."""

    before: int
    after: int
    drawdown: float
    positions: int
    risk: float
    threshold: float


@dataclass(frozen=True, slots=True)
class EdgeTurned:
    """The track record stopped showing an edge, so that entries are probes, or shows one again (SPEC R1).

    ``kelly`` is Kelly's fraction over the last ``trades``, ``share`` the risk of a trade from now on, of equity.
    """

    probing: bool
    kelly: float
    trades: int
    share: float


@dataclass(frozen=True, slots=True)
class EntriesHalted:
    """No entries: ``kind`` is ``day`` (until 00:00 UTC) or ``drawdown`` (until an operator confirms)."""

    kind: str
    measured: float
    limit: float


@dataclass(frozen=True, slots=True)
class SymbolProtected:
    """A symbol that kept losing is left alone until a market time; ``number`` counts its blocks."""

    symbol: str
    until_ms: int
    why: str
    number: int


@dataclass(frozen=True, slots=True)
class Flattened:
    """Everything was closed and trading is halted until an operator resumes."""

    by: str
    closed: tuple[str, ...]
    still_open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Degraded:
    """Something that Vektor relies on is missing; said once."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """It is back."""

    what: str


@dataclass(frozen=True, slots=True)
class BookMismatch:
    """The self-audit found our book and the venue apart. ``difference`` in USDC, ours minus theirs."""

    difference: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Started:
    """The program is up; what recovery found."""

    venue: str
    equity: Decimal
    positions: int
    resolved: int
