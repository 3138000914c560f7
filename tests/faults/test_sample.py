"""One bad day for every run of the tests; ``make proof-faults`` plays them all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.exchange.simulator.faults import Faults
from tests.chaos.stage import open_stage
from tests.faults.run import played
from tests.faults.scenario import Scenario, scenarios

SEED = 17


@pytest.mark.chaos
async def test_a_day_on_which_answers_are_lost_leaves_nothing_doubled_and_nothing_open(tmp_path: Path) -> None:
    chosen = [replace(one, seconds=8.0) for one in scenarios() if one.name == "answers_lost"]
    said: list[str] = []
    async with open_stage(tmp_path, SEED) as stage:
        (outcome,) = await played(stage, chosen, said.append)
    assert outcome.findings == [], said


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.name)
def test_every_scenario_asks_for_what_the_venue_can_do(scenario: Scenario) -> None:
    faults = Faults()
    for fault in scenario.faults:
        faults.order(fault)
    assert len(faults.told()) == len(scenario.faults) > 0
    assert scenario.what.endswith(".")
    assert 5 <= scenario.seconds <= 60
