"""One market as the pipeline sees it, and all of them at once. Refuses markets whose candles cannot be believed.

Pure and synchronous: all symbols are read together over blocks; a caller on an event loop runs it in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.market.candles import CandleSeries, Timeframe
from core.market.soundness import STAGE, Anchored, sound
from core.market.symbols import AssetClass, Market, Side
from core.settings import Settings
from core.sifting import Missed, Refusal, Sifted
from core.signals.enrichment.dimensions import Dimensions
from core.signals.reader import Reader
from core.signals.timeframes import States, refused_by_timeframes

CandlesByTimeframe = Mapping[Timeframe, Mapping[str, CandleSeries]]
"""Timeframe → symbol → bars; bars that close after the moment of reading are ignored."""


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
    dimensions: Dimensions = field(default_factory=Dimensions)
    short_history: bool = False

    @property
    def side(self) -> Side | None:
        """The M1 side, None where there is none."""
        return self.states.side

    @property
    def alignment(self) -> float:
        """Share of the three timeframes that point to the side."""
        return self.states.alignment


@dataclass(frozen=True, slots=True)
class Readable:
    """A market whose three series are sound, each from its anchor on."""

    market: Market
    anchored: Mapping[Timeframe, Anchored]

    @property
    def short_history(self) -> bool:
        """Whether one of them met only the short minimum."""
        return any(one.short_history for one in self.anchored.values())


def view_markets(
    candles: CandlesByTimeframe,
    markets: Sequence[Market],
    now_ms: int,
    settings: Settings,
    reader: Reader | None = None,
) -> Sifted[MarketView]:
    """A view of every market whose three series are sound, in the order of ``markets``.

    With the ``reader`` of an earlier reading only what is new since is worked out; the views are the same.

    Refused, by name: the unsound ones (stage ``candles``). Missed: enrichment passes that failed. A market without a
    side is still viewed, the regime counts it; :func:`sided` sifts it out.
    """
    verdicts = [readable(candles, market, now_ms, settings) for market in markets]
    refused = [verdict for verdict in verdicts if isinstance(verdict, Refusal)]
    kept = [verdict for verdict in verdicts if isinstance(verdict, Readable)]
    if not kept:
        return Sifted([], refused)
    views, missed = _views(kept, now_ms, reader or Reader(settings))
    return Sifted(views, refused, missed)


def readable(candles: CandlesByTimeframe, market: Market, now_ms: int, settings: Settings) -> Readable | Refusal:
    """The market's series from their anchors, or the first reason why one of them cannot be read."""
    anchored: dict[Timeframe, Anchored] = {}
    for timeframe in Timeframe:
        series = candles.get(timeframe, {}).get(market.symbol)
        if series is None:
            return Refusal(market.symbol, STAGE, "no_candles", 0, 1, detail=timeframe.value)
        one = sound(series, market, now_ms, settings.candles)
        if isinstance(one, Refusal):
            return one
        anchored[timeframe] = one
    bars = len(anchored[Timeframe.H1].series)
    needed = max(settings.enrichment.atr_bars + 1, settings.enrichment.range_bars)
    if bars < needed:
        return Refusal(market.symbol, STAGE, "too_short", bars, needed, detail=Timeframe.H1.value)
    return Readable(market, anchored)


def sided(views: Sequence[MarketView]) -> Sifted[MarketView]:
    """The views that have a side which 4h does not oppose (SPEC M1, M2); the others with their reasons."""
    verdicts = [(view, refused_by_timeframes(view.symbol, view.states)) for view in views]
    return Sifted(
        [view for view, refusal in verdicts if refusal is None],
        [refusal for _, refusal in verdicts if refusal is not None],
    )


def _views(kept: Sequence[Readable], now_ms: int, reader: Reader) -> tuple[list[MarketView], Sequence[Missed]]:
    """All readable markets at once, row by row."""
    held = [(one.market, {t: anchored.series for t, anchored in one.anchored.items()}) for one in kept]
    rows, missed = reader.read(held, now_ms)
    columns = reader.carried.columns
    states = zip(*(columns[f"state_{t.value}"][rows].tolist() for t in Timeframe), strict=True)
    figures = zip(*(columns[name][rows].tolist() for name in ("close", "atr", "range_24h")), strict=True)
    views = [
        MarketView(
            symbol=one.market.symbol,
            asset_class=one.market.asset_class,
            now_ms=now_ms,
            close=close,
            atr=average_range,
            range_24h=width,
            states=States(*read),
            dimensions=dimensions,
            short_history=one.short_history,
        )
        for one, read, (close, average_range, width), dimensions in zip(
            kept, states, figures, columns.dimensions(rows), strict=True
        )
    ]
    return views, missed
