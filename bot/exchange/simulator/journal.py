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
from bot.exchange.simulator.assets import Assets
from bot.exchange.simulator.principal import Principal
from bot.exchange.simulator.rates import SettledHour
from bot.exchange.simulator.state import Past, VenueState
from bot.exchange.simulator.upsets import Upset, befall
from core.errors import StartRefused
from core.trading.exchange.codec import decode_happening, encode_happening
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.records import Filled, FundingPaid, OrderChanged
from core.trading.exchange.run import RunningExchange

SETTLED = "SettledHour"


class Line(Struct, frozen=True, omit_defaults=True):
    """One thing done at ``time_ms`` (market time): an account funded, an action carried out for it, or an upset."""

    time_ms: int
    account: str
    usd: str = ""
    signer: str = ""
    nonce: int = 0
    action: dict[str, Any] = {}
    answer: dict[str, Any] = {}
    upset: Upset | None = None


def encode_past(one: Past) -> bytes:
    """A piece of the past as a line of JSON."""
    if isinstance(one, SettledHour):
        return msgspec.json.encode({"kind": SETTLED, **msgspec.to_builtins(one)})
    return msgspec.json.encode(encode_happening(one))


def decode_past(line: bytes) -> Past:
    """A piece of the past of such a line. Raises ``BadData`` and ``msgspec.DecodeError``."""
    read = msgspec.json.decode(line)
    if read.get("kind") == SETTLED:
        return msgspec.convert(read, SettledHour)
    return decode_happening(read)


def is_history(one: Past) -> bool:
    """Whether it has to be kept: what an order went through on its way to its end has not."""
    if isinstance(one, OrderChanged):
        return one.order.status not in ("open", "triggered")
    return isinstance(one, Filled | FundingPaid | SettledHour)


async def replay(state: VenueState, lines: Iterable[Line], advance: Callable[[int], Awaitable[None]]) -> None:
    """Do again what ``lines`` say. ``advance`` moves the market to a time.

    Raises :class:`StartRefused` when an action now has another answer than it had.
    """
    for line in lines:
        await advance(line.time_ms)
        if line.upset is not None:
            befall(state, line.upset)
            continue
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
    """Everything that can still change, but for the market, as JSON values. It is small, whatever happened before."""
    return {
        "upsets": state.market.upsets(),
        "exchange": state.exchange.snapshot(whole=False),
        "wallets": state.wallets.snapshot(),
        "nonces": state.nonces.snapshot(),
        "ledger": {account: list(rows) for account, rows in state.ledger.items()},
        "spot": {account: str(usd) for account, usd in state.spot.items()},
        "abstractions": dict(state.abstractions),
        "requests_used": dict(state.requests_used),
    }


def resume(state: VenueState, saved: Mapping[str, Any], past: Iterable[Past]) -> None:
    """Put ``state`` back where :func:`checkpoint` found it, with its past; the market must stand there already."""
    state.market.resume(saved.get("upsets", {}))
    state.assets = Assets(state.source.terms)
    exchange = Exchange.restore(saved["exchange"], state.source.terms, state.rules)
    state.running = RunningExchange(exchange, state.source)
    state.wallets.restore(saved["wallets"])
    state.nonces.restore(saved["nonces"])
    for one in past:
        if isinstance(one, SettledHour):
            state.rates.remember(one)
        else:
            exchange.remember(one)
    state.ledger = {account: list(rows) for account, rows in saved["ledger"].items()}
    state.spot = {account: Decimal(usd) for account, usd in saved["spot"].items()}
    state.abstractions = dict(saved["abstractions"])
    state.requests_used = dict(saved["requests_used"])
