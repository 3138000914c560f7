"""What became of trading with real money: who allowed it, who is there, until when the key is good."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.market.symbols import Side


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """What becomes of candidates without a person: ``auto``, ``semi`` or ``manual``."""

    mode: str
    by: str


@dataclass(frozen=True, slots=True)
class LiveConfirmed:
    """An operator let the desk trade on mainnet. The edge that was shown, in R; ``None`` where there was none."""

    by: str
    trades: int
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class LiveRevoked:
    """Nothing is signed on mainnet any more."""

    by: str


@dataclass(frozen=True, slots=True)
class FullSizeConfirmed:
    """Live entries are as large as the risk rules let them be."""

    by: str
    trades: int


@dataclass(frozen=True, slots=True)
class StrangerHeld:
    """The account holds a position that is not ours while nothing may be signed: it is left alone, and told."""

    coin: str
    side: Side
    size: Decimal
    stop_rests: bool


@dataclass(frozen=True, slots=True)
class OperatorAway:
    """No operator was heard of for so long that nothing is entered any more."""

    hours: float


@dataclass(frozen=True, slots=True)
class OperatorBack:
    """One was heard of again."""

    by: str


@dataclass(frozen=True, slots=True)
class WalletEnding:
    """The API wallet ends soon; ``days`` is the mark that was passed, 0 when it has ended."""

    wallet: str
    until_ms: int
    days: int
