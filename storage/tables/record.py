"""What was seen, thought and told: contexts, scans with one outcome per symbol, events, the operators' switches."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Serial


class ScanRow(SQLModel, table=True):
    """One scan (:class:`core.decision.record.ScanReport`) without its outcomes. ``missed`` is JSON."""

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("book", "scan_id", name="uq_scans_scan_id"),
        Index("ix_scans_at", "book", "at_ms"),
    )

    id: int = Field(sa_type=Serial, primary_key=True)
    book: str
    scan_id: str
    at_ms: int = Field(sa_type=BigInteger)
    took_ms: int = Field(sa_type=BigInteger)
    regime: str
    regime_why: str
    missed: str = Field(sa_type=Text)
    bullish: int = Field(sa_type=BigInteger)
    bearish: int = Field(sa_type=BigInteger)
    neutral: int = Field(sa_type=BigInteger)
    pairs: int = Field(sa_type=BigInteger)
    regime_since_ms: int = Field(sa_type=BigInteger)
    correlation: float | None
    regime_before: str


class OutcomeRow(SQLModel, table=True):
    """One symbol's way through one scan (:class:`core.decision.record.Outcome`). ``steps`` is JSON."""

    __tablename__ = "outcomes"

    scan: int = Field(sa_column=Column(Serial, ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True))
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    symbol: str
    side: str | None
    verdict: str
    stage: str
    rule: str
    measured: float | None
    limit: float | None
    detail: str
    confidence: float | None
    threshold: float | None
    steps: str = Field(sa_type=Text)


class ContextRow(SQLModel, table=True):
    """Funding and open interest of one market at one time (:class:`core.market.snapshots.Context`)."""

    __tablename__ = "contexts"

    book: str = Field(primary_key=True)
    at_ms: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    coin: str = Field(primary_key=True)
    funding: float
    neutral: float
    open_interest: float | None


class LiquidationRow(SQLModel, table=True):
    """One forced execution as a feed told it (:class:`core.market.liquidations.Liquidation`); ``event_id`` is JSON."""

    __tablename__ = "liquidations"
    __table_args__ = (Index("ix_liquidations_time", "book", "time_ms"),)

    book: str = Field(primary_key=True)
    venue: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    symbol: str
    side: str
    size: float
    price: float
    time_ms: int = Field(sa_type=BigInteger)
    source: str
    certainty: str


class ExhaustionRow(SQLModel, table=True):
    """A cascade that was over, and what followed (:class:`core.signals.cascade.Exhaustion`)."""

    __tablename__ = "exhaustions"

    book: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    at_ms: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    tier: int
    long_usd: float
    short_usd: float
    direction: str | None
    price: float
    after_15m: float | None
    after_60m: float | None


class EventRow(SQLModel, table=True):
    """Something to be told (:mod:`core.events`). ``kind`` is the class, ``body`` its JSON."""

    __tablename__ = "events"
    # A number is never given twice: the outbox remembers which event a message speaks of.
    __table_args__ = (Index("ix_events_announced", "book", "announced", "id"), {"sqlite_autoincrement": True})

    id: int = Field(sa_type=Serial, primary_key=True)
    book: str
    at_ms: int = Field(sa_type=BigInteger)
    kind: str
    body: str = Field(sa_type=Text)
    announced: bool


class SwitchesRow(SQLModel, table=True):
    """The operators' standing decisions of one book (:class:`core.desk.Switches`)."""

    __tablename__ = "switches"

    book: str = Field(primary_key=True)
    paused: bool
    halted: bool
    flattening: bool
    by: str
    since_ms: int = Field(sa_type=BigInteger)
    mode: str
    live_by: str
    live_since_ms: int = Field(sa_type=BigInteger)
    full_by: str


class VigilRow(SQLModel, table=True):
    """What is kept in mind while real money is traded (:class:`core.risk.vigil.Vigil`)."""

    __tablename__ = "vigils"

    book: str = Field(primary_key=True)
    heard_ms: int = Field(sa_type=BigInteger)
    away: bool
    wallet: str
    until_ms: int = Field(sa_type=BigInteger)
    warned: int | None


class WatchRow(SQLModel, table=True):
    """Whether a market is read and may be entered (:class:`core.desk.Watch`)."""

    __tablename__ = "watching"

    book: str = Field(primary_key=True)
    coin: str = Field(primary_key=True)
    symbol: str
    asset_class: str
    watched: bool
    by: str
    since_ms: int = Field(sa_type=BigInteger)


class BlackoutRow(SQLModel, table=True):
    """An event around which nothing new is entered (:class:`core.risk.blackouts.Blackout`)."""

    __tablename__ = "blackouts"

    book: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    at_ms: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    before_ms: int = Field(sa_type=BigInteger)
    after_ms: int = Field(sa_type=BigInteger)
    scope: str
    by: str
    since_ms: int = Field(sa_type=BigInteger)


class BlockRow(SQLModel, table=True):
    """A symbol that may not be entered (:class:`core.desk.Block`)."""

    __tablename__ = "blocks"

    book: str = Field(primary_key=True)
    symbol: str = Field(primary_key=True)
    since_ms: int = Field(sa_type=BigInteger)
    until_ms: int | None = Field(sa_type=BigInteger)
    by: str
    why: str
