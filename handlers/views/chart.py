"""What stands under a picture."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from aiogram.utils.formatting import Text

from core.market.candles import CandleSeries
from core.trading.positions import Position
from handlers.views.figures import DAY_MS, percent, price
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.words import side_word


def chart_caption(series: CandleSeries, position: Position | None, reader: Reader, wall_ms: int) -> Text:
    """Last close, the day's change, the position's levels."""
    last = Decimal(str(float(series.close[-1])))
    closed_ms = int(series.time[-1]) + series.timeframe.ms
    head = f"{series.symbol} · {series.timeframe.value} · {price(last)} · {percent(day_change(series))} 24h"
    return lines(verdict(head), levels(position, reader), footer(reader, wall_ms, closed_ms))


def day_change(series: CandleSeries) -> float:
    """Change of the close over 24 hours, as a share; over all bars where there are fewer."""
    bars = max(1, DAY_MS // series.timeframe.ms)
    start = float(series.close[max(0, len(series) - 1 - bars)])
    return float(np.divide(series.close[-1], start)) - 1.0 if start else 0.0


def levels(position: Position | None, reader: Reader) -> str | None:
    """Entry, stop and target of the open position."""
    if position is None:
        return None
    return reader.texts(
        "chart-levels",
        side=side_word(position.side, reader.texts),
        entry=price(position.entry),
        stop=price(position.stop),
        target=price(position.target),
    )
