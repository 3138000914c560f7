"""Pictures: right size, small, the levels where they belong, and never a frozen event loop."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.charts import palette
from bot.charts.candlesticks import Canvas, Level, LevelKind, apart, render
from bot.charts.plots import equity_curve
from bot.painter import draw_halt, paint, peak_of
from core.events import EntriesHalted, LiquidationNear
from core.market.candles import CandleSeries, Timeframe
from core.risk.governor import PATH_MS, first_standing, govern
from core.settings import Governor
from tests.handlers.office import walk
from tests.storage.samples import position

LEVELS = (Level(LevelKind.ENTRY, 59_000.0), Level(LevelKind.STOP, 57_000.0), Level(LevelKind.TARGET, 62_000.0))


def picture(**more: Any) -> Image.Image:
    series = more.pop("series", walk("BTC", Timeframe.H1))
    return Image.open(io.BytesIO(render(series, **more)))


def rows_of(image: Image.Image, colour: str, x: int = 1264) -> list[int]:
    """Rows of a column in which a colour (nearly) stands."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    column = np.asarray(image.convert("RGB"))[:, x].astype(int)
    return [int(y) for y in np.flatnonzero(np.abs(column - wanted).max(axis=1) < 12)]


def test_a_picture_is_1280_by_960_and_small() -> None:
    data = render(walk("BTC", Timeframe.H1), levels=LEVELS, title="BTC · 1h · LONG")
    assert Image.open(io.BytesIO(data)).size == (1280, 960)
    assert len(data) < 100_000


def test_the_same_bars_give_the_same_picture() -> None:
    series = walk("ETH", Timeframe.M15)
    assert render(series, title="x") == render(series, title="x")


def test_levels_stand_in_the_order_of_their_prices() -> None:
    image = picture(levels=LEVELS)
    target, entry, stop = (min(rows_of(image, ink)) for ink in (palette.TARGET, palette.ENTRY, palette.STOP))
    assert target < entry < stop


def test_levels_that_nearly_coincide_keep_readable_tags() -> None:
    close = (Level(LevelKind.ENTRY, 60_000.0), Level(LevelKind.STOP, 60_001.0), Level(LevelKind.TARGET, 59_999.0))
    image = picture(levels=close)
    for ink in (palette.TARGET, palette.ENTRY, palette.STOP):
        assert len(rows_of(image, ink, x=1262)) >= 40


async def test_the_chart_of_a_near_liquidation_shows_where_it_lies() -> None:
    series = walk("BTC", Timeframe.H1)
    last = Decimal(str(round(float(series.close[-1]))))
    held = position(entry=last, stop=last - 40, target=last + 60)
    shown = await paint(series, LiquidationNear(held, 2, last, last - 90, 0.04, 0.15, Decimal(1), True))
    plain = await paint(series, held)
    assert rows_of(Image.open(io.BytesIO(shown)), palette.LIQUIDATION, x=1262) != []
    assert rows_of(Image.open(io.BytesIO(plain)), palette.LIQUIDATION, x=1262) == []


def test_a_level_far_away_does_not_squeeze_the_candles() -> None:
    assert rows_of(picture(levels=(Level(LevelKind.TARGET, 500_000.0),)), palette.TARGET, x=1262) == []


def test_text_is_large_enough_for_a_phone() -> None:
    from bot.charts import candlesticks

    assert candlesticks.AXIS >= 32
    assert candlesticks.KEY >= 40
    assert candlesticks.TITLE >= 52


@pytest.mark.parametrize("bars", [1, 2, 5, 119, 400])
def test_any_number_of_bars_can_be_drawn(bars: int) -> None:
    assert picture(series=walk("BTC", Timeframe.H4, bars=bars)).size == (1280, 960)


@pytest.mark.parametrize("last", [0.0000123456, 0.98, 1_234_567.0])
def test_any_price_can_be_labelled(last: float) -> None:
    assert picture(series=walk("X", Timeframe.H1, last=last), levels=(Level(LevelKind.ENTRY, last),)).size == (
        1280,
        960,
    )


def test_a_flat_market_without_volume_can_be_drawn() -> None:
    ones = np.full(150, 5.0)
    time = np.arange(150, dtype=np.int64) * 900_000
    assert picture(series=CandleSeries("FLAT", Timeframe.M15, time, ones, ones, ones, ones, np.zeros(150)))


def test_no_bar_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no bar of BTC"):
        render(walk("BTC", Timeframe.H1)[:0])


def test_tags_are_moved_apart_and_stay_inside() -> None:
    placed = apart([10.0, 12.0, 490.0, 495.0], 50.0, 20.0, 500.0)
    assert placed == [20.0, 70.0, 450.0, 500.0]


def test_the_newest_candle_stands_at_the_right() -> None:
    series = walk("BTC", Timeframe.H1, bars=120)
    canvas = Canvas(None, series)  # type: ignore[arg-type]
    assert canvas.x(119) > canvas.x(0)


async def test_drawing_does_not_hold_up_the_event_loop() -> None:
    series = walk("BTC", Timeframe.H1)
    await paint(series, None)
    loop, gaps, last = asyncio.get_running_loop(), [], 0.0
    drawing = asyncio.create_task(paint(series, None))
    last = loop.time()
    while not drawing.done():
        await asyncio.wait([drawing], timeout=0.001)
        gaps.append(loop.time() - last)
        last = loop.time()
    assert len(gaps) > 5


@pytest.mark.parametrize("kind", ["day", "drawdown"])
def test_a_halt_shows_the_equity_over_the_level_that_halts(kind: str) -> None:
    way = [first_standing(10_000.0, 0)]
    for quarter in range(1, 60):
        equity = 10_000.0 + quarter * 10 if quarter < 20 else 11_500.0 - quarter * 70
        way.append(govern(way[-1], equity, 0.0, quarter * PATH_MS, Governor()))
    data = draw_halt(EntriesHalted(kind, 0.21, 0.2), way)
    image = Image.open(io.BytesIO(data))
    assert image.size == (1280, 960)
    assert len(data) < 60_000
    drawn = [y for x in range(200, 240) for y in rows_of(image, palette.STOP, x)]
    assert min(drawn) < 560 < max(drawn), "a line in either pane"
    assert peak_of(way) == 19


def test_the_way_to_a_halt_needs_two_points() -> None:
    with pytest.raises(ValueError, match="at least two"):
        draw_halt(EntriesHalted("day", 0.1, 0.1), [first_standing(1.0, 0)])


def test_an_equity_curve_is_drawn_in_size_and_small() -> None:
    points = [(1_767_708_000_000 + i * 3_600_000, 10_000 + 50 * np.sin(i / 9)) for i in range(500)]
    data = equity_curve(points, "Equity")
    assert Image.open(io.BytesIO(data)).size == (1280, 960)
    assert len(data) < 100_000


def test_one_point_is_no_curve() -> None:
    with pytest.raises(ValueError, match="at least two points, not 1"):
        equity_curve([(0, 1.0)])


def test_pillow_and_matplotlib_wait_for_the_first_picture() -> None:
    code = "import sys, bot.painter, bot.charts.candlesticks, bot.charts.plots; print('PIL' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
