"""Where we stand: equity, positions at their marks, switches, the last scan. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.desk import Desk
from core.flows.live import withheld
from core.flows.protect import covered
from core.risk.switches import Block, Mode
from core.risk.vigil import Vigil
from core.trading.orders import OpenOrder
from core.trading.ports import Account
from core.trading.positions import ClosedTrade, Position

DAY_MS = 86_400_000
TRADES_READ = 1_000
"""Newest trades that a day's result is summed over."""


@dataclass(frozen=True, slots=True)
class PositionLine:
    """One open position at its present mark. ``pnl_share`` is of the entry notional, ``r`` in initial risks."""

    position: Position
    mark: Decimal
    unrealised: Decimal
    pnl_share: float
    r: float
    notional: Decimal
    margin: Decimal
    liquidation: Decimal | None
    stop_rests: bool
    target_rests: bool
    age_ms: int


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that /status, /positions and the pinned message show. Money in USDC; the day is UTC."""

    venue_name: str
    at_ms: int
    equity: Decimal
    free: Decimal
    unrealised: Decimal
    day_pnl: Decimal
    positions: tuple[PositionLine, ...]
    paused: bool
    halted: bool
    blocks: tuple[Block, ...]
    regime: str
    regime_why: str
    last_scan_ms: int | None
    trades_today: int
    degraded: tuple[str, ...]
    market_count: int
    mode: str
    reads_only: str
    away: bool
    vigil: Vigil

    @property
    def state(self) -> str:
        """In one word whether entries are made, and what keeps them: ``halted``, ``paused``, ``reading``, ``manual``,
        ``away`` or ``trading``."""
        kept = (
            ("halted", self.halted),
            ("paused", self.paused),
            ("reading", bool(self.reads_only)),
            ("manual", self.mode == Mode.MANUAL),
            ("away", self.away),
        )
        return next((word for word, holds in kept if holds), "trading")


async def status(desk: Desk) -> Status:
    """Read it all once. Raises :class:`core.errors.VenueUnavailable`."""
    orders = await desk.venue.open_orders()
    account = await desk.venue.account()
    now = desk.clock.now_ms()
    switches = await desk.ledger.switches()
    report = await desk.ledger.last_scan()
    live = await desk.ledger.live_positions()
    today = day_trades(await desk.ledger.trades(TRADES_READ), now)
    lines = tuple(line for p in live if (line := line_of(p, account, orders, now)) is not None)
    unrealised = sum((p.unrealised for p in account.positions), Decimal(0))
    return Status(
        venue_name=desk.venue_name,
        at_ms=now,
        equity=account.equity,
        free=account.free,
        unrealised=unrealised,
        day_pnl=sum((t.pnl for t in today), Decimal(0)) + unrealised,
        positions=lines,
        paused=switches.paused,
        halted=switches.halted,
        blocks=tuple(switches.blocks.values()),
        regime=report.regime if report is not None else "",
        regime_why=report.regime_why if report is not None else "",
        last_scan_ms=report.at_ms if report is not None else None,
        trades_today=len(today),
        degraded=tuple(sorted(desk.degraded)),
        market_count=len(desk.entered),
        mode=switches.mode.value,
        reads_only=withheld(desk.venue_name, desk.live_allowed, switches),
        away=desk.attendance is not None and desk.attendance.is_away(desk.settings.live),
        vigil=await desk.ledger.vigil(),
    )


def day_trades(trades: Sequence[ClosedTrade], now_ms: int) -> list[ClosedTrade]:
    """Trades closed on the present UTC day."""
    midnight = now_ms // DAY_MS * DAY_MS
    return [t for t in trades if t.closed_ms >= midnight]


def line_of(position: Position, account: Account, orders: Sequence[OpenOrder], now_ms: int) -> PositionLine | None:
    """A position as the venue values it; ``None`` while the venue holds none."""
    held = account.position(position.coin)
    if held is None:
        return None
    own = [o for o in orders if o.coin == position.coin]
    basis = held.entry * abs(held.size)
    return PositionLine(
        position=position,
        mark=held.mark,
        unrealised=held.unrealised,
        pnl_share=float(held.unrealised / basis) if basis else 0.0,
        r=position.r_multiple(held.mark),
        notional=held.mark * abs(held.size),
        margin=held.margin,
        liquidation=held.liquidation,
        stop_rests=covered(position, own, stop=True),
        target_rests=covered(position, own, stop=False),
        age_ms=now_ms - (position.opened_ms if position.opened_ms is not None else position.decided_ms),
    )
