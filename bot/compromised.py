"""``vektor compromised``: somebody else may know the key. Close, sign nothing more, and say what is left to do.

Whatever fails on the way, the key is out of use in the end. Revoking it is the account's own wallet's alone: an API
wallet may neither withdraw nor approve or remove one.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.condemned import ANY, FILE, condemn
from bot.environment import Environment, read_environment
from bot.exchange.hyperliquid.signing import SecretKey, Signer
from bot.host import NOT_FLATTENED, STILL_OPEN
from bot.hosting import obey
from bot.state import KEY_FILE
from core.errors import VektorError

PAGES = {"mainnet": "https://app.hyperliquid.xyz/API", "testnet": "https://app.hyperliquid-testnet.xyz/API"}


async def compromised(state: Path) -> tuple[bool, str]:
    """Whether everything is closed, and what to do now."""
    try:
        done, text = await obey(state, "compromised")
    except VektorError as trouble:
        done, text = False, f"{NOT_FLATTENED}: {trouble}"
    environment = read_environment()
    signer = await asyncio.to_thread(signer_of, state, environment)
    await asyncio.to_thread(condemn, state, signer)
    flat = done and NOT_FLATTENED not in text and STILL_OPEN not in text
    return flat, "\n".join([text, *left_to_do(state, signer, environment.hyperliquid_account)])


def signer_of(state: Path, environment: Environment) -> str:
    """Address of the key in use; any where there is none to be found."""
    given = environment.hyperliquid_api_key
    if given is not None:
        return Signer(SecretKey(given.get_secret_value()), mainnet=False).address
    file = state / KEY_FILE
    if file.is_file():
        return Signer(SecretKey(file.read_text(encoding="ascii")), mainnet=False).address
    return ANY


def left_to_do(state: Path, signer: str, account: str | None) -> list[str]:
    """What only a person can do, in order."""
    named = "whatever key is set" if signer == ANY else f"the key of {signer}"
    lines = [f"{named} is out of use: Vektor signs nothing and does not start with it ({state / FILE})", "do now:"]
    if account is None or account.lower() == signer:
        own = "this is the account's own key: it can withdraw and cannot be revoked; move the money to a new wallet"
        return [*lines, f"  1. {own}", *last_steps(2)]
    page = f"{PAGES['mainnet']} (testnet: {PAGES['testnet']})"
    return [
        *lines,
        f"  1. with the account's own wallet remove the API wallet {signer} on {page};",
        "     until then whoever knows the key can trade with it, though not withdraw",
        "  2. look there for orders and positions that are not yours, and close them",
        *last_steps(3),
    ]


def last_steps(number: int) -> list[str]:
    """How trading begins again."""
    return [
        f"  {number}. take HYPERLIQUID_API_KEY out of .env; a new API wallet needs a new key, this one is never taken again",
        f"  {number + 1}. find out how it leaked before you start again; then `vektor resume`, and on mainnet /live",
    ]
