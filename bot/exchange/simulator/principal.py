"""For whom a signed request acts: the account itself, or the account that approved the signer as its agent.

There are no vaults and no sub-accounts here; a request that names one is refused unless it names the account itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.exchange.simulator.action_shapes import Envelope
from bot.exchange.simulator.signatures import signer_of_user_action, signers_of_action
from bot.exchange.simulator.state import VenueState
from core.errors import VektorError


class Stranger(VektorError):
    """The signer may not act; the text is the exchange's."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who signed and for which account, both lower case."""

    signer: str
    account: str


def principal_of_action(state: VenueState, envelope: Envelope) -> Principal:
    """The account of an L1 action. Raises :class:`Stranger` and ``Unrecoverable``."""
    who, first = None, ""
    for signer in signers_of_action(
        envelope.action, envelope.signature, envelope.vault_address, envelope.nonce, envelope.expires_after
    ):
        first = first or signer
        who = _known(state, signer)
        if who is not None:
            break
    if who is None:
        raise Stranger(f"User or API Wallet {first} does not exist.")
    vault = (envelope.vault_address or who.account).lower().removeprefix("0x")
    if vault != who.account.removeprefix("0x"):
        raise Stranger(f"Vault not registered: 0x{vault}")
    return who


def principal_of_user_action(state: VenueState, envelope: Envelope) -> Principal:
    """The account of an action signed field by field: always the signer's own. The nonce stands in what is signed.

    Raises :class:`Stranger` and ``Unrecoverable``.
    """
    inner = envelope.action.get("nonce")
    if inner != envelope.nonce:
        raise Stranger(f"Invalid nonce: {envelope.nonce} is not the signed {inner}")
    signer = signer_of_user_action(envelope.action, envelope.signature)
    if not state.exchange.has_account(signer):
        raise Stranger(f"Must deposit before performing actions. User: {signer}")
    return Principal(signer, signer)


def _known(state: VenueState, signer: str) -> Principal | None:
    if state.exchange.has_account(signer):
        return Principal(signer, signer)
    master = state.wallets.master_of(signer, state.now_ms)
    return Principal(signer, master) if master is not None else None
