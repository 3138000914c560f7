"""``POST /exchange``: who asks, may they, and what becomes of it. Trading rules live in the exchange underneath.

Everything here is synchronous: between two actions nothing moves. It refuses whatever the signature does not cover.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.exchange.simulator import account_actions, order_actions
from bot.exchange.simulator import action_shapes as shapes
from bot.exchange.simulator.answers import Unsuitable
from bot.exchange.simulator.nonces import NonceRefused
from bot.exchange.simulator.principal import Principal, Stranger, principal_of_action, principal_of_user_action
from bot.exchange.simulator.signatures import PRIMARY_TYPES, Unrecoverable
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.wallets import WalletRefused
from core.trading.exchange.requests import Refused

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """An action: its shape, and what carries it out and returns the ``response`` object."""

    shape: type[msgspec.Struct]
    act: Callable[[VenueState, Principal, Any], Any]


VERBS: dict[str, Verb] = {
    "order": Verb(shapes.PlaceOrders, order_actions.place),
    "cancel": Verb(shapes.Cancels, order_actions.cancel),
    "cancelByCloid": Verb(shapes.CancelsByCloid, order_actions.cancel_by_cloid),
    "modify": Verb(shapes.Modification, order_actions.modify),
    "batchModify": Verb(shapes.Modifications, order_actions.batch_modify),
    "updateLeverage": Verb(shapes.SetLeverage, account_actions.set_leverage),
    "updateIsolatedMargin": Verb(shapes.AdjustMargin, account_actions.adjust_margin),
    "scheduleCancel": Verb(shapes.ScheduleCancel, order_actions.schedule_cancel),
    "noop": Verb(shapes.Bare, account_actions.nothing),
    "setReferrer": Verb(shapes.SetReferrer, account_actions.nothing),
    "agentSetAbstraction": Verb(shapes.SetAbstraction, account_actions.set_abstraction),
    "approveAgent": Verb(shapes.ApproveAgent, account_actions.approve_agent),
    "approveBuilderFee": Verb(shapes.ApproveBuilderFee, account_actions.approve_builder_fee),
    "usdClassTransfer": Verb(shapes.ClassTransfer, account_actions.class_transfer),
    "sendAsset": Verb(shapes.SendAsset, account_actions.send_asset),
}


@dataclass(frozen=True, slots=True)
class Performed:
    """The answer to a request; who it acted for and its envelope when it got as far as acting."""

    answer: Answer
    who: Principal | None = None
    envelope: shapes.Envelope | None = None


def perform(state: VenueState, body: Any) -> Performed:
    """Carry out a decoded request body; the answer as the exchange words it, refusals included.

    Raises :class:`Unsuitable` when the body is no signed request at all.
    """
    envelope = _envelope(body)
    verb, action = _typed(envelope.action)
    try:
        who = _principal(state, envelope)
        if envelope.expires_after is not None and state.now_ms > envelope.expires_after:
            raise Stranger("Action already expired")
        state.nonces.use(who.signer, envelope.nonce, (state.now_ms, state.clock.wall_ms()))
    except (Stranger, Unrecoverable, NonceRefused) as refusal:
        return Performed({"status": "err", "response": str(refusal)})
    return Performed(_act(state, who, verb, action), who, envelope)


def repeat(state: VenueState, who: Principal, nonce: int, action: dict[str, Any]) -> Answer:
    """Carry out again what was once carried out, without asking who signed it; the answer."""
    state.nonces.use(who.signer, nonce, (nonce,))
    return _act(state, who, *_typed(action))


def _act(state: VenueState, who: Principal, verb: Verb, action: Any) -> Answer:
    state.requests_used[who.account] = state.requests_used.get(who.account, 0) + 1
    try:
        return {"status": "ok", "response": verb.act(state, who, action)}
    except (WalletRefused, Refused) as refusal:
        return {"status": "err", "response": str(refusal)}


def _envelope(body: Any) -> shapes.Envelope:
    try:
        return msgspec.convert(body, shapes.Envelope)
    except msgspec.ValidationError as error:
        raise Unsuitable from error


def _typed(action: dict[str, Any]) -> tuple[Verb, Any]:
    try:
        verb = VERBS[action["type"]]
        return verb, msgspec.convert(action, verb.shape)
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise Unsuitable from error


def _principal(state: VenueState, envelope: shapes.Envelope) -> Principal:
    if envelope.action["type"] in PRIMARY_TYPES:
        return principal_of_user_action(state, envelope)
    return principal_of_action(state, envelope)
