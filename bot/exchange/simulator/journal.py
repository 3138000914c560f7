"""The journal: what was done to the venue, in order, so that it can be done again after a death.

The market and the exchange are deterministic: from a checkpoint, the same actions at the same market times lead to the
same state, down to order ids. So an action is durable once its line is, and ticks need no line at all. Every line
carries the answer that was given; a replay that answers differently is refused, never papered over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from bot.exchange.simulator.account_actions import deposit
from bot.exchange.simulator.actions import repeat
from bot.exchange.simulator.principal import Principal
from bot.exchange.simulator.state import VenueState
from core.errors import StartRefused
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.run import RunningExchange


class Line(Struct, frozen=True, omit_defaults=True):
    """One thing done at ``time_ms`` (market time): an account funded, or an action carried out for it."""

    time_ms: int
    account: str
    usd: str = ""
    signer: str = ""
    nonce: int = 0
    action: dict[str, Any] = {}
    answer: dict[str, Any] = {}


async def replay(state: VenueState, lines: Iterable[Line], advance: Callable[[int], Awaitable[None]]) -> None:
    """Do again what ``lines`` say. ``advance`` moves the market to a time.

    Raises :class:`StartRefused` when an action now has another answer than it had.
    """
    for line in lines:
        await advance(line.time_ms)
        if not line.action:
            deposit(state, line.account, Decimal(line.usd))
            continue
        given = repeat(state, Principal(line.signer, line.account), line.nonce, line.action)
        if msgspec.json.encode(given) != msgspec.json.encode(line.answer):
            raise StartRefused(
                f"the venue's state file does not lead where it led: {line.action.get('type')!r} at {line.time_ms} "
                f"was answered {line.answer} and now {given}; start with a new state file"
            )


def checkpoint(state: VenueState) -> dict[str, Any]:
    """Everything but the market, as JSON values."""
    return {
        "exchange": state.exchange.snapshot(),
        "wallets": state.wallets.snapshot(),
        "nonces": state.nonces.snapshot(),
        "rates": state.rates.snapshot(),
        "ledger": {account: list(rows) for account, rows in state.ledger.items()},
        "spot": {account: str(usd) for account, usd in state.spot.items()},
        "abstractions": dict(state.abstractions),
        "requests_used": dict(state.requests_used),
    }


def resume(state: VenueState, saved: Mapping[str, Any]) -> None:
    """Put ``state`` back where :func:`checkpoint` found it; the market must stand there already."""
    exchange = Exchange.restore(saved["exchange"], state.source.terms, state.rules)
    state.running = RunningExchange(exchange, state.source)
    state.wallets.restore(saved["wallets"])
    state.nonces.restore(saved["nonces"])
    state.rates.restore(saved["rates"])
    state.ledger = {account: list(rows) for account, rows in saved["ledger"].items()}
    state.spot = {account: Decimal(usd) for account, usd in saved["spot"].items()}
    state.abstractions = dict(saved["abstractions"])
    state.requests_used = dict(saved["requests_used"])
