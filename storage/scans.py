"""Scans: one row each, and one row per symbol's outcome, so that /why and the funnel are read and never computed.

A figure that is no number (a rule may have measured NaN) is stored as absent.
"""

from __future__ import annotations

import math
from dataclasses import replace as with_fields
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.decision.record import Outcome, ScanReport
from core.sifting import Missed
from storage.rows import Row, append, row_of
from storage.tables import OUTCOMES, SCANS

FIGURES = ("measured", "limit", "confidence", "threshold")


async def write_scan(connection: AsyncConnection, book: str, report: ScanReport, at_once: int) -> None:
    """Keep a scan; one of the same id gives way."""
    known = (SCANS.c.book == book) & (SCANS.c.scan_id == report.scan_id)
    await connection.execute(delete(SCANS).where(known))
    row = row_of(with_fields(report, outcomes=()), book=book)
    row["missed"] = msgspec.json.encode(row["missed"]).decode()
    del row["outcomes"]
    scan = (await connection.execute(insert(SCANS).values(row).returning(SCANS.c.id))).scalar_one()
    await append(connection, OUTCOMES, [_outcome_row(o, scan, n) for n, o in enumerate(report.outcomes)], at_once)


def _outcome_row(outcome: Outcome, scan: int, place: int) -> Row:
    absent: dict[str, Any] = {name: None for name in FIGURES if not _is_number(getattr(outcome, name))}
    row = row_of(with_fields(outcome, **absent), scan=scan, place=place)
    return row | {"steps": msgspec.json.encode(row["steps"]).decode()}


def _is_number(figure: float | None) -> bool:
    return figure is not None and math.isfinite(figure)


async def newest_scan(connection: AsyncConnection, book: str) -> ScanReport | None:
    """The scan of the latest time, whole; of the same time the one stored last."""
    query = select(SCANS).where(SCANS.c.book == book).order_by(SCANS.c.at_ms.desc(), SCANS.c.id.desc()).limit(1)
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    found = await connection.execute(select(OUTCOMES).where(OUTCOMES.c.scan == row["id"]).order_by(OUTCOMES.c.place))
    outcomes = [dict(o) | {"steps": msgspec.json.decode(o["steps"])} for o in found.mappings()]
    return ScanReport(
        scan_id=row["scan_id"],
        at_ms=row["at_ms"],
        took_ms=row["took_ms"],
        regime=row["regime"],
        regime_why=row["regime_why"],
        outcomes=tuple(msgspec.convert(outcomes, list[Outcome])),
        missed=tuple(msgspec.json.decode(row["missed"], type=list[Missed])),
        bullish=row["bullish"],
        bearish=row["bearish"],
        neutral=row["neutral"],
        pairs=row["pairs"],
        correlation=row["correlation"],
        regime_since_ms=row["regime_since_ms"],
        regime_before=row["regime_before"],
    )
