"""Frames of the five feeds as liquidations: typed decoding, one function per feed. Refuses to guess a side.

Names of markets are given as mappings from the exchange's own to ours; what is not among them is left out. Shapes: the
exchanges' documentation; Binance's and Hyperliquid's are also recorded (docs/wire.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from core.errors import BadData
from core.market.liquidations import Certainty, Liquidation
from core.market.symbols import Side

Names = Mapping[str, str]
Decode = Callable[[bytes], Sequence[Liquidation]]

LIQUIDATORS = frozenset(
    {
        "0x2e3d94f0562703b25c83308a05046ddaf9a8dd14",
        "0xb0a55f13d22f66e6d495ac98113841b2326e9540",
        "0x5e177e5e39c0f4e421f5865a6d8beed8d921cb70",
        "0x2ed5c4484ea3ff8b57d5f2fb152a40d9f2b68308",
        "0x63c621a33714ec48660e32f2374895c8026a3a00",
    }
)
"""Hyperliquid's liquidator vaults, by third parties' audits of fills; those of HIP-3 dexes are 0x4000…00 and an index."""
HIP3_LIQUIDATOR = "0x4000"
MAKERS = (
    "0xdfc24b077bc1425ad1dea75bcb6f8158e10df303",
    "0x010461c14e146ac35fe42271bdc1134ee31c703a",
    "0x31ca8395cf837de08b24da3f660e77761dfb974b",
    "0x469f690213c467c39a23efacfd2816896009d7d8",
)
"""Busy makers of Hyperliquid (its own vaults), whose fills are a sample of the market's liquidations."""


class _ForcedOrder(Struct, gc=False):
    s: str
    S: str
    z: float
    ap: float
    T: int


class _Binance(Struct, gc=False):
    o: _ForcedOrder | None = None


class _BybitRow(Struct, gc=False):
    T: int
    s: str
    S: str
    v: float
    p: float


class _Bybit(Struct, gc=False):
    topic: str = ""
    data: list[_BybitRow] | None = None


class _OkxDetail(Struct, rename="camel", gc=False):
    side: str
    pos_side: str
    bk_px: float
    sz: float
    ts: int


class _OkxRow(Struct, rename="camel", gc=False):
    inst_id: str
    details: list[_OkxDetail]


class _Okx(Struct, gc=False):
    data: list[_OkxRow] | None = None


class _Print(Struct, gc=False):
    coin: str
    side: str
    px: float
    sz: float
    time: int
    tid: int
    users: tuple[str, str] = ("", "")


class _Forced(Struct, rename="camel", gc=False):
    liquidated_user: str


class _Fill(Struct, gc=False):
    coin: str
    side: str
    px: float
    sz: float
    time: int
    tid: int
    crossed: bool = True
    liquidation: _Forced | None = None


class _Fills(Struct, rename="camel", gc=False):
    user: str = ""
    fills: list[_Fill] = []
    is_snapshot: bool = False


class _Envelope(Struct, gc=False):
    channel: str = ""
    data: msgspec.Raw = msgspec.Raw()


def binance(names: Names) -> Decode:
    """``forceOrder``: the order's side; at most the latest of a symbol per second."""
    decoder = msgspec.json.Decoder(_Binance, strict=False)

    def decode(frame: bytes) -> Sequence[Liquidation]:
        try:
            one = decoder.decode(frame).o
        except msgspec.MsgspecError as trouble:
            raise _unreadable(frame, "binance", trouble) from trouble
        if one is None or (symbol := names.get(one.s)) is None:
            return ()
        side = Side.LONG if one.S == "SELL" else Side.SHORT
        key = (one.s, one.T, one.S, one.z, one.ap)
        return (Liquidation(symbol, side, one.z, one.ap, one.T, "binance", "binance", Certainty.SAMPLED, key),)

    return decode


def bybit(names: Names) -> Decode:
    """``allLiquidation``: the side of the position, ``Buy`` is a long; all of them, at their bankruptcy price."""
    decoder = msgspec.json.Decoder(_Bybit, strict=False)

    def decode(frame: bytes) -> Sequence[Liquidation]:
        rows = _decoded(decoder, frame, "bybit").data or ()
        return [
            Liquidation(
                names[row.s],
                Side.LONG if row.S == "Buy" else Side.SHORT,
                row.v,
                row.p,
                row.T,
                "bybit",
                "bybit",
                Certainty.EXACT,
                (row.s, row.T, row.S, row.v, row.p),
            )
            for row in rows
            if row.s in names
        ]

    return decode


def okx(names: Names, contracts: Mapping[str, float]) -> Decode:
    """``liquidation-orders``: sizes in contracts, each of so many base units; in net mode the order's side tells."""
    decoder = msgspec.json.Decoder(_Okx, strict=False)

    def decode(frame: bytes) -> Sequence[Liquidation]:
        if frame == b"pong":
            return ()
        rows = _decoded(decoder, frame, "okx").data or ()
        return [
            Liquidation(
                names[row.inst_id],
                Side.LONG if (one.pos_side == "long" or (one.pos_side == "net" and one.side == "sell")) else Side.SHORT,
                one.sz * contracts[row.inst_id],
                one.bk_px,
                one.ts,
                "okx",
                "okx",
                Certainty.SAMPLED,
                (row.inst_id, one.ts, one.side, one.sz, one.bk_px),
            )
            for row in rows
            if row.inst_id in names and row.inst_id in contracts
            for one in row.details
        ]

    return decode


def hyperliquid_backstop(names: Names) -> Decode:
    """``trades`` in which a liquidator vault took a position over: it stands passively on the other side.

    The vault as aggressor is unwinding what it took, which is no liquidation.
    """
    envelope = msgspec.json.Decoder(_Envelope)
    prints = msgspec.json.Decoder(list[_Print], strict=False)

    def decode(frame: bytes) -> Sequence[Liquidation]:
        outer = _decoded(envelope, frame, "hyperliquid trades")
        if outer.channel != "trades":
            return ()
        return [
            Liquidation(
                names[one.coin], side, one.sz, one.px, one.time, "hyperliquid", "backstop", Certainty.INFERRED,
                (one.coin, one.tid),
            )
            for one in _decoded(prints, outer.data, "hyperliquid trades")
            if one.coin in names and (side := taken_over(one.side, one.users)) is not None
        ]  # fmt: skip

    return decode


def taken_over(aggressor: str, users: tuple[str, str]) -> Side | None:
    """The side of the position that a vault took over in a print, if one did. ``users`` are buyer and seller.

    >>> vault = min(LIQUIDATORS)
    >>> taken_over("A", (vault, "0x1")), taken_over("B", ("0x1", vault)), taken_over("B", (vault, "0x1"))
    (<Side.LONG: 'long'>, <Side.SHORT: 'short'>, None)
    """
    if aggressor == "A" and is_liquidator(users[0]):
        return Side.LONG
    return Side.SHORT if aggressor == "B" and is_liquidator(users[1]) else None


def is_liquidator(address: str) -> bool:
    """Whether an address is a liquidator vault of the main or a HIP-3 dex."""
    return address in LIQUIDATORS or (address.startswith(HIP3_LIQUIDATOR) and address[6:-4].strip("0") == "")


def hyperliquid_sample(names: Names) -> Decode:
    """``userFills`` of makers: fills that bear a ``liquidation`` of somebody else; what they buy, a long had to sell."""
    envelope = msgspec.json.Decoder(_Envelope)
    fills = msgspec.json.Decoder(_Fills, strict=False)

    def decode(frame: bytes) -> Sequence[Liquidation]:
        outer = _decoded(envelope, frame, "hyperliquid userFills")
        if outer.channel not in ("userFills", "user"):
            return ()
        heard = _decoded(fills, outer.data, "hyperliquid userFills")
        if heard.is_snapshot:
            return ()
        return [
            Liquidation(
                names[one.coin],
                Side.LONG if one.side == "B" else Side.SHORT,
                one.sz, one.px, one.time, "hyperliquid", "makers", Certainty.SAMPLED,
                (one.coin, one.tid),
            )
            for one in heard.fills
            if one.coin in names and one.liquidation is not None and one.liquidation.liquidated_user != heard.user
        ]  # fmt: skip

    return decode


def _decoded(decoder: msgspec.json.Decoder[Any], frame: bytes | msgspec.Raw, feed: str) -> Any:
    try:
        return decoder.decode(frame)
    except msgspec.MsgspecError as trouble:
        raise _unreadable(frame, feed, trouble) from trouble


def _unreadable(frame: bytes | msgspec.Raw, feed: str, trouble: Exception) -> BadData:
    words = bytes(frame)[:200].decode(errors="replace")
    return BadData(f"{feed}: {trouble}: {words!r}", file=feed, line=0, value=words, expected="a frame of this feed")
