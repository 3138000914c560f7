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
ROOM = 0.2
"""Share of a pane that is left for the name of its lowest line."""
DASHES = (0, (4, 4))
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
    upper.axhline(equity[0], color=c.MUTED, linewidth=1.2, linestyle=DASHES)
    drawdown = np.divide(equity, peak, out=np.ones_like(equity), where=peak > 0) - 1.0
    lower.fill_between(at, drawdown * 100, 0, color=c.DOWN, alpha=0.55, linewidth=0)
    change = equity[-1] / equity[0] - 1.0 if equity[0] else 0.0
    _head(upper, title, _percent(change, 2), ink)
    lower.set_title("Drawdown %", loc="left", color=c.MUTED, fontsize=TICK, pad=6)
    _dress(upper, lower, span_ms=points[-1][0] - points[0][0])
    return _png(figure)


def halt_curve(
    way: Sequence[tuple[int, float, float]], *, measured: float, limit: float, title: str, note: str
) -> bytes:
    """How the equity came to a halt, as a PNG: over the level that halts entries, and what was lost below it.

    ``way`` holds ``(epoch ms, equity, what the loss is measured from)``, oldest first; ``measured`` and ``limit`` are
    shares of the last. Raises ``ValueError`` for fewer than two points.
    """
    if len(way) < 2:
        raise ValueError(f"the way to a halt needs at least two points, not {len(way)}")
    at = np.array([ms for ms, _, _ in way], dtype="datetime64[ms]")
    equity, base = (np.array([row[place] for row in way], dtype=np.float64) for place in (1, 2))
    level = base * (1.0 - limit)
    lost = np.divide(equity, base, out=np.ones_like(equity), where=base > 0) - 1.0
    figure, upper, lower = _panes(thirds=2)
    upper.plot(at, equity, color=c.SLOW, linewidth=2.6)
    upper.plot(at, level, color=c.STOP, linewidth=2.2, linestyle=DASHES)
    lower.fill_between(at, np.minimum(lost, 0.0) * 100, 0, color=c.DOWN, alpha=0.55, linewidth=0)
    lower.axhline(-limit * 100, color=c.STOP, linewidth=2.2, linestyle=DASHES)
    lower.set_ylim(min(float(lost.min()), -limit * 1.3) * 105, 0)
    bottom, top = min(equity.min(), level.min()), max(equity.max(), level.max())
    upper.set_ylim(bottom - (top - bottom) * ROOM, top + (top - bottom) * 0.05)
    _head(upper, title, _percent(-measured, 1), c.DOWN)
    lower.set_title(note, loc="left", color=c.MUTED, fontsize=LABEL, pad=8)
    _tag(upper, at[-1], float(level[-1]), f"halt at {level[-1]:,.0f}")
    _tag(lower, at[-1], -limit * 100, f"halt at {_percent(-limit, 0)}")
    _dress(upper, lower, span_ms=way[-1][0] - way[0][0])
    return _png(figure)


def _head(pane: Axes, title: str, figure: str, ink: str) -> None:
    """What is shown, and the one figure that it comes to."""
    pane.set_title(title, loc="left", color=c.INK, fontsize=TITLE, fontweight="bold", pad=14)
    pane.set_title(figure, loc="right", color=ink, fontsize=TITLE, fontweight="bold", pad=14)


def _tag(pane: Axes, at: np.datetime64, value: float, text: str) -> None:
    """Names a line, under its right end: nothing else is drawn there, because entries halt where it is crossed."""
    pane.annotate(
        text,
        (at, value),
        xytext=(-12, -5),
        textcoords="offset points",
        ha="right",
        va="top",
        color=c.STOP,
        fontsize=LABEL,
        fontweight="bold",
    )


def _percent(share: float, digits: int) -> str:
    """A share with its sign, as it is written by hand."""
    return f"{share * 100:+.{digits}f}%".replace("-", "−")


def _panes(thirds: int = 1) -> tuple[Figure, Axes, Axes]:
    """A tall pane over a low one of so many thirds of its height, sharing the time axis."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=INCHES, dpi=DPI, facecolor=c.GROUND, layout=ConstrainedLayoutEngine(h_pad=PAD, w_pad=PAD))
    upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, thirds]})
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
    form = "%H:%M" if span_ms <= DAY_MS else "%d %b" if span_ms > 3 * DAY_MS else "%d %b %H:%M"
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
