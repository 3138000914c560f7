"""A trading stand for the exchange's tests: short verbs over the real exchange, and its whole money in one figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.settings import ExchangeRules
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.ports import MarketTerms, Price
from core.trading.exchange.records import FillRecord, OrderChanged, PositionState
from core.trading.exchange.requests import Grouping, OrderRequest, Outcome, Tif, Trigger
from core.trading.exchange.state import VENUE_OWN

D = Decimal
ANNA = "0x" + "a" * 40
BEN = "0x" + "b" * 40
START = 1_790_000_000_000 // 3_600_000 * 3_600_000

TERMS = (
    MarketTerms("BTC", 5, 40, isolated_only=False, margin_tiers=((D(0), 40), (D(150_000_000), 20))),
    MarketTerms("ETH", 4, 25, isolated_only=False, margin_tiers=((D(0), 25), (D(100_000_000), 15))),
    MarketTerms("ARB", 1, 10, isolated_only=False, margin_tiers=((D(0), 10), (D(3_000), 5))),
    MarketTerms("OLD", 1, 10, isolated_only=False, margin_tiers=((D(0), 10),), delisted=True),
    MarketTerms("xyz:TSLA", 3, 20, isolated_only=True, margin_tiers=((D(0), 20),)),
    MarketTerms("xyz:GOLD", 4, 25, isolated_only=False, margin_tiers=((D(0), 25),)),
)


def price(mark: Any, spread: Any = 0, *, gapped: bool = False, oracle: Any = None) -> Price:
    """Quote around ``mark`` with ``spread`` on each side."""
    middle, side = D(str(mark)), D(str(spread))
    return Price(middle, middle if oracle is None else D(str(oracle)), middle - side, middle + side, gapped)


PRICES = {
    "BTC": price(60_000, 1),
    "ETH": price(3_000, "0.1"),
    "ARB": price("0.5", "0.0001"),
    "xyz:TSLA": price("317.25", "0.01"),
    "xyz:GOLD": price("2650.5", "0.1"),
}


class Stand:
    """An exchange with Anna and Ben, 10,000 USD each, and the five markets quoted."""

    def __init__(self, *, usd: Any = 10_000, **rules: Any) -> None:
        self.rules = replace(ExchangeRules(), **rules)
        self.exchange = Exchange(TERMS, self.rules, START)
        for address in (ANNA, BEN):
            self.exchange.open_account(address, D(str(usd)))
        self.exchange.advance(START + 1, PRICES)
        self.exchange.drain()

    def move(self, coin: str, to: Price | Any, *, ms: int = 1_000, gapped: bool = False) -> None:
        """One price change of one coin."""
        self.moves({coin: to}, ms=ms, gapped=gapped)

    def moves(self, to: Mapping[str, Price | Any], *, ms: int = 1_000, gapped: bool = False) -> None:
        """Price changes of several coins at once."""
        found = {
            coin: one if isinstance(one, Price) else price(one, PRICES[coin].ask - PRICES[coin].mark, gapped=gapped)
            for coin, one in to.items()
        }
        self.exchange.advance(self.exchange.now_ms + ms, found)

    def order(
        self,
        coin: str = "BTC",
        size: Any = "0.1",
        at: Any = None,
        *,
        who: str = ANNA,
        tif: Tif | None = Tif.IOC,
        reduce_only: bool = False,
        trigger: Trigger | None = None,
        cloid: str | None = None,
    ) -> Outcome:
        """One order; a positive size buys, a negative sells; without ``at`` at any price within 5 %."""
        return self.exchange.submit(
            who, [ask(coin, size, at, tif=tif, reduce_only=reduce_only, trigger=trigger, cloid=cloid)], Grouping.NA
        )[0]

    def stop(self, level: Any, size: Any = "-0.1") -> Outcome:
        """A reduce-only stop at market in BTC, bounded 10 % beyond its level."""
        return self.exchange.submit(ANNA, [closing(stop(level), size)], Grouping.NA)[0]

    def size(self, coin: str = "BTC", who: str = ANNA) -> Decimal:
        """Signed size of a position."""
        found = self.position(coin, who)
        return found.size if found else D(0)

    def position(self, coin: str = "BTC", who: str = ANNA) -> PositionState | None:
        """A position as shown."""
        return next((p for p in self.exchange.positions(who) if p.coin == coin), None)

    def held(self, coin: str = "BTC", who: str = ANNA) -> PositionState:
        """A position that must be there."""
        found = self.position(coin, who)
        assert found is not None
        return found

    def fill(self, who: str = ANNA) -> FillRecord:
        """The last fill."""
        return self.exchange.fills(who)[-1]

    def status(self, order: int | str | None, who: str = ANNA) -> str:
        """What became of an order."""
        assert order is not None
        found = self.exchange.order(who, order)
        assert found is not None
        return found.status

    def open(self, who: str = ANNA) -> list[int]:
        """Ids of open orders."""
        return [order.oid for order in self.exchange.open_orders(who)]

    def equity(self, who: str = ANNA, dex: str = "") -> Decimal:
        """Account value on a dex."""
        return self.exchange.account(who, dex).margin.account_value

    def cash(self, who: str, dex: str = "") -> Decimal:
        """Cash of a wallet, isolated margins left out."""
        return self.exchange._state.accounts[who].peek(dex).cash

    def statuses(self) -> list[str]:
        """Statuses of the orders that changed since the last drain, in order."""
        return [one.order.status for one in self.exchange.drain() if isinstance(one, OrderChanged)]

    def money(self) -> Decimal:
        """Everybody's money, the venue's own accounts included, at present marks."""
        state, total = self.exchange._state, D(0)
        for account in state.accounts.values():
            for wallet in account.wallets.values():
                total += wallet.cash
                for one in wallet.positions.values():
                    total += one.margin + one.size * state.prices[one.coin].mark - one.cost
        return total

    def sizes(self) -> dict[str, Decimal]:
        """Sum of all positions by coin; zero for a closed world."""
        total: dict[str, Decimal] = {}
        for account in self.exchange._state.accounts.values():
            for wallet in account.wallets.values():
                for one in wallet.positions.values():
                    total[one.coin] = total.get(one.coin, D(0)) + one.size
        return total


def ask(
    coin: str = "BTC",
    size: Any = "0.1",
    at: Any = None,
    *,
    tif: Tif | None = Tif.IOC,
    reduce_only: bool = False,
    trigger: Trigger | None = None,
    cloid: str | None = None,
) -> OrderRequest:
    """An order request; a positive size buys, a negative sells."""
    quantity = D(str(size))
    is_buy = quantity > 0
    if at is None:
        bound = PRICES[coin].mark * (D("1.05") if is_buy else D("0.95"))
        at = bound.quantize(PRICES[coin].mark)
    return OrderRequest(coin, is_buy, D(str(at)), abs(quantity), reduce_only, tif, trigger, cloid)


def stop(level: Any, *, market: bool = True) -> Trigger:
    """A stop's trigger."""
    return Trigger(D(str(level)), is_market=market, is_stop=True)


def target(level: Any, *, market: bool = True) -> Trigger:
    """A target's trigger."""
    return Trigger(D(str(level)), is_market=market, is_stop=False)


def closing(trigger: Trigger, size: Any = "-0.1", at: Any = None, cloid: str | None = None) -> OrderRequest:
    """A reduce-only trigger order, bounded 10 % beyond its level unless told."""
    quantity = D(str(size))
    bound = trigger.price * (D("0.9") if quantity <= 0 else D("1.1")) if at is None else D(str(at))
    return ask(size=size, at=bound.quantize(D(1)), tif=None, reduce_only=True, trigger=trigger, cloid=cloid)


__all__ = [
    "ANNA",
    "BEN",
    "PRICES",
    "START",
    "TERMS",
    "VENUE_OWN",
    "D",
    "Stand",
    "ask",
    "closing",
    "price",
    "stop",
    "target",
]
