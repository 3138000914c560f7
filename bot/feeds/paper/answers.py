"""What the exchange answers to public questions, as typed shapes. A field that it adds is ignored; nothing is interpreted."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Answer(Struct, rename="camel", gc=False):
    """Base of all answers: camel case on the wire, numbers as text."""


class MarketRow(Answer):
    """A row of ``meta.universe``; optional keys appear only when set."""

    name: str
    sz_decimals: int
    max_leverage: int
    margin_table_id: int | None = None
    is_delisted: bool | None = None
    only_isolated: bool | None = None
    margin_mode: str | None = None
    growth_mode: str | None = None


class TierRow(Answer):
    """From ``lower_bound`` USD of notional on."""

    lower_bound: Decimal
    max_leverage: int


class TableRow(Answer):
    """A margin table."""

    margin_tiers: list[TierRow]


class Meta(Answer):
    """A dex's universe, with the margin tables that its rows name by number."""

    universe: list[MarketRow]
    margin_tables: list[tuple[int, TableRow]] = []


class DexRow(Answer):
    """A row of ``perpDexs``."""

    name: str
    deployer_fee_scale: Decimal | None = None
    asset_to_funding_multiplier: list[tuple[str, Decimal]] = []


class ContextRow(Answer):
    """A market's present figures; prices are null where nothing trades."""

    mark_px: Decimal | None = None
    oracle_px: Decimal | None = None
    mid_px: Decimal | None = None
    impact_pxs: list[Decimal] | None = None
    funding: Decimal = Decimal(0)
    open_interest: Decimal = Decimal(0)
    prev_day_px: Decimal = Decimal(0)
    day_ntl_vlm: Decimal = Decimal(0)
    premium: Decimal | None = None


class LevelRow(Answer):
    """One price of a book."""

    px: Decimal
    sz: Decimal


class BookRow(Answer):
    """A book: bids, then asks, best first. ``time`` is the exchange's."""

    coin: str
    time: int
    levels: tuple[list[LevelRow], list[LevelRow]]


class BestRow(Answer):
    """The best of both sides; null where a side is empty."""

    coin: str
    time: int
    bbo: tuple[LevelRow | None, LevelRow | None]


class ContextFrame(Answer):
    """A market's figures as the stream tells them."""

    coin: str
    ctx: ContextRow


class FundingRow(Answer):
    """One settled hour; ``time`` lies a little past it."""

    coin: str
    funding_rate: Decimal
    time: int
