"""Book against venue, both ways: at start (which is the recovery path) and every minute (SPEC V1, V2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.desk import Desk, Opening
from core.events import BookMismatch
from core.flows.adopt import adopt_strangers
from core.flows.advance import Troubles, advance_all
from core.flows.cascades import remember_cascades
from core.flows.follow import follow
from core.flows.governor import watch_equity
from core.flows.inject import settle_injections
from core.flows.live import reads_only, tell_strangers
from core.flows.observe import remember
from core.flows.shields import remember_shields
from core.flows.stray_orders import look_at_stray_orders
from core.flows.sweep import go_on_flattening
from core.flows.truth import Truth, look_fully, read_truth, sync_money
from core.flows.watching import take_up
from core.trading.ports import Account
from core.trading.positions import Position, PositionState

CENT = Decimal("0.01")

MORE_LOOKS = 2
"""How often a mismatch is looked at again before it is told: one look may be an answer from just before the last fill."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconciliation found: positions that moved a state, were booked, or were adopted."""

    resolved: int
    settled: int
    adopted: int


@dataclass(frozen=True, slots=True)
class Audit:
    """Our cash against the venue's, in USDC; ``words`` say what else differs."""

    ours: Decimal
    theirs: Decimal
    words: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """Ours minus theirs."""
        return self.ours - self.theirs

    @property
    def clean(self) -> bool:
        """Equal to the cent, and nothing else differs."""
        return abs(self.difference) < CENT and not self.words


async def recover(desk: Desk) -> Reconciled:
    """What start-up does: begin the book if there is none, then reconcile."""
    account = await desk.venue.account()
    opening = await desk.ledger.opening(desk.venue.account_id)
    if opening is None:
        opening = Opening(desk.venue.account_id, account.time_ms, cash_of(account))
        await desk.ledger.begin(opening)
    desk.began_ms = opening.at_ms
    known_fills = await desk.ledger.fills(opening.at_ms)
    known_funding = await desk.ledger.funding(opening.at_ms)
    desk.fills_since_ms = max((f.time_ms for f in known_fills), default=opening.at_ms)
    desk.funding_since_ms = max((p.time_ms for p in known_funding), default=opening.at_ms)
    await remember_cascades(desk, account.time_ms)
    remember(desk, await desk.ledger.contexts(account.time_ms - desk.settings.crowding.keep_ms))
    await take_up(desk)
    await remember_shields(desk)
    for position in await desk.ledger.live_positions():
        await follow(desk, position.coin, position.symbol)
    return await reconcile(desk)


async def reconcile(desk: Desk) -> Reconciled:
    """Bring every position to the venue's truth and adopt what the venue holds and we do not know.

    Trouble over one of them is raised at the end: it must not keep the governor from seeing the equity.
    """
    async with desk.trading:
        await sync_money(desk)
        truth = await look_fully(desk)
        await settle_injections(desk, truth.account)
        live = list(await desk.ledger.live_positions())
        troubles, strangers, after = Troubles(desk), list[Position](), live
        if not await go_on_flattening(desk, truth):
            with troubles.aside():
                strangers = await meet_strangers(desk, live, truth)
            after = await advance_all(desk, live, truth, troubles)
            with troubles.aside():
                await look_at_stray_orders(desk, [*after, *strangers], truth)
        moved = sum(a.state is not b.state for a, b in zip(after, live, strict=True))
        settled = sum(a.state is PositionState.CLOSED for a in after)
        await watch_equity(desk, truth.account)
        troubles.tell()
        return Reconciled(moved, settled, len(strangers))


async def meet_strangers(desk: Desk, live: Sequence[Position], truth: Truth) -> list[Position]:
    """Adopt what is not ours; where nothing may be signed it is told instead."""
    if not await reads_only(desk):
        desk.left_alone.clear()
        return await adopt_strangers(desk, live, truth)
    await tell_strangers(desk, {p.coin for p in live}, truth)
    return []


async def audit(desk: Desk) -> Audit:
    """Compare cash and positions with the venue; a mismatch that more looks confirm is announced.

    Between our reading of the fills and of the account the market goes on: a stop that fires just then is no mismatch.
    """
    async with desk.trading:
        result, troubles = await compare(desk), Troubles(desk)
        for _ in range(MORE_LOOKS):
            if result.clean:
                break
            await advance_all(desk, list(await desk.ledger.live_positions()), await look_fully(desk), troubles)
            result = await compare(desk)
        if not result.clean:
            event = BookMismatch(result.difference, "; ".join(result.words))
            await desk.ledger.store(events=[event], at_ms=desk.clock.now_ms())
        troubles.tell()
        return result


async def compare(desk: Desk) -> Audit:
    """Our cash and sizes beside the venue's, read one after the other."""
    await sync_money(desk)
    truth = await read_truth(desk)
    await watch_equity(desk, truth.account)
    live = {p.coin: p.side.sign * p.size for p in await desk.ledger.live_positions()}
    theirs = {p.coin: p.size for p in truth.account.positions if p.coin not in desk.left_alone}
    words = [
        f"{coin}: we hold {live.get(coin, Decimal(0))}, the venue {theirs.get(coin, Decimal(0))}"
        for coin in sorted(live.keys() | theirs.keys())
        if live.get(coin) != theirs.get(coin)
    ]
    return Audit(await own_cash(desk), cash_of(truth.account), tuple(words))


async def own_cash(desk: Desk) -> Decimal:
    """Cash by our own book: its beginning, plus price results, funding and what came in, less fees and what left."""
    opening = await desk.ledger.opening(desk.venue.account_id)
    if opening is None:
        return Decimal(0)
    traded = sum((f.closed_pnl - f.fee for f in await desk.ledger.fills(opening.at_ms)), Decimal(0))
    paid = sum((p.amount for p in await desk.ledger.funding(opening.at_ms)), Decimal(0))
    moved = sum((t.amount for t in await desk.ledger.transfers(opening.at_ms)), Decimal(0))
    return opening.cash + traded + paid + moved


def cash_of(account: Account) -> Decimal:
    """Equity less unrealised profit."""
    return account.equity - sum((p.unrealised for p in account.positions), Decimal(0))
