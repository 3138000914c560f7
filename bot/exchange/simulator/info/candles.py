"""Candles: the newest ones of a market and interval, as ``candleSnapshot`` and the ``candle`` channel show them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from bot.exchange.simulator import intervals
from bot.exchange.simulator.answers import Unsuitable
from bot.exchange.simulator.format import from_float
from bot.exchange.simulator.requests import OfCandles
from bot.exchange.simulator.state import VenueState
from core.trading.exchange.ports import Candle


async def candle_snapshot(state: VenueState, request: OfCandles) -> Any:
    """``candleSnapshot``: ascending, the forming bar last. Only the newest few thousand bars exist at all.

    Long answers are put together a slice at a time, so that others get their turn. An unknown coin is ``null``.
    """
    wanted = request.req
    if not intervals.known(wanted.interval):
        raise Unsuitable
    row = state.assets.of_coin(wanted.coin)
    if row is None or row.terms.delisted:
        return [] if row else None
    now = state.now_ms
    end = now if wanted.end_time is None else min(wanted.end_time, now)
    oldest = intervals.opening(wanted.interval, now) - (state.wire.candles - 1) * intervals.longest_ms(wanted.interval)
    rows: list[dict[str, Any]] = []
    for first, last in _windows(state, wanted.interval, max(wanted.start_time, oldest), end):
        bars = intervals.bars(state.source, wanted.coin, wanted.interval, first, last)
        rows += [candle(wanted.coin, wanted.interval, bar) for bar in bars]
        await asyncio.sleep(0)
    return rows[-state.wire.candles :]


def _windows(state: VenueState, interval: str, start_ms: int, end_ms: int) -> Iterator[tuple[int, int]]:
    """The range in slices of whole bars. Composed bars come in one: a market keeps few of those."""
    if interval not in intervals.NATIVE:
        if start_ms <= end_ms:
            yield start_ms, end_ms
        return
    length = intervals.NATIVE[interval] * state.wire.candle_slice
    for first in range(intervals.opening(interval, start_ms), end_ms + 1, length):
        yield first, min(first + length - 1, end_ms)


def candle(coin: str, interval: str, bar: Candle) -> dict[str, Any]:
    """One bar on the wire; ``T`` is its last millisecond."""
    return {
        "t": bar.time_ms,
        "T": intervals.closing(interval, bar.time_ms),
        "s": coin,
        "i": interval,
        "o": from_float(bar.open),
        "c": from_float(bar.close),
        "h": from_float(bar.high),
        "l": from_float(bar.low),
        "v": from_float(bar.volume),
        "n": bar.trades,
    }
