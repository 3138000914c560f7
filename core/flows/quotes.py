"""The venue's prices while candidates are entered one after the other: one set, read anew once it has grown old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.desk import Desk
from core.risk.entry import Offer, taker_fee
from core.settings import Settings
from core.trading.ports import Quote


@dataclass(slots=True)
class Quotes:
    """Prices by coin, none before the first question. Age is market time, so that a clock that waits makes none."""

    found: Mapping[str, Quote] = field(default_factory=dict)
    asked_ms: int | None = None

    async def of(self, coin: str, desk: Desk) -> Quote | None:
        """The present quote of a market, if the venue quotes it. Raises :class:`core.errors.VenueUnavailable`.

        The caller holds ``desk.trading``: a close must not wait for prices of what might be entered.
        """
        await self.renew(desk, hurried=True)
        return self.found.get(coin)

    async def renew(self, desk: Desk, *, hurried: bool = False) -> None:
        """Ask where nothing is known, or only what has grown old. Raises :class:`core.errors.VenueUnavailable`."""
        now, oldest = desk.clock.now_ms(), desk.clock.span_ms(desk.settings.entry.quotes_ms)
        if self.asked_ms is None or now - self.asked_ms > oldest:
            self.found, self.asked_ms = await desk.venue.quotes(hurried=hurried), now


def offer_of(quote: Quote, settings: Settings) -> Offer:
    """A quote as the rules before the order read it, with the fee that its market takes."""
    return Offer(
        mark=float(quote.mark),
        bid=float(quote.bid) if quote.bid is not None else None,
        ask=float(quote.ask) if quote.ask is not None else None,
        funding=float(quote.funding),
        fee=taker_fee(quote.coin, settings.exchange, growth=quote.growth),
    )
