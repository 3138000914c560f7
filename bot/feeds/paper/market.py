"""The real market as the simulated exchange's price source: what was heard last, and nothing once that is too old.

It never goes back and cannot be played again. A market whose figures or book are older than the settings allow has no
book: nothing is traded on it and nothing triggers until the exchange is heard again, and then at the price it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.feeds.paper.answers import BestRow, BookRow, ContextRow
from bot.feeds.paper.books import put_together
from bot.feeds.paper.frames import Word
from core.settings import PaperRules
from core.trading.exchange.grid import DECIMALS, ZERO, toward
from core.trading.exchange.ports import Book, Candle, Forced, MarketTerms, Price, Statistics

NEVER_MS = -(2**62)


@dataclass(slots=True)
class Known:
    """What was heard of one market, and when by our clock.

    ``book`` is the newest whole book with the best of both sides, where that is newer; put together when looked at.
    """

    context: ContextRow = field(default_factory=ContextRow)
    context_ms: int = NEVER_MS
    whole: BookRow | None = None
    best: BestRow | None = None
    book: Book | None = None
    book_ms: int = NEVER_MS


class PaperMarket:
    """A :class:`core.trading.exchange.ports.PriceSource` and ``BookSource`` that is told what the real exchange says.

    ``clock`` gives the exchange's time, epoch ms.
    """

    def __init__(self, terms: Sequence[MarketTerms], clock: Callable[[], int], rules: PaperRules) -> None:
        self._terms, self._clock, self._rules = tuple(terms), clock, rules
        self._known = {one.coin: Known() for one in terms}
        self._digits = {one.coin: one.size_decimals for one in terms}
        self._trading = {one.coin for one in terms if not one.delisted}
        self._settled: dict[tuple[str, int], Decimal] = {}
        self._moved: set[str] = set()
        self._now = self._began_ms = clock()
        self.heard_ms = NEVER_MS
        """When the exchange was heard last."""
        self.down_ms: int | None = clock()
        """Since when its stream is down; ``None`` while it is up."""

    @property
    def terms(self) -> Sequence[MarketTerms]:
        """Every market of the dexes in use, in listing order."""
        return self._terms

    @property
    def now_ms(self) -> int:
        """How far the market was told to go."""
        return self._now

    @property
    def end_ms(self) -> int | None:
        """It does not end."""
        return None

    def next_change(self) -> int | None:
        """Nobody knows; what was heard is there when the market is advanced."""
        return None

    def advance(self, to_ms: int) -> Sequence[str]:
        """Move to ``to_ms``; the coins that were heard of since the last call. Of a time before the start nothing was."""
        self._now = max(self._now, to_ms)
        if to_ms < self._began_ms:
            return ()
        moved, self._moved = self._moved, set()
        return list(moved)

    def price(self, coin: str) -> Price | None:
        """Mark and oracle, and the best of both sides: of the book, else what an order of some size would pay."""
        known = self._known[coin]
        mark, oracle = known.context.mark_px, known.context.oracle_px
        if mark is None or oracle is None or not self._fresh(known.context_ms):
            return None
        book, digits = self.book(coin), self._digits[coin]
        if book is not None:
            bid, ask = book.bids[0][0], book.asks[0][0]
        elif known.context.impact_pxs is not None:
            bid, ask = known.context.impact_pxs
            bid, ask = toward(bid, digits, up=False), toward(ask, digits, up=True)
        else:
            return None
        return Price(round(mark, max(0, DECIMALS - digits)), oracle, bid, ask, gapped=True)

    def book(self, coin: str) -> Book | None:
        """The book, if both sides of it and the mark are known and young enough."""
        known = self._known[coin]
        old = not (self._fresh(known.book_ms) and self._fresh(known.context_ms))
        if old or known.context.mark_px is None:
            return None
        if known.book is None:
            known.book = put_together(known.whole, known.best)
        return known.book if known.book.bids and known.book.asks else None

    def statistics(self, coin: str) -> Statistics:
        """The latest figures; at an hour that was missed the rate that the exchange settled then."""
        now = self._known[coin].context
        rate = self._settled.get((coin, self._now), now.funding)
        return Statistics(rate, now.open_interest, now.prev_day_px, now.day_ntl_vlm, now.premium or ZERO)

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:  # noqa: ARG002 - the port's
        """None: whoever wants candles asks the exchange itself."""
        return ()

    def forced(self, after_ms: int) -> Sequence[Forced]:  # noqa: ARG002 - the port's
        """None: liquidations are heard from the exchange itself."""
        return ()

    def snapshot(self) -> dict[str, Any]:
        """Where it stands."""
        return {"now_ms": self._now}

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Stand there again: the hours since then have yet to pass, one by one."""
        self._now = int(snapshot["now_ms"])

    def heard(self, events: Iterable[Word]) -> None:
        """Take in what the stream says; of books the one that the exchange made last."""
        for one in events:
            if one.coin not in self._known:
                continue
            if isinstance(one, BookRow):
                self.take_book(one)
            elif isinstance(one, BestRow):
                self._take_best(one)
            else:
                self.take_context(one.coin, one.ctx)

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:  # noqa: ARG002 - the port's
        """The stream came or went."""
        if up:
            self.down_ms = None
        elif self.down_ms is None:
            self.down_ms = self._clock()

    def take_context(self, coin: str, context: ContextRow) -> None:
        """The figures of a market."""
        known = self._known.get(coin)
        if known is not None:
            known.context, known.context_ms = context, self._note(coin)

    def take_book(self, row: BookRow) -> None:
        """A whole book, unless a newer one is known."""
        known = self._known[row.coin]
        if known.whole is None or row.time >= known.whole.time:
            known.whole, known.book = row, None
            known.book_ms = self._note(row.coin)

    def settled(self, coin: str, hour_ms: int, rate: Decimal) -> None:
        """What a market paid at an hour that was missed."""
        self._settled[(coin, hour_ms)] = rate

    def book_age_ms(self, coin: str) -> int:
        """How long ago a market's book was heard of."""
        return self._clock() - self._known[coin].book_ms

    def lists(self, coin: str) -> bool:
        """Whether the market is there and trades."""
        return coin in self._trading

    def _take_best(self, row: BestRow) -> None:
        known = self._known[row.coin]
        if known.best is None or row.time >= known.best.time:
            known.best, known.book = row, None
            known.book_ms = self._note(row.coin)

    def _fresh(self, at_ms: int) -> bool:
        return self._clock() - at_ms <= self._rules.stale_ms

    def _note(self, coin: str) -> int:
        """Something was heard of a coin; when."""
        self._moved.add(coin)
        self.heard_ms = self._clock()
        return self.heard_ms
