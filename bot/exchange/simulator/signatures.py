"""Who signed a request: the address is recovered with the exchange's own SDK functions. No key is ever held here.

Recovery does not fail on a wrong hash, it yields somebody else's address; so the text of a number counts: the exchange
hashes what it understood, and a client that signs ``"1.50"`` is a stranger to it.
"""

from __future__ import annotations

import copy
import importlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import VektorError

Signature = Mapping[str, Any]

PRIMARY_TYPES = {
    "approveAgent": "HyperliquidTransaction:ApproveAgent",
    "approveBuilderFee": "HyperliquidTransaction:ApproveBuilderFee",
    "usdClassTransfer": "HyperliquidTransaction:UsdClassTransfer",
    "sendAsset": "HyperliquidTransaction:SendAsset",
}
"""Actions that a person's wallet signs field by field, and their EIP-712 types."""

_PLAIN = re.compile(r"-?\d+(\.\d+)?")


class Unrecoverable(VektorError):
    """r, s or v are no signature at all."""


def load() -> None:
    """Load the signing libraries; they take their time, so this is done once and off the loop."""
    importlib.import_module("hyperliquid.utils.signing")


def signers_of_action(
    action: Mapping[str, Any], signature: Signature, vault: str | None, nonce: int, expires_ms: int | None
) -> Iterator[str]:
    """Who signed an L1 action, read as a test network's request and then as mainnet's (lower case).

    A client cannot be asked for which network it signed; whichever reading gives a known address is right.
    Raises :class:`Unrecoverable`.
    """
    from hyperliquid.utils import signing

    understood, numbers = canonical(action), _numbers(signature)
    for is_mainnet in (False, True):
        try:
            address = signing.recover_agent_or_user_from_l1_action(
                understood, numbers, vault, nonce, expires_ms, is_mainnet
            )
        except (ValueError, TypeError, OverflowError, _bad_signature()) as error:
            raise Unrecoverable("Unable to recover signer.") from error
        yield str(address).lower()


def signer_of_user_action(action: Mapping[str, Any], signature: Signature) -> str:
    """Who signed an action whose readable fields are signed (lower case).

    Raises :class:`Unrecoverable`, also when a field is missing that the type needs.
    """
    from hyperliquid.utils import signing

    kind = str(action["type"])
    is_mainnet = action.get("hyperliquidChain") == "Mainnet"
    message = copy.deepcopy(dict(action))
    if kind == "approveAgent":
        message["agentName"] = message.get("agentName") or ""  # left out by the SDK after signing an empty one
    try:
        address = signing.recover_user_from_user_signed_action(
            message, _numbers(signature), _fields_of(kind), PRIMARY_TYPES[kind], is_mainnet
        )
    except (ValueError, TypeError, KeyError, OverflowError, _bad_signature()) as error:
        raise Unrecoverable("Unable to recover signer.") from error
    return str(address).lower()


def canonical(action: Mapping[str, Any]) -> dict[str, Any]:
    """The action as the exchange hashes it: decimals without trailing zeros, the builder in lower case. Keeps order."""
    understood = copy.deepcopy(dict(action))
    orders = [*_dicts(understood.get("orders")), *_dicts([understood.get("order")])]
    orders += [order for change in _dicts(understood.get("modifies")) for order in _dicts([change.get("order")])]
    for order in orders:
        for name in ("p", "s"):
            order[name] = _plain(order.get(name))
        kind = order.get("t")
        trigger = kind.get("trigger") if isinstance(kind, dict) else None
        if isinstance(trigger, dict):
            trigger["triggerPx"] = _plain(trigger.get("triggerPx"))
    builder = understood.get("builder")
    if isinstance(builder, dict):
        builder["b"] = str(builder.get("b")).lower()
    return understood


def _plain(text: Any) -> Any:
    if not isinstance(text, str) or not _PLAIN.fullmatch(text):
        return text
    whole, point, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{point}{fraction}" if fraction else whole


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [value for value in values or () if isinstance(value, dict)]


def _numbers(signature: Signature) -> dict[str, int]:
    """r, s and v as numbers; hexadecimal may lack its leading zeros, v may be 0 or 1."""
    try:
        r, s, v = int(str(signature["r"]), 16), int(str(signature["s"]), 16), int(signature["v"])
    except (KeyError, ValueError, TypeError) as error:
        raise Unrecoverable("Unable to recover signer.") from error
    return {"r": r, "s": s, "v": v + 27 if v in (0, 1) else v}


def _bad_signature() -> type[Exception]:
    from eth_keys.exceptions import BadSignature

    return BadSignature


def _fields_of(kind: str) -> list[dict[str, str]]:
    """EIP-712 fields of a user-signed action; the two that the SDK keeps inside its functions are spelled out."""
    from hyperliquid.utils import signing

    text, address, number = "string", "address", "uint64"
    spelled = {
        "approveAgent": {"hyperliquidChain": text, "agentAddress": address, "agentName": text, "nonce": number},
        "approveBuilderFee": {"hyperliquidChain": text, "maxFeeRate": text, "builder": address, "nonce": number},
    }
    if kind in spelled:
        return [{"name": name, "type": form} for name, form in spelled[kind].items()]
    fields: dict[str, list[dict[str, str]]] = {
        "usdClassTransfer": signing.USD_CLASS_TRANSFER_SIGN_TYPES,
        "sendAsset": signing.SEND_ASSET_SIGN_TYPES,
    }
    return fields[kind]
