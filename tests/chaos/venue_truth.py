"""What the venue itself says, asked over its own ``/info``: the judge of every check. Signs and changes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp

from tests.chaos.bare import Spell, after, bare_spells

DEXES = ("", "xyz")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Cash (equity less unrealised profit) and signed sizes by coin, over all dexes."""

    cash: Decimal
    sizes: dict[str, Decimal]
    entries: dict[str, str]


class VenueTruth:
    """One account. Fills and orders are gathered over the whole campaign, since each answer has an end."""

    def __init__(self, http: aiohttp.ClientSession, base_url: str, account: str) -> None:
        self.http, self.base_url, self.account = http, base_url, account
        self.orders: dict[int, Json] = {}
        self.fills: dict[tuple[int, int], Json] = {}

    async def info(self, kind: str, **fields: Any) -> Any:
        """One question."""
        async with self.http.post(f"{self.base_url}/info", json={"type": kind, **fields}) as response:
            response.raise_for_status()
            return await response.json()

    async def standing(self) -> Standing:
        """The account now."""
        cash, sizes, entries = Decimal(0), dict[str, Decimal](), dict[str, str]()
        for dex in DEXES:
            state = await self.info("clearinghouseState", user=self.account, dex=dex)
            cash += Decimal(state["marginSummary"]["accountValue"])
            for held in (row["position"] for row in state["assetPositions"]):
                cash -= Decimal(held["unrealizedPnl"])
                sizes[held["coin"]] = Decimal(held["szi"])
                entries[held["coin"]] = held["entryPx"]
        return Standing(cash, sizes, entries)

    async def equity(self) -> float:
        """What the account is worth over all dexes, unrealised results included."""
        states = [await self.info("clearinghouseState", user=self.account, dex=dex) for dex in DEXES]
        return float(sum(Decimal(state["marginSummary"]["accountValue"]) for state in states))

    async def resting(self) -> list[Json]:
        """Every open order, triggers included."""
        return [o for dex in DEXES for o in await self.info("frontendOpenOrders", user=self.account, dex=dex)]

    async def marks(self) -> dict[str, Decimal]:
        """Mid prices by coin."""
        found: dict[str, Decimal] = {}
        for dex in DEXES:
            for coin, price in (await self.info("allMids", dex=dex)).items():
                found[coin] = Decimal(price)
        return found

    async def gather(self) -> None:
        """Take up every fill and order that is new."""
        since = max((time for time, _ in self.fills), default=0)
        while True:
            rows = await self.info("userFillsByTime", user=self.account, startTime=since)
            fresh = [row for row in rows if (row["time"], row["tid"]) not in self.fills]
            self.fills |= {(row["time"], row["tid"]): row for row in fresh}
            if not fresh:
                break
            since = max(row["time"] for row in rows)
        for row in await self.info("historicalOrders", user=self.account):
            self.orders[row["order"]["oid"]] = row

    async def now_ms(self) -> int:
        """Venue time."""
        async with self.http.get(f"{self.base_url}/clock") as response:
            return int((await response.json())["now_ms"])

    def bare(self, since_ms: int, now_ms: int) -> list[Spell]:
        """Spans without a stop that reach into the time since then, of what was gathered."""
        found = []
        for coin, fills in self.by_coin().items():
            orders = [row for row in self.orders.values() if row["order"]["coin"] == coin]
            found += [spell for spell in bare_spells(coin, fills, orders, now_ms) if spell.until_ms > since_ms]
        return found

    def repeated_ids(self) -> list[str]:
        """Client ids that more than one order bears."""
        bearers: dict[str, int] = defaultdict(int)
        for row in self.orders.values():
            if row["order"]["cloid"] is not None:
                bearers[row["order"]["cloid"]] += 1
        return sorted(cloid for cloid, count in bearers.items() if count > 1)

    def by_coin(self) -> dict[str, list[Json]]:
        """Fills of each coin, oldest first."""
        found: dict[str, list[Json]] = defaultdict(list)
        for _, row in sorted(self.fills.items()):
            found[row["coin"]].append(row)
        return found

    def round_trips(self) -> dict[str, int]:
        """How often each coin went from something to nothing."""
        return {
            coin: sum(after(row) == 0 and Decimal(row["startPosition"]) != 0 for row in rows)
            for coin, rows in self.by_coin().items()
        }

    def double_entries(self) -> list[str]:
        """Positions that a second order made larger: no decision of ours does that."""
        found: list[str] = []
        for coin, rows in self.by_coin().items():
            opener = None
            for row in rows:
                before = Decimal(row["startPosition"])
                opener = row["oid"] if before == 0 else opener
                if before != 0 and abs(after(row)) > abs(before) and row["oid"] != opener:
                    found.append(f"{coin} at {row['time']}: {before} → {after(row)}")
        return found


def uncovered(standing: Standing, resting: list[Json]) -> dict[str, Decimal]:
    """Positions over whose whole size no reduce-only stop rests, with their sizes."""
    found = {}
    for coin, size in standing.sizes.items():
        stops = [o for o in resting if o["coin"] == coin and o["reduceOnly"] and o["orderType"].startswith("Stop")]
        against = [o for o in stops if (o["side"] == "A") == (size > 0)]
        if sum((Decimal(o["sz"]) for o in against), Decimal(0)) < abs(size):
            found[coin] = size
    return found
