"""Book against venue, both ways: at start (which is the recovery path) and every minute (SPEC V1, V2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from core.desk import Desk, Opening
from core.events import BookMismatch, PositionAdopted
from core.flows.advance import advance
from core.flows.truth import read_truth, sync_money
from core.market.symbols import AssetClass, Market, Side
from core.risk.stops import initial_stop, initial_target
from core.trading.ports import Account, VenuePosition
from core.trading.positions import Position, PositionState

CENT = Decimal("0.01")


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
    known_fills = await desk.ledger.fills(opening.at_ms)
    known_funding = await desk.ledger.funding(opening.at_ms)
    desk.fills_since_ms = max((f.time_ms for f in known_fills), default=opening.at_ms)
    desk.funding_since_ms = max((p.time_ms for p in known_funding), default=opening.at_ms)
    return await reconcile(desk)


async def reconcile(desk: Desk) -> Reconciled:
    """Bring every position to the venue's truth and adopt what the venue holds and we do not know."""
    async with desk.trading:
        await sync_money(desk)
        desk.nudged = False
        truth = await read_truth(desk)
        live = list(await desk.ledger.live_positions())
        after = [await advance(desk, p, truth) for p in live]
        known = {p.coin for p in live}
        strangers = [held for held in truth.account.positions if held.coin not in known]
        for held in strangers:
            await adopt(desk, held, truth.account.time_ms)
        moved = sum(a.state is not b.state for a, b in zip(after, live, strict=True))
        settled = sum(a.state is PositionState.CLOSED for a in after)
        return Reconciled(moved, settled, len(strangers))


async def adopt(desk: Desk, held: VenuePosition, venue_ms: int) -> Position:
    """Take a position into the book with a stop and a target of its own, and say so."""
    market = market_of(desk, held.coin)
    side = Side.LONG if held.size > 0 else Side.SHORT
    atr = float(held.mark) * desk.settings.stops.adopted_atr
    stop = initial_stop(held.mark, side, atr, market.price_decimals, desk.settings.stops)
    position = Position(
        position_id=f"{market.symbol}-{venue_ms}-adopted",
        symbol=market.symbol,
        coin=held.coin,
        side=side,
        state=PositionState.OPEN,
        size=abs(held.size),
        entry=held.entry,
        leverage=held.leverage,
        initial_stop=stop,
        stop=stop,
        target=initial_target(held.mark, side, atr, market.price_decimals, desk.settings.stops),
        atr=atr,
        confidence=desk.settings.confidence.adopted,
        strategy="adopted",
        decided_ms=venue_ms,
        opened_ms=venue_ms,
        adopted=True,
        best_mark=held.mark,
    )
    await desk.ledger.store(positions=[position], events=[PositionAdopted(position)], at_ms=desk.clock.now_ms())
    return await advance(desk, position, await read_truth(desk))


def market_of(desk: Desk, coin: str) -> Market:
    """The market of a venue name; one outside the universe is taken as it is, with cautious terms."""
    known = next((m for m in desk.universe if m.coin == coin), None)
    if known is not None:
        return known
    stranger = Market(coin.rpartition(":")[2], AssetClass.CRYPTO, coin, max_leverage=1, size_decimals=0)
    desk.universe = [*desk.universe, replace(stranger)]
    return stranger


async def audit(desk: Desk) -> Audit:
    """Compare cash, positions and protective orders with the venue; a mismatch is announced."""
    async with desk.trading:
        await sync_money(desk)
        truth = await read_truth(desk)
        ours = await own_cash(desk)
        live = {p.coin: p.side.sign * p.size for p in await desk.ledger.live_positions()}
        theirs = {p.coin: p.size for p in truth.account.positions}
        words = [
            f"{coin}: we hold {live.get(coin, Decimal(0))}, the venue {theirs.get(coin, Decimal(0))}"
            for coin in sorted(live.keys() | theirs.keys())
            if live.get(coin) != theirs.get(coin)
        ]
        result = Audit(ours, cash_of(truth.account), tuple(words))
        if not result.clean:
            event = BookMismatch(result.difference, "; ".join(words))
            await desk.ledger.store(events=[event], at_ms=desk.clock.now_ms())
        return result


async def own_cash(desk: Desk) -> Decimal:
    """Cash by our own book: its beginning, plus price results and funding, less fees."""
    opening = await desk.ledger.opening(desk.venue.account_id)
    if opening is None:
        return Decimal(0)
    traded = sum((f.closed_pnl - f.fee for f in await desk.ledger.fills(opening.at_ms)), Decimal(0))
    return opening.cash + traded + sum((p.amount for p in await desk.ledger.funding(opening.at_ms)), Decimal(0))


def cash_of(account: Account) -> Decimal:
    """Equity less unrealised profit."""
    return account.equity - sum((p.unrealised for p in account.positions), Decimal(0))
