"""The whole of the margin rules once more, written down independently and plainly, against the exchange.

The model takes from the exchange what was executed at which price and nothing else. Money it adds up by average
entries, maintenance as the integral of the tiers' marginal rates, liquidation prices by bisection; it imports no line
of the exchange's own margin, fee or funding code.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core.market.ticks import round_price
from tests.core.trading.exchange.stand import ANNA, PRICES, D, Stand

HOUR = 3_600_000
ZERO = D(0)
TIERS = {
    "BTC": [(0, 40), (150_000_000, 20)],
    "ETH": [(0, 25), (100_000_000, 15)],
    "ARB": [(0, 10), (3_000, 5)],
    "xyz:TSLA": [(0, 20)],
    "xyz:GOLD": [(0, 25)],
}
LOT = {"BTC": D("0.02"), "ETH": D("0.4"), "ARB": D(800), "xyz:TSLA": D(2), "xyz:GOLD": D("0.3")}
DECIMALS = {"BTC": 1, "ETH": 2, "ARB": 5, "xyz:TSLA": 3, "xyz:GOLD": 2}
DEXES = ("", "xyz")
CENT_OF_A_CENT = D("0.0001")


def dex_of(coin: str) -> str:
    """The part before the colon."""
    return coin.partition(":")[0] if ":" in coin else ""


def fee_of(coin: str) -> Decimal:
    """Taker fee; twice as much on a builder's dex."""
    return D("0.0009") if dex_of(coin) else D("0.00045")


def maintenance(coin: str, notional: Decimal) -> Decimal:
    """Each slice of the notional at half the initial margin of its tier's largest leverage."""
    bounds = [D(lower) for lower, _ in TIERS[coin]] + [D(10) ** 15]
    total = ZERO
    for (lower, leverage), upper in zip(TIERS[coin], bounds[1:], strict=True):
        total += max(ZERO, min(notional, upper) - lower) / (2 * leverage)
    return total


@dataclass
class Held:
    """A position the textbook way: average entry; the margin bound to it where it is isolated."""

    leverage: int
    isolated: bool
    size: Decimal = ZERO
    entry: Decimal = ZERO
    margin: Decimal = ZERO


@dataclass
class Plain:
    """One account."""

    cash: dict[str, Decimal]
    marks: dict[str, Decimal]
    held: dict[str, Held]
    fees: Decimal = ZERO

    def fill(self, coin: str, quantity: Decimal, at: Decimal) -> None:
        """Close first, then open; the fee is paid from the free cash."""
        one, dex = self.held[coin], dex_of(coin)
        fee = abs(quantity) * at * fee_of(coin)
        self.cash[dex] -= fee
        self.fees += fee
        if one.size * quantity < 0:
            share = min(abs(quantity), abs(one.size)) / abs(one.size)
            closed = one.size * share
            self.cash[dex] += closed * (at - one.entry) + one.margin * share
            one.margin -= one.margin * share
            one.size -= closed
            quantity += closed
        if quantity:
            one.entry = (one.entry * one.size + at * quantity) / (one.size + quantity)
            one.size += quantity
            if one.isolated:
                self.cash[dex] -= abs(quantity) * at / one.leverage
                one.margin += abs(quantity) * at / one.leverage

    def fund(self, rate: Decimal) -> None:
        """An hour: longs pay a positive rate; at most 4 %."""
        rate = max(D("-0.04"), min(D("0.04"), rate))
        for coin, one in self.held.items():
            paid = one.size * self.marks[coin] * rate
            if one.isolated:
                one.margin -= paid
            else:
                self.cash[dex_of(coin)] -= paid

    def profit(self, coin: str) -> Decimal:
        """Unrealised."""
        return self.held[coin].size * (self.marks[coin] - self.held[coin].entry)

    def notional(self, coin: str) -> Decimal:
        """At the mark, unsigned."""
        return abs(self.held[coin].size) * self.marks[coin]

    def group(self, coin: str) -> list[str]:
        """The coins whose positions share its margin."""
        if self.held[coin].isolated:
            return [coin]
        return [c for c, one in self.held.items() if dex_of(c) == dex_of(coin) and not one.isolated]

    def backing(self, coin: str) -> Decimal:
        """What stands behind a position: its own margin, or the dex's cash; with the profit of its group."""
        one = self.held[coin]
        base = one.margin if one.isolated else self.cash[dex_of(coin)]
        return base + sum((self.profit(c) for c in self.group(coin)), ZERO)

    def spare(self, coin: str) -> Decimal:
        """What is over the group's maintenance."""
        return self.backing(coin) - sum((maintenance(c, self.notional(c)) for c in self.group(coin)), ZERO)

    def bound(self, dex: str) -> Decimal:
        """Initial margin of the cross positions."""
        shared = [c for c, one in self.held.items() if dex_of(c) == dex and not one.isolated]
        return sum((self.notional(c) / self.held[c].leverage for c in shared), ZERO)

    def free(self, dex: str) -> Decimal:
        """Cross equity that is not bound."""
        shared = [c for c, one in self.held.items() if dex_of(c) == dex and not one.isolated]
        return self.cash[dex] + sum((self.profit(c) for c in shared), ZERO) - self.bound(dex)

    def equity(self, dex: str) -> Decimal:
        """Everything on a dex."""
        coins = [c for c in self.held if dex_of(c) == dex]
        return self.cash[dex] + sum((self.profit(c) + self.held[c].margin for c in coins), ZERO)

    def affords(self, coin: str, quantity: Decimal) -> Decimal:
        """What is left after the margin that an order at the mark would bind; isolated also its fee. Under 0: refused.

        An order binds for what it adds to the exposure, of its whole value.
        """
        one = self.held[coin]
        added = max(ZERO, abs(one.size + quantity) - abs(one.size))
        if not added:
            return D(1)
        needed = added * self.marks[coin] / one.leverage
        if one.isolated:
            needed += abs(quantity) * self.marks[coin] * fee_of(coin)
        return self.free(dex_of(coin)) - needed

    def liquidation(self, coin: str) -> Decimal | None:
        """The mark at which nothing is spare any more, by bisection; ``None`` where it lies in another tier."""
        now, size = self.marks[coin], self.held[coin].size
        alive, dead = now, ZERO if size > 0 else now * 60
        try:
            for _ in range(90):
                self.marks[coin] = (alive + dead) / 2
                alive, dead = (self.marks[coin], dead) if self.spare(coin) > 0 else (alive, self.marks[coin])
            same = tier(coin, self.notional(coin)) == tier(coin, abs(size) * now)
        finally:
            self.marks[coin] = now
        return alive if same else None


def tier(coin: str, notional: Decimal) -> int:
    """Which of its tiers a notional lies in."""
    return sum(notional >= lower for lower, _ in TIERS[coin])


COIN = st.sampled_from(sorted(TIERS))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("trade"), COIN, st.integers(-8, 8).filter(bool)),
        st.tuples(st.just("trade"), COIN, st.integers(-30, 30).filter(bool)),
        st.tuples(st.just("move"), COIN, st.integers(-30, 30)),
        st.tuples(st.just("hour"), COIN, st.integers(-50, 50)),
    ),
    min_size=4,
    max_size=25,
)
CHOICES = st.fixed_dictionaries(
    {coin: st.tuples(st.integers(1, bounds[0][1]), st.booleans()) for coin, bounds in TIERS.items()}
)


def pair(choices: dict[str, tuple[int, bool]]) -> tuple[Stand, Plain]:
    """The same account twice."""
    stand = Stand(usd=20_000)
    stand.exchange.transfer(ANNA, "", "xyz", D(6_000))
    held = {}
    for coin, (leverage, alone) in choices.items():
        isolated = alone or coin == "xyz:TSLA"
        stand.exchange.set_leverage(ANNA, coin, leverage, cross=not isolated)
        held[coin] = Held(leverage, isolated)
    return stand, Plain({"": D(14_000), "xyz": D(6_000)}, {coin: PRICES[coin].mark for coin in TIERS}, held)


@settings(max_examples=100, deadline=None)
@given(CHOICES, STEPS)
def test_cross_and_isolated_margin_tiers_fees_funding_and_liquidation_agree_with_a_plain_model(
    choices: dict[str, tuple[int, bool]], plan: list[tuple[str, str, int]]
) -> None:
    stand, plain = pair(choices)
    told = 0
    for verb, coin, amount in plan:
        if verb == "trade":
            told = traded(stand, plain, coin, amount * LOT[coin], told)
        elif verb == "hour":
            hour = (stand.exchange.now_ms // HOUR + 1) * HOUR
            stand.exchange.advance(hour, {}, {one: D(amount) / 1000 for one in TIERS})
            plain.fund(D(amount) / 1000)
        else:
            mark = plain.marks[coin] * (1000 + amount) / 1000
            plain.marks[coin] = mark = round_price(mark, DECIMALS[coin], up=amount > 0)
            stand.move(coin, mark)
        doomed = any(one.size and plain.spare(c) < 0 for c, one in plain.held.items())
        if doomed:
            stand.exchange.advance(stand.exchange.now_ms + 1, {})
            assert any(f.liquidation for f in stand.exchange.fills(ANNA)), "the model says that it must be liquidated"
            event("liquidated")
            return
        assert not any(f.liquidation for f in stand.exchange.fills(ANNA)), "the model says that it stands"
        agree(stand, plain)


def traded(stand: Stand, plain: Plain, coin: str, quantity: Decimal, told: int) -> int:
    """One order at market, refused where the model says so; how many fills there are now."""
    left = plain.affords(coin, quantity)
    limit = round_price(plain.marks[coin] * (D("1.02") if quantity > 0 else D("0.98")), DECIMALS[coin], up=quantity < 0)
    outcome = stand.order(coin, quantity, limit)
    if abs(left) > CENT_OF_A_CENT:
        assert (outcome.error == "Insufficient margin to place order.") is (left < 0), (left, outcome)
    event("refused" if outcome.kind == "error" else "filled")
    fills = stand.exchange.fills(ANNA)
    for fill in fills[told:]:
        plain.fill(coin, fill.size if fill.is_buy else -fill.size, fill.price)
    return len(fills)


def agree(stand: Stand, plain: Plain) -> None:
    """Everything that an account is shown, to a hundredth of a cent."""
    assert sum((f.fee for f in stand.exchange.fills(ANNA)), ZERO) == pytest.approx(plain.fees, abs=CENT_OF_A_CENT)
    for dex in DEXES:
        account = stand.exchange.account(ANNA, dex)
        notional = sum((plain.notional(c) for c in plain.held if dex_of(c) == dex and not plain.held[c].isolated), ZERO)
        assert account.margin.account_value == pytest.approx(plain.equity(dex), abs=CENT_OF_A_CENT)
        assert account.cross_margin.total_margin_used == pytest.approx(plain.bound(dex), abs=CENT_OF_A_CENT)
        assert account.available == pytest.approx(max(ZERO, plain.free(dex)), abs=CENT_OF_A_CENT)
        kept = max(plain.bound(dex), notional / 10) - plain.bound(dex)
        assert account.withdrawable == pytest.approx(max(ZERO, plain.free(dex) - kept), abs=CENT_OF_A_CENT)
        shown = {p.coin: p for p in account.positions}
        assert {c: p.size for c, p in shown.items()} == {
            c: one.size for c, one in plain.held.items() if one.size and dex_of(c) == dex
        }
        for coin, position in shown.items():
            assert position.unrealised == pytest.approx(plain.profit(coin), abs=CENT_OF_A_CENT)
            expected = plain.liquidation(coin)
            if expected is not None and position.liquidation is not None and expected < plain.marks[coin] * 50:
                assert position.liquidation == pytest.approx(expected, rel=D("0.000001"))
            elif expected is not None and expected > plain.marks[coin] / 1000 and plain.held[coin].size > 0:
                assert position.liquidation is not None, (coin, expected)
