"""What happened: fills, funding, deposits, trades. Ranges are inclusive; answers end where the exchange's page ends."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot.exchange.simulator.answers import Broken
from bot.exchange.simulator.format import number, ratio
from bot.exchange.simulator.requests import OfCoin, OfCoinSince, OfUserFills, OfUserSince
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.tape import frame_of
from core.trading.exchange.records import FillRecord, FundingRecord

LAST_MS = 2**53


def user_fills(state: VenueState, request: OfUserFills) -> Any:
    """``userFills``: the newest, newest first."""
    newest = _fills(state, request.user, 0, LAST_MS)[-state.wire.fills :]
    shown = [fill(one) for one in reversed(newest)]
    return _aggregated(shown) if request.aggregate_by_time else shown


def user_fills_by_time(state: VenueState, request: OfUserSince) -> Any:
    """``userFillsByTime``: from the start on, oldest first; the end of a full page is where the next begins."""
    end = LAST_MS if request.end_time is None else request.end_time
    found = _fills(state, request.user, request.start_time, end)
    found = found[-state.wire.fills :][::-1] if request.reversed else found[: state.wire.fills]
    shown = [fill(one) for one in found]
    return _aggregated(shown) if request.aggregate_by_time else shown


def fill(one: FillRecord) -> dict[str, Any]:
    """A fill on the wire; client id and liquidation only when there is one."""
    shown: dict[str, Any] = {
        "coin": one.coin,
        "px": number(one.price),
        "sz": number(one.size),
        "side": "B" if one.is_buy else "A",
        "time": one.time_ms,
        "startPosition": number(one.start_position),
        "dir": one.direction,
        "closedPnl": number(one.closed_pnl),
        "hash": one.hash,
        "oid": one.oid,
        "crossed": one.crossed,
        "fee": number(one.fee),
        "tid": one.tid,
    }
    if one.client_id is not None:
        shown["cloid"] = one.client_id
    if one.liquidation is not None:
        shown["liquidation"] = {
            "liquidatedUser": one.liquidation.user,
            "markPx": number(one.liquidation.mark),
            "method": one.liquidation.method,
        }
    return {**shown, "feeToken": "USDC", "twapId": None}


def user_funding(state: VenueState, request: OfUserSince) -> Any:
    """``userFunding``: settlements from the start on, oldest first."""
    address = request.user.lower()
    if not state.exchange.has_account(address):
        return []
    end = LAST_MS if request.end_time is None else request.end_time
    paid = state.exchange.funding_payments(address, request.start_time)
    rows = [one for one in paid if one.time_ms <= end][: state.wire.rows]
    return [{"time": one.time_ms, "hash": one.hash, "delta": {"type": "funding", **_delta(one)}} for one in rows]


def funding(one: FundingRecord) -> dict[str, Any]:
    """A settlement as the ``userFundings`` and ``user`` channels tell it."""
    return {"time": one.time_ms, **_delta(one)}


def ledger(state: VenueState, request: OfUserSince) -> Any:
    """``userNonFundingLedgerUpdates``: deposits and transfers."""
    end = LAST_MS if request.end_time is None else request.end_time
    rows = state.ledger.get(request.user.lower(), [])
    return [row for row in rows if request.start_time <= row["time"] <= end][: state.wire.rows]


def funding_history(state: VenueState, request: OfCoinSince) -> Any:
    """``fundingHistory``: a market's hourly rates from the start on. An unknown coin breaks the exchange (500)."""
    row = state.assets.of_coin(request.coin)
    if row is None:
        raise Broken(f"there is no coin {request.coin!r}")
    if row.terms.delisted:
        return []
    end = state.now_ms if request.end_time is None else min(request.end_time, state.now_ms)
    settled = state.rates.between(request.coin, request.start_time, end)[: state.wire.rows]
    return [
        {"coin": request.coin, "fundingRate": ratio(rate), "premium": ratio(premium), "time": hour}
        for hour, rate, premium in settled
    ]


def recent_trades(state: VenueState, request: OfCoin) -> Any:
    """``recentTrades``: the newest, newest first; ``null`` for an unknown coin."""
    row = state.assets.of_coin(request.coin)
    if row is None or row.terms.delisted:
        return [] if row else None
    newest = state.tapes.of(request.coin).newest(state.wire.prints)
    return [frame_of(one) for one in reversed(newest)]


def _fills(state: VenueState, user: str, start_ms: int, end_ms: int) -> Sequence[FillRecord]:
    address = user.lower()
    if not state.exchange.has_account(address):
        return []
    return [one for one in state.exchange.fills(address, start_ms) if one.time_ms <= end_ms]


def _delta(one: FundingRecord) -> dict[str, Any]:
    return {
        "coin": one.coin,
        "usdc": number(one.usd),
        "szi": number(one.size),
        "fundingRate": ratio(one.rate),
        "nSamples": None,
    }


def _aggregated(fills: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Partial fills of one order in one moment joined: sizes, fees and profits added, the price averaged."""
    joined: dict[tuple[int, int], dict[str, Any]] = {}
    for one in fills:
        key = (one["time"], one["oid"])
        if key not in joined:
            joined[key] = dict(one)
            continue
        held = joined[key]
        size, more = Decimal(held["sz"]), Decimal(one["sz"])
        held["px"] = ratio((Decimal(held["px"]) * size + Decimal(one["px"]) * more) / (size + more))
        held["sz"] = number(size + more)
        for name in ("fee", "closedPnl"):
            held[name] = number(Decimal(held[name]) + Decimal(one[name]))
    return list(joined.values())
