"""A run over the wire and a replay of the same bars make the same trades; a restart goes on where it stood."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.choices import Choices
from bot.environment import Environment, read_environment
from bot.feeds.recorded import load_recording
from bot.feeds.universe import load_universe
from bot.running import begin
from bot.trading_side import TradingSide, open_trading_side
from core.decision.record import ScanReport
from core.errors import StartRefused
from core.flows.reconcile import audit
from core.replay.listing import recorded_markets
from core.replay.lockstep import lockstep
from core.replay.run import Replayed, replay
from core.settings import Settings
from core.trading.positions import ClosedTrade
from tests.bot.generated import DAY_MS, START_MS, write_recording

SYMBOLS = ("BTC", "ETH", "SOL", "XRP", "DOGE", "AVAX", "GOLD", "TSLA")
END_MS = START_MS + DAY_MS


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recording(tmp_path_factory.mktemp("recording"), SYMBOLS, seed=11, days=1)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Environment:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return read_environment(None)


async def deaf(_: ScanReport) -> None:
    """Nobody listens to the scans."""


def key(trade: ClosedTrade) -> tuple[object, ...]:
    return (
        trade.trade_id, trade.side, trade.opened_ms, trade.closed_ms, trade.entry, trade.exit, trade.size,
        trade.leverage, trade.fees, trade.funding, trade.pnl, trade.reason,
    )  # fmt: skip


async def open_stepped(stack: AsyncExitStack, data: Path, state: Path, environment: Environment) -> TradingSide:
    choices = Choices("sim", state, data=data, start_ms=START_MS, speed=None)
    return await open_trading_side(stack, choices, environment, Settings(), lambda: None)


async def drive(side: TradingSide, until_ms: int) -> None:
    await begin(side.desk)
    await lockstep(side.desk, side.clock, side.venue.step_to, deaf, side.desk.clock.now_ms(), until_ms)


def replayed(data: Path, heard: Callable[[ScanReport], Awaitable[None]] = deaf) -> Replayed:
    recording = load_recording(data).recording
    markets = recorded_markets(recording, load_universe(), Settings().quotes)
    return asyncio.run(replay(recording, markets, Settings(), heard, START_MS, END_MS))


def test_two_replays_are_the_same_to_the_last_digit(data: Path) -> None:
    crowded: set[str] = set()

    async def hear(report: ScanReport) -> None:
        crowded.update(step for one in report.outcomes for step in one.steps if step.startswith("crowd"))

    first, second = replayed(data, hear), replayed(data)
    assert first == second
    assert {step.partition(" ")[2][:5] for step in crowded} == {"longs", "short"}, "the crowd has a say in both"
    assert len(first.trades) >= 3
    assert first.audit.clean


async def test_a_stepped_run_over_the_wire_makes_the_trades_of_the_replay(
    data: Path, tmp_path: Path, bare: Environment
) -> None:
    expected = await asyncio.to_thread(replayed, data)
    async with AsyncExitStack() as stack:
        side = await open_stepped(stack, data, tmp_path / "state", bare)
        await drive(side, END_MS)
        trades = await side.desk.ledger.trades(1_000)
        result = await audit(side.desk)
        live = await side.desk.ledger.live_positions()
    assert [key(t) for t in reversed(trades)] == [key(t) for t in expected.trades]
    assert [(p.position_id, p.size, p.stop) for p in live] == [
        (p.position_id, p.size, p.stop) for p in expected.open_positions
    ]
    assert result.difference == 0
    assert not result.words


@pytest.mark.long
async def test_a_run_that_is_stopped_and_started_again_goes_on_as_if_it_never_had(
    data: Path, tmp_path: Path, bare: Environment
) -> None:
    expected = await asyncio.to_thread(replayed, data)
    for until in (START_MS + DAY_MS // 3, START_MS + 2 * DAY_MS // 3, END_MS):
        async with AsyncExitStack() as stack:
            side = await open_stepped(stack, data, tmp_path / "state", bare)
            await drive(side, until)
            trades = await side.desk.ledger.trades(1_000)
            assert (await audit(side.desk)).clean
    assert [key(t) for t in reversed(trades)] == [key(t) for t in expected.trades]


async def test_a_second_process_on_the_same_state_is_told_who_holds_it(
    data: Path, tmp_path: Path, bare: Environment
) -> None:
    async with AsyncExitStack() as stack:
        await open_stepped(stack, data, tmp_path / "state", bare)
        async with AsyncExitStack() as second:
            with pytest.raises(StartRefused, match="process"):
                await open_stepped(second, data, tmp_path / "state", bare)
