"""Laws that hold whatever two accounts do and wherever prices go."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.trading.exchange.exchange import Exchange
from core.trading.exchange.records import OrderChanged
from core.trading.exchange.requests import Grouping, Refused, Tif
from tests.core.trading.exchange.stand import ANNA, BEN, PRICES, TERMS, D, Stand, ask, price, stop, target

COINS = ("BTC", "ETH", "xyz:GOLD")
LOT = {"BTC": D("0.01"), "ETH": D("0.2"), "xyz:GOLD": D("0.2")}
TICK = {"BTC": D(100), "ETH": D(5), "xyz:GOLD": D(4)}
HOUR = 3_600_000


@dataclass(frozen=True)
class Step:
    """One thing that happens: a verb with small numbers."""

    verb: str
    who: str
    coin: str
    a: int
    b: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["ioc"] * 4 + ["gtc", "alo", "reduce", "bracket", "tied", "cancel", "modify", "leverage", "margin"]
                        + ["move"] * 5 + ["gap", "crash", "hour"]),
        st.sampled_from([ANNA, BEN]),
        st.sampled_from(COINS),
        st.integers(-9, 9).filter(bool),
        st.integers(-9, 9),
    ),
    min_size=12,
    max_size=40,
)  # fmt: skip


def world() -> Stand:
    """A small book and little money, so that everything that can go wrong does."""
    stand = Stand(usd=5_000, level_usd=2_000, book_levels=4, partial_liquidation_usd=3_000)
    for who in (ANNA, BEN):
        stand.exchange.transfer(who, "", "xyz", D(2_000))
        stand.exchange.set_leverage(who, "BTC", 40, cross=True)
        stand.exchange.set_leverage(who, "ETH", 25, cross=False)
    return stand


def play(stand: Stand, step: Step) -> None:
    """Carry one step out; refusals are part of the play."""
    exchange, coin, mark = stand.exchange, step.coin, stand.exchange._state.prices[step.coin].mark
    size, at = step.a * LOT[coin], mark + step.b * TICK[coin]
    if step.verb in ("ioc", "gtc", "alo", "reduce"):
        tif = {"gtc": Tif.GTC, "alo": Tif.ALO}.get(step.verb, Tif.IOC)
        stand.order(coin, size, at, who=step.who, tif=tif, reduce_only=step.verb == "reduce")
    elif step.verb in ("bracket", "tied"):
        family(stand, step, mark)
    elif step.verb in ("cancel", "modify"):
        orders = exchange.open_orders(step.who)
        if orders:
            chosen = orders[step.a % len(orders)]
            if step.verb == "cancel":
                assert exchange.cancel(step.who, chosen.coin, chosen.oid) is None
            else:
                exchange.modify(step.who, chosen.oid, ask(coin, size, at, tif=Tif.GTC), always=step.b > 0)
    elif step.verb == "hour":
        hour = (exchange.now_ms // HOUR + 1) * HOUR
        exchange.advance(hour, {}, {one: D(step.b) / 1000 for one in COINS})
    elif step.verb in ("leverage", "margin"):
        collateral(stand, step)
    else:
        scale = {"move": 1, "gap": 2, "crash": 6}[step.verb]
        new = max(mark + step.a * scale * TICK[coin], PRICES[coin].mark / 2)
        stand.move(coin, price(new, PRICES[coin].ask - PRICES[coin].mark, gapped=step.verb == "gap"))


def family(stand: Stand, step: Step, mark: Any) -> None:
    """An entry with its stop and target, or both tied to the position."""
    coin, size, tick = step.coin, step.a * LOT[step.coin], TICK[step.coin]
    sign = 1 if step.a > 0 else -1
    levels = [stop(mark - sign * 2 * tick), target(mark + sign * 2 * tick)]
    bounds = [mark - sign * 8 * tick] * 2
    children = [
        ask(coin, -size, at, tif=None, reduce_only=True, trigger=one) for one, at in zip(levels, bounds, strict=True)
    ]
    if step.verb == "tied":
        stand.exchange.submit(step.who, children, Grouping.POSITION)
    else:
        tif = Tif.IOC if step.b > 0 else Tif.GTC
        entry = ask(coin, size, mark + sign * step.b * tick / 4, tif=tif)
        stand.exchange.submit(step.who, [entry, *children], Grouping.NORMAL)


def collateral(stand: Stand, step: Step) -> None:
    """Leverage or isolated margin; what the venue refuses is refused."""
    with contextlib.suppress(Refused):
        if step.verb == "leverage":
            stand.exchange.set_leverage(step.who, step.coin, abs(step.a), cross=step.b > 0)
        else:
            stand.exchange.adjust_margin(step.who, step.coin, D(step.a * 20))


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_money_and_contracts_are_conserved_whatever_happens(plan: list[Step]) -> None:
    stand = world()
    for step in plan:
        play(stand, step)
        assert stand.money() == 10_000, step
        assert all(total == 0 for total in stand.sizes().values()), step


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_cash_equals_deposits_and_everything_that_was_told(plan: list[Step]) -> None:
    stand = world()
    for step in plan:
        play(stand, step)
    for who in (ANNA, BEN):
        told = sum((f.closed_pnl - f.fee for f in stand.exchange.fills(who)), D(0))
        told += sum((p.usd for p in stand.exchange.funding_payments(who)), D(0))
        wallets = stand.exchange._state.accounts[who].wallets.values()
        held = sum((w.cash + sum(p.margin for p in w.positions.values()) for w in wallets), D(0))
        assert held == 5_000 + told


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_reduce_only_fills_never_increase_and_no_closing_order_is_left_without_a_position(plan: list[Step]) -> None:
    stand = world()
    for step in plan:
        play(stand, step)
    stand.exchange.advance(stand.exchange.now_ms + 1, {})
    for who in (ANNA, BEN):
        for fill in stand.exchange.fills(who):
            order = stand.exchange.order(who, fill.oid)
            if order is not None and order.reduce_only:
                after = fill.start_position + (fill.size if fill.is_buy else -fill.size)
                assert abs(after) < abs(fill.start_position)
                assert after * fill.start_position >= 0
        for order in stand.exchange.open_orders(who):
            if order.reduce_only and not order.waiting:
                held = stand.size(order.coin, who)
                assert held != 0
                assert order.is_buy != (held > 0)


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_one_cancels_the_other_and_children_never_outlive_their_parent(plan: list[Step]) -> None:
    stand = world()
    for step in plan:
        play(stand, step)
        for who in (ANNA, BEN):
            book = {order.oid: order for order in stand.exchange.history(who)}
            alive = {order.oid for order in stand.exchange.open_orders(who)}
            for oid in alive:
                order = book[oid]
                assert not any(book[one].status == "filled" for one in order.siblings)
                if order.waiting:
                    assert order.parent in alive
            assert all((order.status == "open") == (order.oid in alive) for order in book.values())


@settings(max_examples=60, deadline=None)
@given(STEPS, STEPS)
def test_a_restored_exchange_continues_exactly_as_the_original(before: list[Step], after: list[Step]) -> None:
    stand = world()
    for step in before:
        play(stand, step)
    stand.exchange.advance(stand.exchange.now_ms + 1, {})
    copy = world()
    kept = json.loads(json.dumps(stand.exchange.snapshot()))
    copy.exchange = Exchange.restore(kept, TERMS, stand.rules)
    assert copy.exchange.snapshot() == stand.exchange.snapshot()
    for step in after:
        play(stand, step)
        play(copy, step)
    assert copy.exchange.snapshot() == stand.exchange.snapshot()
    assert copy.exchange.drain() == stand.exchange.drain()


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_the_same_calls_give_the_same_ids_fills_and_happenings(plan: list[Step]) -> None:
    one, other = world(), world()
    for step in plan:
        play(one, step)
        play(other, step)
    assert one.exchange.fills(ANNA) == other.exchange.fills(ANNA)
    assert one.exchange.drain() == other.exchange.drain()


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_quiet_ticks_change_nothing_that_a_close_look_would_have_changed(plan: list[Step]) -> None:
    quick, careful = world(), world()
    for step in plan:
        play(quick, step)
        careful.exchange._state.restless = True
        play(careful, step)
    assert quick.exchange.drain() == careful.exchange.drain()
    assert quick.exchange.account(ANNA) == careful.exchange.account(ANNA)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_the_last_word_about_an_order_is_its_status(plan: list[Step]) -> None:
    stand = world()
    for step in plan:
        play(stand, step)
    told = {one.order.oid: one.order for one in stand.exchange.drain() if isinstance(one, OrderChanged)}
    for who in (ANNA, BEN):
        for order in stand.exchange.history(who):
            assert told[order.oid].status == order.status
            assert told[order.oid].size == order.size
