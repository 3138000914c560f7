"""Margin tables: how a market's tiers are numbered and written. It refuses to invent numbers for tiers that have one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bot.exchange.simulator.answers import Broken
from bot.exchange.simulator.assets import Row
from bot.exchange.simulator.format import number
from bot.exchange.simulator.requests import OfTable
from bot.exchange.simulator.state import VenueState

Tiers = tuple[tuple[Decimal, int], ...]

IMPLIED_IDS = 49
"""A table id up to here is the leverage of its only tier, and the table is not spelled out [X]."""
KNOWN_TABLES: dict[Tiers, tuple[int, str]] = {
    ((Decimal(0), 50),): (50, ""),
    ((Decimal(0), 10), (Decimal(3_000_000), 5)): (51, "tiered 10x"),
    ((Decimal(0), 10), (Decimal(20_000_000), 5)): (52, "tiered 10x (2)"),
    ((Decimal(0), 20), (Decimal(40_000_000), 10)): (53, "tiered 20x"),
    ((Decimal(0), 20), (Decimal(70_000_000), 10)): (54, "tiered 20x (2)"),
    ((Decimal(0), 25), (Decimal(100_000_000), 15)): (55, "tiered 25x"),
    ((Decimal(0), 40), (Decimal(150_000_000), 20)): (56, "tiered 40x"),
}
"""The exchange's own numbering [X]; other tiers get numbers after the last of these."""


def universe(state: VenueState, dex: str | None) -> Sequence[Row]:
    """Every row of a dex. Raises :class:`Broken` for an unknown one, on which the exchange fails with 500."""
    rows = state.assets.universe(dex or "")
    if rows is None:
        raise Broken(f"there is no dex {dex!r}")
    return rows


def table_ids(rows: Sequence[Row]) -> dict[Tiers, int]:
    """Number of every combination of tiers in a universe."""
    ids: dict[Tiers, int] = {}
    fresh = max(known for known, _ in KNOWN_TABLES.values())
    for row in rows:
        tiers = row.terms.margin_tiers
        if tiers in ids:
            continue
        if tiers in KNOWN_TABLES:
            ids[tiers] = KNOWN_TABLES[tiers][0]
        elif len(tiers) == 1 and tiers[0][1] <= IMPLIED_IDS:
            ids[tiers] = tiers[0][1]
        else:
            fresh += 1
            ids[tiers] = fresh
    return ids


def margin_tables(rows: Sequence[Row]) -> list[list[Any]]:
    """``[id, table]`` of every table that is not implied by its id, ascending."""
    written = {known: _table(tiers, words) for tiers, (known, words) in KNOWN_TABLES.items()}
    written |= {own: _table(tiers, "") for tiers, own in table_ids(rows).items() if own not in written}
    return [[own, table] for own, table in sorted(written.items()) if own > IMPLIED_IDS]


def margin_table(state: VenueState, request: OfTable) -> Any:
    """``marginTable``: one table by its id, ``null`` when there is none."""
    written: dict[int, Any] = dict(margin_tables(universe(state, request.dex)))
    if 0 < request.id <= IMPLIED_IDS:
        return _table(((Decimal(0), request.id),), "")
    return written.get(request.id)


def _table(tiers: Tiers, words: str) -> dict[str, Any]:
    return {
        "description": words,
        "marginTiers": [{"lowerBound": number(bound), "maxLeverage": leverage} for bound, leverage in tiers],
    }
