"""What a button carries. Client-controlled input: it names things, it never grants anything.

A button that decides carries only the random name of a stored question (:mod:`handlers.questions`).
"""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class Answer(CallbackData, prefix="d"):
    """Yes or no to a stored question."""

    nonce: str
    yes: bool


class Pick(CallbackData, prefix="p"):
    """A symbol chosen from a list, as if it had been typed after the command."""

    command: str
    symbol: str


class Look(CallbackData, prefix="v"):
    """Draw a screen again in place."""

    screen: str


class Lift(CallbackData, prefix="b"):
    """An event to be taken off the list of blackouts."""

    name: str
    at_ms: int


class Frame(CallbackData, prefix="c"):
    """A chart at another timeframe, in place."""

    symbol: str
    timeframe: str
