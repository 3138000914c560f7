"""The governor and symbol protection on the desk: transfers taken out, halts that survive restarts, blocks that hold."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.decision.record import Verdict
from core.errors import StorageUnavailable
from core.events import EntriesHalted, GovernorMoved, MoneyMoved, SymbolProtected
from core.flows import control
from core.flows.close import close_position
from core.flows.governor import allowed
from core.flows.reconcile import audit, reconcile, recover
from core.flows.scan import stricter_by
from core.replay.run import ACCOUNT
from core.replay.venue import DirectVenue
from core.risk.switches import Block
from core.trading.orders import Transfer
from core.trading.positions import CloseReason
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import MARKETS, START, Stage

DAY = 86_400_000
MINUTE = 60_000
D = Decimal


class Bank(DirectVenue):
    """A venue that books money in and out."""

    booked: list[Transfer]

    async def transfers(self, since_ms: int) -> Sequence[Transfer]:
        return [one for one in self.booked if one.time_ms >= since_ms]


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    stage = Stage()
    stage.venue = Bank(stage.running, ACCOUNT, MARKETS)
    stage.venue.booked = []
    stage.desk = stage.new_desk()
    await stage.begin()
    return stage


async def money(stage: Stage, amount: str, *, kind: str | None = None) -> None:
    """The equity changes: by a transfer of a kind, or by a loss or gain of trading."""
    await stage.pass_time(MINUTE)
    stage.running.exchange.deposit(ACCOUNT, D(amount), "")
    if kind is not None:
        now = stage.clock.now_ms()
        stage.venue.booked.append(Transfer(f"t{now}", now, D(amount), kind))  # type: ignore[attr-defined]
    await reconcile(stage.desk)


def told(stage: Stage, kind: type) -> list:  # type: ignore[type-arg]
    return [event for _, event in stage.ledger.events if isinstance(event, kind)]


async def test_a_drawdown_lowers_what_is_dared_and_says_so_once(stage: Stage) -> None:
    await money(stage, "-600")
    await reconcile(stage.desk)
    (moved,) = told(stage, GovernorMoved)
    assert (moved.before, moved.after, moved.positions, moved.risk, moved.threshold) == (0, 1, 4, 0.5, 0.05)
    assert moved.drawdown == pytest.approx(0.06)
    assert (await allowed(stage.desk)).positions == 4
    assert (await stricter_by(stage.desk))("BTC") == [("governor", 0.05)]


async def test_an_entry_under_the_governor_risks_half(stage: Stage) -> None:
    full = await stage.open("BTC")
    await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "Ann")
    await money(stage, "-600")
    half = await stage.open("ETH")
    assert (full.verdict, half.verdict) == (Verdict.OPENED, Verdict.OPENED)
    assert any(step.startswith("governor: 65.7648 → 32.8824") for step in half.steps), half.steps
    assert not any(step.startswith("governor") for step in full.steps)


async def test_a_days_loss_halts_until_midnight_over_a_restart_and_closes_nothing(stage: Stage) -> None:
    await stage.open("BTC")
    await money(stage, "-1010")
    assert [(one.kind, one.limit) for one in told(stage, EntriesHalted)] == [("day", 0.10)]
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    refused = await stage.open("ETH")
    assert (refused.stage, refused.rule) == ("governor", "day_halt")
    assert [p.symbol for p in await stage.ledger.live_positions()] == ["BTC"]
    await stage.pass_time(DAY - START % DAY)
    await reconcile(stage.desk)
    assert (await stage.open("ETH")).verdict is Verdict.OPENED


async def test_a_drawdown_of_20_percent_halts_until_an_operator_resumes_which_begins_the_peak_anew(
    stage: Stage,
) -> None:
    await money(stage, "-2100")
    assert [one.kind for one in told(stage, EntriesHalted)] == ["day", "drawdown"]
    assert (await stage.ledger.switches()).halted
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    await stage.pass_time(DAY)
    await reconcile(stage.desk)
    assert (await stage.open("ETH")).rule == "halted"
    await control.resume(stage.desk, "Ann")
    standing = await stage.ledger.standing()
    assert standing is not None
    assert (standing.peak, standing.tier, standing.drawdown_halt) == (7_900.0, 0, False)
    assert (await stage.open("ETH")).verdict is Verdict.OPENED
    await reconcile(stage.desk)
    assert len(told(stage, EntriesHalted)) == 2


async def halted(stage: Stage) -> None:
    """A drawdown has halted trading, and a day has gone by."""
    await money(stage, "-2100")
    await stage.pass_time(DAY)
    await reconcile(stage.desk)


async def test_a_resume_while_the_equity_is_being_read_is_not_undone(stage: Stage) -> None:
    await halted(stage)
    ledger, resumed = Intercepted(stage.ledger), list[asyncio.Task[Any]]()
    stage.desk = stage.new_desk(ledger=ledger)

    async def read_then_resume() -> Any:
        ledger.instead.clear()
        found = await stage.ledger.standing()
        resumed.append(asyncio.create_task(control.resume(stage.desk, "Ann")))
        for _ in range(5):  # it goes as far as it can
            await asyncio.sleep(0)
        return found

    ledger.instead["standing"] = read_then_resume
    await reconcile(stage.desk)
    await resumed[0]
    after = await stage.ledger.standing()
    assert after is not None
    assert (after.drawdown_halt, (await stage.ledger.switches()).halted) == (False, False)
    assert (await stage.open("ETH")).verdict is Verdict.OPENED


async def test_a_drawdown_halt_that_nothing_else_shows_can_be_resumed(stage: Stage) -> None:
    await halted(stage)
    await stage.ledger.store(switches=replace(await stage.ledger.switches(), halted=False), at_ms=stage.clock.now_ms())
    assert (await stage.open("ETH")).rule == "drawdown_halt"
    await control.resume(stage.desk, "Ann")
    assert (await stage.open("ETH")).verdict is Verdict.OPENED


@pytest.mark.parametrize(("amount", "kind"), [("5000", "deposit"), ("-4000", "withdraw")])
async def test_a_transfer_is_told_booked_and_neither_gain_nor_loss(stage: Stage, amount: str, kind: str) -> None:
    await money(stage, amount, kind=kind)
    await reconcile(stage.desk)
    assert [(one.amount, one.kind, one.equity) for one in told(stage, MoneyMoved)] == [
        (D(amount), kind, D(10_000) + D(amount))
    ]
    assert told(stage, GovernorMoved) + told(stage, EntriesHalted) == []
    standing = await stage.ledger.standing()
    assert standing is not None
    assert (standing.drawdown, standing.day_loss) == (0.0, 0.0)
    found = await audit(stage.desk)
    assert found.clean, found


async def test_a_transfer_is_told_once_over_a_restart(stage: Stage) -> None:
    await money(stage, "500", kind="deposit")
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    await money(stage, "250", kind="deposit")
    assert [one.amount for one in told(stage, MoneyMoved)] == [D(500), D(250)]
    assert (await audit(stage.desk)).clean


async def test_transfers_whose_storing_failed_are_booked_at_the_next_look(stage: Stage) -> None:
    ledger = Intercepted(stage.ledger)
    stage.desk = stage.new_desk(ledger=ledger)
    await reconcile(stage.desk)

    async def full_disk(**given: Any) -> None:
        if given.get("transfers"):
            raise StorageUnavailable("database or disk is full")
        await stage.ledger.store(**given)

    ledger.instead["store"] = full_disk
    with pytest.raises(StorageUnavailable):
        await money(stage, "-2500", kind="withdraw")
    with pytest.raises(StorageUnavailable):
        await money(stage, "100", kind="deposit")
    ledger.instead.clear()
    await reconcile(stage.desk)
    assert [one.amount for one in told(stage, MoneyMoved)] == [D(-2500), D(100)]
    assert told(stage, GovernorMoved) + told(stage, EntriesHalted) == []
    assert (await audit(stage.desk)).clean


async def test_money_that_no_transfer_explains_is_a_mismatch(stage: Stage) -> None:
    await money(stage, "-50")
    assert (await audit(stage.desk)).difference == D(50)


@pytest.mark.parametrize(
    ("amount", "clean"), [("0.009999", True), ("0.01", False), ("-0.009999", True), ("-0.01", False)]
)
async def test_the_audit_is_to_the_cent(stage: Stage, amount: str, clean: bool) -> None:
    await money(stage, amount)
    assert (await audit(stage.desk)).clean is clean


async def lose(stage: Stage, symbol: str, times: int = 1) -> None:
    """Open and close at a loss (both fees at the least)."""
    for _ in range(times):
        outcome = await stage.open(symbol)
        assert outcome.verdict is Verdict.OPENED, outcome
        await close_position(stage.desk, symbol, CloseReason.OPERATOR, "Ann")
        await stage.pass_time(stage.desk.settings.limits.cooldown_ms)


async def test_three_losses_in_a_row_block_a_symbol_for_three_days_then_it_is_on_probation(stage: Stage) -> None:
    await lose(stage, "BTC", 3)
    (protected,) = told(stage, SymbolProtected)
    assert (protected.symbol, protected.why, protected.number) == ("BTC", "losses", 1)
    block = (await stage.ledger.switches()).blocks["BTC"]
    assert (block.by, block.why, block.until_ms) == ("protection", "losses", protected.until_ms)
    assert (await stage.open("BTC")).rule == "blocked"
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    assert (await stage.open("BTC")).rule == "blocked"
    await stage.pass_time(protected.until_ms - stage.clock.now_ms())
    assert (await stricter_by(stage.desk))("BTC") == [("probation", 0.10)]
    tried = await stage.open("BTC")
    assert tried.verdict is Verdict.OPENED
    ((_, asked, _, given, *_),) = (step.split() for step in tried.steps if step.startswith("probation: "))
    assert float(given) == pytest.approx(0.5 * float(asked), rel=1e-5)


async def test_a_loss_on_probation_blocks_longer_and_an_operator_may_lift_it(stage: Stage) -> None:
    await lose(stage, "BTC", 3)
    await stage.pass_time(3 * DAY)
    await lose(stage, "BTC")
    first, second = told(stage, SymbolProtected)
    assert (second.why, second.number, second.until_ms - first.until_ms > 4 * DAY) == ("probation", 2, True)
    await control.unblock(stage.desk, "BTC", "Ann")
    assert (await stage.open("BTC")).verdict is Verdict.OPENED


async def test_an_operators_longer_block_is_left_as_it_is(stage: Stage) -> None:
    await lose(stage, "BTC", 2)
    outcome = await stage.open("BTC")
    assert outcome.verdict is Verdict.OPENED
    await control.block(stage.desk, "BTC", "Ann")
    await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "Ann")
    block = (await stage.ledger.switches()).blocks["BTC"]
    assert block == replace(block, by="Ann", until_ms=None)
    assert isinstance(block, Block)
    assert len(told(stage, SymbolProtected)) == 1
