"""Width and height of a picture, read from its first bytes: JPEG, PNG, GIF and WebP.

Telegram refuses photos that are too wide, too long or no photo at all; that needs no imaging library. Nothing is decoded
and nothing is re-encoded: unlike Telegram, the local chat gives back the very bytes that were sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_JPEG_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture's header says."""

    kind: str
    width: int
    height: int


def read_picture(data: bytes) -> Picture | None:
    """Kind (``jpg``, ``png``, ``gif``, ``webp``), width and height in pixels; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return Picture("png", _big(data[16:20]), _big(data[20:24]))
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return Picture("gif", _little(data[6:8]), _little(data[8:10]))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return _webp(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    return None


def _jpeg(data: bytes) -> Picture | None:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            return Picture("jpg", _big(data[at + 7 : at + 9]), _big(data[at + 5 : at + 7]))
        at += 2 if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8 else 2 + _big(data[at + 2 : at + 4])
    return None


def _webp(data: bytes) -> Picture | None:
    match data[12:16]:
        case b"VP8 ":
            return Picture("webp", _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF)
        case b"VP8L":
            bits = _little(data[21:25])
            return Picture("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            return Picture("webp", _little(data[24:27]) + 1, _little(data[27:30]) + 1)
        case _:
            return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
