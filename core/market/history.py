"""How far back a request for candles reaches (SPEC C5): one rule for live feeds, restarts and replay.

The start is a function of the time, the market and its own bars, so whoever asks at a time holds the same bars. It
refuses to judge what comes back: :mod:`core.market.soundness` does.
"""

from __future__ import annotations

import numpy as np

from core.market.candles import Ints, Timeframe
from core.market.soundness import anchor, least_bars
from core.market.symbols import Market
from core.settings import CandleRules

DAY_MS = 86_400_000


def history_start(timeframe: Timeframe, now_ms: int, rules: CandleRules) -> int:
    """Open time of the earliest bar to ask for at ``now_ms``.

    The latest Monday that lies at least N bars back, less a margin, so that a gap at the anchor can be filled.
    """
    return anchor(timeframe, now_ms, rules) - rules.margin_bars * timeframe.ms


def sparse_start(timeframe: Timeframe, now_ms: int, rules: CandleRules) -> int:
    """The same for a market with sessions whose own bars since :func:`history_start` do not suffice.

    A fixed number of days, enough for N bars of a stock's regular session, put onto a day so that it moves daily.
    """
    return now_ms // DAY_MS * DAY_MS - session_days(timeframe, rules) * DAY_MS


def suffices(time: Ints, market: Market, timeframe: Timeframe, now_ms: int, rules: CandleRules) -> bool:
    """Whether bars (open times) since :func:`history_start` hold the anchor that a longer history would have.

    A market with sessions counts its own bars: enough of them must lie behind a Monday inside the window, and one at
    or before it, without which nobody could tell that the Monday was not cut off.
    """
    if not market.has_sessions:
        return True
    start = anchor(timeframe, now_ms, rules)
    behind = time.size - int(np.searchsorted(time, start, side="left"))
    return behind >= least_bars(timeframe, rules) and int(time[0]) <= start


def session_days(timeframe: Timeframe, rules: CandleRules) -> int:
    """Days of history asked of a market with sessions.

    >>> session_days(Timeframe.M15, CandleRules())
    35
    """
    days = {
        Timeframe.M15: rules.session_days_15m,
        Timeframe.H1: rules.session_days_1h,
        Timeframe.H4: rules.session_days_4h,
    }
    return days[timeframe]
