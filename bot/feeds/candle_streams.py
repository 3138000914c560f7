"""Which streams of bars there are, and how each is spoken to. Refuses to decide which of them shall run.

Binance says of a bar that it has closed. Hyperliquid only repeats a bar while it forms, so that its last word on it is
known when the next begins; a bar that was not followed from one connection's frames alone is left to the next fetch.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from bot.feeds.bars import ClosedBar
from bot.feeds.binance.wire import SOURCE as BINANCE
from bot.feeds.binance.wire import closed_bars
from bot.feeds.socket import Wire
from bot.feeds.venue import SOURCE as VENUE
from core.errors import BadData
from core.market.candles import Timeframe
from core.market.symbols import Market
from core.settings import CandleStreams

NAMES_AT_ONCE = 100
"""Streams of one subscription to Binance."""
PING = '{"method":"ping"}'


def binance_bars(markets: Sequence[Market], base: str, rules: CandleStreams) -> Wire[ClosedBar]:
    """Three streams a market, on one connection."""
    coins = {m.binance_symbol: m.coin for m in markets if m.binance_symbol and not m.binance_is_proxy}
    names = [f"{symbol.lower()}@kline_{timeframe.value}" for symbol in coins for timeframe in Timeframe]
    parts = [names[at : at + NAMES_AT_ONCE] for at in range(0, len(names), NAMES_AT_ONCE)]
    hello = tuple(
        _json({"method": "SUBSCRIBE", "params": part, "id": number}) for number, part in enumerate(parts, start=1)
    )
    return Wire(
        BINANCE,
        f"{base}/market/ws",
        closed_bars(coins),
        hello,
        idle_s=rules.idle_s,
        life_s=rules.binance_life_s,
    )


def venue_bars(markets: Sequence[Market], base: str, rules: CandleStreams) -> Wire[ClosedBar]:
    """Three subscriptions a market. ``base`` is that of Hyperliquid's sockets, ``wss://…``."""
    hello = (
        _json({"method": "subscribe", "subscription": {"type": "candle", "coin": m.coin, "interval": t.value}})
        for m in markets
        for t in Timeframe
    )
    return Wire(
        VENUE,
        f"{base}/ws",
        Followed(),
        tuple(hello),
        ping=PING,
        ping_s=rules.hyperliquid_ping_s,
        idle_s=rules.idle_s,
    )


class _Candle(Struct, gc=False):
    t: int
    s: str
    i: str
    o: float
    c: float
    h: float
    l: float  # noqa: E741 - the venue's name
    v: float


class _Frame(Struct, gc=False):
    channel: str
    data: msgspec.Raw = msgspec.Raw(b"null")


_FRAMES = msgspec.json.Decoder(_Frame)
_CANDLES = msgspec.json.Decoder(_Candle, strict=False)
_TIMEFRAMES = {timeframe.value: timeframe for timeframe in Timeframe}


class Followed:
    """A decoder that remembers the last word on each forming bar. An acknowledgement begins a connection anew."""

    def __init__(self) -> None:
        self._forming: dict[tuple[str, str], _Candle] = {}

    def __call__(self, raw: bytes) -> Sequence[ClosedBar]:
        """The bar that a frame shows to be over, if it does. Raises :class:`BadData` for a frame that cannot be read."""
        try:
            frame = _FRAMES.decode(raw)
            if frame.channel == "subscriptionResponse":
                self._forget(frame.data)
                return ()
            return self._bar(_CANDLES.decode(frame.data)) if frame.channel == "candle" else ()
        except msgspec.DecodeError as trouble:
            shown = raw[:200].decode(errors="replace")
            message = f"a candle frame cannot be read ({trouble}): {shown}"
            raise BadData(message, file=VENUE, line=0, value=shown, expected="a candle frame") from trouble

    def _bar(self, now: _Candle) -> Sequence[ClosedBar]:
        key = (now.s, now.i)
        before, self._forming[key] = self._forming.get(key), now
        if before is None or now.t <= before.t or now.i not in _TIMEFRAMES:
            return ()
        one = before
        return (ClosedBar(VENUE, one.s, _TIMEFRAMES[one.i], one.t, one.o, one.h, one.l, one.c, one.v, final=False),)

    def _forget(self, answer: msgspec.Raw) -> None:
        """What was followed on an earlier connection may have missed its last word."""
        said = msgspec.json.decode(answer, type=_Acknowledged).subscription
        self._forming.pop((said.coin, said.interval), None)


class _Subscribed(Struct, gc=False):
    coin: str = ""
    interval: str = ""


class _Acknowledged(Struct, gc=False):
    subscription: _Subscribed


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
