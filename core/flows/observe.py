"""Ask the venue how its markets stand beside their prices, and say how crowded they are (SPEC X1).

Asked at most once per mark of the poll; stored, so that a restart knows the day before. An outage is a missing opinion:
nobody is called crowded then, and nothing else stops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.desk import Desk
from core.events import CrowdingExtreme
from core.fail_open import fail_open_awaiting
from core.market.snapshots import Context
from core.sifting import Missed
from core.signals.crowding import Crowd, CrowdingReading, degree, read_crowding

STAGE = "crowding"
CONTEXTS = "contexts"


@dataclass(frozen=True, slots=True)
class Crowds:
    """The crowd of every market that has a context, by symbol."""

    readings: Mapping[str, CrowdingReading]
    missed: Sequence[Missed] = ()


async def observe(desk: Desk, now_ms: int) -> Crowds:
    """The crowds as they were asked for at the latest mark of the poll."""
    mark = now_ms // desk.settings.crowding.poll_ms
    if desk.observed != mark:
        contexts, missing = await fail_open_awaiting(STAGE, CONTEXTS, ask(desk, now_ms), None)
        if contexts is None:
            return Crowds({}, [missing] if missing else [])
        desk.contexts, desk.observed = contexts, mark
        await note(desk, now_ms)
    return Crowds(readings(desk))


async def ask(desk: Desk, now_ms: int) -> Mapping[str, Context]:
    """The context of every market that is looked at, by coin."""
    quotes, neutral = await desk.venue.quotes(), desk.settings.crowding.neutral_hourly
    desk.day_volumes = {m.symbol: float(quotes[m.coin].day_volume_usd) for m in desk.entered if m.coin in quotes}
    return {
        market.coin: Context(
            coin=market.coin,
            at_ms=now_ms,
            funding=float(quote.funding),
            neutral=neutral * quote.funding_multiplier,
            open_interest=float(quote.open_interest) if quote.open_interest > 0 else None,
        )
        for market in desk.entered
        if (quote := quotes.get(market.coin)) is not None
    }


async def note(desk: Desk, now_ms: int) -> None:
    """Remember and store what was asked; say who has become extremely crowded since."""
    contexts = list(desk.contexts.values())
    desk.interest.note(contexts)
    events = [
        CrowdingExtreme(symbol, one.side, one.score, one.funding_a_year, one.interest_change)
        for symbol, one in newly_extreme(desk)
        if one.side is not None
    ]
    await desk.ledger.store(contexts=contexts, events=events, at_ms=now_ms)


def newly_extreme(desk: Desk) -> list[tuple[str, CrowdingReading]]:
    """Markets that are extremely crowded and were not; one is armed again once it is no longer even moderately so."""
    found, rules = [], desk.settings.crowding
    for symbol, one in readings(desk).items():
        now = degree(one, rules)
        if now is Crowd.EXTREME and symbol not in desk.crowded:
            desk.crowded.add(symbol)
            found.append((symbol, one))
        elif now is Crowd.NONE:
            desk.crowded.discard(symbol)
    return found


def readings(desk: Desk) -> dict[str, CrowdingReading]:
    """The crowd of every market, from what is known now."""
    rules = desk.settings.crowding
    return {
        market.symbol: read_crowding(one, desk.interest.a_day_before(market.coin, one.at_ms, rules.slack_ms), rules)
        for market in desk.entered
        if (one := desk.contexts.get(market.coin)) is not None
    }


def remember(desk: Desk, stored: Iterable[Context]) -> None:
    """What an earlier life stored, oldest first: the day before, and who was crowded then."""
    for one in stored:
        desk.interest.note([one])
        desk.contexts = {**desk.contexts, one.coin: one}
    newly_extreme(desk)
