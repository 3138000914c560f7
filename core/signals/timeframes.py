"""The reading of 15m, 1h and 4h, the side it gives, and the hard 4h gate (SPEC M1, M2).

Refuses to weigh one timeframe against another: each is bullish, bearish or neutral, and two of them make a side.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.market.symbols import Side
from core.sifting import Refusal

STAGE = "timeframes"


@dataclass(frozen=True, slots=True)
class States:
    """+1 bullish, −1 bearish, 0 neutral, per timeframe.

    >>> States(m15=1, h1=0, h4=-1).side, States(m15=1, h1=-1, h4=1).side
    (<Side.LONG: 'long'>, None)
    """

    m15: int
    h1: int
    h4: int

    @property
    def side(self) -> Side | None:
        """sign(15m + 1h) as a side, None where they cancel out or both are neutral."""
        total = self.m15 + self.h1
        return None if total == 0 else Side.LONG if total > 0 else Side.SHORT

    @property
    def alignment(self) -> float:
        """Share of the three timeframes that point to the side; 0 without a side.

        >>> States(-1, -1, -1).alignment
        1.0
        """
        side = self.side
        return 0.0 if side is None else sum(state == side.sign for state in (self.m15, self.h1, self.h4)) / 3

    @property
    def trend(self) -> int:
        """+1 (−1) when at least two timeframes are bullish (bearish) and none is the opposite, else 0 (SPEC X4).

        >>> States(1, 1, 0).trend, States(1, 1, -1).trend, States(0, -1, -1).trend
        (1, 0, -1)
        """
        total = self.m15 + self.h1 + self.h4
        opposed = {1, -1} <= {self.m15, self.h1, self.h4}
        return 0 if opposed or abs(total) < 2 else 1 if total > 0 else -1


def refused_by_timeframes(symbol: str, read: States) -> Refusal | None:
    """Why a symbol is no candidate: ``no_side``, or a 4h state opposite to its side (``against_4h``); else None.

    >>> refused_by_timeframes("SOL", States(1, 1, 0)) is None
    True
    >>> refused_by_timeframes("SOL", States(1, 1, -1)).rule
    'against_4h'
    """
    if read.side is None:
        return Refusal(symbol, STAGE, "no_side", float(read.m15 + read.h1), None)
    if read.h4 == -read.side.sign:
        return Refusal(symbol, STAGE, "against_4h", float(read.h4), float(read.side.sign))
    return None
