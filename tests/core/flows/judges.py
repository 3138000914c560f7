"""What must hold once a struck bot has lived on: nothing doubled, bare, lost or apart, and every event told once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.replay.run import ACCOUNT
from core.trading.exchange.records import FillRecord
from tests.core.flows.plots import Plot
from tests.core.flows.world import World

CENT = Decimal("0.01")
BARE_MS = 5_000
"""No position is without a stop for longer (SPEC R2)."""
STOPS = ("opening", "closing")


async def findings(world: World, plot: Plot) -> list[str]:
    """Everything that is wrong, one line each."""
    return [
        *doubled(world),
        *bare(world),
        *lost(world),
        *await_apart(world, plot, await world.venue.account()),
        *unfinished(world),
        *told_wrongly(world, plot),
    ]


def doubled(world: World) -> Iterable[str]:
    """No id twice, nothing sent that was not stored, no position made larger by a second order or turned over."""
    exchange, known = world.running.exchange, world.book.client_ids() | world.foreign_ids
    ids = Counter(o.client_id for o in exchange.history(ACCOUNT) if o.client_id is not None)
    yield from (f"client id {one} twice" for one, count in ids.items() if count > 1)
    yield from (f"order {one} was sent and never stored" for one in ids if one not in known)
    opener: dict[str, int] = {}
    for fill in exchange.fills(ACCOUNT):
        before, after = fill.start_position, after_fill(fill)
        if before == 0:
            opener[fill.coin] = fill.oid
        elif abs(after) > abs(before) and fill.oid != opener[fill.coin]:
            yield f"{fill.coin} was entered twice: {before} → {after}"
        if before * after < 0:
            yield f"{fill.coin} was turned over: {before} → {after}"
    if world.most_held > world.settings.limits.positions + len(world.foreign):
        yield f"{world.most_held} positions were held at once"
    reduced = [d for (d,) in world.book.rows("select client_id from tickets where intent = 'reduce'")]
    if len({f.oid for f in exchange.fills(ACCOUNT) if f.client_id in reduced}) > 1:
        yield "a part was closed twice"


def after_fill(fill: FillRecord) -> Decimal:
    """The signed position after a fill."""
    return fill.start_position + (fill.size if fill.is_buy else -fill.size)


def bare(world: World) -> Iterable[str]:
    """Never longer without a stop than allowed, and not now."""
    world.measure()
    if world.longest_bare_ms > BARE_MS:
        yield f"a position was without a stop for {world.longest_bare_ms} ms"
    yield from (f"{coin} has no stop" for coin in world.bare_since)


def lost(world: World) -> Iterable[str]:
    """Every fill and every round trip of the venue is in the book."""
    fills = world.running.exchange.fills(ACCOUNT)
    known = world.book.fills()
    yield from (f"fill {f.tid} is not in the book" for f in fills if (f.time_ms, f.tid) not in known)
    trips = Counter(f.coin for f in fills if f.start_position != 0 and after_fill(f) == 0)
    trades = world.book.trades()
    if dict(trips) != trades:
        yield f"the venue closed {dict(trips)}, the book has {trades}"


def await_apart(world: World, plot: Plot, account: Any) -> Iterable[str]:
    """Cash to the cent, sizes exactly, levels as they rest."""
    cash = account.equity - sum((p.unrealised for p in account.positions), Decimal(0))
    if abs(world.book.cash() - plot.apart - cash) >= CENT and abs(world.book.cash() - cash) >= CENT:
        yield f"book {world.book.cash()}, venue {cash}"
    theirs = {p.coin: p.size for p in account.positions}
    if world.book.sizes() != theirs:
        yield f"the book holds {world.book.sizes()}, the venue {theirs}"
    for symbol, _, stop, target in world.book.levels():
        coin = next(m.coin for m in world.desk.universe if m.symbol == symbol)
        resting = [o for o in world.running.exchange.open_orders(ACCOUNT) if o.coin == coin and o.trigger]
        stops = [o.trigger.price for o in resting if o.trigger is not None and o.trigger.is_stop]
        targets = [o.trigger.price for o in resting if o.trigger is not None and not o.trigger.is_stop]
        if stops != [stop] or targets != [target]:
            yield f"{symbol}: the book says {stop} and {target}, there rest {stops} and {targets}"


def unfinished(world: World) -> Iterable[str]:
    """Nothing is left half done, and no invariant was broken on the way."""
    for symbol, state in world.book.rows("select symbol, state from positions where state in ('opening', 'closing')"):
        yield f"{symbol} is still {state}"
    if world.book.rows("select 1 from injections where state = 'asked'"):
        yield "an injection is still open"
    if world.book.switches()[0]:
        yield "trading was paused: an invariant was broken"


def in_flight(world: World) -> bool:
    """Whether anything is still on its way, so that it is too early to judge."""
    planned = world.book.rows(
        "select 1 from tickets t join positions p using (position_id) where t.state = 'planned' and p.closed_ms is null"
    )
    return bool(world.later or world.desk.nudged or world.bare_since or planned or [*unfinished(world)])


def told_wrongly(world: World, plot: Plot) -> Iterable[str]:
    """What happened was told, once."""
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _, kind, body, _ in world.book.events():
        told[kind].append(body)
    opened = Counter(one["position"]["position_id"] for one in told["TradeOpened"])
    closed = Counter(one["trade"]["trade_id"] for one in told["TradeClosed"])
    held = world.book.rows("select position_id from positions where opened_ms is not null and not adopted")
    yield from (f"{one} was told as opened {count} times" for one, count in opened.items() if count > 1)
    yield from (f"{one} was never told" for (one,) in held if one not in opened and one not in closed)
    trades = [row[0] for row in world.book.rows("select trade_id from trades")]
    if sorted(closed.elements()) != sorted(trades):
        yield f"trades {trades}, told {dict(closed)}"
    displaced = world.book.rows("select 1 from trades where reason = 'displaced'")
    reduced = world.book.rows("select client_id from tickets where intent = 'reduce'")
    parts = {f.oid for f in world.running.exchange.fills(ACCOUNT) if (f.client_id,) in reduced}
    counts = {
        "PositionAdopted": len(world.foreign),
        "Displaced": len(displaced),
        "MarginAdded": world.margin_added,
        "PositionReduced": len(parts),
    }
    yield from (f"{len(told[k])} {k}, {n} were due" for k, n in counts.items() if len(told[k]) != n)
    if told["BookMismatch"] and not plot.apart:
        yield f"a mismatch was told: {told['BookMismatch']}"
    yield from levels_told(world, told)


def levels_told(world: World, told: dict[str, list[dict[str, Any]]]) -> Iterable[str]:
    """The stop and target of each open position are those that were told last."""
    last: dict[str, dict[str, str]] = {}
    for kind, level in (
        ("TradeOpened", "stop"),
        ("StopMoved", "stop"),
        ("TradeOpened", "target"),
        ("TargetMoved", "target"),
    ):
        for one in told[kind]:
            position = one["position"]
            before = last.setdefault(position["position_id"], {})
            if kind != "TradeOpened" and before.get(level) == position[level]:
                yield f"{kind} to {position[level]} was told twice"
            before[level] = position[level]
    query = "select position_id, stop, target from positions where state = 'open' and not adopted"
    for name, stop, target in world.book.rows(query):
        if (said := last.get(name)) and (Decimal(said["stop"]), Decimal(said["target"])) != (
            Decimal(stop),
            Decimal(target),
        ):
            yield f"{name} has {stop} and {target}, told were {said['stop']} and {said['target']}"
