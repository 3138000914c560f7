"""What Hyperliquid answers, as typed shapes; nothing here interprets them.

A field that the venue adds is ignored, one that it drops is an error at the moment of decoding. Numbers arrive as
strings and become exact ``Decimal``; candles alone become floats (:mod:`bot.exchange.hyperliquid.candles`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

COLLATERAL = "USDC"
"""What every dex in use is margined in."""


class Answer(Struct, rename="camel", gc=False):
    """Base of all answers: camel case on the wire."""


class MarketRow(Answer):
    """A row of ``meta.universe``. Optional keys appear only when set."""

    name: str
    sz_decimals: int
    max_leverage: int
    is_delisted: bool | None = None
    only_isolated: bool | None = None
    margin_mode: str | None = None
    growth_mode: str | None = None


class Meta(Answer):
    """Answer to ``meta``: a market's place in ``universe`` gives its asset id."""

    universe: list[MarketRow]
    collateral_token: int = 0


class ContextRow(Answer):
    """A market's present figures, second half of ``metaAndAssetCtxs``; prices are null where nothing trades."""

    mark_px: Decimal | None = None
    oracle_px: Decimal | None = None
    mid_px: Decimal | None = None
    impact_pxs: tuple[Decimal | None, Decimal | None] | None = None
    funding: Decimal = Decimal(0)
    open_interest: Decimal = Decimal(0)
    day_ntl_vlm: Decimal = Decimal(0)


class DexRow(Answer):
    """A row of ``perpDexs``; the main dex is a null there. Multipliers scale what a market pays that leans to no side."""

    name: str
    asset_to_funding_multiplier: list[tuple[str, Decimal]] = []


class AgentRow(Answer):
    """A row of ``extraAgents``: an API wallet with a name."""

    address: str
    name: str
    valid_until: int


class TokenRow(Answer):
    """A row of ``spotMeta.tokens``."""

    name: str
    index: int
    token_id: str


class SpotMeta(Answer):
    """Answer to ``spotMeta``, of which only the tokens matter here."""

    tokens: list[TokenRow]


class RoleData(Answer):
    """Whose agent or sub-account an address is."""

    user: str | None = None
    master: str | None = None


class Role(Answer):
    """Answer to ``userRole``."""

    role: str
    data: RoleData | None = None


class MarginSummary(Answer):
    """Totals of one dex."""

    account_value: Decimal


class LeverageRow(Answer):
    """Leverage of a position and its margin mode."""

    type: Literal["cross", "isolated"]
    value: int


class FundingTotals(Answer):
    """Funding so far, as the venue counts it: positive was paid."""

    since_open: Decimal = Decimal(0)


class PositionRow(Answer):
    """A position inside ``clearinghouseState``; ``szi`` is signed."""

    coin: str
    szi: Decimal
    leverage: LeverageRow
    unrealized_pnl: Decimal
    margin_used: Decimal
    position_value: Decimal
    entry_px: Decimal | None = None
    liquidation_px: Decimal | None = None
    cum_funding: FundingTotals | None = None


class AssetPosition(Answer):
    """Envelope of a position."""

    position: PositionRow


class ClearinghouseState(Answer):
    """Answer to ``clearinghouseState``: one account on one dex."""

    margin_summary: MarginSummary
    withdrawable: Decimal
    asset_positions: list[AssetPosition]
    time: int = 0


class OrderRow(Answer):
    """An order as ``frontendOpenOrders`` and ``orderStatus`` show it. Side ``B`` buys, ``A`` sells."""

    coin: str
    side: Literal["A", "B"]
    limit_px: Decimal
    sz: Decimal
    oid: int
    timestamp: int
    orig_sz: Decimal
    order_type: str = "Limit"
    is_trigger: bool = False
    trigger_px: Decimal = Decimal(0)
    reduce_only: bool = False
    cloid: str | None = None


class OrderRecord(Answer):
    """An order with what became of it."""

    order: OrderRow
    status: str
    status_timestamp: int


class OrderStatus(Answer):
    """Answer to ``orderStatus``: ``order``, or ``unknownOid`` without one."""

    status: str
    order: OrderRecord | None = None


class LiquidationRow(Answer):
    """Present in both parties' fills of a forced close."""

    liquidated_user: str | None = None


class FillRow(Answer):
    """A row of ``userFillsByTime``."""

    coin: str
    px: Decimal
    sz: Decimal
    side: Literal["A", "B"]
    time: int
    start_position: Decimal
    closed_pnl: Decimal
    oid: int
    fee: Decimal
    tid: int
    fee_token: str = COLLATERAL
    cloid: str | None = None
    liquidation: LiquidationRow | None = None
    dir: str = ""


class FundingDelta(Answer):
    """What one funding settlement moved; ``usdc`` is negative when paid."""

    coin: str
    usdc: Decimal
    szi: Decimal
    funding_rate: Decimal


class FundingRow(Answer):
    """A row of ``userFunding``."""

    time: int
    delta: FundingDelta


class LedgerDelta(Answer):
    """What one movement of money was; which fields there are depends on its type."""

    type: str
    usdc: Decimal | None = None
    usdc_value: Decimal | None = None
    net_withdrawn_usd: Decimal | None = None
    fee: Decimal | None = None
    to_perp: bool | None = None
    user: str = ""
    destination: str = ""
    source_dex: str | None = None
    destination_dex: str | None = None


class LedgerRow(Answer):
    """A row of ``userNonFundingLedgerUpdates``."""

    time: int
    hash: str
    delta: LedgerDelta


class MarketClock(Struct, frozen=True):
    """Answer to ``GET /clock``, the simulated venue's own addition. ``limited`` says that it keeps a weight budget."""

    now_ms: int
    speed: float | Literal["step"]
    end_ms: int | None = None
    limited: bool = False
