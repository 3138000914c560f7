"""Books put together from what the stream says: whole ones now and then, the best of both sides at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feeds.paper.answers import BestRow, BookRow, LevelRow
from core.trading.exchange.ports import Book, Level


def put_together(whole: BookRow | None, best: BestRow | None) -> Book:
    """A whole book, with the best of both sides where that is newer: what stood before it is gone, the rest stays.

    >>> whole = BookRow("X", 1, ([LevelRow(9, 1), LevelRow(8, 5)], [LevelRow(10, 2), LevelRow(11, 9)]))
    >>> put_together(whole, BestRow("X", 2, (LevelRow(8, 3), LevelRow(10, 4))))
    Book(bids=((8, 3),), asks=((10, 4), (11, 9)))
    """
    bids, asks = whole.levels if whole is not None else ((), ())
    if best is None or (whole is not None and best.time <= whole.time):
        return Book(tuple(_level(one) for one in bids), tuple(_level(one) for one in asks))
    bid, ask = best.bbo
    return Book(_behind(bids, bid, asks=False), _behind(asks, ask, asks=True))


def _behind(side: Sequence[LevelRow], best: LevelRow | None, *, asks: bool) -> tuple[Level, ...]:
    if best is None:
        return ()
    kept = (one for one in side if (one.px > best.px if asks else one.px < best.px))
    return (_level(best), *(_level(one) for one in kept))


def _level(row: LevelRow) -> Level:
    return row.px, row.sz
