"""The world of one campaign: a venue and a chat that live on, and a bot that is started and killed among them."""

from __future__ import annotations

import json
import re
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from eth_account import Account

from bot.feeds.universe import SHIPPED
from tests.bot.emulator.chat_client import ChatClient
from tests.chaos.book import Book
from tests.chaos.checks import Witness
from tests.chaos.killable import ARMS, DIES, REACHED, RECOVERED
from tests.chaos.venue_truth import VenueTruth
from tests.e2e.process import Process

SPEED = "60"
GROUP = "-1002000000001"
MARKETS = [
    "BTC",
    "ETH",
    "SOL",
    "XRP",
    "BNB",
    "DOGE",
    "ADA",
    "AVAX",
    "LINK",
    "LTC",
    "TSLA",
    "NVDA",
    "AAPL",
    "GOLD",
    "SP500",
]
ELSEWHERE = ["SUI"]
"""Markets that the venue has and the bot does not read."""
START_S = 120.0
END_S = 5.0
"""From the end of its output to its end."""
NOTHING_STOPS = """\
[entry]
move_most = 10
cost_most = 1.0
[governor]
drawdown_1 = 1.0
drawdown_2 = 1.0
drawdown_halt = 1.0
day_loss_halt = 1.0
[sizing]
daily_loss_most = 1.0
[protection]
losses_in_row = 50
rate_least = 0.0"""
"""Neither what a trade costs nor what was lost keeps anything from being entered."""
SETTINGS = f"""\
# Frequent trading: a scan every market minute, everything that has a side is entered, stops near enough to be hit,
# and neither losses nor what a trade costs stop it.
[cadence]
scan_ms = 60000
scan_delay_ms = 2000
reconcile_ms = 30000
audit_ms = 120000
least_wall_ms = 200
[confidence]
threshold = 0.0
equity = 0.0
[limits]
cooldown_ms = 300000
same_direction = 8
[stops]
stop_atrs = 0.7
target_atrs = 1.0
break_even_r = 0.1
move_least_atrs = 0.02
time_stop_ms = 3600000
{NOTHING_STOPS}
[execution]
expires_ms = 3000
timeout_ms = 5000
[chat]
per_chat_ms = 50
burst = 20
group_per_minute = 20
decision_ms = 30000
"""
ANYONE_GOES = """\
[displacement]
a_age_ms = 0
a_pnl_least = -1.0
a_pnl_most = 1.0
a_lead = 0.0
"""
ALWAYS_NEAR = """\
[liquidation]
goal = 1.0
tight_warn = 1.0
tight_critical = 1.0
"""


@dataclass(slots=True)
class Life:
    """One life of the bot, from start to death."""

    process: Process
    began: float
    armed: bool
    recovered_s: float | None = None

    def died_at(self) -> tuple[str, str] | None:
        """Fault point and phase that it died at; ``None`` when it was killed from outside."""
        for line in reversed(self.process.lines):
            if line.startswith(DIES):
                phase, _, point = line.removeprefix(DIES).partition(" ")
                return point, phase
        return None

    def reached(self) -> set[str]:
        """Chains that it passed."""
        return {line.removeprefix(REACHED) for line in self.process.lines if line.startswith(REACHED)}

    @property
    def dead(self) -> bool:
        """Whether the process is gone."""
        return self.process.process.returncode is not None


@dataclass(slots=True)
class Stage:
    """Venue, chat, witness, and the bot's folder."""

    state: Path
    environment: dict[str, str]
    key: str
    chat: ChatClient
    witness: Witness
    http: aiohttp.ClientSession
    recoveries: list[float] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    last: Life | None = None
    equities: list[tuple[int, float]] = field(default_factory=list)
    """What the account was seen to be worth at which market time, USDC."""

    def arm(self, points: Iterable[tuple[str, str]]) -> None:
        """What is fatal from the next start or signal on."""
        (self.state / ARMS).write_text(json.dumps(sorted(points)), encoding="utf-8")

    def rules(self, *, patient: bool, crowded: bool = False, near: bool = False, halting: bool = False) -> None:
        """The numbers of the next lives.

        Patient ones let positions grow old, crowded ones make room for better ones; to ``near`` ones every liquidation
        is near, and ``halting`` ones stop at a small drawdown.
        """
        far = SETTINGS.replace("stop_atrs = 0.7", "stop_atrs = 5.0").replace("target_atrs = 1.0", "target_atrs = 10.0")
        text = far.replace("break_even_r = 0.1", "break_even_r = 5.0") if patient else SETTINGS
        if crowded:
            text = text.replace("[limits]", "[limits]\npositions = 2") + ANYONE_GOES
        if near:
            text += ALWAYS_NEAR
        if halting:
            text = text.replace("drawdown_halt = 1.0", "drawdown_halt = 0.01")
        (self.state / "settings.toml").write_text(text, encoding="utf-8")

    async def start(self, fatal: Iterable[tuple[str, str]] = ()) -> Life:
        """Start the bot; with ``fatal`` it is armed from its first instruction."""
        self.arm(fatal)
        arguments = ("--venue", "sim", "--chat", "telegram", "--state", str(self.state))
        command = [sys.executable, "-m", "tests.chaos.killable"]
        process = Process(*arguments, cwd=self.state, environment=self.environment, command=command)
        life = self.last = Life(process, time.monotonic(), bool(fatal))
        await process.start()
        return life

    async def recovered(self, life: Life) -> bool:
        """Wait until recovery is done; false when it died before."""
        try:
            await life.process.line(RECOVERED, START_S)
        except AssertionError as silence:
            try:
                await life.process.ended(END_S)
            except TimeoutError:
                raise silence from None
            return False
        life.recovered_s = time.monotonic() - life.began
        self.recoveries.append(life.recovered_s)
        return True

    def set_off(self, life: Life, fatal: Iterable[tuple[str, str]]) -> None:
        """Arm a running bot."""
        self.arm(fatal)
        life.process.process.send_signal(signal.SIGUSR1)

    async def death(self, life: Life, seconds: float) -> bool:
        """Wait until it has killed itself; whether it did."""
        try:
            code = await life.process.ended(seconds)
        except TimeoutError:
            return False
        self.reached |= life.reached()
        assert code == -signal.SIGKILL, f"ended with {code}:\n" + "\n".join(life.process.lines[-30:])
        return True

    async def leave(self) -> None:
        """No life outlives the stage."""
        if self.last is not None and not self.last.dead:
            await self.kill(self.last)

    async def kill(self, life: Life) -> None:
        """``kill -9``, from outside."""
        await life.process.stop(signal.SIGKILL)
        self.reached |= life.reached()


@asynccontextmanager
async def open_stage(folder: Path, venue_seed: int, begins: str | None = None) -> AsyncIterator[Stage]:
    """Everything but the bot, on a fresh folder; the market at a time (ISO 8601) or at the wall's."""
    state = folder / "bot"
    state.mkdir(parents=True)
    for place, markets in ((folder, [*MARKETS, *ELSEWHERE]), (state, MARKETS)):
        (place / "universe.csv").write_text(small_universe(markets), encoding="utf-8")
    key = f"0x{secrets.token_hex(32)}"
    account = str(Account.from_key(key).address).lower()
    arguments = ["--speed", SPEED, "--account", account, "--state", str(folder / "venue.db"), "--seed", str(venue_seed)]
    arguments += [] if begins is None else ["--from", begins]
    async with AsyncExitStack() as stack:
        venue = await stack.enter_async_context(Process("venue", *arguments, cwd=folder))
        chat = await stack.enter_async_context(Process("chat", cwd=folder))
        venue_url = (await venue.line(r"at (http\S+) ", START_S))[1]
        page_url = (await chat.line(r"page: (\S+)"))[1]
        api_url = (await chat.line(r"API: +(\S+)"))[1]
        environment = {
            "TELEGRAM_API_BASE": api_url,
            "TELEGRAM_TOKEN": "1:demo-vektor",
            "TELEGRAM_OWNER_ID": "1001",
            "TELEGRAM_FOLLOWERS_CHAT": GROUP,
            "HYPERLIQUID_API_BASE": venue_url,
            "HYPERLIQUID_API_KEY": key,
        }
        http = await stack.enter_async_context(aiohttp.ClientSession())
        client = await stack.enter_async_context(ChatClient(page_url))
        witness = Witness(VenueTruth(http, venue_url, account), Book(state / "vektor.db"), client)
        one = Stage(state, environment, key, client, witness, http)
        one.rules(patient=False)
        stack.push_async_callback(one.leave)
        yield one


def small_universe(markets: Sequence[str] = tuple(MARKETS)) -> str:
    """The header and a few markets of both dexes: enough to trade all the time, few enough to scan at once."""
    head, *rows = SHIPPED.read_text(encoding="utf-8").splitlines()
    return "\n".join([head, *(row for row in rows if re.match(rf"({'|'.join(markets)}),", row))]) + "\n"
