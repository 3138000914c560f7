"""``vektor run``: trading side, chat side, timetable and streams in one process, started and stopped in order."""

from __future__ import annotations

import argparse
import asyncio
import logging
import math
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bot.candle_feeds import CandleFeeds
from bot.chatting import Bell, open_chat, talk
from bot.choices import Choices
from bot.clock import wall_ms
from bot.collector import loading, put_away
from bot.environment import Environment, read_environment
from bot.feeds.bars import ClosedBar
from bot.feeds.socket import SocketFeed
from bot.heap import share_one_heap
from bot.host import HostDoor
from bot.lifetime import until_interrupted
from bot.paper import follow
from bot.redaction import redact_logs
from bot.state import parse_speed, parse_time, read_settings
from bot.terminal import say
from bot.trading_side import TradingSide, open_trading_side
from core.decision.record import ScanReport
from core.desk import Desk
from core.errors import StartRefused, VektorError
from core.events import Started
from core.flows.reconcile import audit, recover
from core.flows.scan import scan
from core.market.liquidations import LiquidationSource, Listener
from core.replay.lockstep import lockstep
from core.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the command line asked for it. ``chat`` is ``local`` or ``telegram``."""

    choices: Choices
    chat: str
    port: int
    duration: float | None


OUR_OWN = ("sim", "paper")
"""Venues without real money."""
JUDGE_MS = 1_000
"""Cascades are judged every second (SPEC X2)."""
Dress = Callable[[Desk], Desk]
"""Puts something around the ports of the desk before anything runs (the crash proof does)."""


def run_command(options: argparse.Namespace) -> int:
    """Check the command line and the environment, then run until told to stop."""
    share_one_heap()
    environment = read_environment()
    settings, _ = read_settings(options.state)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    redact_logs()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every coalesced mark of a fast market
    asyncio.run(until_interrupted(run(asked_for(options, environment), environment, settings)))
    return 0


def asked_for(options: argparse.Namespace, environment: Environment) -> Run:
    """The run. Raises :class:`core.errors.BadSetting` or :class:`StartRefused` for what cannot be."""
    chat = options.chat or ("telegram" if environment.telegram_token else "local")
    if chat == "telegram" and environment.telegram_token is None:
        raise StartRefused("--chat telegram needs TELEGRAM_TOKEN in .env")
    if chat == "local" and options.venue not in OUR_OWN:
        raise StartRefused(
            f"the local chat is for {' and '.join(OUR_OWN)} only, where no money is; use --chat telegram"
        )
    if options.venue != "sim":
        refuse_simulation(options)
    choices = Choices(
        venue=options.venue,
        state=options.state,
        data=options.data,
        start_ms=parse_time(options.start, "--from"),
        seed=options.seed,
        speed=parse_speed(options.speed),
    )
    return Run(choices, chat, options.port, options.duration)


def refuse_simulation(options: argparse.Namespace) -> None:
    """Raise :class:`StartRefused` for an option that a market of the real world cannot follow."""
    for option, value, usual in (
        ("--data", options.data, None),
        ("--from", options.start, None),
        ("--seed", options.seed, None),
        ("--speed", options.speed, "1"),
    ):
        if value != usual:
            raise StartRefused(
                f"{option} {value} is for the simulated market; leave it out with --venue {options.venue}"
            )


async def run(run: Run, environment: Environment, settings: Settings, dress: Dress = lambda desk: desk) -> None:
    """Everything, until cancelled, until ``duration`` has passed, or until the data ends."""
    async with AsyncExitStack() as stack:
        with loading():
            plan = await open_chat(
                stack, local=run.chat == "local", port=run.port, state=run.choices.state, environment=environment
            )
            bell = Bell()
            side = await open_trading_side(stack, run.choices, environment, settings, bell.ring)
            for refusal in side.dropped:
                log.warning("%s is not traded: %s %s", refusal.symbol, refusal.rule, refusal.detail)
            desk = dress(side.desk)
            door = HostDoor(desk, run.choices.state, lambda: signal.raise_signal(signal.SIGTERM))
            await door.open()
            stack.push_async_callback(door.close)
            await begin(desk)
        try:
            await trade_and_talk(run, side, desk, talk(plan, environment, side, desk, bell))
        except ExceptionGroup as group:
            raise plain_cause(group) from None


async def trade_and_talk(run: Run, side: TradingSide, desk: Desk, talking: Coroutine[Any, Any, None]) -> None:
    """Both sides until the first ends. Told to stop, the run still says what it came to; a second time, it does not."""
    async with asyncio.TaskGroup() as tasks:
        chat = tasks.create_task(talking, name="chat")
        try:
            await drive(run, side, desk)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if chat.done() or task is None:
                raise
            task.uncancel()
        await closing_words(desk)
        chat.cancel()


def plain_cause(group: ExceptionGroup[Exception]) -> Exception:
    """The one mistake among what failed, if there is one, so that it reads as one clear line; else all of it."""
    mistakes: Exception | None = group.subgroup(VektorError)
    while isinstance(mistakes, ExceptionGroup):
        mistakes = mistakes.exceptions[0]
    return mistakes or group


async def begin(desk: Desk) -> None:
    """Start-up is the recovery path: bring the book to the venue's truth, then say that we are here."""
    found = await recover(desk)
    account = await desk.venue.account()
    live = await desk.ledger.live_positions()
    event = Started(desk.venue_name, account.equity, len(live), found.resolved)
    await desk.ledger.store(events=[event], at_ms=desk.clock.now_ms())


async def drive(run: Run, side: TradingSide, desk: Desk) -> None:
    """Let market time pass: by the timetable, or step by step."""
    work = stepped(side, desk) if side.clock.speed is None else timed(side, desk)
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait_for(task, run.duration)
    except TimeoutError:
        log.info("the run's duration has passed")


async def timed(side: TradingSide, desk: Desk) -> None:
    """The timetable on a clock that runs; a first scan at once. Ends when recorded data ends."""
    from core.flows.cascades import Hearing, judge
    from core.flows.vigil import attend, watch_wallet
    from core.flows.watch import watch
    from jobs.streams import follow_account, supervise

    await asyncio.to_thread(import_module, "jobs.timetable")  # the scheduler's library takes longer than a turn may
    from jobs.timetable import Timetable
    from storage.retention import prune

    async def forget(desk: Desk) -> None:
        await prune(side.database, desk.settings.chat, now_ms=wall_ms(), market_ms=desk.clock.now_ms())

    timetable = Timetable(desk, side.clock)

    async def check_wallet(desk: Desk) -> None:
        await watch_wallet(desk, side.venue.wallet)

    timetable.add("prune", forget, desk.settings.cadence.audit_ms)
    timetable.add("API wallet", check_wallet, desk.settings.live.wallet_ms)
    timetable.add("attendance", attend, desk.settings.live.vigil_ms)
    name = "account stream"

    async def look() -> None:
        await timetable.run("watch", watch)

    streams = [asyncio.create_task(supervise(desk, name, lambda: follow_account(desk, name, look)), name=name)]
    if side.feeds:
        timetable.add("liquidations", judge, JUDGE_MS)
        hearing = Hearing(desk)
        streams += [asyncio.create_task(listening(desk, one, hearing), name=one.name) for one in side.feeds]
    streams += [asyncio.create_task(following(desk, one, side.candles), name=one.name) for one in side.candles.streams]
    if side.upstream is not None:
        streams += [asyncio.create_task(one) for one in follow(desk, side.upstream, timetable.add)]
    timetable.start()
    try:
        await timetable.run("API wallet", check_wallet)
        await timetable.run("scan", scan)
        put_away()  # connections, prepared statements and the like, all there by now
        if side.end_ms is None:
            await asyncio.Event().wait()
        else:
            await asyncio.sleep(side.clock.wall_until(side.end_ms))
    finally:
        for stream in streams:
            stream.cancel()
        await timetable.stop()
        await asyncio.gather(*streams, return_exceptions=True)


def listening(desk: Desk, feed: LiquidationSource, hearing: Listener) -> Coroutine[Any, Any, None]:
    """One feed of liquidations, watched."""
    from jobs.streams import supervise

    return supervise(desk, f"liquidations {feed.name}", lambda: feed.run(hearing))


def following(desk: Desk, stream: SocketFeed[ClosedBar], feeds: CandleFeeds) -> Coroutine[Any, Any, None]:
    """One stream of closed bars, watched."""
    from jobs.streams import supervise

    return supervise(desk, f"bars of {stream.name}", lambda: stream.run(feeds.candles))


async def stepped(side: TradingSide, desk: Desk) -> None:
    """Lockstep: the venue waits for every job. Ends with the data; an endless market is stepped until told to stop."""

    async def heard(report: ScanReport) -> None:
        log.debug("scan at %s: %s", report.at_ms, report.regime)

    stopping = asyncio.Event()
    steps = lockstep(
        desk,
        side.clock,
        side.venue.step_to,
        heard,
        desk.clock.now_ms(),
        math.inf if side.end_ms is None else side.end_ms,
        going=lambda: not stopping.is_set(),
    )
    task = asyncio.create_task(steps, name="lockstep")
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        stopping.set()
        await task
        raise


async def closing_words(desk: Desk) -> None:
    """What a run ends with: trades, open positions, book against venue."""
    async with desk.scanning:
        result = await audit(desk)
    trades = await desk.ledger.trades(1_000_000)
    live = await desk.ledger.live_positions()
    say(f"{len(trades)} trades closed, {len(live)} positions open, pnl {sum(t.pnl for t in trades):+.2f} USDC")
    verdict = "equal" if result.clean else f"DIFFER by {result.difference} USDC {'; '.join(result.words)}"
    say(f"book {result.ours:.6f} USDC, venue {result.theirs:.6f} USDC: {verdict}")
