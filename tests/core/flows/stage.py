"""A small world in which the real flows trade on the real exchange: one market whose price the test moves.

Everything but the price source is the product's own: exchange, replay venue, in-memory ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.decision.consensus import Consensus
from core.decision.judge import Judged
from core.decision.record import Outcome
from core.decision.thresholds import Threshold
from core.desk import Desk
from core.flows.enter import enter
from core.flows.quotes import Quotes
from core.flows.reconcile import recover
from core.flows.watch import watch
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import AssetClass, Market, Side
from core.replay.ledger import MemoryLedger
from core.replay.run import ACCOUNT, ReplayClock, at_once
from core.replay.venue import DirectVenue
from core.settings import Settings
from core.signals.enrichment.dimensions import Dimensions
from core.signals.regime import Regime, RegimeReading
from core.signals.timeframes import States
from core.signals.view import MarketView
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import Candle, Forced, MarketTerms, Price, Statistics
from core.trading.exchange.run import RunningExchange

START = 1_767_713_400_000
"""2026-01-06 15:30 UTC, a Tuesday: New York is open."""
MARKETS = [
    Market("BTC", AssetClass.CRYPTO, "BTC", max_leverage=40, size_decimals=5),
    Market("ETH", AssetClass.CRYPTO, "ETH", max_leverage=25, size_decimals=4),
    Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", max_leverage=20, size_decimals=3, isolated_only=True),
]
FIRST = {"BTC": Decimal(60000), "ETH": Decimal(3000), "xyz:TSLA": Decimal(300)}
CALM = RegimeReading(Regime.NEUTRAL, 1, 1, 1, 0.3, 3)


class MovedMarket:
    """A price source that changes only when the test says so."""

    def __init__(self) -> None:
        self.now_ms = START
        self.end_ms = None
        self.marks = dict(FIRST)
        self.due: list[tuple[int, str, Decimal]] = []
        self.terms = [
            MarketTerms(m.coin, m.size_decimals, m.max_leverage, m.isolated_only, ((Decimal(0), m.max_leverage),))
            for m in MARKETS
        ]

    def next_change(self) -> int | None:
        return self.due[0][0] if self.due else None

    def advance(self, to_ms: int) -> Sequence[str]:
        self.now_ms = to_ms
        changed = []
        while self.due and self.due[0][0] <= to_ms:
            _, coin, mark = self.due.pop(0)
            self.marks[coin] = mark
            changed.append(coin)
        return changed

    def price(self, coin: str) -> Price | None:
        mark = self.marks[coin]
        step = Decimal("0.01") if mark < 10_000 else Decimal(1)
        return Price(mark=mark, oracle=mark, bid=mark - step, ask=mark + step)

    def statistics(self, coin: str) -> Statistics:
        return Statistics(Decimal("0.0000125"), Decimal(1000), self.marks[coin], Decimal(10**9), Decimal(0))

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        return []

    def forced(self, after_ms: int) -> Sequence[Forced]:
        return []


class NoCandles:
    """These tests begin behind the readings."""

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        return {}


class Stage:
    """Exchange, market, ledger, and a desk that may be built anew as after a crash."""

    def __init__(self, settings: Settings | None = None, ledger: Any = None) -> None:
        self.settings = settings or Settings()
        self.market = MovedMarket()
        self.running = RunningExchange(Exchange(self.market.terms, self.settings.exchange, START), self.market)
        self.running.exchange.open_account(ACCOUNT, Decimal(10_000))
        self.ledger: Any = ledger or MemoryLedger()
        self.clock = ReplayClock(START)
        self.venue = DirectVenue(self.running, ACCOUNT, MARKETS)
        self.desk = self.new_desk()

    def new_desk(self, venue: Any = None, ledger: Any = None) -> Desk:
        return Desk(
            settings=self.settings,
            clock=self.clock,
            universe=list(MARKETS),
            candles=NoCandles(),
            venue=venue or self.venue,
            ledger=ledger or self.ledger,
            offload=at_once,
            venue_name="replay",
            started_ms=self.clock.now_ms(),
        )

    async def begin(self) -> Desk:
        await recover(self.desk)
        return self.desk

    async def pass_time(self, ms: int) -> None:
        self.running.advance_to(self.clock.now_ms() + ms)
        self.clock.move_to(self.clock.now_ms() + ms)

    def moment(self) -> None:
        """A millisecond goes by: what the account shows is newer than the fill before it."""
        now = self.clock.now_ms() + 1
        self.running.advance_to(now)
        self.clock.move_to(now)

    async def move(self, coin: str, to: str, ms: int = 1_000) -> None:
        """Move a mark, and time with it."""
        self.market.due.append((self.clock.now_ms() + ms, coin, Decimal(to)))
        await self.pass_time(ms)

    async def open(
        self, symbol: str = "BTC", side: Side = Side.LONG, desk: Desk | None = None, **changes: Any
    ) -> Outcome:
        desk = desk or self.desk
        return await enter(desk, judged(symbol, side, **changes), CALM, Quotes())

    async def look(self) -> None:
        """A full look, as after a nudge."""
        self.desk.nudged = True
        await watch(self.desk)

    def stops(self, coin: str) -> list[Any]:
        return [
            o for o in self.running.exchange.open_orders(ACCOUNT) if o.coin == coin and o.trigger and o.trigger.is_stop
        ]


def judged(symbol: str = "BTC", side: Side = Side.LONG, confidence: float = 0.7, atr: float | None = None) -> Judged:
    """A finalist."""
    market = next(m for m in MARKETS if m.symbol == symbol)
    close = float(FIRST[market.coin])
    view = MarketView(
        symbol=symbol,
        asset_class=market.asset_class,
        now_ms=START,
        close=close,
        atr=atr if atr is not None else close * (0.01 if ":" in market.coin else 0.005),
        range_24h=0.03,
        states=States(side.sign, side.sign, side.sign),
        dimensions=Dimensions(),
    )
    consensus = Consensus(confidence, confidence)
    return Judged(view, side, "trend", consensus, Threshold(0.65, (("base", 0.65),)), ("15m trend +1",), None)
