"""For whom a view is drawn: language, zone, what they may see, how wide their screen is."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from locales.texts import Texts

PRIVATE_COLUMNS = 28
"""Monospace columns that fit a 360 px phone in a private chat (measured: 31, less the frame)."""
GROUP_COLUMNS = 22
"""… and in a group, where the avatar takes its share."""


@dataclass(frozen=True, slots=True)
class Reader:
    """``full`` readers see sizes, balances and ids; others get the redacted view."""

    texts: Texts
    zone: ZoneInfo
    full: bool = True
    columns: int = PRIVATE_COLUMNS
