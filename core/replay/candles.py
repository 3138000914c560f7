"""The recording as a candle feed: the same closed bars that the bot would get from the simulated venue over the wire.

Prices go over the wire as the shortest text that gives the same float, so both are equal bit for bit. Nothing is
fetched, cached or waited for, and no bar that closes after the time asked is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.errors import FeedUnavailable
from core.market.candles import CandleSeries, Timeframe
from core.market.history import history_start, sparse_start, suffices
from core.market.symbols import Market
from core.replay.chronicle import Chronicle
from core.replay.recording import Recording
from core.settings import CandleRules


class RecordedCandles:
    """A :class:`core.market.ports.Candles` over a recording."""

    def __init__(self, recording: Recording, rules: CandleRules) -> None:
        self._chronicle = {symbol.symbol: Chronicle(symbol) for symbol in recording.symbols}
        self._rules = rules

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        """Closed bars of each market since :func:`core.market.history.history_start`; unknown ones are left out.

        Raises :class:`FeedUnavailable` when the recording has none of the markets asked for.
        """
        found = {}
        for market in markets:
            series = self.closed_columns(market, timeframe, now_ms)
            if series is not None and len(series):
                found[market.symbol] = series
        if markets and not any(market.symbol in self._chronicle for market in markets):
            raise FeedUnavailable(f"the recording holds none of {', '.join(m.symbol for m in markets[:5])} …")
        return found

    def whole(self, market: Market, timeframe: Timeframe, now_ms: int) -> CandleSeries | None:
        """All of one market's bars closed by ``now_ms``, however old; ``None`` as :meth:`closed_columns`."""
        chronicle = self._chronicle.get(market.symbol)
        return None if chronicle is None else chronicle.series(timeframe, 0, now_ms)

    def closed_columns(self, market: Market, timeframe: Timeframe, now_ms: int) -> CandleSeries | None:
        """One market's closed bars; ``None`` when it, or an interval so fine, was not recorded."""
        chronicle = self._chronicle.get(market.symbol)
        if chronicle is None:
            return None
        series = chronicle.series(timeframe, history_start(timeframe, now_ms, self._rules), now_ms)
        if series is None or suffices(series.time, market, timeframe, now_ms, self._rules):
            return series
        return chronicle.series(timeframe, sparse_start(timeframe, now_ms, self._rules), now_ms)
