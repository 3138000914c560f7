"""Which stream serves which subscription: the channels' names, periods and frames, as the exchange has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.exchange.simulator.forced import SAMPLED_MAKER, ForcedFills
from bot.exchange.simulator.format import number
from bot.exchange.simulator.info import account, books, history, markets, orders, spot, status
from bot.exchange.simulator.info.margins import universe
from bot.exchange.simulator.requests import OfUser, OfUserCoin, OfUserFills
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.streams import Bars, Best, Events, Frame, Stream, Trades, Whole, frame
from bot.exchange.simulator.subscriptions import Subscription
from core.trading.exchange.records import Filled, FundingPaid, Happening, Liquidated, OrderChanged

ENDED_BY_VENUE = frozenset(("open", "filled", "triggered"))
"""Statuses that are no cancellation."""


def stream(state: VenueState, wanted: Subscription) -> Stream:
    """The stream of a checked subscription."""
    return CHANNELS[wanted.type](state, wanted)


def _all_mids(state: VenueState, wanted: Subscription) -> Stream:
    def make() -> Any:
        mids = markets.mids(state, universe(state, wanted.dex))
        return {"mids": mids, "dex": wanted.dex} if wanted.dex else {"mids": mids}

    return Whole(state, "allMids", make, state.wire.push_ms)


def _book(state: VenueState, wanted: Subscription) -> Stream:
    most = books.FAST_LEVELS if wanted.fast else books.MOST_LEVELS
    period = state.wire.context_ms // 2 if wanted.fast else state.wire.push_ms

    def make() -> Any:
        return books.book(state, wanted.coin, wanted.figures, wanted.mantissa, most)

    return Whole(state, "l2Book", make, period)


def _context(state: VenueState, wanted: Subscription) -> Stream:
    row = state.assets.of_coin(wanted.coin)
    if row is None or row.terms.delisted:
        return Events("", list, lambda _: [])
    return Whole(
        state,
        "activeAssetCtx",
        lambda: {"coin": wanted.coin, "ctx": markets.context(state, row)},
        state.wire.context_ms,
    )


def _of_user(
    channel: str, make: Callable[[VenueState, Subscription], Any]
) -> Callable[[VenueState, Subscription], Stream]:
    """A whole state of an account."""

    def build(state: VenueState, wanted: Subscription) -> Stream:
        return Whole(state, channel, lambda: make(state, wanted), state.wire.push_ms, wanted.user)

    return build


def _dex_state(state: VenueState, wanted: Subscription) -> Any:
    held = account.dex_state(state, wanted.user, wanted.dex)
    return {"dex": wanted.dex, "user": wanted.user, "clearinghouseState": held}


def _open_orders(state: VenueState, wanted: Subscription) -> Any:
    held = orders.frontend_orders(state, wanted.user, wanted.dex)
    return {"dex": wanted.dex, "user": wanted.user, "orders": held}


def _spot_state(state: VenueState, wanted: Subscription) -> Any:
    return {"user": wanted.user, "spotState": spot.spot_state(state, OfUser(wanted.user))}


def _all_states(state: VenueState, wanted: Subscription) -> Any:
    return {"user": wanted.user, "clearinghouseStates": account.all_dexes_state(state, wanted.user)}


def _web_data(state: VenueState, wanted: Subscription) -> Any:
    return status.web_data(state, OfUser(wanted.user))


def _asset_data(state: VenueState, wanted: Subscription) -> Any:
    return account.active_asset_data(state, OfUserCoin(wanted.user, wanted.coin))


def _user_fills(state: VenueState, wanted: Subscription) -> Stream:
    if wanted.user == SAMPLED_MAKER:
        return ForcedFills(state, wanted.user)

    def snapshot() -> list[Frame]:
        fills = history.user_fills(state, OfUserFills(wanted.user))
        return [frame("userFills", {"isSnapshot": True, "user": wanted.user, "fills": fills})]

    def tell(happened: Sequence[Happening]) -> list[Frame]:
        fills = [history.fill(one.fill) for one in happened if isinstance(one, Filled)]
        return [frame("userFills", {"user": wanted.user, "fills": fills})] if fills else []

    return Events(wanted.user, snapshot, tell)


def _user_fundings(state: VenueState, wanted: Subscription) -> Stream:
    def rows(payments: Sequence[Any]) -> list[dict[str, Any]]:
        return [history.funding(one) for one in payments]

    def snapshot() -> list[Frame]:
        known = state.exchange.has_account(wanted.user)
        past = state.exchange.funding_payments(wanted.user)[-state.wire.rows :] if known else []
        return [frame("userFundings", {"isSnapshot": True, "user": wanted.user, "fundings": rows(past)})]

    def tell(happened: Sequence[Happening]) -> list[Frame]:
        paid = rows([one.payment for one in happened if isinstance(one, FundingPaid)])
        return [frame("userFundings", {"user": wanted.user, "fundings": paid})] if paid else []

    return Events(wanted.user, snapshot, tell)


def _ledger(state: VenueState, wanted: Subscription) -> Stream:
    told = 0

    def snapshot() -> list[Frame]:
        nonlocal told
        rows = state.ledger.get(wanted.user, [])
        told = len(rows)
        return [_updates({"isSnapshot": True}, rows[-state.wire.rows :])]

    def _updates(head: dict[str, Any], rows: Sequence[dict[str, Any]]) -> Frame:
        data = {**head, "user": wanted.user, "nonFundingLedgerUpdates": list(rows)}
        return frame("userNonFundingLedgerUpdates", data)

    def tell(_: Sequence[Happening]) -> list[Frame]:
        nonlocal told
        fresh = state.ledger.get(wanted.user, [])[told:]
        told += len(fresh)
        return [_updates({}, fresh)] if fresh else []

    return Events(wanted.user, snapshot, tell)


def _order_updates(_: VenueState, wanted: Subscription) -> Stream:
    def tell(happened: Sequence[Happening]) -> list[Frame]:
        changes = [orders.update(one.order) for one in happened if isinstance(one, OrderChanged)]
        return [frame("orderUpdates", changes)] if changes else []

    return Events(wanted.user, list, tell)


def _user_events(_: VenueState, wanted: Subscription) -> Stream:
    return Events(wanted.user, list, _events)


def _events(happened: Sequence[Happening]) -> list[Frame]:
    """One ``user`` frame per kind of event; every frame has exactly one key."""
    frames: list[Frame] = []
    fills = [history.fill(one.fill) for one in happened if isinstance(one, Filled)]
    if fills:
        frames.append(frame("user", {"fills": fills}))
    frames += [frame("user", {"funding": _paid(one)}) for one in happened if isinstance(one, FundingPaid)]
    frames += [frame("user", {"liquidation": _liquidation(one)}) for one in happened if isinstance(one, Liquidated)]
    ended = [
        {"coin": one.order.coin, "oid": one.order.oid}
        for one in happened
        if isinstance(one, OrderChanged) and not one.by_user and one.order.status not in ENDED_BY_VENUE
    ]
    if ended:
        frames.append(frame("user", {"nonUserCancel": ended}))
    return frames


def _paid(one: FundingPaid) -> dict[str, Any]:
    told = history.funding(one.payment)
    del told["nSamples"]
    return told


def _liquidation(one: Liquidated) -> dict[str, Any]:
    return {
        "lid": one.liquidation_id,
        "liquidator": one.liquidator,
        "liquidated_user": one.address,
        "liquidated_ntl_pos": number(one.notional),
        "liquidated_account_value": number(one.account_value),
    }


CHANNELS: dict[str, Callable[[VenueState, Subscription], Stream]] = {
    "allMids": _all_mids,
    "trades": lambda state, wanted: Trades(state, wanted.coin),
    "l2Book": _book,
    "bbo": lambda state, wanted: Best(state, wanted.coin),
    "candle": lambda state, wanted: Bars(state, wanted.coin, wanted.interval),
    "activeAssetCtx": _context,
    "activeAssetData": _of_user("activeAssetData", _asset_data),
    "orderUpdates": _order_updates,
    "userEvents": _user_events,
    "userFills": _user_fills,
    "userFundings": _user_fundings,
    "userNonFundingLedgerUpdates": _ledger,
    "clearinghouseState": _of_user("clearinghouseState", _dex_state),
    "openOrders": _of_user("openOrders", _open_orders),
    "spotState": _of_user("spotState", _spot_state),
    "allDexsClearinghouseState": _of_user("allDexsClearinghouseState", _all_states),
    "webData2": _of_user("webData2", _web_data),
    "notification": lambda _, wanted: Events(wanted.user, list, lambda __: []),
}
"""Every channel."""
