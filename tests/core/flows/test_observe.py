"""Asking how crowded the markets are: once per mark, stored, remembered over a restart, told at the edge, failing open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.errors import VenueUnavailable
from core.events import CrowdingExtreme
from core.flows.observe import observe
from core.flows.readings import crowds
from core.flows.reconcile import recover
from core.market.symbols import Side
from core.trading.ports import Quote
from tests.core.flows.stage import START, Stage

MARK = 300_000
HOUR = 3_600_000


class Told:
    """A venue whose funding and open interest the test says."""

    def __init__(self, real: Any) -> None:
        self._real, self.asked, self.down = real, 0, False
        self.rates = {"BTC": 0.1095, "ETH": 0.1095}
        self.interest = {"BTC": 1000.0, "ETH": 500.0}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def quotes(self) -> Mapping[str, Quote]:
        self.asked += 1
        if self.down:
            raise VenueUnavailable("no answer")
        quotes = await self._real.quotes()
        return {
            coin: replace(
                quotes[coin],
                funding=Decimal(str(self.rates[coin] / 8760)),
                open_interest=Decimal(str(self.interest[coin])),
            )
            for coin in self.rates
        }


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    stage = Stage()
    stage.venue = Told(stage.venue)  # type: ignore[assignment]
    stage.desk = stage.new_desk()
    await stage.begin()
    return stage


def told(stage: Stage) -> list[CrowdingExtreme]:
    return [event for _, event in stage.ledger.events if isinstance(event, CrowdingExtreme)]


async def test_the_venue_is_asked_once_per_mark(stage: Stage) -> None:
    mark = -(-START // MARK) * MARK
    for at in (mark, mark + 1, mark + MARK - 1):
        assert set((await observe(stage.desk, at)).readings) == {"BTC", "ETH"}
    assert stage.venue.asked == 1
    await observe(stage.desk, mark + MARK)
    assert stage.venue.asked == 2


async def test_open_interest_counts_from_the_first_day_on_and_over_a_restart(stage: Stage) -> None:
    stage.venue.rates["BTC"] = 0.6095
    for hour in range(24):
        assert (await observe(stage.desk, START + hour * HOUR)).readings["BTC"].interest_change is None
    stage.venue.interest["BTC"] = 1250.0
    stage.clock.move_to(START + 24 * HOUR)
    stage.running.advance_to(START + 24 * HOUR)
    reborn = stage.new_desk()
    await recover(reborn)
    reading = (await observe(reborn, START + 24 * HOUR)).readings["BTC"]
    assert reading.interest_change == pytest.approx(0.25)
    assert reading.score == pytest.approx(1.0)


async def test_an_extreme_is_told_once_and_again_only_after_it_has_calmed_down(stage: Stage) -> None:
    venue, at = stage.venue, START
    for hour in range(25):
        await observe(stage.desk, at + hour * HOUR)
    at += 24 * HOUR
    path = [(0.7, 1300.0), (0.7, 1300.0), (0.55, 1000.0), (0.7, 1300.0), (0.1, 1000.0), (0.7, 1300.0)]
    for step, (funding, interest) in enumerate(path, start=1):
        venue.rates["BTC"], venue.interest["BTC"] = funding, interest
        await observe(stage.desk, at + step * MARK)
    first, second = told(stage)
    assert (first.symbol, first.side, second.symbol) == ("BTC", Side.LONG, "BTC")
    assert first.score > 0.8
    at += len(path) * MARK
    stage.clock.move_to(at)
    stage.running.advance_to(at)
    reborn = stage.new_desk()
    await recover(reborn)
    await observe(reborn, at + MARK)
    assert len(told(stage)) == 2, "what was told before the restart is not news"


async def test_without_an_answer_nobody_is_crowded_and_the_absence_is_named(stage: Stage) -> None:
    stage.venue.down = True
    seen = await observe(stage.desk, START)
    assert dict(seen.readings) == {}
    assert [(one.stage, one.what) for one in seen.missed] == [("crowding", "contexts")]
    stage.venue.down = False
    assert (await observe(stage.desk, START + 1)).readings, "asked again at once"


async def test_a_market_without_open_interest_is_read_by_its_funding(stage: Stage) -> None:
    stage.venue.interest["ETH"] = 0.0
    for hour in range(26):
        seen = await observe(stage.desk, START + hour * HOUR)
    assert seen.readings["ETH"].interest_change is None


async def test_the_most_crowded_come_first(stage: Stage) -> None:
    stage.venue.rates["ETH"] = -0.9
    assert [symbol for symbol, _ in await crowds(stage.desk)] == ["ETH", "BTC"]
