"""One market as the pipeline sees it, and all of them at once. Refuses markets whose candles cannot be believed.

Pure and synchronous: all symbols are read together over blocks; a caller on an event loop runs it in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.market.candles import CandleBlock, CandleSeries, Timeframe
from core.market.soundness import STAGE, Anchored, sound
from core.market.symbols import AssetClass, Market, Side
from core.settings import CandleRules, Settings
from core.sifting import Refusal, Sifted
from core.signals.enrichment.blocks import Blocks
from core.signals.enrichment.dimensions import Dimensions
from core.signals.enrichment.passes import enrich
from core.signals.indicators.volatility import atr, range_share
from core.signals.timeframes import States, refused_by_timeframes, states

CandlesByTimeframe = Mapping[Timeframe, Mapping[str, CandleSeries]]


@dataclass(frozen=True, slots=True)
class MarketView:
    """What the market says about one symbol at ``now_ms``."""

    symbol: str
    asset_class: AssetClass
    now_ms: int
    close: float
    """Close of the last closed 15m bar."""
    atr: float
    """Wilder's ATR of 1h bars, in units of price; 0 for a market that never moved."""
    range_24h: float
    """(Highest high − lowest low) of the last 24 closed 1h bars as a share of the last 1h close."""
    states: States
    dimensions: Dimensions
    short_history: bool = False

    @property
    def side(self) -> Side | None:
        """The M1 side, None where there is none."""
        return self.states.side

    @property
    def alignment(self) -> float:
        """Share of timeframes that point to the side."""
        return self.states.alignment


def view_markets(
    candles: CandlesByTimeframe, markets: Sequence[Market], now_ms: int, settings: Settings
) -> Sifted[MarketView]:
    """A view of every market whose three series are sound, in the order of ``markets``.

    Refused, by name: the unsound ones (stage ``candles``). Missed: enrichment passes that failed. A market without a
    side is still viewed; :func:`sided` sifts those out.
    """
    readable: list[tuple[Market, dict[Timeframe, Anchored]]] = []
    refused: list[Refusal] = []
    for market in markets:
        series = _sound(candles, market, now_ms, settings.candles)
        if isinstance(series, Refusal):
            refused.append(series)
        else:
            readable.append((market, series))
    if not readable:
        return Sifted([], refused)
    block = {
        timeframe: CandleBlock.of(timeframe, [series[timeframe].series for _, series in readable])
        for timeframe in Timeframe
    }
    read = [
        States(*row) for row in zip(*(states(block[t], settings.timeframes).tolist() for t in Timeframe), strict=True)
    ]
    side = np.array([one.side.sign if one.side else 0 for one in read], dtype=np.int64)
    blocks = Blocks(block[Timeframe.M15], block[Timeframe.H1], block[Timeframe.H4], side, now_ms)
    dimensions, missed = enrich(blocks, settings.enrichment)
    close, true_range, width = _prices(blocks, settings)
    views = [
        MarketView(
            market.symbol,
            market.asset_class,
            now_ms,
            close[row],
            true_range[row],
            width[row],
            read[row],
            dimensions[row],
            any(one.short_history for one in series.values()),
        )
        for row, (market, series) in enumerate(readable)
    ]
    return Sifted(views, refused, missed)


def sided(views: Sequence[MarketView]) -> Sifted[MarketView]:
    """The views that have a side which 4h does not oppose (SPEC M1, M2); the others with their reasons."""
    verdicts = [(view, refused_by_timeframes(view.symbol, view.states)) for view in views]
    return Sifted(
        [view for view, refusal in verdicts if refusal is None],
        [refusal for _, refusal in verdicts if refusal is not None],
    )


def _sound(
    candles: CandlesByTimeframe, market: Market, now_ms: int, rules: CandleRules
) -> dict[Timeframe, Anchored] | Refusal:
    """The market's three series from their anchors, or the first reason why one cannot be read."""
    found: dict[Timeframe, Anchored] = {}
    for timeframe in Timeframe:
        series = candles.get(timeframe, {}).get(market.symbol)
        if series is None:
            return Refusal(market.symbol, STAGE, "no_candles", 0, 1, detail=timeframe.value)
        one = sound(series, market, now_ms, rules)
        if isinstance(one, Refusal):
            return one
        found[timeframe] = one
    return found


def _prices(blocks: Blocks, settings: Settings) -> tuple[list[float], list[float], list[float]]:
    """Last 15m close, ATR and 24 h range of every symbol."""
    bars, rules = blocks.h1, settings.enrichment
    true_range = atr(bars.high, bars.low, bars.close, rules.atr_bars, bars.start)[:, -1]
    width = range_share(bars.high, bars.low, bars.close, rules.range_bars)
    return blocks.m15.close[:, -1].tolist(), true_range.tolist(), width.tolist()
