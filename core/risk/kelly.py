"""Kelly's fraction from the track record (SPEC R1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.settings import Sizing


@dataclass(frozen=True, slots=True)
class TradeStats:
    """Track record of the most recent trades. ``payoff`` is mean win over mean loss, clipped."""

    trades: int
    win_rate: float
    payoff: float

    @property
    def kelly(self) -> float:
        """f = W − (1 − W)/R (Kelly 1956, for a bet that pays R to 1).

        >>> round(TradeStats(0, 0.5, 1.5).kelly, 4)
        0.1667
        """
        return self.win_rate - (1 - self.win_rate) / self.payoff


def trade_stats(pnls: Sequence[float], rules: Sizing) -> TradeStats:
    """Stats of net results, newest first; the prior while there are fewer than ``kelly_least``."""
    recent = pnls[: rules.kelly_trades]
    if len(recent) < rules.kelly_least:
        return TradeStats(len(recent), rules.prior_win_rate, rules.prior_payoff)
    wins = [p for p in recent if p > 0]
    losses = [-p for p in recent if p < 0]
    if not losses:
        payoff = rules.payoff_most
    elif not wins:
        payoff = rules.payoff_least
    else:
        payoff = (sum(wins) / len(wins)) / (sum(losses) / len(losses))
    return TradeStats(len(recent), len(wins) / len(recent), min(max(payoff, rules.payoff_least), rules.payoff_most))


def risk_share(stats: TradeStats, rules: Sizing) -> tuple[float, bool]:
    """Share of equity to risk on one trade, and whether it is only a probe because Kelly is not positive.

    >>> risk_share(TradeStats(0, 0.5, 1.5), Sizing())
    (0.01, False)
    >>> risk_share(TradeStats(30, 0.2, 1.0), Sizing())
    (0.0025, True)
    """
    if stats.kelly <= 0:
        return rules.risk_least, True
    return min(max(stats.kelly * rules.kelly_share, rules.risk_least), rules.risk_most), False
