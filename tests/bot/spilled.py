"""Looks for secrets in whatever was written, in every usual way of writing them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus


def spellings(secret: str) -> set[bytes]:
    """A secret as text, hexadecimal, base64, quoted for an address, escaped; a key also as its bytes and its number."""
    bare = secret.removeprefix("0x")
    texts = {secret, bare, bare.upper(), bare.lower(), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]}
    raws = {secret.encode(), bare.encode()}
    if len(bare) == 64 and set(bare.lower()) <= set("0123456789abcdef"):
        key = bytes.fromhex(bare)
        raws.add(key)
        texts |= {str(int.from_bytes(key)), " ".join(f"{b:02x}" for b in key), ", ".join(str(b) for b in key)}
    for raw in set(raws):
        texts |= {raw.hex(), raw.hex().upper()}
        texts |= {base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return raws | {text.encode() for text in texts}


def spilled(secrets: Mapping[str, str], written: Mapping[str, bytes]) -> list[str]:
    """Which secret stands where; empty when none does."""
    known = {name: spellings(secret) for name, secret in secrets.items()}
    return sorted(
        f"{name} in {place}"
        for place, body in written.items()
        for name, ways in known.items()
        if any(way in body for way in ways)
    )


def files_under(folders: Iterable[Path]) -> dict[str, bytes]:
    """Every file, the databases' journals among them."""
    return {str(file): file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}
