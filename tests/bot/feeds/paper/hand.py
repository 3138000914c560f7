"""A real exchange's words written by hand, and its time moved by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.feeds.paper.answers import BestRow, BookRow, ContextFrame, ContextRow, LevelRow
from bot.feeds.paper.market import PaperMarket
from core.settings import ExchangeRules, PaperRules
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import MarketTerms
from core.trading.exchange.run import RunningExchange

D = Decimal
ANNA = "0x" + "a" * 40
HOUR = 3_600_000
START = 1_790_000_000_000 // HOUR * HOUR + 60_000
TERMS = (
    MarketTerms("BTC", 5, 40, False, ((D(0), 40),)),
    MarketTerms("ETH", 4, 25, False, ((D(0), 25),)),
    MarketTerms("OLD", 1, 5, False, ((D(0), 5),), delisted=True),
)


def levels(*rows: tuple[Any, Any]) -> list[LevelRow]:
    return [LevelRow(D(str(price)), D(str(size))) for price, size in rows]


def context(mark: Any = 60_000, *, funding: str = "0.0000125", oracle: Any = None) -> ContextRow:
    middle = D(str(mark))
    return ContextRow(
        mark_px=middle,
        oracle_px=middle if oracle is None else D(str(oracle)),
        mid_px=middle,
        impact_pxs=[middle - D("12.34"), middle + D("12.34")],
        funding=D(funding),
        open_interest=D(1_000),
        prev_day_px=middle,
        day_ntl_vlm=D(50_000_000),
        premium=D(0),
    )


class Hand:
    """The paper market with its exchange; ``say`` lets the real one speak, ``wait`` lets time pass."""

    def __init__(self, *, now_ms: int = START) -> None:
        self.now = now_ms
        self.rules = PaperRules()
        self.market = PaperMarket(TERMS, lambda: self.now, self.rules)
        self.exchange = Exchange(TERMS, ExchangeRules(), now_ms)
        self.exchange.open_account(ANNA, D(10_000))
        self.running = RunningExchange(self.exchange, self.market)

    def figures(self, mark: Any = 60_000, coin: str = "BTC", **changes: Any) -> None:
        self.market.heard([ContextFrame(coin, context(mark, **changes))])

    def book(self, bids: list[LevelRow], asks: list[LevelRow], coin: str = "BTC") -> None:
        self.market.heard([BookRow(coin, self.now, (bids, asks))])

    def best(self, bid: LevelRow | None, ask: LevelRow | None, coin: str = "BTC", at_ms: int | None = None) -> None:
        self.market.heard([BestRow(coin, self.now if at_ms is None else at_ms, (bid, ask))])

    def usual(self, mark: int = 60_000) -> None:
        """Figures and a book of BTC around a mark."""
        self.figures(mark)
        self.book(levels((mark - 1, "0.04"), (mark - 10, 3)), levels((mark + 1, "0.02"), (mark + 4, 3)))

    def wait(self, ms: int) -> None:
        """Time passes, and the exchange with it."""
        self.now += ms
        self.running.advance_to(self.now)
