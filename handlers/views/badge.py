"""The first line of every screen: which world this is, and whether it trades. Nobody may mistake live for a game."""

from __future__ import annotations

from core.market.symbols import Side

VENUES = {"sim": "🧪 SIM", "replay": "🧪 REPLAY", "paper": "📝 PAPER", "testnet": "🧪 TESTNET", "mainnet": "🔴 LIVE"}


def venue_badge(venue_name: str) -> str:
    """The venue in capitals.

    >>> venue_badge("mainnet")
    '🔴 LIVE'
    """
    return VENUES.get(venue_name, venue_name.upper())


def arrow(side: Side) -> str:
    """Direction as a picture."""
    return "📈" if side is Side.LONG else "📉"


def light(amount: float) -> str:
    """Profit or loss at a glance.

    >>> light(1.0), light(-1.0), light(0.0)
    ('🟢', '🔴', '⚪')
    """
    return "🟢" if amount > 0 else "🔴" if amount < 0 else "⚪"
