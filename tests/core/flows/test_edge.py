"""What the track record says of the edge: told once when it is gone, once when it is back."""

from __future__ import annotations

import pytest

from core.events import EdgeTurned
from core.flows.close import close_position
from core.settings import Settings
from core.trading.positions import CloseReason
from tests.core.flows.stage import Stage

SOON = {
    "sizing": {"kelly_least": 5, "kelly_trades": 10},
    "limits": {"cooldown_ms": 0},
    "protection": {"losses_in_row": 50},
}


@pytest.fixture
async def stage() -> Stage:
    one = Stage(Settings.overridden(SOON))
    await one.begin()
    return one


async def trade(stage: Stage, ends_at: str) -> None:
    """Buy at 60,000, sell there, and the price comes back."""
    assert (await stage.open("BTC")).rule == "filled"
    await stage.move("BTC", ends_at)
    await close_position(stage.desk, "BTC", CloseReason.OPERATOR)
    await stage.move("BTC", "60000")


def told(stage: Stage) -> list[bool]:
    return [event.probing for _, event in stage.ledger.events if isinstance(event, EdgeTurned)]


async def test_losses_make_entries_probes_and_wins_end_that_each_told_once(stage: Stage) -> None:
    for _ in range(4):
        await trade(stage, "59900")
    assert told(stage) == [], "the prior counts yet"
    for _ in range(2):
        await trade(stage, "59900")
    assert told(stage) == [True]
    for _ in range(6):
        await trade(stage, "60500")
    assert told(stage) == [True, False]
    last = [event for _, event in stage.ledger.events if isinstance(event, EdgeTurned)][-1]
    assert (last.trades > 5, last.kelly > 0) == (True, True)
