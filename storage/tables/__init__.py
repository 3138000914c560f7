"""Every table, as Core sees it. Importing this package is what fills ``METADATA``; the migrations are the truth.

Repositories write statements against these tables and never load one object per row: an ORM session costs about
2 ms a row, a statement with many rows a small part of that.
"""

from __future__ import annotations

from sqlalchemy import Table
from sqlmodel import SQLModel

from storage.tables import chat, record, trading

METADATA = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """The table that a model declares."""
    return METADATA.tables[str(model.__tablename__)]


POSITIONS = table(trading.PositionRow)
POSITION_STEPS = table(trading.PositionStepRow)
TICKETS = table(trading.TicketRow)
FILLS = table(trading.FillRow)
FUNDING = table(trading.FundingRow)
TRADES = table(trading.TradeRow)
OPENINGS = table(trading.OpeningRow)
SCANS = table(record.ScanRow)
OUTCOMES = table(record.OutcomeRow)
CONTEXTS = table(record.ContextRow)
LIQUIDATIONS = table(record.LiquidationRow)
EXHAUSTIONS = table(record.ExhaustionRow)
EVENTS = table(record.EventRow)
SWITCHES = table(record.SwitchesRow)
VIGILS = table(record.VigilRow)
BLOCKS = table(record.BlockRow)
BLACKOUTS = table(record.BlackoutRow)
WATCHING = table(record.WatchRow)
TRANSFERS = table(trading.TransferRow)
STANDINGS = table(trading.StandingRow)
STANDINGS_BEFORE = table(trading.StandingBeforeRow)
INJECTIONS = table(trading.InjectionRow)
DECISIONS = table(chat.DecisionRow)
OUTBOX = table(chat.OutboxRow)
UPDATES = table(chat.UpdateRow)
CHATS = table(chat.ChatRow)
PEOPLE = table(chat.PersonRow)
AUDIT = table(chat.AuditRow)
STRANGERS = table(chat.StrangerRow)
