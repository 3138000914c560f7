"""Nonces: each signer's highest ones are remembered, none is accepted twice. It refuses those far from the present.

"Present" is the venue's time or the wall's: a client that knows nothing of the simulated market's time sends its own.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Any

from core.errors import VektorError
from core.settings import ExchangeRules


class NonceRefused(VektorError):
    """The nonce was used, is too low, or lies outside the window; the text is the venue's."""


class Nonces:
    """Per signer (lower-case address) the highest nonces seen, ascending."""

    def __init__(self, rules: ExchangeRules) -> None:
        self._rules = rules
        self._seen: dict[str, list[int]] = {}

    def use(self, signer: str, nonce: int, present: Sequence[int]) -> None:
        """Spend ``nonce``. ``present`` are the clocks (epoch ms) by which it may be judged.

        Raises :class:`NonceRefused`.
        """
        lowest = min(present) - self._rules.nonce_past_ms
        highest = max(present) + self._rules.nonce_ahead_ms
        seen = self._seen.setdefault(signer, [])
        place = bisect.bisect_left(seen, nonce)
        if place < len(seen) and seen[place] == nonce:
            raise NonceRefused(f"Invalid nonce: duplicate nonce {nonce}")
        if len(seen) >= self._rules.nonces:
            lowest = max(lowest, seen[0])
        if nonce < lowest:
            raise NonceRefused(f"Invalid nonce: nonce too low {nonce} < {lowest}")
        if nonce > highest:
            raise NonceRefused(f"Invalid nonce: nonce too high {nonce} > {highest}")
        seen.insert(place, nonce)
        if len(seen) > self._rules.nonces:
            del seen[0]

    def forget(self, signer: str) -> None:
        """A pruned agent's memory goes with it."""
        self._seen.pop(signer, None)

    def snapshot(self) -> dict[str, Any]:
        """Everything remembered, JSON-able."""
        return {signer: list(seen) for signer, seen in self._seen.items()}

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Remember what ``snapshot`` remembered."""
        self._seen = {signer: list(seen) for signer, seen in snapshot.items()}
