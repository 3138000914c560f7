"""One bad day for every run of the tests; ``make proof-faults`` plays them all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bot.exchange.simulator.faults import SKEW, Faults, Skew
from bot.exchange.simulator.upsets import UPSETS, Upset
from core import events
from core.trading.positions import CloseReason
from tests.chaos.stage import open_stage
from tests.faults.figures import FIGURES
from tests.faults.run import played
from tests.faults.scenario import Scenario, scenarios
from tests.faults.trouble import DEEDS

SEED = 17


@pytest.mark.chaos
async def test_lost_answers_and_a_gap_leave_nothing_doubled_and_nothing_open(tmp_path: Path) -> None:
    chosen = [replace(one, seconds=6.0) for one in scenarios() if one.name in ("answers_lost", "gap_through_the_stop")]
    said: list[str] = []
    async with open_stage(tmp_path, SEED) as stage:
        outcomes = await played(stage, chosen, said.append)
    assert [one.findings for one in outcomes] == [[], []], said


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.name)
def test_every_scenario_asks_for_what_the_venue_can_do(scenario: Scenario) -> None:
    faults = Faults()
    for fault in scenario.faults:
        kind = fault["kind"]
        if kind in UPSETS:
            asked = {key: value for key, value in fault.items() if key not in ("past", "by")}
            assert msgspec.convert(asked, Upset).kind == kind
        elif kind == SKEW:
            assert msgspec.convert(fault, Skew).ms != 0
        else:
            faults.order(fault)
    assert scenario.faults or scenario.until
    assert {bound.figure for bound in scenario.bounds} <= set(FIGURES)
    assert set(scenario.deeds) <= set(DEEDS)
    assert set(scenario.closes) <= set(CloseReason)
    assert all(hasattr(events, kind) for kind in scenario.tells)
    assert scenario.what.endswith(".")
    assert 5 <= scenario.seconds <= 60
