"""A mainnet on loopback: the simulated exchange behind a relay that counts, a chat, and real ``vektor`` processes."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_account import Account

from bot.clock import wall_ms
from bot.emulator.server import LocalTelegram
from tests.bot.counting import Counting
from tests.bot.emulator.chat_client import ChatClient
from tests.bot.exchange.simulator.client import Wallet, WireClient
from tests.chaos.stage import small_universe
from tests.e2e.process import Process

NOWHERE = "127.0.0.1:9"
MARKETS = ("symbol", "BTC", "ETH", "SOL", "XRP", "DOGE", "GOLD")
SYMBOLS = MARKETS[1:]
PATIENCE_S = 90.0
SETTINGS = """\
# Whatever has a side is entered, every minute, and no losses stop it.
[cadence]
scan_ms = 60000
scan_delay_ms = 1000
reconcile_ms = 10000
[confidence]
threshold = 0.0
equity = 0.0
[execution]
weight_per_minute = 100000
[chat]
per_chat_ms = 50
burst = 20
"""


def buttons(message: dict[str, Any]) -> list[str]:
    """What the buttons of a message say."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [key["text"] for row in rows for key in row]


def words(message: dict[str, Any]) -> str:
    """Text or caption."""
    return str(message.get("text", message.get("caption", "")))


@dataclass(slots=True)
class LiveStage:
    """Everything but the bot. ``environment`` is the bot's, without the setting that allows mainnet."""

    folder: Path
    key: str
    token: str
    environment: dict[str, str]
    counting: Counting
    exchange: WireClient
    chat: ChatClient
    processes: list[Process] = field(default_factory=list)

    def vektor(self, *arguments: str, **more: str) -> Process:
        """A command of the program in this world; ``more`` are further variables of its environment."""
        process = Process(*arguments, "--state", "state", cwd=self.folder, environment=self.environment | more)
        self.processes.append(process)
        return process

    def printed(self) -> str:
        """What all of them printed."""
        return "\n".join(line for process in self.processes for line in process.lines)

    def bot(self, **more: str) -> Process:
        """The bot on mainnet."""
        return self.vektor("run", "--venue", "mainnet", "--chat", "telegram", **more)

    async def ask(self, text: str, part: str, who: str = "Ann") -> dict[str, Any]:
        """Say something and wait for an answer that contains a text."""
        said = await self.chat.say(who, text)
        return await self.chat.wait_for(
            lambda m: m["message_id"] > said["message_id"] and m["from"]["is_bot"] and part in words(m),
            who=who,
            timeout=PATIENCE_S,
        )

    async def agree(self, asked: dict[str, Any], button: str, part: str) -> dict[str, Any]:
        """Tap a button and wait until the message has become its record."""
        await self.chat.tap("Ann", asked, text=button)
        number = asked["message_id"]
        return await self.chat.wait_for(
            lambda m: m["message_id"] == number and part in words(m) + str(buttons(m)), timeout=PATIENCE_S
        )

    async def size_held(self, coin: str) -> float:
        """What the account holds of a coin, by the exchange itself."""
        state = await self.exchange.info("clearinghouseState", user=self.exchange.wallet.address)
        held = {p["position"]["coin"]: float(p["position"]["szi"]) for p in state["assetPositions"]}
        return held.get(coin, 0.0)


@asynccontextmanager
async def open_live_stage(folder: Path) -> AsyncIterator[LiveStage]:
    """Start exchange, relay and chat."""
    state = folder / "state"
    state.mkdir(parents=True)
    rows = [row for row in small_universe().splitlines() if row.split(",")[0] in MARKETS]
    for place in (folder, state):
        (place / "universe.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (state / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    key, token = f"0x{secrets.token_hex(32)}", f"1:demo-{secrets.token_urlsafe(24)}"
    wallet = Wallet(Account.from_key(key))
    async with AsyncExitStack() as stack:
        begun = ("--account", f"{wallet.address}=10000", "--from", "2026-01-06T14:00", "--seed", "7")
        venue = await stack.enter_async_context(Process("venue", *begun, cwd=folder))
        behind = (await venue.line(r"at (http\S+) "))[1]
        counting = await stack.enter_async_context(Counting(behind))
        telegram = LocalTelegram(token=token, page_key=secrets.token_urlsafe(24), clock=wall_ms)
        await telegram.start()
        stack.push_async_callback(telegram.stop)
        chat = await stack.enter_async_context(ChatClient(telegram.page_url))
        exchange = await stack.enter_async_context(WireClient(behind, wallet))
        environment = {
            "TELEGRAM_API_BASE": telegram.base_url,
            "TELEGRAM_TOKEN": token,
            "TELEGRAM_OWNER_ID": "1001",
            "HYPERLIQUID_API_BASE": counting.base_url,
            "HYPERLIQUID_API_KEY": key,
            "BINANCE_API_BASE": f"http://{NOWHERE}",
            "BINANCE_STREAM_BASE": f"ws://{NOWHERE}",
            "BYBIT_STREAM_BASE": f"ws://{NOWHERE}",
            "OKX_STREAM_BASE": f"ws://{NOWHERE}",
            "OKX_API_BASE": f"http://{NOWHERE}",
        }
        yield LiveStage(folder, key, token, environment, counting, exchange, chat)
