"""What the venue booked, and the trades it came to: fills, funding, closed trades, the opening of a book.

Money is only ever added here. A fill, a settlement or a trade that is known already is left as it is, so that the
same page of the venue's history may be stored again and again (SPEC V2).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.desk import Opening
from core.trading.orders import Fill, FundingPayment, Transfer
from core.trading.positions import ClosedTrade
from storage.rows import T, exact, insert_new, row_of, value_of, values
from storage.tables import FILLS, FUNDING, OPENINGS, TRADES, TRANSFERS

Booked = Fill | FundingPayment | ClosedTrade | Opening | Transfer


async def write_new(connection: AsyncConnection, table: Table, book: str, what: Sequence[Booked], at_once: int) -> None:
    """Add what is not known yet."""
    await insert_new(connection, table, (row_of(one, book=book) for one in what), at_once)


async def fills_since(
    connection: AsyncConnection, book: str, since_ms: int, coin: str | None, at_once: int
) -> Sequence[Fill]:
    """By time, then trade id."""
    return await _since(connection, FILLS, Fill, book, since_ms, coin, at_once)


async def funding_since(
    connection: AsyncConnection, book: str, since_ms: int, coin: str | None, at_once: int
) -> Sequence[FundingPayment]:
    """By time, then coin."""
    return await _since(connection, FUNDING, FundingPayment, book, since_ms, coin, at_once)


async def _since(
    connection: AsyncConnection, table: Table, kind: type[T], book: str, since_ms: int, coin: str | None, at_once: int
) -> list[T]:
    query = select(table).where(table.c.book == book, table.c.time_ms >= since_ms)
    if coin is not None:
        query = query.where(table.c.coin == coin)
    second = table.c.trade_id if table is FILLS else exact(connection, table.c.coin)
    return await values(connection, query.order_by(table.c.time_ms, second), kind, at_once)


async def transfers_since(connection: AsyncConnection, book: str, since_ms: int, at_once: int) -> Sequence[Transfer]:
    """By time, then id."""
    query = select(TRANSFERS).where(TRANSFERS.c.book == book, TRANSFERS.c.time_ms >= since_ms)
    query = query.order_by(TRANSFERS.c.time_ms, exact(connection, TRANSFERS.c.transfer_id))
    return await values(connection, query, Transfer, at_once)


async def newest_trades(
    connection: AsyncConnection, book: str, limit: int, symbol: str | None, at_once: int
) -> Sequence[ClosedTrade]:
    """By closing time, newest first; of the same time by id, highest first."""
    query = select(TRADES).where(TRADES.c.book == book)
    if symbol is not None:
        query = query.where(TRADES.c.symbol == symbol)
    query = query.order_by(TRADES.c.closed_ms.desc(), exact(connection, TRADES.c.trade_id).desc()).limit(limit)
    return await values(connection, query, ClosedTrade, at_once)


async def opening_of(connection: AsyncConnection, book: str, account_id: str) -> Opening | None:
    """Where the book of an account began."""
    query = select(OPENINGS).where(OPENINGS.c.book == book, OPENINGS.c.account_id == account_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else value_of(row, Opening)
