"""Candles as an operator (and a vision model) reads them: averages, volume, levels, one glance.

A pure function from bars to a PNG of 1280×960, the size that Telegram shows unscaled. Pillow is loaded with the first
picture. It judges nothing: the levels are given.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from bot.charts import palette as c
from bot.charts.scales import Scale, decimals, fitted, price_text, span_text, ticks, time_ticks
from core.market.candles import CandleSeries, Floats

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT, FINE = 1280, 960, 2
"""Picture in pixels; it is drawn ``FINE`` times as large and scaled down, so that slanted lines are smooth."""
LEFT, RIGHT = 20, 1034
TOP, BOTTOM = 136, 728
VOLUME_TOP, VOLUME_BOTTOM = 760, 884
TITLE, KEY, AXIS, NOTE = 54, 40, 32, 34
FAST_BARS, SLOW_BARS = 20, 50
DASH, GAP = 14, 10


class LevelKind(StrEnum):
    """What a horizontal line means."""

    ENTRY = "ENTRY"
    STOP = "STOP"
    TARGET = "TARGET"
    EXIT = "EXIT"
    LIQUIDATION = "LIQ"
    SUPPORT = "S"
    RESISTANCE = "R"


INKS = {
    LevelKind.ENTRY: c.ENTRY,
    LevelKind.STOP: c.STOP,
    LevelKind.TARGET: c.TARGET,
    LevelKind.EXIT: c.FAST,
    LevelKind.LIQUIDATION: c.LIQUIDATION,
    LevelKind.SUPPORT: c.LEVEL,
    LevelKind.RESISTANCE: c.LEVEL,
}


@dataclass(frozen=True, slots=True)
class Level:
    """One horizontal line at a price."""

    kind: LevelKind
    price: float


def render(series: CandleSeries, *, levels: Sequence[Level] = (), title: str = "", bars: int = 120) -> bytes:
    """The last ``bars`` candles as a PNG; earlier ones only warm the averages up.

    Raises ``ValueError`` for a series without a bar.
    """
    if not len(series):
        raise ValueError(f"there is no bar of {series.symbol} to draw; at least one is needed")
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), c.GROUND)
    canvas = Canvas(ImageDraw.Draw(image), series[-bars:])
    fast, slow = ema(series.close, FAST_BARS)[-bars:], ema(series.close, SLOW_BARS)[-bars:]
    shown = levels_in_reach(levels, canvas.series)
    scale = canvas.price_scale(fast, slow, shown)
    tags = tag_places(scale, shown)
    draw_frame(canvas, scale, tags)
    draw_volume(canvas)
    draw_candles(canvas, scale)
    draw_average(canvas, scale, slow, c.SLOW)
    draw_average(canvas, scale, fast, c.FAST)
    draw_levels(canvas, scale, shown, tags)
    draw_head(canvas, title or f"{series.symbol} · {series.timeframe.value}")
    return packed(image)


def packed(image: Image) -> bytes:
    """Scaled to size, few colours, small."""
    from PIL.Image import Dither

    small = image.reduce(FINE).quantize(c.COLOURS, dither=Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def ema(values: Floats, bars: int) -> Floats:
    """Exponential moving average, seeded with the first value: for the eye, not for decisions."""
    weight, last = 2.0 / (bars + 1), float(values[0])
    out = np.empty_like(values)
    for index, value in enumerate(values.tolist()):
        last += weight * (value - last)
        out[index] = last
    return out


def levels_in_reach(levels: Sequence[Level], series: CandleSeries) -> list[Level]:
    """Levels that do not squeeze the candles flat (within one and a half spans of the range), highest first."""
    low, high = float(series.low.min()), float(series.high.max())
    reach = 1.5 * ((high - low) or abs(high) or 1.0)
    near = [level for level in levels if low - reach <= level.price <= high + reach]
    return sorted(near, key=lambda level: -level.price)


class Canvas:
    """Drawing in the picture's own pixels; the enlargement stays in here."""

    def __init__(self, draw: ImageDraw, series: CandleSeries) -> None:
        self.draw, self.series = draw, series
        self.step = (RIGHT - LEFT) / max(len(series), 20)

    def x(self, index: float) -> float:
        """Middle of a candle; the newest stands at the right edge."""
        return RIGHT - (len(self.series) - index - 0.5) * self.step

    def price_scale(self, fast: Floats, slow: Floats, levels: Sequence[Level]) -> Scale:
        """Everything that is drawn in the price pane fits."""
        tops = [float(a.max()) for a in (self.series.high, fast, slow)]
        lows = [float(a.min()) for a in (self.series.low, fast, slow)]
        return fitted([*tops, *lows, *(level.price for level in levels)], BOTTOM, TOP)

    def line(self, points: Sequence[tuple[float, float]], ink: str, width: float = 3) -> None:
        """A line through points."""
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self.draw.line(scaled, fill=ink, width=round(width * FINE), joint="curve")

    def dashes(self, y: float, ink: str, left: float = LEFT, right: float = RIGHT) -> None:
        """A dashed horizontal."""
        at = left
        while at < right:
            self.line([(at, y), (min(at + DASH, right), y)], ink)
            at += DASH + GAP

    def box(self, left: float, top: float, right: float, bottom: float, ink: str, radius: float = 0) -> None:
        """A filled rectangle."""
        corners = (left * FINE, top * FINE, max(right, left + 1) * FINE - 1, max(bottom, top + 1) * FINE - 1)
        if radius:
            self.draw.rounded_rectangle(corners, radius * FINE, fill=ink)
        else:
            self.draw.rectangle(corners, fill=ink)

    def text(
        self, x: float, y: float, words: str, size: int, ink: str, *, anchor: str = "lm", bold: bool = False
    ) -> None:
        """Words at a point; ``anchor`` as Pillow has it."""
        self.draw.text((x * FINE, y * FINE), words, fill=ink, font=c.font(size * FINE, bold=bold), anchor=anchor)

    def width(self, words: str, size: int, *, bold: bool = False) -> float:
        """How wide words are."""
        return self.draw.textlength(words, font=c.font(size * FINE, bold=bold)) / FINE


def draw_frame(canvas: Canvas, scale: Scale, tags: Sequence[float]) -> None:
    """Grid, price axis, time axis; a price that a tag would cover is left out."""
    marks = ticks(scale.low, scale.high, 6)
    places = decimals(marks[1] - marks[0]) if len(marks) > 1 else 2
    for value in marks:
        y = scale.pixel(value)
        canvas.line([(LEFT, y), (RIGHT, y)], c.GRID, 2)
        if all(abs(y - tag) > KEY for tag in tags):
            canvas.text(RIGHT + 14, y, f"{value:,.{places}f}", AXIS, c.MUTED)
    series = canvas.series
    first, step = int(series.time[0]), series.timeframe.ms
    for at, label in time_ticks(first, int(series.time[-1]), 5):
        x = canvas.x(float(np.searchsorted(series.time, at)))
        canvas.line([(x, TOP), (x, VOLUME_BOTTOM)], c.GRID, 2)
        if LEFT + 50 < x < RIGHT - 30:
            canvas.text(x, VOLUME_BOTTOM + 36, label, AXIS, c.MUTED, anchor="mm")
    canvas.text(WIDTH - 16, VOLUME_BOTTOM + 36, f"UTC · {step // 60_000} min", AXIS - 4, c.MUTED, anchor="rm")


def draw_volume(canvas: Canvas) -> None:
    """Volume bars, dimmed, in the colour of their candle."""
    series = canvas.series
    most = float(series.volume.max())
    if most <= 0:
        return
    half = max(canvas.step * 0.36, 1.0)
    for index in range(len(series)):
        height = float(series.volume[index]) / most * (VOLUME_BOTTOM - VOLUME_TOP)
        ink = c.UP_DIM if series.close[index] >= series.open[index] else c.DOWN_DIM
        x = canvas.x(index)
        canvas.box(x - half, VOLUME_BOTTOM - height, x + half, VOLUME_BOTTOM, ink)


def draw_candles(canvas: Canvas, scale: Scale) -> None:
    """Wicks and bodies."""
    series = canvas.series
    half = max(canvas.step * 0.36, 1.0)
    for index in range(len(series)):
        x, up = canvas.x(index), series.close[index] >= series.open[index]
        ink = c.UP if up else c.DOWN
        high, low = scale.pixel(float(series.high[index])), scale.pixel(float(series.low[index]))
        opened, closed = scale.pixel(float(series.open[index])), scale.pixel(float(series.close[index]))
        canvas.line([(x, high), (x, low)], ink, 1.5)
        canvas.box(x - half, min(opened, closed), x + half, max(opened, closed), ink)


def draw_average(canvas: Canvas, scale: Scale, values: Floats, ink: str) -> None:
    """One moving average."""
    canvas.line([(canvas.x(i), scale.pixel(float(v))) for i, v in enumerate(values)], ink, 3)


def tag_places(scale: Scale, levels: Sequence[Level]) -> list[float]:
    """Where the price tags of levels (highest first) stand on the axis without covering each other."""
    return apart([scale.pixel(level.price) for level in levels], KEY + 14, TOP + 20, BOTTOM - 4)


def draw_levels(canvas: Canvas, scale: Scale, levels: Sequence[Level], tags: Sequence[float]) -> None:
    """Lines first, then their names at the left (side by side where lines are close) and tags on the axis."""
    for level in levels:
        canvas.dashes(scale.pixel(level.price), INKS[level.kind])
    x, above = float(LEFT), -float(HEIGHT)
    for level, tag in zip(levels, tags, strict=True):
        ink, y, name = INKS[level.kind], scale.pixel(level.price), level.kind.value
        width = canvas.width(name, NOTE, bold=True) + 24
        x = x if y - above < NOTE * 1.3 else LEFT
        canvas.box(x, y - NOTE * 0.66, x + width, y + NOTE * 0.66, c.GROUND, radius=8)
        canvas.text(x + 12, y, name, NOTE, ink, bold=True)
        x, above = x + width + GAP, y
        canvas.line([(RIGHT, y), (RIGHT + 8, tag)], ink)
        canvas.box(RIGHT + 8, tag - KEY * 0.62, WIDTH - 8, tag + KEY * 0.62, ink, radius=8)
        canvas.text((RIGHT + WIDTH) / 2, tag, tag_text(canvas, level.price), KEY, c.ON_COLOUR, anchor="mm", bold=True)


def tag_text(canvas: Canvas, price: float) -> str:
    """The price with as many significant digits as the tag has room for."""
    room = WIDTH - RIGHT - 28
    return next(
        (t for d in (6, 5) if canvas.width(t := price_text(price, d), KEY, bold=True) <= room), price_text(price, 4)
    )


def apart(wanted: Sequence[float], least: float, top: float, bottom: float) -> list[float]:
    """Positions as near to ``wanted`` (ascending) as can be, ``least`` apart, within the pane.

    >>> apart([100.0, 110.0], 50.0, 0.0, 500.0)
    [100.0, 150.0]
    """
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, top, placed[-1] + least if placed else top))
    limit = bottom
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - least
    return placed


def draw_head(canvas: Canvas, title: str) -> None:
    """Title, last price, change over the window, and what the lines are."""
    series = canvas.series
    last, first = float(series.close[-1]), float(series.open[0])
    change = last / first - 1.0 if first else 0.0
    canvas.text(LEFT + 4, 46, title, TITLE, c.INK, bold=True)
    canvas.text(WIDTH - 20, 46, price_text(last), TITLE, c.INK, anchor="rm", bold=True)
    sign = "+" if change >= 0 else "−"
    words = f"{sign}{abs(change) * 100:.2f}% · {span_text(len(series) * series.timeframe.ms)}"
    canvas.text(WIDTH - 20, 102, words, KEY, c.UP if change >= 0 else c.DOWN, anchor="rm", bold=True)
    x = LEFT + 4.0
    for name, ink in ((f"EMA {FAST_BARS}", c.FAST), (f"EMA {SLOW_BARS}", c.SLOW)):
        canvas.line([(x, 102), (x + 40, 102)], ink, 5)
        canvas.text(x + 52, 102, name, AXIS, c.MUTED)
        x += 52 + canvas.width(name, AXIS) + 36
