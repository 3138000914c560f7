"""Events around which nothing new is entered, as an operator lists them (SPEC G3): FOMC, CPI, a company's earnings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.market.symbols import Market
from core.sifting import Refusal

STAGE = "limits"
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Blackout:
    """An event at a time, and how long before and after it nothing new is entered (market time, ms).

    ``scope`` names asset classes and symbols, separated by spaces; empty means every market.
    """

    name: str
    at_ms: int
    before_ms: int
    after_ms: int
    scope: str
    by: str
    since_ms: int

    @property
    def begins_ms(self) -> int:
        """Its first moment."""
        return self.at_ms - self.before_ms

    @property
    def ends_ms(self) -> int:
        """The first moment after it."""
        return self.at_ms + self.after_ms

    def binds(self, market: Market) -> bool:
        """Whether a market is meant."""
        return not self.scope or not {market.symbol, market.asset_class.value}.isdisjoint(self.scope.split())


def refuse_by_blackout(market: Market, blackouts: Iterable[Blackout], now_ms: int) -> Refusal | None:
    """The blackout in which a market is now; of several the one that ends last. Figures in minutes since it began."""
    here = [one for one in blackouts if one.begins_ms <= now_ms < one.ends_ms and one.binds(market)]
    if not here:
        return None
    last = max(here, key=lambda one: one.ends_ms)
    gone, whole = now_ms - last.begins_ms, last.ends_ms - last.begins_ms
    return Refusal(market.symbol, STAGE, "blackout", gone / MINUTE_MS, whole / MINUTE_MS, f"{last.name}, by {last.by}")
