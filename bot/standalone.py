"""``vektor venue`` and ``vektor chat``: the simulated exchange and the local Telegram, each alone on loopback."""

from __future__ import annotations

import argparse
import asyncio
import secrets
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bot.chatting import DEMO_TOKEN
from bot.clock import wall_ms
from bot.lifetime import until_interrupted
from bot.state import parse_speed, parse_time, read_settings
from bot.terminal import say
from core.errors import BadSetting, StartRefused

ADDRESS_LENGTH = 42
MINUTE_MS = 60_000
DEPOSIT_MOST = Decimal(10) ** 12
"""USD, above what any account holds."""


def venue_command(options: argparse.Namespace) -> int:
    """Run the simulated exchange until interrupted."""
    folder = options.state.parent if options.state is not None else Path()
    asyncio.run(run_venue(options, folder))
    return 0


async def run_venue(options: argparse.Namespace, folder: Path) -> None:
    """Load the market, fund the accounts, serve."""
    from bot.markets import open_market
    from bot.simulated import simulated_venue

    settings, _ = read_settings(folder)
    accounts = [parse_account(text, settings.exchange.deposit_usd) for text in options.account]
    start_ms = parse_time(options.start, "--from")
    if start_ms is None and options.data is None:
        start_ms = wall_ms() // MINUTE_MS * MINUTE_MS  # clients of their own ask for candles by the wall's time
    market = await asyncio.to_thread(open_market, options.data, start_ms, options.seed, folder, settings)
    venue = simulated_venue(market, settings, parse_speed(options.speed), options.state, options.port)
    for address, usd in accounts:
        venue.fund(address, usd)
    await venue.start()
    try:
        say(f"simulated Hyperliquid at {venue.base_url} ({len(market.markets)} markets, {market.origin})")
        await until_interrupted(venue.wait())
    finally:
        await venue.stop()


def parse_account(text: str, usual: float) -> tuple[str, Decimal]:
    """``ADDRESS`` or ``ADDRESS=USD``. Raises :class:`BadSetting`."""
    address, _, amount = text.partition("=")
    try:
        usd = Decimal(amount) if amount else Decimal(str(usual))
        proper = len(address) == ADDRESS_LENGTH and int(address, 16) >= 0 and 0 < usd < DEPOSIT_MOST
    except (InvalidOperation, ValueError):
        proper, usd = False, Decimal(0)
    if not proper:
        expected = "0x and 40 hex digits, then perhaps = and an amount over 0 and under 1e12, as in 0x12…ef=5000"
        raise BadSetting(f"--account {text!r} cannot be; {expected}", name="--account", value=text, expected=expected)
    return address.lower(), usd


def chat_command(options: argparse.Namespace) -> int:
    """Run the local Telegram until interrupted."""
    asyncio.run(run_chat(options.port))
    return 0


async def run_chat(port: int) -> None:
    """Serve the Bot API and the page for the demonstration's token."""
    from bot.emulator.server import LocalTelegram

    chat = LocalTelegram(token=DEMO_TOKEN, port=port, page_key=secrets.token_urlsafe(24), clock=wall_ms)
    try:
        await chat.start()
    except OSError as trouble:
        raise StartRefused(str(trouble.strerror)) from None
    try:
        say(f"chat page: {chat.page_url}")
        say(f"Bot API:   {chat.base_url} (token {DEMO_TOKEN})")
        await until_interrupted(asyncio.Event().wait())
    finally:
        await chat.stop()
