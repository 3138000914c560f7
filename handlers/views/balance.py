"""The account's money. For full readers only; nobody else ever gets here."""

from __future__ import annotations

from decimal import Decimal

from aiogram.utils.formatting import Text

from core.flows.status import Status
from handlers.views.badge import venue_badge
from handlers.views.figures import gain, money, percent
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs


def balance_view(status: Status, reader: Reader, wall_ms: int) -> Text:
    """Equity, its parts, and today."""
    texts = reader.texts
    margin = sum((line.margin for line in status.positions), Decimal(0))
    notional = sum((line.notional for line in status.positions), Decimal(0))
    rows = [
        (texts("label-equity"), money(status.equity)),
        (texts("label-free"), money(status.free)),
        (texts("label-margin"), money(margin)),
        (texts("label-notional"), money(notional)),
        (texts("label-unrealised"), gain(status.unrealised)),
        (texts("label-today"), gain(status.day_pnl)),
        (texts("label-trades-today"), str(status.trades_today)),
    ]
    if status.equity > 0:
        rows.append((texts("label-leverage"), f"{notional / status.equity:.2f}x"))
        rows.append((texts("label-today-share"), percent(float(status.day_pnl / status.equity))))
    head = f"{venue_badge(status.venue_name)} · {money(status.equity)} USDC"
    return lines(verdict(head), pairs(rows, reader.columns), footer(reader, wall_ms, status.at_ms))
