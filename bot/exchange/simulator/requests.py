"""What ``POST /info`` may ask: one type per shape of request. What does not fit is refused (HTTP 422), never guessed.

Field names are the wire's own; ``None`` stands for a missing or null field.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Address = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{40}$")]
"""A wallet's address in any case."""
ClientId = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{32}$")]
"""128 bits of a client's choosing."""
Time = Annotated[int, Meta(ge=0, le=2**53)]
"""Epoch ms."""


class Nothing(Struct, frozen=True, rename="camel"):
    """A request without fields."""


class OfDex(Struct, frozen=True, rename="camel"):
    """About a dex; absent or empty means the main one."""

    dex: str | None = None


class OfCoin(Struct, frozen=True, rename="camel"):
    """About one market."""

    coin: str


class OfBook(Struct, frozen=True, rename="camel"):
    """A book, aggregated to significant figures if wished."""

    coin: str
    n_sig_figs: Annotated[int, Meta(ge=2, le=5)] | None = None
    mantissa: int | None = None


class CandleRange(Struct, frozen=True, rename="camel"):
    """Which candles."""

    coin: str
    interval: str
    start_time: Time
    end_time: Time | None = None


class OfCandles(Struct, frozen=True, rename="camel"):
    """Candles; their range is nested."""

    req: CandleRange


class OfCoinSince(Struct, frozen=True, rename="camel"):
    """A market's history."""

    coin: str
    start_time: Time
    end_time: Time | None = None


class OfTable(Struct, frozen=True, rename="camel"):
    """One margin table."""

    id: int
    dex: str | None = None


class OfUser(Struct, frozen=True, rename="camel"):
    """About one account."""

    user: Address
    dex: str | None = None


class OfUserCoin(Struct, frozen=True, rename="camel"):
    """About one account in one market."""

    user: Address
    coin: str


class OfUserSince(Struct, frozen=True, rename="camel"):
    """An account's history; ccxt sometimes sends no start."""

    user: Address
    start_time: Time = 0
    end_time: Time | None = None
    aggregate_by_time: bool | None = None
    reversed: bool | None = None


class OfUserFills(Struct, frozen=True, rename="camel"):
    """An account's newest fills."""

    user: Address
    aggregate_by_time: bool | None = None


class OfOrder(Struct, frozen=True, rename="camel"):
    """One order, by the exchange's id or the client's."""

    user: Address
    oid: int | ClientId


class OfBuilder(Struct, frozen=True, rename="camel"):
    """What an account allows a builder."""

    user: Address
    builder: Address
