"""What Binance says, typed: klines straight into columns, the list of symbols, errors, frames of the kline stream.

Shapes: Binance's documentation, checked against recordings (docs/wire.md). A shape that is not as it was fails by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from bot.feeds.bars import ClosedBar
from core.errors import BadData
from core.market.candles import CandleSeries, Timeframe

SOURCE = "binance"
Row = tuple[int, float, float, float, float, float, int, float, int, float, float, float]
"""Open time, open, high, low, close, base volume, close time, quote volume, trades, taker base, taker quote, unused."""
ROWS = msgspec.json.Decoder(list[Row], strict=False)
TRADING = "TRADING"
PERPETUALS = ("PERPETUAL", "TRADIFI_PERPETUAL")


class ListedSymbol(Struct, rename="camel", gc=False):
    """A symbol of ``exchangeInfo``."""

    symbol: str
    contract_type: str
    status: str


class ExchangeInfo(Struct, gc=False):
    """The part of ``exchangeInfo`` that matters here."""

    symbols: list[ListedSymbol]


class Complaint(Struct, gc=False):
    """The body of an error."""

    code: int = 0
    msg: str = ""


class _Kline(Struct, gc=False):
    t: int
    i: str
    o: float
    c: float
    h: float
    l: float  # noqa: E741 - Binance's name
    v: float
    x: bool


class _Frame(Struct, gc=False):
    s: str = ""
    k: _Kline | None = None


_FRAMES = msgspec.json.Decoder(_Frame, strict=False)


def klines(body: bytes, symbol: str, timeframe: Timeframe) -> CandleSeries:
    """A klines answer as columns, the forming bar included. Raises ``msgspec.DecodeError`` for any other shape."""
    table = np.array(ROWS.decode(body), dtype=np.float64).reshape(-1, len(Row.__args__))  # type: ignore[attr-defined]
    return CandleSeries(symbol, timeframe, table[:, 0].astype(np.int64), *(table[:, i].copy() for i in range(1, 6)))


def trading(body: bytes) -> Mapping[str, str]:
    """Status by symbol of every perpetual in an ``exchangeInfo`` answer."""
    found = msgspec.json.decode(body, type=ExchangeInfo)
    return {one.symbol: one.status for one in found.symbols if one.contract_type in PERPETUALS}


def complaint(body: bytes) -> Complaint:
    """What an error says; an unreadable one says nothing."""
    try:
        return msgspec.json.decode(body, type=Complaint)
    except msgspec.DecodeError:
        return Complaint()


def closed_bars(coins: Mapping[str, str]) -> Callable[[bytes], Sequence[ClosedBar]]:
    """The decoder of a kline stream: its last word on each bar. ``coins`` by Binance's symbol."""
    timeframes = {timeframe.value: timeframe for timeframe in Timeframe}

    def decode(raw: bytes) -> Sequence[ClosedBar]:
        try:
            frame = _FRAMES.decode(raw)
        except msgspec.DecodeError as trouble:
            shown = raw[:200].decode(errors="replace")
            message = f"a kline frame cannot be read ({trouble}): {shown}"
            raise BadData(message, file=SOURCE, line=0, value=shown, expected="a kline frame") from trouble
        bar, coin = frame.k, coins.get(frame.s)
        if bar is None or coin is None or not bar.x or bar.i not in timeframes:
            return ()
        return (ClosedBar(SOURCE, coin, timeframes[bar.i], bar.t, bar.o, bar.h, bar.l, bar.c, bar.v, final=True),)

    return decode
