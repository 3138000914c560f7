"""``vektor compromised``: somebody else may know the key. Close, sign nothing more, and say what is left to do.

Whatever fails on the way, the key is out of use in the end. Revoking it is the account's own wallet's alone: an API
wallet may neither withdraw nor approve or remove one.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from bot.clock import wall_ms
from bot.condemned import ANY, FILE, condemn
from bot.environment import Environment, read_environment
from bot.exchange.hyperliquid.signing import SecretKey, Signer
from bot.host import NOT_FLATTENED, STILL_OPEN
from bot.hosting import obey
from bot.state import KEY_FILE, read_settings
from core.errors import VektorError

PAGES = {"mainnet": "https://app.hyperliquid.xyz/API", "testnet": "https://app.hyperliquid-testnet.xyz/API"}


async def compromised(state: Path) -> tuple[bool, str]:
    """Whether everything is closed, and what to do now."""
    signer, account = await asyncio.to_thread(in_use, state)
    try:
        done, text = await obey(state, "compromised")
    except VektorError as trouble:
        done, text = False, f"{NOT_FLATTENED}: {trouble}\n{await latched(state)}"
    finally:
        await asyncio.to_thread(condemn, state, signer)
    flat = done and NOT_FLATTENED not in text and STILL_OPEN not in text
    return flat, "\n".join([text, *left_to_do(state, signer, account, flat=flat)])


def in_use(state: Path) -> tuple[str, str | None]:
    """Address of the key in use and of its account; any key, where the one in use cannot be told."""
    try:
        environment = read_environment()
        return signer_of(state, environment), environment.hyperliquid_account
    except (VektorError, OSError, UnicodeError):
        return ANY, None


def signer_of(state: Path, environment: Environment) -> str:
    """Address of the key in use; any where there is none to be found."""
    given = environment.hyperliquid_api_key
    if given is not None:
        return Signer(SecretKey(given.get_secret_value()), mainnet=False).address
    file = state / KEY_FILE
    if file.is_file():
        return Signer(SecretKey(file.read_text(encoding="ascii")), mainnet=False).address
    return ANY


async def latched(state: Path) -> str:
    """Halt in the book itself, where the venue could not be reached: no later start may trade on its own."""
    try:
        await latch(state)
    except VektorError as trouble:
        return f"NOT HALTED: {trouble}"
    return "halted: no entries until `vektor resume`"


async def latch(state: Path) -> None:
    """Store that trading is halted and that nobody has confirmed mainnet. Raises :class:`VektorError`."""
    from bot.choices import recall_choices
    from bot.trading_side import identity, open_book
    from storage.ledger import SqlLedger

    settings, _ = read_settings(state)
    choices, environment = await asyncio.to_thread(recall_choices, state), read_environment()
    _, account = await asyncio.to_thread(identity, choices, environment)
    async with AsyncExitStack() as stack:
        database, book = await open_book(stack, choices, account, environment, settings)
        ledger, now = SqlLedger(database, book), wall_ms()
        before = await ledger.switches()
        halted = replace(before, halted=True, by="host", since_ms=now, live_by="", live_since_ms=0, full_by="")
        await ledger.store(switches=halted, at_ms=now)


def left_to_do(state: Path, signer: str, account: str | None, *, flat: bool) -> list[str]:
    """What only a person can do, in order."""
    named = "whatever key is set" if signer == ANY else f"the key of {signer}"
    lines = [f"{named} is out of use: Vektor signs nothing and does not start with it ({state / FILE})", "do now:"]
    if signer != ANY and (account is None or account.lower() == signer.lower()):
        own = "this is the account's own key: it can withdraw and cannot be revoked; move the money to a new wallet"
        close = [] if flat else [f"  1. {CLOSE_YOURSELF}"]
        return [*lines, *close, f"  {1 + len(close)}. {own}", *last_steps(2 + len(close))]
    page = f"{PAGES['mainnet']} (testnet: {PAGES['testnet']})"
    which = "every API wallet whose key may be known" if signer == ANY else f"the API wallet {signer}"
    anew = [f"delete {state / FILE} when the new key is set: until then no key is taken"] if signer == ANY else []
    return [
        *lines,
        f"  1. with the account's own wallet remove {which} on {page};",
        "     until then whoever knows the key can trade with it, though not withdraw",
        f"  2. {'look there for orders and positions that are not yours, and close them' if flat else CLOSE_YOURSELF}",
        *(f"  3. {step}" for step in anew),
        *last_steps(3 + len(anew)),
    ]


CLOSE_YOURSELF = "cancel every order and close every position there yourself: Vektor can do it no more with this key"


def last_steps(number: int) -> list[str]:
    """How trading begins again."""
    return [
        f"  {number}. take HYPERLIQUID_API_KEY out of .env; a new API wallet needs a new key, this one is never taken again",
        f"  {number + 1}. find out how it leaked before you start again; then `vektor resume`, and on mainnet /live",
    ]
