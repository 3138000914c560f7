"""Figures of one bad day, each read from the book and the venue once the trouble is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from tests.chaos.stage import Stage
from tests.faults.trouble import Trouble

DAY_MS = 86_400_000
AROUND_MS = 180_000
"""What counts as midnight, in market time: as long as a look of the bot's, and one of the stage's, may take."""
BRIEF_MS = 300_000
"""A position that was closed sooner need not have had time for all of its orders, in market time."""


def struck(kind: str) -> Callable[[Trouble], Awaitable[float]]:
    """How many requests a fault hit."""

    async def count(trouble: Trouble) -> float:
        return float(trouble.counts.get(kind, 0))

    return count


async def slippage(trouble: Trouble) -> float:
    """How far beyond its stop a position that was hit was closed, in units of its initial risk; the worst of them."""
    query = """select p.side, p.entry, p.initial_stop, p.stop, t.exit from trades t join positions p
               on p.position_id = t.trade_id where t.closed_ms >= ? and t.coin = ?"""
    worst = Decimal(0)
    for coin in trouble.aims:
        for side, *prices in book(trouble).rows(query, trouble.at_ms, coin):
            entry, initial, stop, left = map(Decimal, prices)
            beyond = (stop - left) * (1 if side == "long" else -1)
            worst = max(worst, beyond / abs(entry - initial))
    return round(float(worst), 3)


async def entered_again(trouble: Trouble) -> float:
    """Positions decided in a market after it was hit."""
    query = "select count(*) from positions where coin = ? and decided_ms > ?"
    return sum(count for coin in trouble.aims for ((count,),) in [book(trouble).rows(query, coin, trouble.at_ms)])


async def expired(trouble: Trouble) -> float:
    """Orders that the venue refused as expired although they had just been made."""
    query = "select count(*) from tickets where created_ms >= ? and reason like '%already expired%'"
    ((count,),) = book(trouble).rows(query, trouble.at_ms)
    return int(count)


async def opened(trouble: Trouble) -> float:
    """Positions that were decided once all of it had struck, and opened."""
    query = "select count(*) from positions where decided_ms >= ? and opened_ms is not null"
    ((count,),) = book(trouble).rows(query, trouble.struck_ms)
    return int(count)


async def unit_fills(trouble: Trouble) -> float:
    """Entries' fills of exactly one lot while it lasted."""
    found = await entry_fills(trouble)
    return sum(size == 1 for size in found)


async def largest_fill(trouble: Trouble) -> float:
    """The largest fill of an entry while it lasted, in lots."""
    return max(await entry_fills(trouble), default=0.0)


async def entry_fills(trouble: Trouble) -> list[float]:
    """Sizes of the entries' fills while it lasted, in lots."""
    lots = await size_decimals(trouble.stage)
    query = """select f.coin, f.size from fills f join tickets t on t.client_id = f.client_id
               where t.intent = 'entry' and t.created_ms >= ? and f.time_ms <= ?"""
    rows = book(trouble).rows(query, trouble.struck_ms, trouble.until_ms)
    return [float(Decimal(size).scaleb(lots[coin])) for coin, size in rows]


async def misfits(trouble: Trouble) -> float:
    """Positions of that time for which no stop, or no target, of exactly the size that was filled ever went out."""
    query = """select t.position_id, f.size from fills f join tickets t on t.client_id = f.client_id
               join positions p on p.position_id = t.position_id
               where t.intent = 'entry' and t.created_ms >= ? and f.time_ms <= ?
               and (p.closed_ms is null or p.closed_ms - p.opened_ms > ?)"""
    filled: dict[str, Decimal] = {}
    for position, size in book(trouble).rows(query, trouble.struck_ms, trouble.until_ms, BRIEF_MS):
        filled[position] = filled.get(position, Decimal(0)) + Decimal(size)
    sent = book(trouble).rows("select position_id, intent, size from tickets where created_ms >= ?", trouble.at_ms)
    fitting = {(position, intent) for position, intent, size in sent if Decimal(size) == filled.get(position)}
    return sum((position, intent) not in fitting for position in filled for intent in ("stop", "target"))


async def smallest_trade(trouble: Trouble) -> float:
    """Entry value of the smallest trade that was booked since, USDC."""
    query = "select size, entry from trades where closed_ms >= ?"
    values = [Decimal(size) * Decimal(entry) for size, entry in book(trouble).rows(query, trouble.at_ms)]
    return round(float(min(values, default=Decimal(0))), 2)


async def at_midnight(trouble: Trouble) -> float:
    """Positions that settled funding at the first midnight since."""
    midnight = (trouble.at_ms // DAY_MS + 1) * DAY_MS
    ((count,),) = book(trouble).rows("select count(*) from funding where time_ms = ?", midnight)
    return int(count)


async def funding_paid(trouble: Trouble) -> float:
    """Funding received (positive) or paid since, USDC."""
    rows = book(trouble).rows("select amount from funding where time_ms >= ?", trouble.at_ms)
    return float(sum((Decimal(amount) for (amount,) in rows), Decimal(0)))


async def funding_apart(trouble: Trouble) -> float:
    """How far the funding in the ledger is from what the venue says it settled since, USDC."""
    venue = trouble.stage.witness.venue
    said = await venue.info("userFunding", user=venue.account, startTime=trouble.at_ms)
    theirs = sum((Decimal(row["delta"]["usdc"]) for row in said), Decimal(0))
    return abs(float(theirs) - await funding_paid(trouble))


async def days_apart(trouble: Trouble) -> float:
    """Days by which the governor's last reading is later than the trouble's beginning."""
    ((at_ms,),) = book(trouble).rows("select at_ms from standings")
    return int(at_ms) // DAY_MS - trouble.at_ms // DAY_MS


async def day_began_apart(trouble: Trouble) -> float:
    """How far the equity with which the governor's day began lies outside what the account was worth at midnight, USDC.

    The venue shows no past equity; the stage noted it while the market passed midnight.
    """
    midnight = (trouble.at_ms // DAY_MS + 1) * DAY_MS
    seen = [worth for at_ms, worth in trouble.stage.equities if abs(at_ms - midnight) < AROUND_MS]
    ((day_equity,),) = book(trouble).rows("select day_equity from standings")
    return round(max(min(seen, default=float("inf")) - day_equity, day_equity - max(seen, default=0.0), 0.0), 2)


async def size_decimals(stage: Stage) -> dict[str, int]:
    """Decimals of a size by coin."""
    venue = stage.witness.venue
    metas = [await venue.info("meta", dex=dex) for dex in ("", "xyz")]
    return {row["name"]: int(row["szDecimals"]) for meta in metas for row in meta["universe"]}


def book(trouble: Trouble) -> Any:
    """The bot's own book."""
    return trouble.stage.witness.book


FIGURES: Mapping[str, Callable[[Trouble], Awaitable[float]]] = {
    "R beyond the stop": slippage,
    "entries in it afterwards": entered_again,
    "nonces refused": struck("nonce"),
    "nonces of another process": struck("others_nonces"),
    "orders refused as expired": expired,
    "positions opened since": opened,
    "fills of one lot": unit_fills,
    "largest fill of an entry, lots": largest_fill,
    "stops and targets of another size": misfits,
    "smallest trade, USDC": smallest_trade,
    "positions charged at midnight": at_midnight,
    "funding, USDC": funding_paid,
    "funding apart, USDC": funding_apart,
    "days turned": days_apart,
    "start of the day apart, USDC": day_began_apart,
}
"""By the name under which a scenario bounds them and the evidence shows them."""
