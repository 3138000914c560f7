"""Positions and their orders: written within the ledger's transaction, read back as the core's values."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BrokenInvariant
from core.trading.orders import Ticket
from core.trading.positions import Position, PositionState
from storage.rows import Row, append, exact, replace, row_of, values
from storage.tables import POSITION_STEPS, POSITIONS, TICKETS

LIVE = [state.value for state in PositionState if state not in (PositionState.CLOSED, PositionState.ABORTED)]
STEP = ("state", "size", "stop", "target")
"""What makes a stored position's change worth a line of its history."""


async def write_positions(
    connection: AsyncConnection, book: str, positions: Sequence[Position], at_ms: int, at_once: int
) -> None:
    """Replace positions of the same id, and add a step for each whose state, size or triggers changed."""
    rows = {p.position_id: row_of(p, book=book) for p in positions}
    if not rows:
        return
    known = select(POSITIONS).where(POSITIONS.c.book == book, POSITIONS.c.position_id.in_(rows))
    before = {row["position_id"]: dict(row) for row in (await connection.execute(known)).mappings()}
    await replace(connection, POSITIONS, rows.values(), ("book", "position_id"), at_once)
    steps = [_step(row, at_ms) for key, row in rows.items() if _changed(before.get(key), row)]
    await append(connection, POSITION_STEPS, steps, at_once)


def _changed(before: Row | None, after: Row) -> bool:
    return before is None or any(before[name] != after[name] for name in STEP)


def _step(row: Row, at_ms: int) -> Row:
    return {name: row[name] for name in ("book", "position_id", *STEP)} | {"at_ms": at_ms}


async def write_tickets(connection: AsyncConnection, book: str, tickets: Sequence[Ticket], at_once: int) -> None:
    """Replace orders of the same client id; they keep their place. Raises :class:`BrokenInvariant` for one of another
    position: an id is derived from its position, so that would be another order."""
    rows = {t.client_id: row_of(t, book=book) for t in tickets}
    if not rows:
        return
    known = select(TICKETS.c.client_id, TICKETS.c.position_id)
    known = known.where(TICKETS.c.book == book, TICKETS.c.client_id.in_(rows))
    for client_id, owner in await connection.execute(known):
        if owner != rows[client_id]["position_id"]:
            claimed = rows[client_id]["position_id"]
            raise BrokenInvariant(f"order {client_id} belongs to position {owner}, not to {claimed}")
    await replace(connection, TICKETS, rows.values(), ("book", "client_id"), at_once)


async def known_orders(connection: AsyncConnection, book: str, client_ids: Sequence[str]) -> Collection[str]:
    """Those of these client ids that are stored."""
    query = select(TICKETS.c.client_id).where(TICKETS.c.book == book, TICKETS.c.client_id.in_(client_ids))
    return set((await connection.execute(query)).scalars())


async def live_positions(connection: AsyncConnection, book: str, at_once: int) -> Sequence[Position]:
    """Oldest decision first; of the same time by id."""
    query = select(POSITIONS).where(POSITIONS.c.book == book, POSITIONS.c.state.in_(LIVE))
    query = query.order_by(POSITIONS.c.decided_ms, exact(connection, POSITIONS.c.position_id))
    return await values(connection, query, Position, at_once)


async def tickets_of(connection: AsyncConnection, book: str, position_id: str, at_once: int) -> Sequence[Ticket]:
    """In the order made."""
    query = select(TICKETS).where(TICKETS.c.book == book, TICKETS.c.position_id == position_id)
    return await values(connection, query.order_by(TICKETS.c.id), Ticket, at_once)
