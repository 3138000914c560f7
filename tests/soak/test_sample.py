"""A market hour of the soak proof for every run of the tests; ``make proof-soak`` is the whole of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.limits import Accepted
from tests.soak.soak import Soak
from tests.soak.world import open_world

SEED = 23
HOURS = 1.1


@pytest.mark.chaos
async def test_an_hour_in_lockstep_with_places_taken_breaks_no_invariant(tmp_path: Path) -> None:
    said: list[str] = []
    accepted = Accepted(warm_up_h=0)
    async with open_world(tmp_path, SEED, None, accepted) as world:
        soak = Soak(world, accepted, said.append)
        await soak.run(HOURS)
        found, figures = soak.found(), soak.table()
    assert found == [], said
    assert figures["invariants checked, times"] > 1_000
    assert figures["entries"] >= 8
    assert figures["largest measures"]["positions"] >= 7
    assert figures["messages of events"] == figures["events"] > 8
    assert figures["said twice"] == 0
    assert soak.ending.endswith("equal")
    assert said, "the bot told of the hour"
