"""What a scan leaves behind when the venue goes away in the middle of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.decision.record import Verdict
from core.errors import OutcomeUnknown, VektorError, VenueRefused, VenueUnavailable
from core.flows.control import block
from core.flows.scan import enter_all
from core.flows.watch import watch
from core.market.symbols import Side
from core.signals.returns import Correlations
from core.trading.positions import PositionState
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import CALM, Stage, judged


class GoingAway:
    """A venue that answers so many account reads and then none."""

    def __init__(self, real: Any, reads: int) -> None:
        self._real, self.reads = real, reads

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def account(self) -> Any:
        self.reads -= 1
        if self.reads < 0:
            raise VenueUnavailable("gone")
        return await self._real.account()


async def test_an_outage_ends_the_trying_and_keeps_the_record() -> None:
    stage = Stage()
    await stage.begin()
    desk = stage.new_desk(venue=GoingAway(stage.venue, 2))
    outcomes, outage = await enter_all(desk, [judged("BTC"), judged("ETH"), judged("TSLA")], CALM)
    assert str(outage) == "gone"
    assert [(o.symbol, o.verdict, o.rule) for o in outcomes] == [
        ("BTC", Verdict.OPENED, "filled"),
        ("ETH", Verdict.REFUSED, "venue_unavailable"),
        ("TSLA", Verdict.REFUSED, "venue_unavailable"),
    ]


@pytest.mark.parametrize(
    ("trouble", "tried"),
    [
        (VenueRefused("no", words="no"), ("filled", Verdict.OPENED)),
        (OutcomeUnknown("no answer"), ("filled", Verdict.OPENED)),
        (VenueUnavailable("gone"), ("venue_unavailable", Verdict.REFUSED)),
    ],
)
async def test_trouble_after_an_entry_was_sent_is_on_its_record_and_costs_no_other_its_own(
    trouble: VektorError, tried: tuple[str, Verdict]
) -> None:
    stage = Stage()
    await stage.begin()
    venue = Intercepted(stage.venue)
    desk = stage.new_desk(venue=venue)

    async def sent() -> None:
        venue.before.clear()
        venue.instead["open_orders"] = fail

    async def fail() -> None:
        venue.instead.clear()
        raise trouble

    venue.before["submit"] = sent
    outcomes, raised = await enter_all(desk, [judged("BTC"), judged("ETH")], CALM)
    assert raised is trouble
    assert [(o.rule, o.verdict) for o in outcomes] == [("unconfirmed", Verdict.OPENED), tried]
    assert outcomes[0].detail == str(trouble)
    await watch(desk)
    assert (await stage.ledger.live_positions())[0].state is PositionState.OPEN


async def test_trouble_before_an_entry_was_sent_opened_nothing_and_says_so() -> None:
    stage = Stage()
    await stage.begin()
    venue = Intercepted(stage.venue)

    async def fail() -> None:
        venue.instead.clear()
        raise VenueRefused("no", words="no")

    venue.instead["open_orders"] = fail
    outcomes, _ = await enter_all(stage.new_desk(venue=venue), [judged("BTC"), judged("ETH")], CALM)
    assert [(o.symbol, o.verdict) for o in outcomes] == [("BTC", Verdict.FAILED), ("ETH", Verdict.OPENED)]
    assert (outcomes[0].rule, outcomes[0].detail) == ("not_entered", "no")


async def test_a_block_that_has_run_out_can_be_set_again() -> None:
    stage = Stage()
    await stage.begin()
    await block(stage.desk, "BTC", "ann", until_ms=stage.clock.now_ms() + 1_000)
    await stage.pass_time(1_000)
    switches = await block(stage.desk, "BTC", "bob")
    assert switches.blocks["BTC"].by == "bob"


@pytest.mark.parametrize("finalists", [[], None])
async def test_without_finalists_nothing_is_asked(finalists: list[Any] | None) -> None:
    stage = Stage()
    desk = stage.new_desk(venue=GoingAway(stage.venue, 0))
    assert await enter_all(desk, finalists or [], CALM) == ([], None)


async def test_no_second_bet_on_the_move_that_is_held_already() -> None:
    stage = Stage()
    await stage.begin()
    together = np.array([[1.0, 0.9, np.nan], [0.9, 1.0, 0.2], [np.nan, 0.2, 1.0]])
    correlations = Correlations(("BTC", "ETH", "TSLA"), together)
    finalists = [judged("BTC"), judged("ETH"), judged("TSLA")]
    outcomes, _ = await enter_all(stage.desk, finalists, CALM, correlations)
    assert [(o.symbol, o.rule) for o in outcomes] == [("BTC", "filled"), ("ETH", "correlated"), ("TSLA", "filled")]
    assert (outcomes[1].measured, outcomes[1].detail) == (0.9, "BTC")
    other = Stage()
    await other.begin()
    await other.open("BTC", Side.SHORT)
    outcomes, _ = await enter_all(other.desk, finalists[1:2], CALM, correlations)
    assert outcomes[0].rule == "filled", "the other side is another bet"
