"""Candles: the newest ones of a market and interval, as ``candleSnapshot`` and the ``candle`` channel show them."""

from __future__ import annotations

from typing import Any

from bot.exchange.simulator import intervals
from bot.exchange.simulator.answers import Unsuitable
from bot.exchange.simulator.format import from_float
from bot.exchange.simulator.requests import OfCandles
from bot.exchange.simulator.state import VenueState
from core.trading.exchange.ports import Candle


def candle_snapshot(state: VenueState, request: OfCandles) -> Any:
    """``candleSnapshot``: ascending, the forming bar last. Only the newest few thousand bars exist at all.

    An unknown coin or interval breaks no client here: the exchange answers 500 for the one and 422 for the other.
    """
    wanted = request.req
    if not intervals.known(wanted.interval):
        raise Unsuitable
    row = state.assets.of_coin(wanted.coin)
    if row is None or row.terms.delisted:
        return [] if row else None
    now = state.now_ms
    end = now if wanted.end_time is None else min(wanted.end_time, now)
    oldest = now - state.wire.candles * intervals.longest_ms(wanted.interval)
    start = max(wanted.start_time, oldest)
    if start > end:
        return []
    rows = intervals.bars(state.source, wanted.coin, wanted.interval, start, end)[-state.wire.candles :]
    return [candle(wanted.coin, wanted.interval, bar) for bar in rows]


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
