"""Before the order: whether the market still is where it was decided on, and what it costs now (SPEC G3).

Funding that the side would receive is not credited: it turns within an hour, and a position that is only worth its
funding is not what was decided on. A spread that cannot be known is a missing fact, so it refuses.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.market.symbols import Side
from core.settings import EntryRules, ExchangeRules
from core.sifting import Refusal

STAGE = "execution"
PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What an entry would meet on the venue now.

    ``bid`` and ``ask`` are ``None`` on an empty book. ``funding`` is what a long pays per hour, ``fee`` what a taker
    pays, both as shares of the notional.
    """

    mark: float
    bid: float | None
    ask: float | None
    funding: float
    fee: float

    @property
    def spread(self) -> float | None:
        """Ask less bid as a share of their middle; ``None`` where it cannot be known.

        >>> Offer(100.0, 99.5, 100.5, 0.0, 0.0).spread
        0.01
        """
        if self.bid is None or self.ask is None or not 0 < self.bid <= self.ask:
            return None
        return (self.ask - self.bid) / ((self.ask + self.bid) / 2)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on: the close of the decision bar, the ATR of 1h, and the stop's distance as a share of the mark."""

    symbol: str
    side: Side
    close: float
    atr: float
    stop: float


def refuse_entry(decided: Decided, offer: Offer, rules: EntryRules) -> Refusal | None:
    """The first of the three reasons that holds."""
    if offer.spread is None:
        return Refusal(decided.symbol, STAGE, "no_spread", detail="the book shows no impact prices")
    return (
        refuse_by_move(decided, offer.mark, rules)
        or refuse_by_spread(decided, offer.spread, rules)
        or refuse_by_costs(decided, offer, offer.spread, rules)
    )


def refuse_by_move(decided: Decided, mark: float, rules: EntryRules) -> Refusal | None:
    """The mark has gone too far since the decision bar, either way. Figures in ATR."""
    moved = abs(mark - decided.close) / decided.atr
    if moved <= rules.move_most:
        return None
    return Refusal(decided.symbol, STAGE, "moved", moved, rules.move_most, f"{decided.close:g} → {mark:g}")


def refuse_by_spread(decided: Decided, spread: float, rules: EntryRules) -> Refusal | None:
    """The spread is too wide. Figures in percent."""
    if spread <= rules.spread_most:
        return None
    return Refusal(decided.symbol, STAGE, "spread", spread * PERCENT, rules.spread_most * PERCENT)


def refuse_by_costs(decided: Decided, offer: Offer, spread: float, rules: EntryRules) -> Refusal | None:
    """Fees in and out, funding and spread are too large a part of what is risked. Figures in percent of 1 R."""
    fees = 2 * offer.fee
    funding = max(0.0, decided.side.sign * offer.funding) * rules.funding_hours
    share = (fees + funding + spread) / decided.stop
    if share <= rules.cost_most:
        return None
    words = f"fees {fees:.3%}, funding {funding:.3%}, spread {spread:.3%}; 1 R is {decided.stop:.3%}"
    return Refusal(decided.symbol, STAGE, "costs", share * PERCENT, rules.cost_most * PERCENT, words)


def taker_fee(coin: str, fees: ExchangeRules, *, growth: bool) -> float:
    """What a taker pays of the notional: more on a HIP-3 dex, little in its growth mode.

    >>> taker_fee("BTC", ExchangeRules(), growth=False), taker_fee("xyz:TSLA", ExchangeRules(), growth=False)
    (0.00045, 0.0009)
    """
    fee = fees.taker_fee * fees.hip3_fee if ":" in coin else fees.taker_fee
    return fee * fees.growth_fee if growth else fee
