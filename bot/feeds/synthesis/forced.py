"""Positions that a bar of the synthetic market closes by force: most in cascades, some in any sharp bar.

They happen where the price runs against them, at the prices shown there, and follow from seed and bar alone.
"""

from __future__ import annotations

import numpy as np

from bot.feeds.synthesis.cast import Cast
from bot.feeds.synthesis.chance import named_chance
from bot.feeds.synthesis.days import Day
from bot.feeds.synthesis.sessions import BAR_MS
from core.market.candles import Floats
from core.market.grid import exact
from core.trading.exchange.ports import Forced

NUMBERS_A_BAR = 10_000
"""Numbers kept free for the prints of one bar."""


def forced_in(cast: Cast, day: Day, bar: int, marks: Floats) -> list[Forced]:
    """All forced closings of a bar in order of time. ``marks`` are its ticks, ``[ticks, markets]``."""
    usd = forced_usd(cast, day, bar)
    found: list[Forced] = []
    for row in np.flatnonzero(np.abs(usd) >= cast.rules.forced_least_usd).tolist():
        found += _prints(cast, day.start_ms + bar * BAR_MS, row, float(usd[row]), marks[:, row])
    found.sort(key=lambda one: one.time_ms)
    first = (day.start_ms // BAR_MS + bar) * NUMBERS_A_BAR
    return [
        Forced(one.coin, one.is_long, one.size, one.price, one.time_ms, first + place)
        for place, one in enumerate(found)
    ]


def forced_usd(cast: Cast, day: Day, bar: int) -> Floats:
    """What a bar closes by force in USD, ``[markets]``: positive where longs are closed, negative for shorts."""
    rules = cast.rules
    body = np.log(day.close[:, bar] / day.open[:, bar])
    beyond = np.maximum(0.0, np.abs(body) / np.maximum(day.scale[:, bar], 1e-12) - rules.forced_from)
    usd = -np.sign(body) * rules.forced_rest * beyond * day.volume[:, bar] * day.close[:, bar]
    usual = cast.profiles.open_interest_usd / cast.profiles.price
    held = usual * day.crowd.interest[:, bar // 12] * day.close[:, bar]
    for _, row, heat in (one for one in day.strikes if one.bar == bar):
        swept = 1.0 - np.exp(-rules.cascade_unwind * abs(heat))
        usd[row] += np.sign(heat) * held[row] * rules.forced_share * swept
    return usd


def _prints(cast: Cast, bar_ms: int, row: int, usd: float, marks: Floats) -> list[Forced]:
    """One market's forced closings of a bar, numbered zero."""
    market, rules = cast.markets[row], cast.rules
    chance = named_chance(cast.seed, f"forced of {market.coin}", bar_ms // BAR_MS)
    count = min(rules.forced_prints, 1 + int(abs(usd) / rules.forced_print_usd))
    against = np.maximum(0.0, -np.sign(usd) * np.diff(marks, prepend=marks[:1]))
    odds = against / against.sum() if against.any() else np.full(marks.size, 1.0 / marks.size)
    ticks = chance.choice(marks.size, count, p=odds)
    sizes = np.round(abs(usd) * chance.dirichlet(np.ones(count)) / marks[ticks], market.size_decimals)
    return [
        Forced(market.coin, usd > 0, exact(size), exact(price), bar_ms + tick * rules.tick_ms, 0)
        for tick, size, price in zip(ticks.tolist(), sizes.tolist(), marks[ticks].tolist(), strict=True)
        if size > 0
    ]
