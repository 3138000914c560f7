"""Signed actions: leave, nonce, signature, envelope, and the venue's yes or no. Never repeats one.

Nothing is signed anywhere else, and nothing here before leave was asked: on mainnet a person must have given it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.exchange.hyperliquid.nonces import Nonces
from bot.exchange.hyperliquid.outcomes import ActionResponse, Status
from bot.exchange.hyperliquid.rest import Rest
from bot.exchange.hyperliquid.signing import Signer
from bot.exchange.hyperliquid.tickets import bare
from core.errors import NotLive, OutcomeUnknown, VenueRefused, VenueUnavailable

Withheld = Callable[[str], Awaitable[str]]
"""Why a signer (its address) may sign nothing now; empty when it may. Asked anew before every signature."""

EXPIRED = "Action already expired"
"""The venue's words for an action that it got after its ``expiresAfter``: nothing was done."""


async def always(_: str) -> str:
    """Leave to sign, where no real money is at stake."""
    return ""


async def never(_: str) -> str:
    """No leave: nobody said who may give it."""
    return "this adapter was not told who may let it trade on mainnet"


class Actions:
    """Everything that one signer does on one venue."""

    def __init__(self, rest: Rest, signer: Signer, nonces: Nonces, withheld: Withheld) -> None:
        self._rest = rest
        self._signer = signer
        self._nonces = nonces
        self._withheld = withheld

    @property
    def signer(self) -> str:
        """Address that signs."""
        return self._signer.address

    async def perform(
        self, action: Mapping[str, Any], expires_ms: int, patience_ms: float | None = None
    ) -> ActionResponse:
        """Send an L1 action that the venue must not accept after ``expires_ms``; ``patience_ms`` as :meth:`Rest.act`.

        Raises as :meth:`Rest.act`, :class:`VenueRefused` with the venue's words when it answers no, and
        :class:`NotLive` where nothing may be signed.
        """
        await self._ask_leave()
        nonce = self._nonces.next()
        signature = self._signer.action(action, nonce, expires_ms)
        return await self._send(action, nonce, signature, expires_ms, patience_ms)

    async def transfer(self, unsent: Mapping[str, Any]) -> None:
        """Send a user-signed transfer; such actions know no expiry. ``nonce`` is filled in here. Raises as above."""
        await self._ask_leave()
        nonce = self._nonces.next()
        action, signature = self._signer.transfer({**unsent, "nonce": nonce})
        await self._send(action, nonce, signature, None)

    async def statuses(
        self, action: Mapping[str, Any], expires_ms: int, patience_ms: float | None = None
    ) -> list[Status]:
        """Send a batch of orders or cancels; the outcomes as the venue lists them."""
        response = await self.perform(action, expires_ms, patience_ms)
        if response.data is None:
            raise OutcomeUnknown(f"the venue accepted {action['type']} and gave no outcomes")
        return response.data.statuses

    async def _ask_leave(self) -> None:
        """The gate of everything that is signed."""
        words = await self._withheld(self.signer)
        if words:
            raise NotLive(f"nothing was signed: {words}", words=words)

    async def _send(
        self,
        action: Mapping[str, Any],
        nonce: int,
        signature: Mapping[str, Any],
        expires_ms: int | None,
        patience_ms: float | None = None,
    ) -> ActionResponse:
        envelope = {
            "action": action,
            "nonce": nonce,
            "signature": signature,
            "vaultAddress": None,
            "expiresAfter": expires_ms,
        }
        answer = await self._rest.act(envelope, patience_ms)
        if isinstance(answer.response, ActionResponse):
            if answer.status == "ok":
                return answer.response
            raise OutcomeUnknown(f"the venue answered {action['type']} with an error that has no words")
        words = bare(answer.response)
        if answer.status == "ok":
            raise OutcomeUnknown(f"the venue answered {action['type']} with {words!r}")
        if self._nonces.refused(words):
            raise VenueUnavailable(f"the venue did not take the nonce of {action['type']}: {words}")
        if words.startswith(EXPIRED):
            raise VenueUnavailable(f"{action['type']} came too late: {words}; is our clock behind the venue's?")
        raise VenueRefused(words, words=words)
