"""Money that the venue shows late: a row older than the newest known one is booked all the same."""

from __future__ import annotations

from collections.abc import Sequence

from core.flows.reconcile import audit, reconcile
from core.trading.orders import FundingPayment
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage

HOUR_MS = 3_600_000


async def test_funding_of_one_dex_that_shows_after_that_of_another_is_booked() -> None:
    stage = Stage()
    venue = Intercepted(stage.venue)
    stage.desk = stage.new_desk(venue=venue)
    await stage.begin()
    await stage.open("BTC")
    await stage.open("TSLA")
    shown: set[str] = {"BTC"}

    async def funding(since_ms: int) -> Sequence[FundingPayment]:
        """Main dex a little later in the hour than the other, and visible before it."""
        rows = [
            FundingPayment(p.coin, p.time_ms + (p.coin == "BTC") * 90, p.amount, p.size, p.rate)
            for p in await stage.venue.funding(0)
        ]
        return [p for p in rows if p.time_ms >= since_ms and p.coin in shown]

    venue.instead["funding"] = funding
    await stage.pass_time(HOUR_MS - stage.clock.now_ms() % HOUR_MS + 5_000)
    await reconcile(stage.desk)
    shown.add("xyz:TSLA")
    assert (await audit(stage.desk)).clean
    assert {p.coin for p in await stage.ledger.funding(0)} == {"BTC", "xyz:TSLA"}
