"""How far back a request for candles reaches (SPEC C5): one rule for live feeds, restarts and replay.

The start is a function of the time and the market alone, so whoever asks at a time holds the same bars. It refuses
to judge what comes back: :mod:`core.market.soundness` does.
"""

from __future__ import annotations

from core.market.candles import Timeframe
from core.market.soundness import anchor
from core.market.symbols import Market
from core.settings import CandleRules

DAY_MS = 86_400_000


def history_start(market: Market, timeframe: Timeframe, now_ms: int, rules: CandleRules) -> int:
    """Open time of the earliest bar to ask for at ``now_ms``.

    For crypto: the anchor (latest Monday at least N bars back) less a margin, so that a gap at the anchor can be
    filled. Markets with sessions count their own bars, which only the answer shows: for them a fixed number of days,
    enough for N bars of a stock's regular session, put onto a day so that it moves once a day.
    """
    if market.has_sessions:
        return now_ms // DAY_MS * DAY_MS - session_days(timeframe, rules) * DAY_MS
    return anchor(timeframe, now_ms, rules) - rules.margin_bars * timeframe.ms


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
