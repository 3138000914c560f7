"""Mainnet before and after the confirmation, the mode, and an absent operator: what is entered and what is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.decision.record import Verdict
from core.errors import AlreadyDone, NotLive, UserMistake
from core.events import (
    FullSizeConfirmed,
    LiveConfirmed,
    LiveRevoked,
    OperatorAway,
    OperatorBack,
    StrangerHeld,
    WalletEnding,
)
from core.flows.adjust import reduce, set_stop, set_target
from core.flows.close import close_position, flatten
from core.flows.going_live import confirm_full, confirm_live, live_standing
from core.flows.inject import inject
from core.flows.live import revoke_live, set_mode
from core.flows.reconcile import audit, reconcile
from core.flows.scan import enter_all
from core.flows.vigil import attend, hear, watch_wallet
from core.flows.watch import watch
from core.replay.run import ACCOUNT
from core.reports.edge import DAY_MS, Lived
from core.reports.slippage import Execution
from core.risk.switches import Mode
from core.risk.vigil import Attendance
from core.settings import LiveRules, Settings
from core.trading.ports import Wallet
from core.trading.positions import CloseReason
from tests.core.flows.stage import CALM, Stage, judged
from tests.core.flows.test_strangers import by_hand
from tests.storage import samples

WRITES = ("set_leverage", "bring_collateral", "add_margin", "submit", "cancel")


class Signing:
    """The stage's venue; every call that would be signed is counted."""

    def __init__(self, real: Any) -> None:
        self._real, self.signed = real, list[str]()

    def __getattr__(self, name: str) -> Any:
        if name in WRITES:
            self.signed.append(name)
        return getattr(self._real, name)


class Past:
    """What was traded elsewhere."""

    def __init__(self, *lived: Lived) -> None:
        self._lived = list(lived)

    async def lived(self) -> list[Lived]:
        return self._lived

    async def executions(self) -> list[Execution]:
        return []


GAINS = [Lived("replay", day * DAY_MS, 0.5) for day in range(9)]


@pytest.fixture
async def stage() -> Stage:
    """Mainnet, allowed by the environment, confirmed by nobody."""
    one = Stage(replace(Settings(), live=LiveRules(resamples=100, first_trades=2)))
    on_mainnet(one)
    await one.begin()
    return one


def on_mainnet(stage: Stage) -> None:
    stage.desk = stage.new_desk(venue=Signing(stage.venue))
    stage.desk.venue_name, stage.desk.live_allowed = "mainnet", True


def signed(stage: Stage) -> list[str]:
    return stage.desk.venue.signed  # type: ignore[attr-defined, no-any-return]


def told(stage: Stage, kind: type) -> list[Any]:
    return [event for _, event in stage.ledger.events if isinstance(event, kind)]


async def test_before_the_confirmation_no_flow_signs_anything(stage: Stage) -> None:
    by_hand(stage, "BTC", "0.1", "66000")
    await stage.pass_time(1_000)
    outcome = await stage.open("ETH")
    assert (outcome.verdict, outcome.stage, outcome.rule) == (Verdict.REFUSED, "control", "not_live")
    assert "/live" in outcome.detail
    for _ in range(2):
        await reconcile(stage.desk)
        stage.desk.nudged = True
        await watch(stage.desk)
        assert (await audit(stage.desk)).clean
    with pytest.raises(NotLive):
        await close_position(stage.desk, "BTC", CloseReason.OPERATOR, "Ann")
    with pytest.raises(NotLive):
        await flatten(stage.desk, "Ann")
    assert signed(stage) == []
    assert (await stage.ledger.switches()).halted
    assert list(await stage.ledger.live_positions()) == []
    (event,) = told(stage, StrangerHeld)
    assert (event.coin, event.size, event.stop_rests) == ("BTC", Decimal("0.1"), False)


async def test_positions_left_behind_are_looked_at_only_and_booked_when_they_are_gone(stage: Stage) -> None:
    await confirm_live(stage.desk, "Ann", acknowledged=True)
    await stage.open("BTC")
    await revoke_live(stage.desk, "host", forced=True)
    before = len(signed(stage))
    await stage.move("BTC", "60400")
    for verb in (
        lambda: set_stop(stage.desk, "BTC", Decimal(59_500), "Ann"),
        lambda: set_target(stage.desk, "BTC", Decimal(69_500), "Ann"),
        lambda: reduce(stage.desk, "BTC", Decimal("0.5"), "Ann"),
        lambda: inject(stage.desk, "BTC", Decimal(10), Decimal("0.1"), "Ann"),
        lambda: close_position(stage.desk, "BTC", CloseReason.OPERATOR, "Ann"),
    ):
        with pytest.raises((NotLive, UserMistake)):
            await verb()
    await stage.look()
    await reconcile(stage.desk)
    assert signed(stage)[before:] == []
    await stage.move("BTC", "58000")
    await reconcile(stage.desk)
    (trade,) = await stage.ledger.trades(9)
    assert trade.reason is CloseReason.STOP
    assert signed(stage)[before:] == []


async def test_without_the_setting_a_confirmation_of_old_signs_nothing(stage: Stage) -> None:
    await confirm_live(stage.desk, "Ann", acknowledged=True)
    stage.desk.live_allowed = False
    outcome = await stage.open("ETH")
    assert (outcome.rule, signed(stage)) == ("not_live", [])
    assert "LIVE_TRADING" in outcome.detail


async def test_once_confirmed_strangers_are_adopted_and_entries_are_as_small_as_can_be(stage: Stage) -> None:
    by_hand(stage, "BTC", "0.1", "66000")
    await stage.pass_time(1_000)
    await reconcile(stage.desk)
    await confirm_live(stage.desk, "Ann", acknowledged=True)
    await reconcile(stage.desk)
    assert len(stage.stops("BTC")) == 1
    outcome = await stage.open("ETH")
    assert outcome.verdict is Verdict.OPENED
    assert any(step.startswith("first live trades: ") for step in outcome.steps)
    (position,) = [p for p in await stage.ledger.live_positions() if p.symbol == "ETH"]
    assert Decimal(10) <= position.size * position.entry < Decimal(11)


async def test_an_edge_is_asked_to_be_acknowledged_unless_it_is_shown(stage: Stage) -> None:
    with pytest.raises(UserMistake, match="no edge is shown"):
        await confirm_live(stage.desk, "Ann", acknowledged=False)
    stage.desk.experience = Past(*GAINS)
    shown = await confirm_live(stage.desk, "Ann", acknowledged=False)
    assert shown.counted.is_shown
    (event,) = told(stage, LiveConfirmed)
    assert (event.by, event.trades, event.mean, event.low) == ("Ann", 9, 0.5, 0.5)
    with pytest.raises(AlreadyDone):
        await confirm_live(stage.desk, "Bob", acknowledged=True)


async def test_elsewhere_there_is_nothing_to_confirm(stage: Stage) -> None:
    stage.desk.venue_name = "testnet"
    with pytest.raises(NotLive):
        await confirm_live(stage.desk, "Ann", acknowledged=True)
    with pytest.raises(NotLive):
        await confirm_full(stage.desk, "Ann")


async def test_full_size_comes_after_the_first_trades_and_a_person(stage: Stage) -> None:
    await confirm_live(stage.desk, "Ann", acknowledged=True)
    adopted = replace(samples.trade(9), strategy="adopted")
    for trade in (samples.trade(1), adopted):
        await stage.ledger.store(trade=trade, at_ms=1)
    with pytest.raises(UserMistake, match="1 of the first 2"):
        await confirm_full(stage.desk, "Ann")
    await stage.ledger.store(trade=samples.trade(2), at_ms=1)
    assert (await live_standing(stage.desk)).is_ripe(2)
    assert "first live trades" in str((await stage.open("ETH")).steps)
    assert await confirm_full(stage.desk, "Ann") == 2
    assert told(stage, FullSizeConfirmed) == [FullSizeConfirmed("Ann", 2)]
    assert "first live trades" not in str((await stage.open("TSLA")).steps)
    with pytest.raises(AlreadyDone):
        await confirm_full(stage.desk, "Ann")


@pytest.mark.parametrize(("trades", "ripe"), [(19, False), (20, True)])
async def test_the_first_trades_are_twenty(trades: int, ripe: bool) -> None:
    stage = Stage()
    on_mainnet(stage)
    await stage.begin()
    await confirm_live(stage.desk, "Ann", acknowledged=True)
    for number in range(trades):
        await stage.ledger.store(trade=samples.trade(number), at_ms=1)
    if not ripe:
        with pytest.raises(UserMistake, match="19 of the first 20"):
            await confirm_full(stage.desk, "Ann")
    else:
        assert await confirm_full(stage.desk, "Ann") == 20


async def test_taking_it_back_waits_for_flat_and_forgets_full_size(stage: Stage) -> None:
    with pytest.raises(AlreadyDone):
        await revoke_live(stage.desk, "Ann")
    await confirm_live(stage.desk, "Ann", acknowledged=True)
    await stage.open("BTC")
    with pytest.raises(UserMistake, match="BTC would be left alone"):
        await revoke_live(stage.desk, "Ann")
    await flatten(stage.desk, "Ann")
    await revoke_live(stage.desk, "Ann")
    switches = await stage.ledger.switches()
    assert (switches.live_by, switches.full_by, switches.live_since_ms) == ("", "", 0)
    assert told(stage, LiveRevoked) == [LiveRevoked("Ann")]


@pytest.mark.parametrize(("mode", "enters"), [(Mode.AUTO, True), (Mode.SEMI, True), (Mode.MANUAL, False)])
async def test_in_manual_mode_nothing_is_entered_without_a_person(mode: Mode, enters: bool) -> None:
    stage = Stage()
    await stage.begin()
    if mode is not Mode.SEMI:
        assert await set_mode(stage.desk, mode, "Ann") is Mode.SEMI
    with pytest.raises(AlreadyDone):
        await set_mode(stage.desk, mode, "Ann")
    (outcome,), _ = await enter_all(stage.desk, [judged("BTC")], CALM)
    assert (outcome.verdict is Verdict.OPENED) is enters
    if not enters:
        assert (outcome.stage, outcome.rule) == ("control", "manual")
        assert stage.running.exchange.positions(ACCOUNT) == []


async def test_entries_stop_while_nobody_is_there_and_both_ends_are_told_once(stage: Stage) -> None:
    stage.desk.venue_name = "testnet"
    now, limit = [10**12], stage.settings.live.away_ms
    stage.desk.attendance = Attendance(lambda: now[0], now[0])
    await attend(stage.desk)
    now[0] += limit - 1
    await attend(stage.desk)
    assert (await stage.open("BTC")).verdict is Verdict.OPENED
    now[0] += 3_600_000
    for _ in range(3):
        await attend(stage.desk)
    outcome = await stage.open("ETH")
    assert (outcome.rule, outcome.limit) == ("operator_away", 12.0)
    assert outcome.measured == pytest.approx(13.0, abs=1e-5)
    assert len(stage.stops("BTC")) == 1
    assert len(told(stage, OperatorAway)) == 1

    restarted = stage.new_desk()
    restarted.venue_name = "testnet"
    restarted.attendance = Attendance(lambda: now[0], (await stage.ledger.vigil()).heard_ms)
    await attend(restarted)
    assert (await stage.open("ETH", desk=restarted)).rule == "operator_away"
    assert len(told(stage, OperatorAway)) == 1
    for _ in range(3):
        await hear(restarted, "Ann")
    await attend(restarted)
    assert told(stage, OperatorBack) == [OperatorBack("Ann")]
    assert (await stage.open("ETH", desk=restarted)).verdict is Verdict.OPENED


async def test_a_sign_of_life_is_stored_now_and_then_and_counts_at_once(stage: Stage) -> None:
    now = [10**12]
    stage.desk.attendance = Attendance(lambda: now[0], now[0])
    await hear(stage.desk, "Ann")
    first = (await stage.ledger.vigil()).heard_ms
    now[0] += stage.settings.live.heard_ms - 1
    await hear(stage.desk, "Ann")
    assert (await stage.ledger.vigil()).heard_ms == first
    assert stage.desk.attendance.absent_ms == 0
    now[0] += 1
    await hear(stage.desk, "Ann")
    assert (await stage.ledger.vigil()).heard_ms == now[0]


async def test_where_no_real_market_is_traded_nobody_need_be_there() -> None:
    stage = Stage()
    await stage.begin()
    await attend(stage.desk)
    await hear(stage.desk, "Ann")
    assert (await stage.ledger.vigil()).heard_ms == 0


async def test_the_end_of_the_key_is_told_once_per_mark_also_after_a_restart(stage: Stage) -> None:
    day, began = 86_400_000, stage.clock.now_ms()
    wallet = Wallet("0xab", began + 15 * day)

    async def ask() -> Wallet:
        return wallet

    desk = stage.desk
    for hour in range(0, 16 * 24, 6):
        stage.clock.move_to(began + hour * 3_600_000)
        if hour % 24 == 0:
            desk = stage.new_desk()
        await watch_wallet(desk, ask)
    assert [event.days for event in told(stage, WalletEnding)] == [14, 7, 1, 0]

    wallet = Wallet("0xab", 0)
    await watch_wallet(desk, ask)
    assert (await stage.ledger.vigil()).until_ms == began + 15 * day, "one that is listed no more has not got longer"
    wallet = Wallet("0xcd", began + 22 * day)
    await watch_wallet(desk, ask)
    assert [event.days for event in told(stage, WalletEnding)][4:] == [7]
    assert (await stage.ledger.vigil()).wallet == "0xcd"


async def test_a_key_without_an_end_is_not_warned_of(stage: Stage) -> None:
    async def own() -> None:
        return None

    async def unlisted() -> Wallet:
        return Wallet("0xab", 0)

    await watch_wallet(stage.desk, own)
    await watch_wallet(stage.desk, unlisted)
    assert told(stage, WalletEnding) == []
    assert (await stage.ledger.vigil()).wallet == "0xab"
