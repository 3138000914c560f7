"""A client that writes Hyperliquid's wire by hand and signs with the exchange's own functions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp
from eth_account import Account
from eth_account.signers.local import LocalAccount
from hyperliquid.utils import signing

from tests.bot.exchange.simulator.market import START_MS


@dataclass(frozen=True)
class Wallet:
    """A key of a test."""

    account: LocalAccount

    @classmethod
    def of(cls, number: int) -> Wallet:
        return cls(Account.from_key(f"0x{number:064x}"))

    @property
    def address(self) -> str:
        return str(self.account.address).lower()


class WireClient:
    """One wallet at one venue. Answers are the decoded JSON."""

    def __init__(self, base_url: str, wallet: Wallet) -> None:
        self.base_url = base_url
        self.wallet = wallet
        self.nonces = itertools.count(START_MS)
        self.http = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self.http.close()

    async def info(self, kind: str, **fields: Any) -> Any:
        async with self.http.post(f"{self.base_url}/info", json={"type": kind, **fields}) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def step(self, to_ms: int) -> Any:
        async with self.http.post(f"{self.base_url}/clock", json={"to": to_ms}) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    def signed(self, action: dict[str, Any], **options: Any) -> dict[str, Any]:
        nonce = options.pop("nonce", None) or next(self.nonces)
        vault, expires = options.pop("vault", None), options.pop("expires", None)
        wallet = options.pop("wallet", self.wallet)
        signature = signing.sign_l1_action(wallet.account, action, vault, nonce, expires, options.pop("mainnet", False))
        return {
            "action": action,
            "nonce": nonce,
            "signature": signature,
            "vaultAddress": vault,
            "expiresAfter": expires,
        }

    def user_signed(self, action: dict[str, Any], fields: list[dict[str, str]], primary: str) -> dict[str, Any]:
        nonce = action["nonce"]
        signature = signing.sign_user_signed_action(
            self.wallet.account, action, fields, f"HyperliquidTransaction:{primary}", False
        )
        return {"action": action, "nonce": nonce, "signature": signature}

    async def post(self, body: Any) -> Any:
        async with self.http.post(f"{self.base_url}/exchange", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def act(self, action: dict[str, Any], **options: Any) -> Any:
        return await self.post(self.signed(action, **options))

    async def order(self, *orders: dict[str, Any], grouping: str = "na", **options: Any) -> list[Any]:
        answer = await self.act({"type": "order", "orders": list(orders), "grouping": grouping}, **options)
        assert answer["status"] == "ok", answer
        return list(answer["response"]["data"]["statuses"])


def limit(asset: int, is_buy: bool, price: str, size: str, tif: str = "Gtc", **more: Any) -> dict[str, Any]:
    """A limit order on the wire."""
    made = {"a": asset, "b": is_buy, "p": price, "s": size, "r": more.get("reduce", False)}
    made["t"] = {"limit": {"tif": tif}}
    return {**made, "c": more["cloid"]} if "cloid" in more else made


def trigger(asset: int, is_buy: bool, price: str, size: str, at: str, kind: str, **more: Any) -> dict[str, Any]:
    """A market stop (``sl``) or target (``tp``), reduce-only."""
    made = {"a": asset, "b": is_buy, "p": price, "s": size, "r": more.get("reduce", True)}
    made["t"] = {"trigger": {"isMarket": True, "triggerPx": at, "tpsl": kind}}
    return {**made, "c": more["cloid"]} if "cloid" in more else made
