"""The market that a recording makes: prices along the path of its bars, and its candles as they come to be known.

It moves only when told to, gives the same prices for the same calls, and refuses to show anything later than where it
stands. A market whose bars pause (a session's end, a delisting) keeps its last price and does not move.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from core.errors import BrokenInvariant, StartRefused
from core.market.grid import exact
from core.market.history import DAY_MS
from core.market.symbols import Market
from core.replay.chronicle import Chronicle
from core.replay.listing import terms_of
from core.replay.path import Points, points_between
from core.replay.quoting import half_spread, quoted
from core.replay.recording import RecordedSymbol, Recording
from core.settings import SimulatedQuotes
from core.trading.exchange.ports import Candle, Forced, MarketTerms, Price, Statistics


@dataclass(frozen=True, slots=True)
class _Day:
    """The price changes of one stretch of the recording: ``coins[i]`` change at ``times[i]``."""

    end_ms: int
    points: Mapping[str, Points]
    times: Sequence[int]
    coins: Sequence[Sequence[str]]

    def done_by(self, now_ms: int) -> int:
        """How many of the changes have happened at ``now_ms``."""
        return bisect.bisect_right(self.times, now_ms)


class RecordedMarket:
    """A :class:`~core.trading.exchange.ports.PriceSource` over a recording.

    ``markets`` name the coin and the terms of every symbol of the recording (:func:`recorded_markets`), in its order.
    """

    def __init__(
        self,
        recording: Recording,
        markets: Sequence[Market],
        quotes: SimulatedQuotes,
        *,
        start_ms: int | None = None,
    ) -> None:
        self.recording = recording
        self.markets = tuple(markets)
        self._terms = tuple(terms_of(market) for market in markets)
        self._market = {market.coin: market for market in markets}
        self._symbol: dict[str, RecordedSymbol] = {
            market.coin: symbol for market, symbol in zip(markets, recording.symbols, strict=True)
        }
        self._quotes = quotes
        self._chronicle = {coin: Chronicle(symbol) for coin, symbol in self._symbol.items()}
        self._end_ms = recording.end_ms
        self._priced: dict[str, tuple[tuple[float, bool], Price]] = {}
        self._now = recording.start_ms - 1 if start_ms is None else start_ms
        self._day = self._load(self._now)
        self._next = self._day.done_by(self._now)

    @property
    def terms(self) -> Sequence[MarketTerms]:
        """Every market, in the manifest's order."""
        return self._terms

    @property
    def now_ms(self) -> int:
        """Where the market stands."""
        return self._now

    @property
    def end_ms(self) -> int:
        """Close time of the last bar."""
        return self._end_ms

    def next_change(self) -> int | None:
        """Time of the next price change, or ``None`` at the end."""
        while self._next >= len(self._day.times):
            start = self._next_open(self._day.end_ms)
            if start is None:
                return None
            self._day, self._next = self._load(start), 0
        return self._day.times[self._next]

    def advance(self, to_ms: int) -> Sequence[str]:
        """Move to ``to_ms``, at most to the next change; the coins whose price changed there.

        Raises :class:`BrokenInvariant` for a step back or one that would skip a change.
        """
        change = self.next_change()
        if to_ms < self._now or (change is not None and to_ms > change):
            raise BrokenInvariant(f"a step from {self._now} to {to_ms} is not possible; the next change is at {change}")
        self._now = to_ms
        if to_ms != change:
            return ()
        self._next += 1
        return self._day.coins[self._next - 1]

    def price(self, coin: str) -> Price | None:
        """Prices now; ``None`` before the market's first bar. A market that is shut keeps its last price."""
        found = self._day.points[coin].at(self._now)
        if found is None:
            return None
        mark, gapped = found
        known = self._priced.get(coin)
        if known is None or known[0] != found:
            market = self._market[coin]
            price = quoted(mark, market.price_decimals, half_spread(market.asset_class, self._quotes), gapped=gapped)
            self._priced[coin] = known = (found, price)
        return known[1]

    def statistics(self, coin: str) -> Statistics:
        """Funding of the present hour as recorded (else the neutral rate), open interest if recorded, day volume."""
        symbol, now = self._symbol[coin], self._now
        funding = symbol.funding.at(now) if symbol.funding else None
        interest = symbol.open_interest.at(now) if symbol.open_interest else None
        day = self._chronicle[coin].day_before(now)
        return Statistics(
            funding=exact(self._quotes.neutral_funding if funding is None else funding),
            open_interest=exact(interest or 0.0),
            previous_day=exact(day.price),
            day_volume_usd=exact(day.volume_usd),
            premium=Decimal(0),
        )

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        """Bars opening in ``[start_ms, end_ms]``, those that have closed as recorded, the last as it forms."""
        return self._chronicle[coin].candles(interval_ms, start_ms, end_ms, self._now)

    def forced(self, after_ms: int) -> Sequence[Forced]:
        """What the recording says was closed by force in ``(after_ms, now]``."""
        rows = self.recording.liquidations
        first = bisect.bisect_right(rows, after_ms, key=lambda row: row.time_ms)
        last = bisect.bisect_right(rows, self._now, key=lambda row: row.time_ms)
        coins = {market.symbol: market.coin for market in self.markets} if first < last else {}
        return [
            Forced(coins[row.symbol], row.is_long, exact(row.size), exact(row.price), row.time_ms, number)
            for number, row in enumerate(rows[first:last], start=first)
        ]

    def snapshot(self) -> dict[str, Any]:
        """Where the market stands; with the same recording :meth:`restore` goes on from there."""
        return {"now_ms": self._now, "recording": self._identity()}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go on where a snapshot was taken. Raises :class:`StartRefused` when it was taken of another recording."""
        ours = self._identity()
        if snapshot.get("recording") != ours:
            raise StartRefused(
                f"the state was made with another market than this recording of {len(self._symbol)} symbols "
                f"({self.recording.start_ms} to {self._end_ms}); use its own data or a new state folder"
            )
        self._now = int(snapshot["now_ms"])
        self._day = self._load(self._now)
        self._next = self._day.done_by(self._now)

    def _identity(self) -> list[Any]:
        """What tells one recording from another, as JSON values."""
        return [self.recording.start_ms, self._end_ms, *self._symbol]

    def _next_open(self, from_ms: int) -> int | None:
        """Open time of the first bar at or after a time, over all markets."""
        opens = []
        for symbol in self._symbol.values():
            row = int(np.searchsorted(symbol.path.time, from_ms, side="left"))
            if row < len(symbol.path):
                opens.append(int(symbol.path.time[row]))
        return min(opens, default=None)

    def _load(self, at_ms: int) -> _Day:
        """The changes of the UTC day that holds ``at_ms``."""
        start = at_ms // DAY_MS * DAY_MS
        points = {
            coin: points_between(symbol.path, start, start + DAY_MS, self._market[coin].price_decimals)
            for coin, symbol in self._symbol.items()
        }
        times, coins = in_order(points)
        return _Day(start + DAY_MS, points, times, coins)


def in_order(points: Mapping[str, Points]) -> tuple[list[int], list[list[str]]]:
    """The times at which any market changes, ascending, and which ones do, in listing order."""
    names = list(points)
    if not names:
        return [], []
    time = np.concatenate([one.time for one in points.values()])
    owner = np.repeat(np.arange(len(names)), [one.time.size for one in points.values()])
    order = np.argsort(time, kind="stable")
    time, owners = time[order], owner[order].tolist()
    first = np.flatnonzero(np.diff(time, prepend=-1))
    bounds = [*first.tolist(), time.size]
    coins = [[names[i] for i in owners[a:b]] for a, b in itertools.pairwise(bounds)]
    return time[first].tolist(), coins
