"""Within which prices nothing can happen, so that a quiet tick costs four comparisons. Refuses to act.

A band is drawn from the nearest trigger, the nearest resting order, and the loss that margin bears: each position of
a wallet gets an equal share of the cushion (equity − maintenance), so that all may move to their bounds at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.trading.exchange.accounts import Position, Wallet
from core.trading.exchange.margin import cross
from core.trading.exchange.ports import Price
from core.trading.exchange.records import OrderRecord
from core.trading.exchange.state import Band, State
from core.trading.exchange.triggers import fires_below

FOREVER = Decimal("Infinity")
OPEN: Band = (-FOREVER, FOREVER, -FOREVER, FOREVER)
"""Nothing at any price."""


def all_quiet(state: State, prices: Mapping[str, Price]) -> bool:
    """Whether nothing can happen anywhere at these new prices; bands are drawn for exactly the active coins."""
    if state.restless:
        return False
    for coin, (above, below, ask_above, bid_below) in state.bands.items():
        price = prices.get(coin)
        if price is None:
            continue
        if not (above < price.mark < below and price.ask > ask_above and price.bid < bid_below):
            return False
    return True


def draw(state: State) -> None:
    """Draw the bands of all active coins at present prices; restless where an account is under water."""
    state.restless = False
    bands: dict[str, Band] = {coin: OPEN for coin in (*state.live, *state.holders) if coin in state.prices}
    for coin, orders in state.live.items():
        if coin in bands:
            for order in orders.values():
                bands[coin] = _for_order(bands[coin], order)
    for account in state.users():
        for wallet in account.wallets.values():
            _for_wallet(state, bands, wallet)
    state.bands = bands


def _for_order(band: Band, order: OrderRecord) -> Band:
    above, below, ask_above, bid_below = band
    if order.waiting:
        return band
    if order.in_book:
        if order.is_buy:
            return above, below, max(ask_above, order.price), bid_below
        return above, below, ask_above, min(bid_below, order.price)
    level = order.trigger.price if order.trigger else order.price
    if fires_below(order):
        return max(above, level), below, ask_above, bid_below
    return above, min(below, level), ask_above, bid_below


def _for_wallet(state: State, bands: dict[str, Band], wallet: Wallet) -> None:
    shared = [p for p in wallet.positions.values() if p.cross]
    if shared:
        side = cross(state, wallet)
        for position in shared:
            _for_position(state, bands, position, (side.equity - side.maintenance) / len(shared))
    for position in wallet.positions.values():
        if not position.cross:
            mark = state.mark(position.coin)
            needed = state.contracts[position.coin].maintenance(abs(position.size) * mark)
            _for_position(state, bands, position, position.equity(mark) - needed)


def _for_position(state: State, bands: dict[str, Band], position: Position, cushion: Decimal) -> None:
    """Narrow the coin's band to the adverse move that ``cushion`` USD bear, growing maintenance included."""
    if cushion <= 0:
        state.restless = True
        return
    steepest = state.contracts[position.coin].tiers[-1].rate
    bears = cushion / (abs(position.size) * (1 + steepest))
    mark = state.mark(position.coin)
    above, below, ask_above, bid_below = bands[position.coin]
    if position.size > 0:
        bands[position.coin] = max(above, mark - bears), below, ask_above, bid_below
    else:
        bands[position.coin] = above, min(below, mark + bears), ask_above, bid_below
