"""What ``POST /exchange`` may carry, typed. Whatever does not fit is refused (HTTP 422), never guessed.

Field names are the wire's own. The bytes that were signed are hashed from the body as it came, not from these.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from bot.exchange.simulator.orders import Builder, OrderWire
from bot.exchange.simulator.requests import Address, ClientId, Time

Hex = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]+$")]
VaultAddress = Annotated[str, Meta(pattern=r"^(0x)?[0-9a-fA-F]{40}$")]
"""ccxt leaves out the prefix."""


class Envelope(Struct, frozen=True, rename="camel"):
    """A signed request."""

    action: dict[str, Any]
    nonce: Annotated[int, Meta(ge=0, lt=2**62)]
    signature: dict[str, Any]
    vault_address: VaultAddress | None = None
    expires_after: Time | None = None


class PlaceOrders(Struct, frozen=True, rename="camel"):
    """``order``."""

    orders: list[OrderWire]
    grouping: Literal["na", "normalTpsl", "positionTpsl"]
    builder: Builder | None = None


class CancelWire(Struct, frozen=True, rename="camel"):
    """One order to cancel."""

    a: int
    o: int


class Cancels(Struct, frozen=True, rename="camel"):
    """``cancel``."""

    cancels: list[CancelWire]


class CancelByCloidWire(Struct, frozen=True, rename="camel"):
    """One order to cancel by its client id."""

    asset: int
    cloid: ClientId


class CancelsByCloid(Struct, frozen=True, rename="camel"):
    """``cancelByCloid``."""

    cancels: list[CancelByCloidWire]


class Modification(Struct, frozen=True, rename="camel"):
    """``modify``, and one entry of ``batchModify``."""

    oid: int | ClientId
    order: OrderWire
    a: bool = False


class Modifications(Struct, frozen=True, rename="camel"):
    """``batchModify``."""

    modifies: list[Modification]
    a: bool = False


class SetLeverage(Struct, frozen=True, rename="camel"):
    """``updateLeverage``."""

    asset: int
    is_cross: bool
    leverage: int


class AdjustMargin(Struct, frozen=True, rename="camel"):
    """``updateIsolatedMargin``: signed millionths of a dollar; ``isBuy`` means nothing."""

    asset: int
    is_buy: bool
    ntli: int


class ScheduleCancel(Struct, frozen=True, rename="camel"):
    """``scheduleCancel``; without a time it disarms."""

    time: Time | None = None


class Bare(Struct, frozen=True, rename="camel"):
    """An action without fields that matter here."""


class SetReferrer(Struct, frozen=True, rename="camel"):
    """``setReferrer``."""

    code: str


class SetAbstraction(Struct, frozen=True, rename="camel"):
    """``agentSetAbstraction``: i(solated, the standard mode), u(nified) or p(ortfolio)."""

    abstraction: Literal["i", "u", "p"]


class ApproveAgent(Struct, frozen=True, rename="camel"):
    """``approveAgent``, signed by the master's own wallet."""

    hyperliquid_chain: Literal["Mainnet", "Testnet"]
    signature_chain_id: Hex
    agent_address: Address
    nonce: int
    agent_name: str | None = None


class ApproveBuilderFee(Struct, frozen=True, rename="camel"):
    """``approveBuilderFee``; the rate is a percentage such as ``0.01%``."""

    hyperliquid_chain: Literal["Mainnet", "Testnet"]
    signature_chain_id: Hex
    max_fee_rate: Annotated[str, Meta(pattern=r"^\d{1,3}(\.\d{1,6})?%$")]
    builder: Address
    nonce: int


class ClassTransfer(Struct, frozen=True, rename="camel"):
    """``usdClassTransfer`` between the main perp dex and spot."""

    hyperliquid_chain: Literal["Mainnet", "Testnet"]
    signature_chain_id: Hex
    amount: Annotated[str, Meta(pattern=r"^\d{1,15}(\.\d{1,8})?$")]
    to_perp: bool
    nonce: int


class SendAsset(Struct, frozen=True, rename="camel"):
    """``sendAsset`` between an account's dexes; ``spot`` is one of the names."""

    hyperliquid_chain: Literal["Mainnet", "Testnet"]
    signature_chain_id: Hex
    destination: Address
    source_dex: str
    destination_dex: str
    token: str
    amount: Annotated[str, Meta(pattern=r"^\d{1,15}(\.\d{1,8})?$")]
    nonce: int
    from_sub_account: str = ""
