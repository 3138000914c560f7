"""Curves for reports, drawn with matplotlib, which is loaded with the first one. Call them away from the event loop.

The figure is built without pyplot: no global state, safe in any thread.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.charts import palette as c

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCHES, DPI = (8.0, 6.0), 160
"""1280×960: the size that Telegram shows unscaled."""
TITLE, LABEL, TICK = 24, 18, 15
"""Points; at this size 52, 40 and 33 pixels."""
PAD = 0.14
"""Inches around each pane."""
DAY_MS = 86_400_000


def equity_curve(points: Sequence[tuple[int, float]], title: str = "Equity") -> bytes:
    """Equity over time as a PNG, with the drawdown from its peak below.

    ``points`` are ``(epoch ms, USD)``, oldest first. Raises ``ValueError`` for fewer than two.
    """
    if len(points) < 2:
        raise ValueError(f"an equity curve needs at least two points, not {len(points)}")
    at = np.array([ms for ms, _ in points], dtype="datetime64[ms]")
    equity = np.array([value for _, value in points], dtype=np.float64)
    peak = np.maximum.accumulate(equity)
    figure, upper, lower = _panes()
    gained = equity[-1] >= equity[0]
    ink = c.UP if gained else c.DOWN
    upper.plot(at, equity, color=ink, linewidth=2.2)
    upper.fill_between(at, equity, equity.min(), color=ink, alpha=0.12, linewidth=0)
    upper.axhline(equity[0], color=c.MUTED, linewidth=1.2, linestyle=(0, (4, 4)))
    drawdown = np.divide(equity, peak, out=np.ones_like(equity), where=peak > 0) - 1.0
    lower.fill_between(at, drawdown * 100, 0, color=c.DOWN, alpha=0.55, linewidth=0)
    upper.set_title(title, loc="left", color=c.INK, fontsize=TITLE, fontweight="bold", pad=14)
    change = equity[-1] / equity[0] - 1.0 if equity[0] else 0.0
    upper.set_title(
        f"{change * 100:+.2f}%".replace("-", "−"), loc="right", color=ink, fontsize=TITLE, fontweight="bold", pad=14
    )
    lower.set_title("Drawdown %", loc="left", color=c.MUTED, fontsize=TICK, pad=6)
    _dress(upper, lower, span_ms=points[-1][0] - points[0][0])
    return _png(figure)


def _panes() -> tuple[Figure, Axes, Axes]:
    """A tall pane over a low one, sharing the time axis."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=INCHES, dpi=DPI, facecolor=c.GROUND, layout=ConstrainedLayoutEngine(h_pad=PAD, w_pad=PAD))
    upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]})
    return figure, upper, lower


def _dress(*axes: Axes, span_ms: int) -> None:
    """Theme, grid, readable ticks."""
    from matplotlib.dates import AutoDateLocator, DateFormatter
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for pane in axes:
        pane.set_facecolor(c.GROUND)
        pane.set_axisbelow(True)
        pane.grid(color=c.GRID, linewidth=1.2)
        pane.tick_params(colors=c.MUTED, labelsize=TICK, length=0)
        pane.yaxis.tick_right()
        pane.yaxis.set_major_locator(MaxNLocator(4))
        pane.margins(x=0.01)
        for spine in pane.spines.values():
            spine.set_visible(False)
    axes[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    bottom = axes[-1].xaxis
    bottom.set_major_locator(AutoDateLocator(maxticks=6))  # type: ignore[no-untyped-call]
    form = "%d %b" if span_ms > 3 * DAY_MS else "%d %b %H:%M"
    bottom.set_major_formatter(DateFormatter(form))  # type: ignore[no-untyped-call]


def _png(figure: Figure) -> bytes:
    """The figure as a PNG of few colours."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image
    from PIL.Image import Dither

    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    image = Image.fromarray(pixels).convert("RGB")
    out = io.BytesIO()
    image.quantize(c.COLOURS, dither=Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
