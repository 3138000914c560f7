"""Liquidation cascades: what was closed by force in the last five minutes, how much that is, and when it is over (X2).

Exact under late and disordered events: sums are whole micro-dollars in whole seconds. Refuses to call a cascade exhausted
while a feed that contributes to it is down, or has had a gap in the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import accumulate
from operator import add, sub

from core.market.liquidations import MICRO, Liquidation
from core.market.symbols import Side
from core.settings import CascadeRules
from core.signals.remembered import Remembered

MARKET = "*"
"""Stands for all symbols together."""
SECOND_MS = 1_000


class Tier(IntEnum):
    """How large a cascade is [S]."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    EXTREME = 4


class Window:
    """Long and short notional of the last ``span`` seconds, in micro-dollars, second by second.

    >>> window = Window(300)
    >>> for second, side in ((10, Side.LONG), (9, Side.SHORT), (310, Side.LONG)): window.add(side, 5, second)
    >>> window.long, window.short
    (5, 0)
    """

    __slots__ = ("_longs", "_shorts", "head", "long", "short", "span")

    def __init__(self, span: int) -> None:
        self.span = span
        self.head = -1
        """The newest second that is held."""
        self.long = self.short = 0
        self._longs, self._shorts = [0] * span, [0] * span

    def add(self, side: Side, micro_usd: int, second: int) -> None:
        """Take up an event; one from before the window is left out, a late one goes where it belongs."""
        if second != self.head:
            if second > self.head:
                self.advance(second)
            elif second <= self.head - self.span:
                return
        if side is Side.LONG:
            self._longs[second % self.span] += micro_usd
            self.long += micro_usd
        else:
            self._shorts[second % self.span] += micro_usd
            self.short += micro_usd

    def advance(self, second: int) -> None:
        """Let time pass; what is older than the window leaves it."""
        if second <= self.head:
            return
        longs, shorts = self._longs, self._shorts
        for gone in range(max(self.head + 1, second - self.span + 1), second + 1):
            place = gone % self.span
            self.long -= longs[place]
            self.short -= shorts[place]
            longs[place] = shorts[place] = 0
        self.head = second

    @property
    def total(self) -> int:
        """Both sides."""
        return self.long + self.short

    def by_second(self) -> list[int]:
        """Both sides of every second, oldest first."""
        first = (self.head + 1) % self.span
        both = list(map(add, self._longs, self._shorts))
        return both[first:] + both[:first]

    def runs(self, run: int) -> tuple[int, int]:
        """The sum of the newest ``run`` seconds, and the largest one of so many in a row."""
        so_far = [0, *accumulate(self.by_second())]
        sums = list(map(sub, so_far[run:], so_far))
        return sums[-1], max(sums)


@dataclass(frozen=True, slots=True)
class CascadeReading:
    """One window with what it was judged by; money in USD. ``direction`` is where an exhaustion would point."""

    symbol: str
    at_ms: int
    long_usd: float
    short_usd: float
    tier: Tier
    low_usd: float
    last_usd: float
    peak_usd: float
    direction: Side | None

    @property
    def total_usd(self) -> float:
        """Both sides."""
        return self.long_usd + self.short_usd


def thresholds(symbol: str, day_volume_usd: float, rules: CascadeRules) -> tuple[float, float, float, float]:
    """LOW, MEDIUM, HIGH and EXTREME in USD: a share of the day's volume for a symbol, fixed for the whole market.

    >>> [round(one) for one in thresholds("BTC", 0.0, CascadeRules())]
    [50000, 125000, 375000, 1000000]
    """
    if symbol == MARKET:
        return rules.market_low, rules.market_medium, rules.market_high, rules.market_extreme
    base = max(rules.least_volume, day_volume_usd)
    return rules.low * base, rules.medium * base, rules.high * base, rules.extreme * base


def tier_of(total_usd: float, steps: tuple[float, float, float, float]) -> Tier:
    """The highest tier whose threshold is exceeded.

    >>> tier_of(50_000.0, (50_000.0, 1e9, 1e9, 1e9)), tier_of(50_000.01, (50_000.0, 1e9, 1e9, 1e9))
    (<Tier.NONE: 0>, <Tier.LOW: 1>)
    """
    return Tier(sum(total_usd > step for step in steps))


def direction_of(window: Window, rules: CascadeRules) -> Side | None:
    """Against the side that holds at least two thirds of the window: liquidated longs point up."""
    if not window.total:
        return None
    if window.long >= rules.one_sided * window.total:
        return Side.LONG
    return Side.SHORT if window.short >= rules.one_sided * window.total else None


@dataclass(slots=True)
class _Standing:
    """One symbol's window, whether it may fire, and which feeds have ever told of it."""

    window: Window
    armed: bool = True
    sources: set[str] = field(default_factory=set)


@dataclass(slots=True)
class CascadeDetector:
    """Windows of all symbols and of the whole market. Time comes from its caller, in epoch ms."""

    rules: CascadeRules
    standing: dict[str, _Standing] = field(default_factory=dict)
    seen: Remembered = field(init=False)
    """Ids of events that were counted."""
    since_ms: dict[str, int | None] = field(default_factory=dict)
    """Feed → since when it has stood without a gap; None while it is down."""
    down_ms: dict[str, int] = field(default_factory=dict)
    """Feed → since when it has been down."""

    def __post_init__(self) -> None:
        self.seen = Remembered(self.rules.remembered)

    def add(self, event: Liquidation) -> bool:
        """Count an event once, in its symbol's window and the market's; whether it was new."""
        if not self.seen.is_new((event.venue, event.event_id)):
            return False
        side, micro, second = event.side, event.micro_usd, event.time_ms // SECOND_MS
        for name in (event.symbol, MARKET):
            one = self.standing.get(name) or self._begun(name)
            one.sources.add(event.source)
            one.window.add(side, micro, second)
        return True

    def _begun(self, name: str) -> _Standing:
        one = self.standing[name] = _Standing(Window(self.rules.window_s))
        return one

    def note(self, source: str, at_ms: int, *, up: bool) -> None:
        """A feed stands from now on, or is down."""
        self.since_ms[source] = at_ms if up else None
        if up:
            self.down_ms.pop(source, None)
        else:
            self.down_ms.setdefault(source, at_ms)

    def read(self, symbol: str, at_ms: int, day_volume_usd: float) -> CascadeReading | None:
        """The window of a symbol (or :data:`MARKET`) at a time; None where nothing was ever seen."""
        one = self.standing.get(symbol)
        if one is None:
            return None
        window, rules = one.window, self.rules
        window.advance(at_ms // SECOND_MS)
        steps = thresholds(symbol, day_volume_usd, rules)
        last, peak = window.runs(rules.run_s) if window.total else (0, 0)
        return CascadeReading(
            symbol=symbol,
            at_ms=at_ms,
            long_usd=window.long / MICRO,
            short_usd=window.short / MICRO,
            tier=tier_of(window.total / MICRO, steps),
            low_usd=steps[0],
            last_usd=last / MICRO,
            peak_usd=peak / MICRO,
            direction=direction_of(window, rules),
        )

    def exhausted(
        self, at_ms: int, day_volumes: Mapping[str, float], among: Iterable[str] | None = None
    ) -> list[CascadeReading]:
        """The cascades (``among`` some symbols, or all) that have just exhausted themselves. To be asked every second.

        Each fires once and is armed again when its total is no longer over LOW.
        """
        found = []
        for symbol in list(self.standing) if among is None else among:
            one = self.standing[symbol]
            one.window.advance(at_ms // SECOND_MS)
            volume = day_volumes.get(symbol, 0.0)
            if one.window.total <= thresholds(symbol, volume, self.rules)[0] * MICRO:
                one.armed = True
            elif one.armed and self._trusted(one, at_ms):
                reading = self.read(symbol, at_ms, volume)
                if reading is not None and self._over(reading):
                    one.armed = False
                    found.append(reading)
        return found

    def _over(self, reading: CascadeReading) -> bool:
        return reading.last_usd < self.rules.exhausted * reading.peak_usd

    def _trusted(self, one: _Standing, at_ms: int) -> bool:
        """Every feed that has told of it stands, and has stood for the whole window."""
        since = [self.since_ms.get(source) for source in one.sources]
        return all(at is not None and at_ms - at >= self.rules.window_s * SECOND_MS for at in since)


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """A cascade that had exhausted itself, and what the price did since. Returns are of ``price``, None until they are due.

    For the whole market the price is that of its first market.
    """

    symbol: str
    at_ms: int
    tier: int
    long_usd: float
    short_usd: float
    direction: Side | None
    price: float
    after_15m: float | None = None
    after_60m: float | None = None


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often the price went where an exhaustion pointed, of those that pointed somewhere and have been followed."""

    hits: int
    followed: int

    @property
    def share(self) -> float | None:
        """None while nothing was followed."""
        return self.hits / self.followed if self.followed else None


def hit_rate(past: Iterable[Exhaustion], minutes: int) -> HitRate:
    """After 15 or 60 minutes.

    >>> one = Exhaustion("BTC", 0, 1, 9.0, 1.0, Side.LONG, 100.0, after_15m=0.004)
    >>> hit_rate([one], 15), hit_rate([one], 60)
    (HitRate(hits=1, followed=1), HitRate(hits=0, followed=0))
    """
    pointed = [(one.direction.sign, one.after_15m if minutes == 15 else one.after_60m) for one in past if one.direction]
    followed = [sign * moved for sign, moved in pointed if moved is not None]
    return HitRate(sum(along > 0 for along in followed), len(followed))
