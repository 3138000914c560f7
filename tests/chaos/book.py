"""The bot's own book, read from its database file without ever writing to it, dead or alive."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

LIVE = ("opening", "open", "closing")
OPERATORS = "select symbol from blocks where why = 'operator'"
FOLLOWED = ("TradeOpened", "TradeClosed", "Started", "RegimeChanged")
"""Events that a followers' group is told as well."""


@dataclass(frozen=True, slots=True)
class Said:
    """A row of the outbox: what was to be said, and how often the bot thinks it said it."""

    number: int
    event: int | None
    chat: int
    text: str
    state: str
    repeats: int
    why: str


class Book:
    """One ``vektor.db``."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"{self.file.resolve().as_uri()}?mode=ro", uri=True, timeout=20)) as connection:
            yield connection

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Whatever a query finds."""
        with self._open() as connection:
            return connection.execute(query, values).fetchall()

    def client_ids(self) -> set[str]:
        """Ids of every order that was stored."""
        return {row[0] for row in self.rows("select client_id from tickets")}

    def fills(self) -> set[tuple[int, int]]:
        """Time and trade id of every fill in the ledger."""
        return {(row[0], row[1]) for row in self.rows("select time_ms, trade_id from fills")}

    def cash(self) -> Decimal:
        """Where the book began, plus price results less fees, plus funding; one reading of the file."""
        with self._open() as connection:
            connection.execute("begin")
            ((opening,),) = connection.execute("select cash from openings").fetchall()
            fills = connection.execute("select closed_pnl, fee from fills").fetchall()
            funding = connection.execute("select amount from funding").fetchall()
        traded = sum((Decimal(pnl) - Decimal(fee) for pnl, fee in fills), Decimal(0))
        return Decimal(opening) + traded + sum((Decimal(amount) for (amount,) in funding), Decimal(0))

    def levels(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """Symbol, entry, stop and target of open positions, oldest first."""
        query = "select symbol, entry, stop, target from positions where state = 'open' order by decided_ms"
        return [(symbol, *map(Decimal, figures)) for symbol, *figures in self.rows(query)]

    def sizes(self) -> dict[str, Decimal]:
        """Signed sizes of live positions that hold something."""
        query = "select coin, side, size from positions where state in ('open', 'closing')"
        return {coin: Decimal(size) * (1 if side == "long" else -1) for coin, side, size in self.rows(query)}

    def symbols(self) -> list[str]:
        """Symbols of open positions."""
        return [row[0] for row in self.rows("select symbol from positions where state = 'open' order by decided_ms")]

    def trades(self) -> dict[str, int]:
        """Booked trades by coin."""
        return dict(self.rows("select coin, count(*) from trades group by coin"))

    def events(self) -> list[tuple[int, str, dict[str, Any], bool]]:
        """Number, kind, body and whether announced, of every event."""
        found = self.rows("select id, kind, body, announced from events order by id")
        return [(number, kind, json.loads(body), bool(told)) for number, kind, body, told in found]

    def said(self) -> list[Said]:
        """Every message of the outbox that speaks of an event."""
        query = "select id, event_id, chat_id, payload, state, repeats, why from outbox where event_id is not null"
        return [Said(n, e, c, json.loads(p)["text"], s, r, w) for n, e, c, p, s, r, w in self.rows(query)]

    def waiting(self) -> int:
        """Events and messages that are still to be told."""
        ((events,),) = self.rows("select count(*) from events where not announced")
        ((messages,),) = self.rows("select count(*) from outbox where state in ('pending', 'sending')")
        return int(events + messages)

    def chats(self) -> dict[int, str]:
        """Active chats with their roles."""
        return dict(self.rows("select chat_id, role from chats where active"))

    def switches(self) -> tuple[bool, bool, frozenset[str]]:
        """Paused, halted, symbols that an operator blocked."""
        found = self.rows("select paused, halted from switches")
        paused, halted = found[0] if found else (0, 0)
        return bool(paused), bool(halted), frozenset(row[0] for row in self.rows(OPERATORS))
