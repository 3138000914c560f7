"""Every invariant of an account, asked of the venue itself after each of its motions.

The venue is judged from inside: nothing can happen between two looks. What may last a moment (an order that outlives
its position until the next look) is timed on the venue's clock; what may never be is a finding at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.settings import Settings
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import Price
from core.trading.exchange.records import OrderRecord, PositionState
from tests.soak.limits import Accepted

DEXES = ("", "xyz")


@dataclass(frozen=True, slots=True)
class Standing:
    """One account at one moment of the venue."""

    now_ms: int
    equity: float
    positions: dict[str, PositionState]
    orders: Sequence[OrderRecord]

    def stops(self, coin: str) -> list[OrderRecord]:
        """Resting reduce-only stops against a position."""
        return [o for o in self.exits(coin) if o.trigger is not None and o.trigger.is_stop]

    def targets(self, coin: str) -> list[OrderRecord]:
        """Resting reduce-only targets of a position."""
        return [o for o in self.exits(coin) if o.trigger is not None and not o.trigger.is_stop]

    def exits(self, coin: str) -> Iterator[OrderRecord]:
        """What would close it."""
        long = self.positions[coin].size > 0
        return (o for o in self.orders if o.coin == coin and o.reduce_only and o.is_buy != long and not o.waiting)


def standing_of(exchange: Exchange, address: str) -> Standing:
    """What the venue knows of an account."""
    states = [exchange.account(address, dex) for dex in DEXES]
    held = {p.coin: p for state in states for p in state.positions}
    equity = float(sum(state.margin.account_value for state in states))
    return Standing(exchange.now_ms, equity, held, exchange.open_orders(address))


@dataclass(slots=True)
class Guard:
    """Looks at one account. ``findings`` are what was wrong, each once; the rest are figures."""

    settings: Settings
    accepted: Accepted
    warm_ms: int
    address: str
    findings: set[str] = field(default_factory=set)
    looks: int = 0
    entries: int = 0
    held: Counter[int] = field(default_factory=Counter)
    """Looks after the warm-up by how many positions were held."""
    lasted: dict[str, int] = field(default_factory=dict)
    """The longest time that each passing state lasted, ms."""
    most: dict[str, float] = field(default_factory=dict)
    """The largest measure of each limit."""
    _since: dict[tuple[str, str], int] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def look(self, exchange: Exchange) -> None:
        """Once."""
        if not exchange.has_account(self.address):
            return
        now = standing_of(exchange, self.address)
        self.looks += 1
        if now.now_ms >= self.warm_ms:
            self.held[len(now.positions)] += 1
        self.counted(now)
        self.passing(now)
        for coin in now.positions.keys() - self._known:
            self.entered(now, now.positions[coin])
        self._known = set(now.positions)

    def full_share(self) -> float:
        """Share of the looks after the warm-up with all places taken."""
        total = sum(self.held.values())
        return self.held[self.settings.limits.positions] / total if total else 0.0

    def counted(self, now: Standing) -> None:
        """What may never be, not for a moment."""
        rules = self.settings.leverage
        self.at_most(now, "positions", len(now.positions), self.settings.limits.positions)
        for one in now.positions.values():
            if one.cross:
                self.found(now, f"{one.coin} is held on cross margin")
            cap = max(1.0, min(rules.market_share * one.max_leverage, rules.top_maximum))
            self.at_most(now, f"leverage of {one.coin}", one.leverage, cap, "leverage")
        self.findings |= {f"{o.coin} {o.oid} is not reduce-only" for o in now.orders if not o.reduce_only}

    def passing(self, now: Standing) -> None:
        """What may last a moment: no stop, two of them, a second target, orders without a position."""
        present: dict[tuple[str, str], int] = {}
        for coin, one in now.positions.items():
            stops, targets = now.stops(coin), now.targets(coin)
            whole = [o for o in stops if o.size >= abs(one.size)]
            if sum((o.size for o in stops), Decimal(0)) < abs(one.size):
                present["without a stop", coin] = self.accepted.bare_ms
            if len(stops) > 1 or len(whole) != len(stops):
                present["several stops", coin] = self.accepted.loose_ms
            if len(targets) > 1:
                present["several targets", coin] = self.accepted.loose_ms
        for order in now.orders:
            if order.coin not in now.positions and not order.waiting:
                present["an order without a position", f"{order.coin} {order.oid}"] = self.accepted.loose_ms
        self._since = {state: self._since.get(state, now.now_ms) for state in present}
        for state, began in self._since.items():
            kind, what = state
            lasted = now.now_ms - began
            self.lasted[kind] = max(self.lasted.get(kind, 0), lasted)
            if lasted > present[state]:
                self.findings.add(f"{what}: {kind} for more than {present[state]} ms from {began} on")

    def entered(self, now: Standing, one: PositionState) -> None:
        """What must hold when a position has just been opened."""
        self.entries += 1
        if not now.equity > 0 or not (stops := now.stops(one.coin)):
            self.found(now, f"{one.coin} was entered with equity {now.equity} and no stop")
            return
        sizing, accepted = self.settings.sizing, self.accepted
        entry, stop = float(one.entry), float(stops[0].trigger.price) if stops[0].trigger else 0.0
        distance = abs(entry - stop)
        equity, wide = now.equity, 1 + accepted.drift
        self.at_most(now, "risk of a trade", distance * abs(float(one.size)) / equity, sizing.risk_most * wide)
        self.at_most(now, "margin of a trade", float(one.margin_used) / equity, sizing.margin_most * wide)
        self.at_most(now, "open risk", open_risk(now) / equity, sizing.open_risk_most + accepted.moved)
        gross = sum(float(p.value) for p in now.positions.values())
        self.at_most(now, "gross notional", gross / equity, sizing.gross_most * wide + accepted.moved)
        if one.liquidation is not None:
            planned = distance - self.settings.execution.slippage * entry
            ratio = planned / abs(entry - float(one.liquidation))
            self.at_most(now, "stop by liquidation distance", ratio, 1 / self.settings.leverage.liquidation_stops)

    def at_most(self, now: Standing, what: str, measured: float, limit: float, figure: str = "") -> None:
        """Note the measure, and a finding when it is over its limit."""
        kind = figure or what
        self.most[kind] = max(self.most.get(kind, 0.0), measured)
        if measured > limit:
            self.found(now, f"{what} is {measured:.6g}, at most {limit:.6g} is allowed")

    def found(self, now: Standing, words: str) -> None:
        """A finding."""
        self.findings.add(f"{now.now_ms}: {words}")


def open_risk(now: Standing) -> float:
    """Σ max(0, side·(mark − stop)·size), USD; a position without a stop counts whole."""
    total = 0.0
    for coin, one in now.positions.items():
        size = float(one.size)
        stops = [float(o.trigger.price) for o in now.stops(coin) if o.trigger is not None]
        nearest = (max(stops) if size > 0 else min(stops)) if stops else 0.0
        total += max(0.0, size * (float(one.value) / abs(size) - nearest))
    return total


class WatchedExchange(Exchange):
    """The exchange itself, looked at before and after each of its motions (before: what requests have left)."""

    guard: Guard | None = None

    def advance(self, to_ms: int, prices: Mapping[str, Price], funding: Mapping[str, Decimal] | None = None) -> None:
        """Move on, looked at before and after."""
        if self.guard is not None:
            self.guard.look(self)
        super().advance(to_ms, prices, funding)
        if self.guard is not None:
            self.guard.look(self)
