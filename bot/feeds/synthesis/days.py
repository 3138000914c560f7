"""One UTC day of the synthetic world as five-minute bars, made from the world at its start.

Factors and markets move by shocks whose variance clusters (GARCH(1,1) with Student-t innovations), drift with the
regime, sleep with their sessions, and are swept along by cascades. Given the world, the seed and the profiles, a day is
always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.feeds.synthesis.cascades import Cascades, Strike, cascades_of
from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.course import Course, run_course
from bot.feeds.synthesis.crowd import Crowd, crowd_of, crowded
from bot.feeds.synthesis.draws import Draws, draw
from bot.feeds.synthesis.profiles import FACTORS, Profiles
from bot.feeds.synthesis.sessions import BAR_MS, BARS_A_DAY, awake, reopens
from bot.feeds.synthesis.world import World
from core.market.candles import Bools, Floats
from core.market.grid import on_grid
from core.market.symbols import AssetClass

DAY_MS = BARS_A_DAY * BAR_MS
F = len(FACTORS)
FACTOR_CLASSES = (
    AssetClass.FOREX,
    AssetClass.CRYPTO,
    AssetClass.EQUITY,
    AssetClass.INDEX,
    AssetClass.COMMODITY,
    AssetClass.COMMODITY,
    AssetClass.FOREX,
)
"""Whose sessions each factor keeps."""
OPEN_JITTER = 0.1
"""A bar opens this share of a standard deviation off the last close."""
VOLUME_SPREAD = 0.4
"""Log standard deviation of volume at the same movement."""


@dataclass(frozen=True, slots=True)
class Day:
    """The bars of a day, ``[markets, 288]`` on the tick grid, base volume; ``gapped`` marks opens after a weekend.

    ``scale`` is the standard deviation of each bar's log return; ``crowd`` holds hourly figures, ``strikes`` where
    cascades close positions by force.
    """

    start_ms: int
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    scale: Floats
    gapped: Bools
    crowd: Crowd
    strikes: Sequence[Strike]


def live_day(world: World, cast: Cast) -> tuple[Day, World]:
    """The day that begins with ``world``, and the world at its end."""
    start_ms = world.day * DAY_MS
    draws = draw(cast, world.day)
    movement, trading = _sessions(cast, start_ms)
    gaps = _gaps(cast, start_ms, draws)
    swept = cascades_of(
        cast.seed,
        world.day,
        [one.coin for one in cast.markets],
        cast.profiles.volatility,
        crowded(world.tilt),
        cast.exposed,
        cast.rules,
    )
    course = run_course(world, cast, draws, movement, swept)
    fading = np.exp(-np.arange(1, BARS_A_DAY + 1)[:, None] / (cast.rules.shift_days * BARS_A_DAY))
    shift = world.shift * fading + np.cumsum(swept.returns + gaps, axis=0)
    log_price = np.log(cast.profiles.price) + _moved(course.level, cast.profiles) + shift
    day = _bars(world, cast, draws, log_price, _scale(course, movement, swept, cast), gaps, trading, swept)
    end = World(
        world.day + 1,
        course.stretch,
        course.level[-1].copy(),  # a view would keep the whole day alive
        course.anchor,
        course.last_variance,
        shift[-1].copy(),
        log_price[-1].copy(),
        day.crowd.tilt_after,
        day.crowd.interest_after,
    )
    return day, end


def _sessions(cast: Cast, start_ms: int) -> tuple[Floats, Floats]:
    """Movement ``[bars, factors + markets]`` and trading ``[bars, markets]`` by the sessions of each."""
    classes = [*FACTOR_CLASSES, *(one.asset_class for one in cast.markets)]
    by_class = [awake(one, start_ms) for one in classes]
    return np.stack([moves for moves, _ in by_class], axis=1), np.stack([trades for _, trades in by_class[F:]], axis=1)


def _gaps(cast: Cast, start_ms: int, draws: Draws) -> Floats:
    """Log jumps at the opens after a weekend, ``[bars, markets]``."""
    gaps = np.zeros((BARS_A_DAY, len(cast.markets)))
    for row, market in enumerate(cast.markets):
        bar = reopens(market.asset_class, start_ms)
        if bar is not None:
            gaps[bar, row] = cast.rules.weekend_gap * cast.profiles.volatility[row] * draws.jitter[bar, row]
    return gaps


def _moved(level: Floats, profiles: Profiles) -> Floats:
    """Log price over its home by the levels of factors and markets, ``[bars, markets]``."""
    return profiles.volatility * (level[:, :F] @ profiles.loads.T + profiles.own * level[:, F:])


def _scale(course: Course, movement: Floats, swept: Cascades, cast: Cast) -> Floats:
    """Standard deviation of each bar's log return, ``[bars, markets]``; a cascade's bars swing with it."""
    power = course.variance * (course.spread * movement) ** 2 / BARS_A_DAY
    own = cast.profiles.own**2 * power[:, F:]
    together = power[:, :F] @ (cast.profiles.loads**2).T
    return cast.profiles.volatility * np.sqrt(own + together) + 0.5 * np.abs(swept.returns)


def _bars(
    world: World,
    cast: Cast,
    draws: Draws,
    log_price: Floats,
    scale: Floats,
    gaps: Floats,
    trading: Floats,
    swept: Cascades,
) -> Day:
    """Open, extremes, close and volume from the log prices at the bars' ends.

    The extremes are those of a Brownian bridge from open to close (inverse of their distribution, each on its own).
    """
    before = np.concatenate((world.log_price[None, :], log_price[:-1]))
    opened = before + np.where(gaps != 0.0, gaps, OPEN_JITTER * scale * draws.jitter)
    body = log_price - opened
    above = (body + np.sqrt(body**2 - 2 * scale**2 * np.log(draws.up))) / 2
    below = (body - np.sqrt(body**2 - 2 * scale**2 * np.log(draws.down))) / 2
    price = np.exp(opened)
    usual = cast.profiles.volatility / np.sqrt(BARS_A_DAY)
    bustle = 0.35 + 0.45 * (above - below) / usual
    spread = np.exp(VOLUME_SPREAD * draws.mood - VOLUME_SPREAD**2 / 2)
    volume = cast.profiles.day_volume_usd / BARS_A_DAY * trading * bustle * spread / price
    lots = 10.0 ** np.array([one.size_decimals for one in cast.markets])
    crowd = crowd_of(world, cast.profiles, log_price, swept.heat, draws.mood, cast.rules)
    decimals = cast.price_decimals[:, None]
    return Day(
        world.day * DAY_MS,
        on_grid(price.T, decimals),
        on_grid((price * np.exp(above)).T, decimals),
        on_grid((price * np.exp(below)).T, decimals),
        on_grid(np.exp(log_price).T, decimals),
        (np.rint(volume * lots) / lots).T,
        scale.T,
        (gaps != 0.0).T,
        crowd,
        swept.strikes,
    )
