"""The whole pipeline over a recording: the same flows, on the exchange itself, with a clock that waits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.decision.record import ScanReport
from core.desk import Desk
from core.errors import BadData
from core.flows.reconcile import Audit, audit, recover
from core.flows.scan import scan
from core.market.symbols import Market
from core.replay.candles import RecordedCandles
from core.replay.ledger import MemoryLedger
from core.replay.lockstep import lockstep
from core.replay.market import RecordedMarket
from core.replay.recording import Recording
from core.replay.venue import DirectVenue
from core.replay.window import first_sound
from core.settings import Settings
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange
from core.trading.positions import ClosedTrade, Position

ACCOUNT = "0x" + "7e" * 20
"""Address of the replayed account; no key belongs to it."""


class ReplayClock:
    """A clock that stands still until moved."""

    def __init__(self, now_ms: int) -> None:
        self._now = now_ms

    def now_ms(self) -> int:
        """Market time."""
        return self._now

    def span_ms(self, wall_ms: int) -> int:
        """Within a step no market time passes."""
        return wall_ms

    def move_to(self, now_ms: int) -> None:
        """Move forward."""
        self._now = max(self._now, now_ms)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to. ``equity`` holds ``(ms, USD)`` at every scan."""

    start_ms: int
    end_ms: int
    trades: tuple[ClosedTrade, ...]
    open_positions: tuple[Position, ...]
    equity: tuple[tuple[int, Decimal], ...]
    audit: Audit


@dataclass(frozen=True, slots=True)
class Stage:
    """A desk over a recording with a fresh account, standing at a time, and what moves it on."""

    desk: Desk
    clock: ReplayClock
    running: RunningExchange

    async def step(self, to_ms: int) -> None:
        """Move the venue's market."""
        self.running.advance_to(to_ms)
        self.running.exchange.drain()


def staged(
    recording: Recording, markets: list[Market], settings: Settings, candles: RecordedCandles, start_ms: int
) -> Stage:
    """Exchange, account, clock and desk, as they are at ``start_ms`` before anything was traded."""
    source = RecordedMarket(recording, markets, settings.quotes, start_ms=start_ms)
    running = RunningExchange(Exchange(source.terms, settings.exchange, start_ms), source)
    running.exchange.open_account(ACCOUNT, Decimal(str(settings.exchange.deposit_usd)))
    clock = ReplayClock(start_ms)
    desk = Desk(
        settings=settings,
        clock=clock,
        universe=markets,
        candles=candles,
        venue=DirectVenue(running, ACCOUNT, markets),
        ledger=MemoryLedger(),
        offload=at_once,
        venue_name="replay",
        started_ms=start_ms,
    )
    return Stage(desk, clock, running)


async def scan_once(
    recording: Recording, markets: list[Market], settings: Settings, candles: RecordedCandles, at_ms: int
) -> ScanReport:
    """One scan at ``at_ms`` for a fresh account; what it enters is filled in memory and forgotten.

    Raises :class:`core.errors.FeedUnavailable` when no market had any candles yet.
    """
    desk = staged(recording, markets, settings, candles, at_ms).desk
    await recover(desk)
    return await scan(desk)


async def at_once(function: Callable[..., Any], *arguments: Any) -> Any:
    """Offload nothing: in a replay there is no event loop to keep free."""
    return function(*arguments)


async def replay(
    recording: Recording,
    markets: list[Market],
    settings: Settings,
    heard: Callable[[ScanReport], Awaitable[None]],
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> Replayed:
    """Run the pipeline from ``start_ms`` (default: when half of the markets are sound) to the recording's end.

    Raises :class:`BadData` when the recording is never sound.
    """
    candles = RecordedCandles(recording, settings.candles)
    start = (
        start_ms
        if start_ms is not None
        else first_sound(candles, markets, recording.start_ms, recording.end_ms, settings.candles)
    )
    if start is None:
        raise BadData(
            "the recording is never long and whole enough to be read (SPEC C4)",
            file="",
            line=0,
            value="",
            expected="longer series",
        )
    end = min(end_ms, recording.end_ms) if end_ms is not None else recording.end_ms
    stage = staged(recording, markets, settings, candles, start)
    desk = stage.desk
    equity: list[tuple[int, Decimal]] = []

    async def note(report: ScanReport) -> None:
        equity.append((report.at_ms, (await desk.venue.account()).equity))
        await heard(report)

    await recover(desk)
    await lockstep(desk, stage.clock, stage.step, note, start, end)
    return Replayed(
        start_ms=start,
        end_ms=end,
        trades=tuple(reversed(await desk.ledger.trades(1_000_000))),
        open_positions=tuple(await desk.ledger.live_positions()),
        equity=tuple(equity),
        audit=await audit(desk),
    )
