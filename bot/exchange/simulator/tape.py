"""The tape: trades between strangers, made so that their volume is the market's volume.

A market gives candles, not trades. Whatever volume a bar gained since the last look is divided into a few prints whose
sizes, sides and parties follow from the bar alone, so the same looks give the same tape. It refuses to print twice.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from bot.exchange.simulator.format import number
from bot.exchange.simulator.intervals import NATIVE
from core.settings import WireRules
from core.trading.exchange.ports import Candle, MarketTerms, PriceSource
from core.trading.exchange.records import Trade

Ours = Callable[[str, int], Sequence[Trade]]

_SEED_BARS = 3
"""Bars before the present from which a fresh tape is filled."""


def frame_of(one: Trade) -> dict[str, Any]:
    """A print as ``recentTrades`` and the ``trades`` channel show it."""
    return {
        "coin": one.coin,
        "side": "B" if one.is_buy else "A",
        "px": number(one.price),
        "sz": number(one.size),
        "time": one.time_ms,
        "hash": one.hash,
        "tid": one.tid,
        "users": list(one.users),
    }


class Tape:
    """The trades of one market since somebody first looked, strangers' and accounts' alike.

    ``ours`` gives the newest trades of accounts in a coin, newest first.
    """

    def __init__(self, terms: MarketTerms, source: PriceSource, rules: WireRules, ours: Ours) -> None:
        self._terms = terms
        self._source = source
        self._rules = rules
        self._ours = ours
        self._kept: deque[Trade] = deque(maxlen=rules.tape_trades)
        self._count = 0
        self._newest_tid = -1
        self._interval = self._finest()
        self._seen_bar = source.now_ms - self._interval
        self._seen_volume = 0.0
        self._looks = 0
        self._looked_ms = source.now_ms
        start = source.now_ms - _SEED_BARS * self._interval
        past: list[Trade] = []
        for bar in source.candles(terms.coin, self._interval, start, source.now_ms):
            past += self._take(bar, bar.time_ms, min(bar.time_ms + self._interval - 1, source.now_ms))
        self._add(past + self._of_accounts())

    def look(self) -> int:
        """Print what happened since the last look; how many trades there were ever."""
        now = self._source.now_ms
        fresh: list[Trade] = []
        if now > self._looked_ms:
            for bar in self._source.candles(self._terms.coin, self._interval, self._seen_bar, now):
                start = max(bar.time_ms, self._looked_ms + 1)
                fresh += self._take(bar, start, max(start, min(bar.time_ms + self._interval - 1, now)))
            self._looked_ms = now
        self._add(fresh + self._of_accounts())
        return self._count

    def newest(self, most: int) -> list[Trade]:
        """The newest trades, oldest first."""
        return list(self._kept)[-most:] if most > 0 else []

    def _add(self, trades: list[Trade]) -> None:
        self._kept.extend(sorted(trades, key=lambda one: one.time_ms))
        self._count += len(trades)

    def _of_accounts(self) -> list[Trade]:
        """Trades of accounts that are not on the tape yet; their ids grow."""
        if max((one.tid for one in self._ours(self._terms.coin, 1)), default=-1) <= self._newest_tid:
            return []
        fresh = [one for one in self._ours(self._terms.coin, self._rules.tape_trades) if one.tid > self._newest_tid]
        self._newest_tid = max(one.tid for one in fresh)
        return fresh

    def _finest(self) -> int:
        """Shortest native interval that the market has bars of."""
        now = self._source.now_ms
        for length in NATIVE.values():
            if self._source.candles(self._terms.coin, length, now - _SEED_BARS * length, now):
                return length
        return max(NATIVE.values())

    def _take(self, bar: Candle, start_ms: int, end_ms: int) -> list[Trade]:
        """Print what ``bar`` gained, between two times."""
        if bar.time_ms != self._seen_bar:
            self._seen_bar, self._seen_volume, self._looks = bar.time_ms, 0.0, 0
        gained = bar.volume - self._seen_volume
        count = min(self._rules.prints_per_move, max(1, bar.trades))
        lot = Decimal(1).scaleb(-self._terms.size_decimals)
        self._looks += 1
        chance = _chance(f"{self._terms.coin}:{bar.time_ms}:{self._looks}")
        weights = [1 + byte for byte in chance[:count]]
        made = []
        for place, weight in enumerate(weights):
            size = Decimal(gained * weight / sum(weights)).quantize(lot, ROUND_DOWN)
            if size > 0:
                time = start_ms + (end_ms - start_ms) * (place + 1) // count
                made.append(self._print(bar, size, time, chance[count + place], place))
        if made:
            self._seen_volume = bar.volume
        return made

    def _print(self, bar: Candle, size: Decimal, time_ms: int, chance: int, place: int) -> Trade:
        """One print, at the quote of its side; before the present at the bar's close."""
        is_buy = chance % 2 == 0 if bar.close == bar.open else chance % 8 < (5 if bar.close > bar.open else 3)
        price = self._source.price(self._terms.coin)
        if price is None or time_ms < self._looked_ms:
            level = Decimal(repr(bar.close))
        else:
            level = price.ask if is_buy else price.bid
        seed = _chance(f"{self._terms.coin}:{time_ms}:{self._looks}:{place}")
        buyer, seller = (f"0x{_chance(f'trader {byte}')[:20].hex()}" for byte in (seed[8], 256 + seed[9]))
        tid = int.from_bytes(seed[:6], "big")
        return Trade(self._terms.coin, is_buy, level, size, time_ms, f"0x{seed.hex()}", tid, (buyer, seller))


class Tapes:
    """A tape per market, begun when somebody first looks at it."""

    def __init__(self, source: PriceSource, rules: WireRules, ours: Ours) -> None:
        self._terms: Mapping[str, MarketTerms] = {one.coin: one for one in source.terms}
        self._source = source
        self._rules = rules
        self._ours = ours
        self._tapes: dict[str, Tape] = {}

    def of(self, coin: str) -> Tape:
        """The tape of a listed coin, looked at just now."""
        if coin not in self._tapes:
            self._tapes[coin] = Tape(self._terms[coin], self._source, self._rules, self._ours)
        self._tapes[coin].look()
        return self._tapes[coin]


def _chance(text: str) -> bytes:
    """32 bytes that follow from a text."""
    return hashlib.sha256(text.encode()).digest()
