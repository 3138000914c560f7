"""What the crowd does: it runs after recent moves, and funding, premium and open interest show it, hour by hour.

Every figure of an hour is made of what happened before that hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.market.candles import Floats
from core.settings import Synthetic

if TYPE_CHECKING:
    from bot.feeds.synthesis.profiles import Profiles
    from bot.feeds.synthesis.world import World

HOURS = 24
INTEREST_8H = 0.0001
"""Hyperliquid's interest rate per 8 hours."""
CLAMP_8H = 0.0005
"""How far funding may depart from the premium toward the interest rate."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Hourly figures of a day, ``[markets, 24]``: funding per hour, premium of mark over oracle, open interest as a
    share of its usual size. ``tilt_after`` and ``interest_after`` are the state at the day's end, ``[markets]``.
    """

    funding: Floats
    premium: Floats
    interest: Floats
    tilt_after: Floats
    interest_after: Floats


def crowded(tilt: Floats) -> Floats:
    """How one-sided the crowd is, −1 (all short) … 1 (all long), from the recent move in standard deviations."""
    return np.tanh(0.7 * tilt)


def crowd_of(
    world: World, profiles: Profiles, log_price: Floats, heat: Floats, mood: Floats, rules: Synthetic
) -> Crowd:
    """The crowd of one day. ``log_price``, ``heat`` and ``mood`` are ``[288, markets]``."""
    moved = np.diff(np.concatenate((world.log_price[None, :], log_price[11::12])), axis=0)
    moved /= profiles.volatility / np.sqrt(HOURS)
    swept = heat.reshape(HOURS, 12, -1).sum(axis=1)
    noise = mood[::12]
    memory = np.exp(-1.0 / rules.crowd_hours)
    tilt, interest = world.tilt, world.interest
    tilts, interests = np.empty_like(moved), np.empty_like(moved)
    for hour in range(HOURS):
        tilts[hour], interests[hour] = tilt, interest
        tilt = memory * tilt + np.sqrt(1 - memory**2) * np.clip(moved[hour], -6, 6)
        goal = rules.interest_swing * (np.abs(crowded(tilt)) - 0.4)
        interest = interest + 0.05 * (goal - interest) + 0.004 * noise[hour] - rules.cascade_unwind * swept[hour]
    crowd = crowded(tilts)
    premium = rules.premium_most * crowd * np.abs(crowd) + 0.02 * rules.premium_most * noise
    per_8h = premium + np.clip(INTEREST_8H - premium, -CLAMP_8H, CLAMP_8H)
    return Crowd((per_8h / 8).T, premium.T, np.exp(interests).T, tilt, interest)
