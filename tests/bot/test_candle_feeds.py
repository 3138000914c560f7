"""Which candles and streams a run has: Binance on a real venue or where .env points, the venue alone otherwise."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

import pytest

from bot.candle_feeds import CandleFeeds, candle_feeds, remembered_marks
from bot.clock import MarketClock
from bot.environment import Environment
from bot.feeds.universe import load_universe
from core.settings import Settings
from core.trading.ports import Quote
from tests.bot.feeds.venue import FakeVenue

NOW = 1_750_032_000_000


def feeds(venue_url: str | None, **environment: str) -> CandleFeeds:
    clock = MarketClock()
    clock.sync(NOW, None)
    given = Environment.model_validate(environment)
    asked = (FakeVenue(NOW).fetch, quotes(Decimal(100)))
    return candle_feeds(load_universe(), given, asked, venue_url, Settings(), clock, random.random)


class quotes:  # noqa: N801 - a function with a memory
    """The venue's answer, counted."""

    def __init__(self, mark: Decimal) -> None:
        self.mark, self.count = mark, 0

    async def __call__(self) -> Mapping[str, Quote]:
        self.count += 1
        zero = Decimal(0)
        return {"BTC": Quote("BTC", self.mark, self.mark, None, zero, zero, zero)}


@pytest.mark.parametrize(
    ("venue_url", "environment", "streams"),
    [
        (None, {}, []),
        (None, {"binance_stream_base": "ws://127.0.0.1:1"}, []),
        (None, {"binance_api_base": "http://127.0.0.1:1"}, ["binance"]),
        ("https://api.hyperliquid.xyz", {}, ["binance", "venue"]),
    ],
)
async def test_streams(venue_url: str | None, environment: dict[str, str], streams: list[str]) -> None:
    made = feeds(venue_url, **environment)
    assert [one.name for one in made.streams] == streams
    await made.close()


async def test_marks_are_asked_for_once_a_minute() -> None:
    clock, asked = MarketClock(), quotes(Decimal("101.5"))
    clock.sync(NOW, None)
    marks = remembered_marks(asked, clock)
    assert [await marks(), await marks()] == [{"BTC": 101.5}] * 2
    assert asked.count == 1
    clock.move_to(NOW + 60_000)
    asked.mark = Decimal(99)
    assert await marks() == {"BTC": 99.0}
