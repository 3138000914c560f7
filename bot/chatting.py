"""The chat of a run: the local Telegram if it was asked for, and the bot that speaks through it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.clock import wall_ms
from bot.collector import loading
from bot.environment import Environment
from bot.terminal import say
from core.desk import Desk
from core.errors import StartRefused

if TYPE_CHECKING:
    from bot.polling import Webhook
    from bot.telegram import TelegramSide
    from bot.trading_side import TradingSide

DEMO_TOKEN = "1:demo-vektor"  # noqa: S105 - of ``vektor chat`` alone, worth nothing elsewhere
TOKEN_BYTES = 16
CODE_BYTES = 5
NONCE_BYTES = 16
KEY_BYTES = 24


@dataclass(frozen=True, slots=True)
class ChatPlan:
    """Where the bot speaks and how its owner is known. ``claim`` is the one-time code of a first start."""

    token: SecretStr
    api_base: str | None
    claim: str
    local: bool


async def open_chat(
    stack: AsyncExitStack, *, local: bool, port: int, state: Path, environment: Environment
) -> ChatPlan:
    """Start the local Telegram and print its page, or take the one of the environment."""
    claim = secrets.token_hex(CODE_BYTES)
    if not local:
        token = environment.telegram_token
        if token is None:
            raise StartRefused("--chat telegram needs TELEGRAM_TOKEN in .env")
        return ChatPlan(token, environment.telegram_api_base, claim, local=False)
    if environment.telegram_token is not None or environment.hyperliquid_api_key is not None:
        check_local_is_harmless(environment)
    from bot.emulator.server import LocalTelegram
    from storage.start import writable

    await asyncio.to_thread(writable, state)
    drawn = f"1:demo-{secrets.token_urlsafe(TOKEN_BYTES)}"  # other users of this machine reach the port, too
    chat = LocalTelegram(
        token=drawn,
        port=port,
        page_key=secrets.token_urlsafe(KEY_BYTES),
        clock=wall_ms,
        state_file=state / "chat.json",
    )
    try:
        await chat.start()
    except OSError as trouble:
        raise StartRefused(str(trouble.strerror or trouble)) from None
    stack.push_async_callback(chat.stop)
    say(f"{chat.page_url}&start={claim}")
    return ChatPlan(SecretStr(drawn), chat.base_url, claim, local=True)


def check_local_is_harmless(environment: Environment) -> None:
    """The page on loopback must never stand beside a secret worth stealing. Raises :class:`StartRefused`."""
    if environment.telegram_token is not None:
        raise StartRefused("--chat local is for the demonstration: TELEGRAM_TOKEN is set, use --chat telegram")
    if urlsplit(environment.hyperliquid_api_base or "").hostname not in ("127.0.0.1", "localhost", "::1"):
        raise StartRefused("--chat local is for the demonstration: HYPERLIQUID_API_KEY is set, use --chat telegram")


class Bell:
    """Rung when something was stored that is to be told; whoever tells hangs a listener on it."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[], None]] = []

    def ring(self) -> None:
        """Wake every listener."""
        for listener in self.listeners:
            listener()


async def talk(plan: ChatPlan, environment: Environment, side: TradingSide, desk: Desk, bell: Bell) -> None:
    """Run the bot until cancelled, then stop it in order: handlers in flight finish, what waits is said."""
    telegram = await asyncio.to_thread(telegram_side, plan, environment, side, desk, bell)
    bell.listeners.extend((telegram.announcer.wake, telegram.courier.wake))
    if not plan.local and environment.telegram_owner_id is None and await telegram.stores.shelves.rooms.owner() is None:
        say(f"to become the owner, send your bot: /start {plan.claim}")
    running = asyncio.ensure_future(telegram.run())
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        await telegram.stop()
        await running
        raise


@loading()
def telegram_side(plan: ChatPlan, environment: Environment, side: TradingSide, desk: Desk, bell: Bell) -> TelegramSide:
    """The bot, made. Loads aiogram, which takes seconds, and every sentence: call it off the event loop."""
    from bot.telegram import Connection, House, Stores, TelegramSide
    from handlers.ports import Shelves
    from locales.texts import read_all
    from storage.audit import AuditTrail
    from storage.chats import Chats
    from storage.decisions import SqlDecisionStore
    from storage.events import Events
    from storage.outbox import Outbox
    from storage.updates import Updates

    read_all()
    database = side.database
    outbox = Outbox(database, bell.ring)
    shelves = Shelves(
        rooms=Chats(database),
        updates=Updates(database),
        audit=AuditTrail(database),
        decisions=SqlDecisionStore(database),
        outbox=outbox,
    )
    connection = Connection(
        token=plan.token, api_base=plan.api_base, mode=environment.telegram_mode, webhook=webhook_of(environment)
    )
    house = House(
        owner_id=environment.telegram_owner_id,
        followers_chat=environment.telegram_followers_chat,
        claim_code=plan.claim,
        locale=environment.locale,
        timezone=environment.timezone,
    )
    return TelegramSide(
        connection=connection,
        house=house,
        desk=desk,
        stores=Stores(shelves=shelves, outbox=outbox, events=Events(database, side.book)),
        wall_ms=wall_ms,
        new_nonce=lambda: secrets.token_urlsafe(NONCE_BYTES),
    )


def webhook_of(environment: Environment) -> Webhook | None:
    """Where Telegram pushes to, in webhook mode. Raises :class:`StartRefused` naming what is missing."""
    if environment.telegram_mode != "webhook":
        return None
    from bot.polling import Webhook

    url, secret = environment.telegram_webhook_url, environment.telegram_webhook_secret
    if url is None or secret is None:
        missing = "TELEGRAM_WEBHOOK_URL" if url is None else "TELEGRAM_WEBHOOK_SECRET"
        raise StartRefused(f"TELEGRAM_MODE=webhook needs {missing} in .env")
    return Webhook(url=url, secret=secret.get_secret_value(), port=environment.telegram_webhook_port)
