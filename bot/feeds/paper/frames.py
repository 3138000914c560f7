"""The stream of a market: what is subscribed to, and what its frames say. Refuses to know what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from bot.feeds.paper.answers import BestRow, BookRow, ContextFrame
from bot.feeds.socket import Wire
from core.errors import BadData
from core.settings import PaperRules

NAME = "market data"
CHANNELS: dict[str, type[BestRow | BookRow | ContextFrame]] = {
    "bbo": BestRow,
    "l2Book": BookRow,
    "activeAssetCtx": ContextFrame,
}
"""What is followed of every market."""
PING = '{"method":"ping"}'
SHOWN = 200

Word = BestRow | BookRow | ContextFrame


class _Frame(Struct, gc=False):
    channel: str
    data: msgspec.Raw = msgspec.Raw(b"null")


_FRAMES = msgspec.json.Decoder(_Frame)
_WORDS = {channel: msgspec.json.Decoder(shape) for channel, shape in CHANNELS.items()}


def wire(coins: Iterable[str], base_url: str, rules: PaperRules) -> Wire[Word]:
    """The connection on which ``coins`` are followed."""
    url = f"ws{base_url.removeprefix('http')}/ws"
    return Wire(NAME, url, decode, subscriptions(coins), ping=PING, ping_s=rules.ping_s, idle_s=rules.idle_s)


def subscriptions(coins: Iterable[str]) -> tuple[str, ...]:
    """What is sent to follow ``coins``. A name that the exchange does not list would end the connection."""
    asked = ({"type": channel, "coin": coin} for coin in coins for channel in CHANNELS)
    return tuple(msgspec.json.encode({"method": "subscribe", "subscription": one}).decode() for one in asked)


def decode(raw: bytes) -> Sequence[Word]:
    """What a frame says; nothing for acknowledgements and answers to pings. Raises :class:`BadData`."""
    try:
        frame = _FRAMES.decode(raw)
        reader = _WORDS.get(frame.channel)
        return (reader.decode(frame.data),) if reader is not None else ()
    except msgspec.DecodeError as trouble:
        shown = raw[:SHOWN].decode(errors="replace")
        message = f"a frame of {NAME} cannot be read ({trouble}): {shown}"
        raise BadData(message, file=NAME, line=0, value=shown, expected="a frame") from trouble
