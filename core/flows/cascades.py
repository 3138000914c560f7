"""Liquidations as they are heard, and once a second the question whether a cascade is over (SPEC X2).

What the feeds say goes into the windows at once; it is stored, and the windows are judged, by :func:`judge`. Every
exhaustion is followed for an hour, so that the hit rate that is shown is measured and not believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.desk import Desk
from core.errors import FeedUnavailable
from core.events import CascadeExhausted
from core.flows.absences import tell_absences
from core.market.liquidations import Certainty, Liquidation
from core.sifting import Missed
from core.signals.cascade import MARKET, CascadeReading, Exhaustion, HitRate, Tier, hit_rate

STAGE = "liquidations"
MINUTE_MS = 60_000
AT_ONCE = 4
"""Symbols that are judged before the event loop gets its turn."""
REMEMBERED = 1_000
"""Newest exhaustions over which the hit rate is taken."""


@dataclass(slots=True)
class Hearing:
    """The desk's ear: a :class:`core.market.liquidations.Listener`."""

    desk: Desk

    def heard(self, events: Sequence[Liquidation]) -> None:
        """Count what is new, and keep it to be stored."""
        for event in events:
            if self.desk.cascades.add(event):
                self.desk.unsaved.append(event)

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:
        """A feed came or went."""
        self.desk.cascades.note(source, at_ms, up=up)


async def judge(desk: Desk) -> None:
    """Store what was heard, find the cascades that are over, follow the earlier ones."""
    now, heard = desk.clock.now_ms(), desk.unsaved[:]
    await tell_absences(desk, STAGE, desk.feeds, down(desk, now))
    over: list[CascadeReading] = []
    names = list(desk.cascades.standing)
    for first in range(0, len(names), AT_ONCE):
        over += desk.cascades.exhausted(now, desk.day_volumes, names[first : first + AT_ONCE])
        await asyncio.sleep(0)
    due = [one for one in desk.followed if is_due(one, now)]
    if not (heard or over or due):
        return
    prices = await marks(desk) if over or due else {}
    fired = [exhaustion(one, prices) for one in over]
    moved = [moved_since(one, now, prices) for one in due]
    await desk.ledger.store(
        liquidations=heard,
        exhaustions=[*fired, *moved],
        events=[await told(desk, one) for one in await worth_telling(desk, fired, now)],
        at_ms=now,
    )
    del desk.unsaved[: len(heard)]
    known = {(one.symbol, one.at_ms): one for one in (*desk.followed, *fired, *moved)}
    desk.followed = [one for one in known.values() if one.after_60m is None]


def down(desk: Desk, now_ms: int) -> list[Missed]:
    """The feeds that have been down for long."""
    patience = desk.settings.liquidation_feeds.down_ms
    return [
        Missed(STAGE, name, "the feed does not answer")
        for name, since in desk.cascades.down_ms.items()
        if now_ms - since >= patience
    ]


async def remember_cascades(desk: Desk, now_ms: int) -> None:
    """Take up what an earlier life heard and followed."""
    for event in await desk.ledger.liquidations(now_ms - desk.settings.cascade.window_s * 1_000):
        desk.cascades.add(event)
    desk.followed = [one for one in await desk.ledger.exhaustions(REMEMBERED) if one.after_60m is None]


async def marks(desk: Desk) -> Mapping[str, float]:
    """Marks by symbol, that of the first market for the whole of them."""
    quotes = await desk.venue.quotes()
    found = {m.symbol: float(quotes[m.coin].mark) for m in desk.universe if m.coin in quotes}
    return {MARKET: next(iter(found.values()), 0.0), **found}


def exhaustion(one: CascadeReading, prices: Mapping[str, float]) -> Exhaustion:
    """The record of a cascade that is over."""
    price = prices.get(one.symbol, 0.0)
    return Exhaustion(one.symbol, one.at_ms, int(one.tier), one.long_usd, one.short_usd, one.direction, price)


def is_due(one: Exhaustion, now_ms: int) -> bool:
    """Whether a return is to be noted."""
    age = now_ms - one.at_ms
    return (one.after_15m is None and age >= 15 * MINUTE_MS) or (one.after_60m is None and age >= 60 * MINUTE_MS)


def moved_since(one: Exhaustion, now_ms: int, prices: Mapping[str, float]) -> Exhaustion:
    """With the return that is due; one whose market has no price any more is followed no further."""
    price = prices.get(one.symbol, 0.0)
    moved = price / one.price - 1 if price > 0 and one.price > 0 else 0.0
    if now_ms - one.at_ms >= 60 * MINUTE_MS:
        return replace(one, after_15m=moved if one.after_15m is None else one.after_15m, after_60m=moved)
    return replace(one, after_15m=moved)


async def worth_telling(desk: Desk, fired: Sequence[Exhaustion], now_ms: int) -> list[Exhaustion]:
    """Those that are announced: the whole market's, and of a symbol what outdoes that or concerns a position held.

    When a whole class is swept, one message says so and not sixty; /liq shows them all.
    """
    if not fired:
        return []
    market = desk.cascades.read(MARKET, now_ms, 0.0)
    general = market.tier if market is not None else Tier.NONE
    held = {one.symbol for one in await desk.ledger.live_positions()}
    return [one for one in fired if one.symbol == MARKET or one.tier > general or one.symbol in held]


async def told(desk: Desk, one: Exhaustion) -> CascadeExhausted:
    """What is announced, with the rate that was measured so far."""
    rate = hit_rate(await desk.ledger.exhaustions(REMEMBERED), 60)
    return CascadeExhausted(one.symbol, one.tier, one.long_usd, one.short_usd, one.direction, rate.hits, rate.followed)


@dataclass(frozen=True, slots=True)
class Liquidations:
    """What /liq shows: feeds with since when they stand, windows (the market first, then the largest), hit rates."""

    feeds: Sequence[tuple[str, Certainty, int | None]]
    windows: Sequence[CascadeReading]
    after_15m: HitRate
    after_60m: HitRate
    past: Sequence[Exhaustion]


async def liquidations(desk: Desk, most: int) -> Liquidations:
    """Everything at once. Raises :class:`FeedUnavailable` where no feed of liquidations runs."""
    if not desk.feeds:
        raise FeedUnavailable("no feed of liquidations runs on this venue", what="liquidations")
    now = desk.clock.now_ms()
    read = [desk.cascades.read(name, now, desk.day_volumes.get(name, 0.0)) for name in desk.cascades.standing]
    windows = sorted(
        (one for one in read if one is not None and one.total_usd > 0),
        key=lambda one: (one.symbol != MARKET, -one.total_usd, one.symbol),
    )
    past = await desk.ledger.exhaustions(REMEMBERED)
    return Liquidations(
        feeds=[(name, certainty, desk.cascades.since_ms.get(name)) for name, certainty in desk.feeds.items()],
        windows=windows[:most],
        after_15m=hit_rate(past, 15),
        after_60m=hit_rate(past, 60),
        past=past[:most],
    )
