"""What the market says, for a person to read: the stored regime, the crowds, the strongest readings, one market's own.

Reads only. What the scan has read stands; a fresh reading is made only where a bar has closed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.decision.record import Outcome, ScanReport
from core.decision.technical import Point, points
from core.desk import Desk
from core.errors import FeedUnavailable
from core.flows.observe import observe
from core.flows.scan import Reading, read_markets
from core.market.symbols import Market, Side
from core.settings import Settings
from core.signals.crowding import CrowdingReading
from core.signals.view import MarketView


@dataclass(frozen=True, slots=True)
class Strong:
    """A sided market with its score Σ toward the side, what it is made of, and what the last scan made of it."""

    view: MarketView
    side: Side
    score: float
    points: tuple[Point, ...]
    outcome: Outcome | None


async def last_regime(desk: Desk) -> ScanReport | None:
    """The newest scan, which holds the regime and what it was read from; ``None`` before the first one."""
    return await desk.ledger.last_scan()


async def crowds(desk: Desk) -> list[tuple[str, CrowdingReading]]:
    """Every market's crowd, the most crowded first. Raises :class:`FeedUnavailable` when the venue tells nothing."""
    seen = await observe(desk, desk.clock.now_ms())
    if not seen.readings:
        raise FeedUnavailable("the venue tells neither funding nor open interest", what="contexts")
    return sorted(seen.readings.items(), key=lambda item: (-abs(item[1].score), item[0]))


async def strongest(desk: Desk, most: int) -> list[Strong]:
    """The sided markets with the highest score, best first."""
    reading = await read_markets(desk, desk.clock.now_ms())
    report = await desk.ledger.last_scan()
    found = [scored(view, view.side, report, desk.settings) for view in reading.views if view.side is not None]
    return sorted(found, key=lambda one: (-one.score, one.view.symbol))[:most]


def scored(view: MarketView, side: Side, report: ScanReport | None, settings: Settings) -> Strong:
    """One market's score toward its side."""
    parts = tuple(points(view, side, settings.score))
    outcome = report.of(view.symbol) if report is not None else None
    return Strong(view, side, sum(one.points for one in parts), parts, outcome)


async def reading_of(desk: Desk, market: Market) -> tuple[MarketView | None, Sequence[str]]:
    """One market's view; without one, why it cannot be read."""
    reading: Reading = await read_markets(desk, desk.clock.now_ms())
    view = next((one for one in reading.views if one.symbol == market.symbol), None)
    return view, [one.rule for one in reading.refused if one.symbol == market.symbol]
