"""Signatures, made by the exchange's own SDK functions; a key that nothing can print.

Thin on purpose: hashing and EIP-712 are the SDK's (facts §3). Importing this module is cheap; the cryptography loads
with the first :class:`Signer`, which takes over half a second: build it off the loop.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.errors import BadSetting

Action = Mapping[str, Any]

CURVE_ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
"""Of secp256k1: private keys lie under it. Checked here, because a library's own error might show the key."""

_KEY = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")


class SecretKey:
    """A private key (an API wallet's or the account's own). Its text leaves only through :meth:`reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        match = _KEY.fullmatch(text.strip())
        if match is None or not 0 < int(match[1], 16) < CURVE_ORDER:
            expected = "64 hexadecimal digits, with or without 0x"
            raise BadSetting(
                f"the key is no private key; it must be {expected}", name="key", value="(hidden)", expected=expected
            )
        self._text = "0x" + match[1]

    def __repr__(self) -> str:
        return "SecretKey(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not written anywhere")

    def reveal(self) -> str:
        """The key as 0x and 64 hex digits, for the signing library alone."""
        return self._text


class Signer:
    """Signs for one key on one network (``mainnet`` is part of what is signed)."""

    def __init__(self, key: SecretKey, *, mainnet: bool) -> None:
        from eth_account import Account
        from hyperliquid.utils import signing

        self._wallet = Account.from_key(key.reveal())
        self._signing = signing
        self._mainnet = mainnet
        self.address: str = self._wallet.address.lower()

    def action(self, action: Action, nonce: int, expires_ms: int | None) -> dict[str, Any]:
        """Signature ``{r, s, v}`` of an L1 action (orders, cancels, leverage)."""
        signature: dict[str, Any] = self._signing.sign_l1_action(
            self._wallet, action, None, nonce, expires_ms, self._mainnet
        )
        return signature

    def transfer(self, action: Action) -> tuple[dict[str, Any], dict[str, Any]]:
        """A ``sendAsset`` action completed with its chain, and its signature. Only the account's own key is obeyed."""
        complete = dict(action)
        signature: dict[str, Any] = self._signing.sign_send_asset_action(self._wallet, complete, self._mainnet)
        return complete, signature
