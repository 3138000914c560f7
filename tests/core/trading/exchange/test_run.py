"""The exchange on a moving market: changes in order, hours settled on the hour, idle coins left alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.settings import ExchangeRules
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import Candle, Forced, MarketTerms, Price, Statistics
from core.trading.exchange.requests import Grouping, Tif
from core.trading.exchange.run import RunningExchange
from tests.core.trading.exchange.stand import ANNA, START, TERMS, D, ask, closing, price, stop

HOUR = 3_600_000


class WrittenMarket:
    """A price source that follows a script of (time, coin, price); honest about not skipping changes."""

    def __init__(self, script: Sequence[tuple[int, str, Price]], rates: Sequence[tuple[int, str]]) -> None:
        self._script = sorted(script, key=lambda one: one[0])
        self._rates = rates
        self._prices: dict[str, Price] = {}
        self._now = START
        self._at = 0
        self.asked: list[str] = []

    @property
    def terms(self) -> Sequence[MarketTerms]:
        return TERMS

    @property
    def now_ms(self) -> int:
        return self._now

    @property
    def end_ms(self) -> int | None:
        return None

    def next_change(self) -> int | None:
        return self._script[self._at][0] if self._at < len(self._script) else None

    def advance(self, to_ms: int) -> Sequence[str]:
        change = self.next_change()
        assert change is None or to_ms <= change, "a change was skipped"
        self._now = to_ms
        changed = []
        while self._at < len(self._script) and self._script[self._at][0] <= to_ms:
            _, coin, new = self._script[self._at]
            self._prices[coin] = new
            changed.append(coin)
            self._at += 1
        return changed

    def price(self, coin: str) -> Price | None:
        self.asked.append(coin)
        return self._prices.get(coin)

    def statistics(self, coin: str) -> Statistics:
        rate = [one for since, one in self._rates if since <= self._now][-1]
        return Statistics(D(rate), D(0), D(1), D(0), D(0))

    def candles(self, coin: str, interval_ms: int, start_ms: int, end_ms: int) -> Sequence[Candle]:
        return ()

    def forced(self, after_ms: int) -> Sequence[Forced]:
        return []


def running(
    *script: tuple[int, str, Price], rates: Sequence[tuple[int, str]] = ((0, "0.0001"),)
) -> tuple[RunningExchange, WrittenMarket]:
    """An exchange with Anna on a written market; times are ms after the start."""
    market = WrittenMarket([(START + at, coin, one) for at, coin, one in script], rates)
    exchange = Exchange(TERMS, ExchangeRules(), START)
    exchange.open_account(ANNA, D(10_000))
    return RunningExchange(exchange, market), market


def buy(run: RunningExchange, coin: str = "BTC", size: str = "0.1") -> None:
    assert run.exchange.submit(ANNA, [ask(coin, size)], Grouping.NA)[0].kind == "filled"


def test_every_change_happens_in_order_even_when_the_clock_leaps() -> None:
    run, _ = running(
        (1, "BTC", price(60_000, 1)), (1_000, "BTC", price(57_000, 1)), (2_000, "BTC", price(62_000, 1))
    )  # fmt: skip
    run.advance_to(START + 1)
    buy(run)
    run.exchange.submit(ANNA, [closing(stop(58_000))], Grouping.NA)
    run.advance_to(START + 10_000)
    assert run.exchange.positions(ANNA) == []
    assert run.exchange.fills(ANNA)[-1].time_ms == START + 1_000
    assert run.exchange.now_ms == START + 10_000


def test_each_full_hour_is_settled_once_at_the_rate_and_oracle_of_that_moment() -> None:
    run, _ = running(
        (1, "BTC", price(60_000, 1)),
        (HOUR, "BTC", price(61_000, 1)),
        (HOUR + 1, "BTC", price(65_000, 1)),
        rates=[(0, "0.0001"), (START + 2 * HOUR, "0.0002")],
    )
    run.advance_to(START + 1)
    buy(run)
    run.advance_to(START + 2 * HOUR + 5)
    run.advance_to(START + 2 * HOUR + 6)
    told = [(one.time_ms - START, one.usd) for one in run.exchange.funding_payments(ANNA)]
    assert told == [(HOUR, D("-0.61")), (2 * HOUR, D("-1.3"))]


def test_prices_of_idle_coins_are_never_asked_for_while_the_market_moves() -> None:
    run, market = running(*((k, coin, price(60_000 + k, 1)) for k in range(1, 50) for coin in ("BTC", "ETH")))
    run.advance_to(START + 10)
    assert market.asked == []
    buy(run)
    market.asked.clear()
    run.advance_to(START + 49)
    assert set(market.asked) == {"BTC"}
    assert run.drain_moved() == {"BTC", "ETH"}
    assert run.drain_moved() == set()


def test_an_idle_coin_trades_at_the_price_of_the_moment() -> None:
    run, _ = running((1, "BTC", price(50_000, 1)), (2_000, "BTC", price(60_000, 1)))
    run.advance_to(START + 3_000)
    buy(run)
    assert run.exchange.fills(ANNA)[0].price == 60_001


def test_small_steps_and_one_leap_end_the_same() -> None:
    script = [(k * 500, "BTC", price(60_000 + (k * 7919 % 2_000) - 1_000, 1)) for k in range(1, 200)]
    ends = []
    for stride in (100, 777, 200_000):
        run, _ = running(*script)
        run.advance_to(START + 600)
        buy(run)
        run.exchange.submit(ANNA, [ask(size="-0.05", at=60_950, tif=Tif.GTC)], Grouping.NA)
        run.exchange.submit(ANNA, [closing(stop(59_100), "-0.05")], Grouping.NA)
        for at in range(START + 600 + stride, START + 200_000, stride):
            run.advance_to(at)
        run.advance_to(START + 200_000)
        ends.append((run.exchange.fills(ANNA), run.exchange.account(ANNA)))
    assert ends[0] == ends[1] == ends[2]
    assert len(ends[0][0]) == 3


def test_scheduled_cancels_fire_at_their_time_between_two_changes() -> None:
    market = WrittenMarket([(START + 1, "BTC", price(60_000, 1)), (START + 90_000, "BTC", price(40_000, 1))], [])
    rules = ExchangeRules(schedule_volume_usd=0.0)
    exchange = Exchange(TERMS, rules, START)
    exchange.open_account(ANNA, Decimal(10_000))
    run = RunningExchange(exchange, market)
    run.advance_to(START + 1)
    oid = exchange.submit(ANNA, [ask(at=50_000, tif=Tif.GTC)], Grouping.NA)[0].oid
    exchange.schedule_cancel(ANNA, START + 30_000)
    run.advance_to(START + 100_000)
    order = exchange.order(ANNA, oid or 0)
    assert order is not None
    assert (order.status, order.status_ms) == ("scheduledCancel", START + 30_000)
