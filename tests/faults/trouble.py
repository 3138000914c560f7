"""Trouble of one bad day, aimed at what is held now: faults as the venue takes them, and a second process's deeds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from eth_account import Account
from hyperliquid.utils import signing

from tests.chaos.stage import Stage

HELD = "held"
"""In a scenario's file: the coin of a position that is open when the trouble begins."""
FAR = Decimal("0.16")
"""From the mark: behind a stop's bound of a tenth, with room for the stop's own distance."""
OTHERS_NONCES, AHEAD_MS = 100, 14_400_000
"""As many as the venue remembers, and how far ahead of the market's time another process's clock stands."""


@dataclass(slots=True)
class Trouble:
    """What was done to the stage, from the market's time ``at_ms`` to ``until_ms``; all of it since ``struck_ms``.

    ``aims`` are the coins that were hit.
    """

    stage: Stage
    at_ms: int
    struck_ms: int = 0
    until_ms: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    aims: list[str] = field(default_factory=list)

    async def order(self, fault: Mapping[str, Any]) -> None:
        """Ask the venue for it."""
        fault = await self.aimed(fault)
        async with self.stage.http.post(f"{self.stage.witness.venue.base_url}/faults", json=fault) as answer:
            assert answer.status == 200, await answer.text()
        self.count(fault["kind"], fault.get("count", 1))

    def count(self, kind: str, more: int) -> None:
        """So many more of a kind have struck, or (negative) have not."""
        self.counts[kind] = self.counts.get(kind, 0) + more

    async def end(self) -> None:
        """No more of it; what each fault did not strike is taken off its count first."""
        url = f"{self.stage.witness.venue.base_url}/faults"
        async with self.stage.http.get(url) as answer:
            for one in await answer.json():
                self.count(one["kind"], -one["left"])
        self.until_ms = await market_ms(self.stage)
        async with self.stage.http.delete(url) as answer:
            answer.raise_for_status()

    async def aimed(self, fault: Mapping[str, Any]) -> dict[str, Any]:
        """The fault with the coin of an open position, and with the move that leads ``past`` one of its levels.

        ``by`` says how far past it: past the stop in units of the initial risk; past the liquidation price, and past the
        bound up to which a triggered stop may fill, as a share of that price.
        """
        found = dict(fault)
        if found.get("coin") != HELD:
            return found
        past, by = found.pop("past", None), Decimal(str(found.pop("by", 0)))
        held = await self.quarry(past)
        found["coin"] = held["coin"]
        self.aims.append(held["coin"])
        if past is not None:
            size = Decimal(held["szi"])
            mark, sign = Decimal(held["positionValue"]) / abs(size), 1 if size > 0 else -1
            level, step = await self.level(held, past)
            found["move"] = float((level - sign * by * step) / mark - 1)
        return found

    async def quarry(self, past: str | None) -> dict[str, Any]:
        """The venue's row of a position that the book holds as well; of a fitting one where a level is to be passed."""
        venue, known = self.stage.witness.venue, self.stage.witness.book.sizes()
        for dex in ("", "xyz"):
            state = await venue.info("clearinghouseState", user=venue.account, dex=dex)
            for row in (one["position"] for one in state["assetPositions"]):
                if row["coin"] in known and fits(row, past):
                    return dict(row)
        raise AssertionError("nothing that fits is held")

    async def level(self, held: Mapping[str, Any], past: str) -> tuple[Decimal, Decimal]:
        """The price to pass, and the unit of how far past it."""
        if past == "liquidation":
            price = Decimal(held["liquidationPx"])
            return price, price
        if past == "bound":
            orders = [o for o in await self.stage.witness.venue.resting() if o["coin"] == held["coin"]]
            price = next(Decimal(o["limitPx"]) for o in orders if o["orderType"].startswith("Stop"))
            return price, price
        query = "select entry, initial_stop, stop from positions where coin = ? and state = 'open'"
        ((entry, initial, stop),) = self.stage.witness.book.rows(query, held["coin"])
        return Decimal(stop), abs(Decimal(entry) - Decimal(initial))

    async def use_up_nonces(self) -> None:
        """Another process with the same key, its clock ahead of the market's: its nonces push ours out."""
        wallet, venue = Account.from_key(self.stage.key), self.stage.witness.venue
        first = await market_ms(self.stage) + AHEAD_MS
        for nonce in range(first, first + OTHERS_NONCES):
            action = {"type": "noop"}
            signature = signing.sign_l1_action(wallet, action, None, nonce, None, False)
            body = {"action": action, "nonce": nonce, "signature": signature, "expiresAfter": None}
            async with self.stage.http.post(f"{venue.base_url}/exchange", json=body) as answer:
                said = await answer.json()
            assert said["status"] == "ok", said
        self.count("others_nonces", OTHERS_NONCES)


def fits(row: Mapping[str, Any], past: str | None) -> bool:
    """Whether a position can be liquidated at all, or lies far enough from it for a gap past its stop's bound."""
    if past not in ("liquidation", "bound"):
        return True
    if row["liquidationPx"] is None:
        return past == "bound"
    mark = Decimal(row["positionValue"]) / abs(Decimal(row["szi"]))
    return past == "liquidation" or abs(Decimal(row["liquidationPx"]) / mark - 1) > FAR


DEEDS: Mapping[str, Callable[[Trouble], Awaitable[None]]] = {"use_up_nonces": Trouble.use_up_nonces}


async def market_ms(stage: Stage) -> int:
    """The market's time."""
    async with stage.http.get(f"{stage.witness.venue.base_url}/clock") as answer:
        return int((await answer.json())["now_ms"])
