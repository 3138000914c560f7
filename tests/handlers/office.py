"""Vektor's chat side, whole and real, against the local Telegram over HTTP: only prices and candles are the test's.

Exchange, flows, ledger (SQLite), decisions, outbox and handlers are the product's own.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from pydantic import SecretStr

from bot.emulator.people import GROUP, OWNER
from bot.emulator.server import LocalTelegram
from bot.telegram import Connection, House, Stores, TelegramSide
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market
from core.settings import Cadence, Chat, Settings
from handlers.ports import Shelves
from storage.audit import Attempt, AuditTrail
from storage.chats import Chats
from storage.database import Database
from storage.decisions import SqlDecisionStore
from storage.events import Events
from storage.ledger import SqlLedger
from storage.outbox import Outbox
from storage.updates import Updates
from tests.bot.emulator.chat_client import ChatClient
from tests.core.flows.stage import START, Stage

TOKEN = "7:demo-test"
KEY = "a-key-of-the-tests-only"
BOOK = "sim:test"
CLAIM = "K7Q2MX"
QUICK = Chat(per_chat_ms=50, burst=20, announce_ms=50, poll_s=1, retry_least_ms=50, sweep_ms=100)


class Wall:
    """The machine's clock, which a test may set forward."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


class WalkingCandles:
    """A random walk per market, the same at every call."""

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        return {market.symbol: walk(market.symbol, timeframe, now_ms) for market in markets}


def walk(symbol: str, timeframe: Timeframe, now_ms: int = START, bars: int = 400, last: float = 60_000) -> CandleSeries:
    chance = np.random.default_rng(sum(symbol.encode()))
    close = np.exp(np.cumsum(chance.normal(0.0004, 0.006, bars)))
    close *= last / close[-1]
    open_ = np.concatenate([[close[0]], close[:-1]])
    high = np.maximum(open_, close) * (1 + np.abs(chance.normal(0, 0.003, bars)))
    low = np.minimum(open_, close) * (1 - np.abs(chance.normal(0, 0.003, bars)))
    end = timeframe.last_close(now_ms)
    opened = end - timeframe.ms * np.arange(bars, 0, -1, dtype=np.int64)
    return CandleSeries(symbol, timeframe, opened, open_, high, low, close, chance.uniform(10, 200, bars))


class Office:
    """One bot, one chat server, one person watching."""

    def __init__(self, database: Database, *, chat: Chat = QUICK, state_file: Path | None = None, **house: Any) -> None:
        self.database = database
        self.wall = Wall()
        self.settings = Settings(chat=chat, cadence=Cadence(status_ms=5_000))
        self.telegram = LocalTelegram(token=TOKEN, page_key=KEY, clock=self.wall, state_file=state_file)
        self.stage = Stage(self.settings)
        self.ledger = SqlLedger(database, BOOK)
        self.audit = AuditTrail(database)
        self.outbox = Outbox(database)
        self.house = House(**{"owner_id": OWNER, "followers_chat": GROUP} | house)
        self.numbers = itertools.count()

    def new_side(self, **connection: Any) -> TelegramSide:
        """The chat side, as a process would build it at its start."""
        desk = self.stage.new_desk(ledger=self.ledger)
        desk.candles, desk.venue_name = WalkingCandles(), "sim"
        self.desk = self.stage.desk = desk
        database = self.database
        shelves = Shelves(
            rooms=Chats(database),
            updates=Updates(database),
            audit=self.audit,
            decisions=SqlDecisionStore(database),
            outbox=self.outbox,
        )
        return TelegramSide(
            connection=Connection(**{"token": SecretStr(TOKEN), "api_base": self.telegram.base_url} | connection),
            house=self.house,
            desk=desk,
            stores=Stores(shelves, self.outbox, Events(database, BOOK)),
            wall_ms=self.wall,
            new_nonce=lambda: f"nonce-{next(self.numbers):016d}",
        )

    async def __aenter__(self) -> Self:
        await self.telegram.start()
        self.chat = ChatClient(self.telegram.page_url)
        await self.chat.__aenter__()
        await self.open()
        return self

    async def open(self, **connection: Any) -> None:
        """Start the bot and wait until it listens."""
        self.side = self.new_side(**connection)
        await self.stage.begin()
        self.running = asyncio.create_task(self.side.run())
        ready = asyncio.create_task(self.side.ready.wait())
        await asyncio.wait([self.running, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self.running.done():
            self.running.result()
        if self.house.owner_id is not None:
            await self.chat.wait_for(lambda m: "pinned_message" in m)

    async def shut(self) -> None:
        """Stop the bot in order."""
        await self.side.stop()
        await self.running

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.running.done():
            await self.shut()
        await self.chat.__aexit__(kind, error, trace)
        await self.telegram.stop()

    # --- what tests ask -----------------------------------------------------------------------------------------------

    async def ask(
        self, text: str, answer: str, who: str = "Ann", chat: int | str = "private", **more: Any
    ) -> dict[str, Any]:
        """Say something and wait for an answer that contains a text."""
        before = {m["message_id"] for m in self.chat.messages(chat, who)}
        await self.chat.say(who, text, chat)
        return await self.chat.wait_for(
            lambda m: m["message_id"] not in before and m["from"]["is_bot"] and answer in shown(m),
            chat=chat,
            who=who,
            **more,
        )

    async def attempts(self, outcome: str) -> list[Attempt]:
        """Lines of the audit trail with this outcome."""
        return [line for line in await self.audit.newest(200) if line.outcome == outcome]

    async def told(self, update_done: str, who: str = "Ann", text: str = "/status") -> None:
        """Wait until everything said before has been worked on: the answer to one more question."""
        await self.ask(text, update_done, who)
        await self.side.intake.idle()

    async def live(self) -> list[str]:
        """Symbols held."""
        return [position.symbol for position in await self.ledger.live_positions()]


def shown(message: dict[str, Any]) -> str:
    """Text or caption."""
    return str(message.get("text", message.get("caption", "")))


def captions(message: dict[str, Any]) -> list[str]:
    """What the buttons say."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [key["text"] for row in rows for key in row]
