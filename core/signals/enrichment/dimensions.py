"""The 35 enrichment dimensions of one market, with the neutral value each has until a pass says otherwise (SPEC §3).

Names, labels and order are the specification's own. Refuses computation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class VwapFilter(StrEnum):
    """Which side the VWAP allows."""

    NEUTRAL = "NEUTRAL"
    BUY_OK = "BUY_OK"
    SELL_OK = "SELL_OK"
    CONFLICT = "CONFLICT"


class PremarketSignal(StrEnum):
    """The session has left the morning's ranges, along the side or against it."""

    NONE = "NONE"
    CONFIRMED = "CONFIRMED"
    CON = "CON"


class VdFilter(StrEnum):
    """Volume delta, seen from the side."""

    NEUTRAL = "NEUTRAL"
    CONFIRMED = "CONFIRMED"
    CONFLICT = "CONFLICT"


class MacdBias(StrEnum):
    """MACD line against its signal line."""

    NEUTRAL = "NEUTRAL"
    BULLISH = "BULLISH"
    BEARISH = "BEARISH"


class MacdCross(StrEnum):
    """A fresh crossing of the two."""

    NONE = "NONE"
    BULL_CROSS = "BULL_CROSS"
    BEAR_CROSS = "BEAR_CROSS"


class Divergence(StrEnum):
    """Price makes a new extreme and the measure does not follow."""

    NONE = "NONE"
    BULL_DIV = "BULL_DIV"
    BEAR_DIV = "BEAR_DIV"


class StochRsiState(StrEnum):
    """Where the stochastic RSI stands."""

    NEUTRAL = "NEUTRAL"
    OVERBOUGHT = "OVERBOUGHT"
    OVERSOLD = "OVERSOLD"


class Squeeze(StrEnum):
    """Bollinger against Keltner."""

    NONE = "NONE"
    COILING = "COILING"
    FIRING_LONG = "FIRING_LONG"
    FIRING_SHORT = "FIRING_SHORT"


class MiSignal(StrEnum):
    """What momentum adds up to, seen from the side."""

    NEUTRAL = "NEUTRAL"
    STRONG_LONG = "STRONG_LONG"
    STRONG_SHORT = "STRONG_SHORT"
    CONFIRMED = "CONFIRMED"
    CONFLICT = "CONFLICT"


class MsSequence(StrEnum):
    """The last two confirmed swing highs and lows."""

    NONE = "NONE"
    HH_HL = "HH_HL"
    LH_LL = "LH_LL"
    MIXED = "MIXED"


class MsBias(StrEnum):
    """What the sequence says, and whether it was broken."""

    RANGING = "RANGING"
    BULLISH = "BULLISH"
    BEARISH = "BEARISH"
    BROKEN = "BROKEN"


class Sweep(StrEnum):
    """A wick through a watched level that the body did not follow."""

    NONE = "NONE"
    SWEEP_LOW = "SWEEP_LOW"
    SWEEP_HIGH = "SWEEP_HIGH"


class VolConfirm(StrEnum):
    """Where OBV and CVD point together."""

    NEUTRAL = "NEUTRAL"
    CONFLICT = "CONFLICT"
    STRONG_BULL = "STRONG_BULL"
    STRONG_BEAR = "STRONG_BEAR"
    BULL = "BULL"
    BEAR = "BEAR"


class StFlip(StrEnum):
    """A fresh turn of the Supertrend."""

    NONE = "NONE"
    BULL_FLIP = "BULL_FLIP"
    BEAR_FLIP = "BEAR_FLIP"


class PivotZone(StrEnum):
    """Between which floor pivots the close lies."""

    AT_P = "AT_P"
    ABOVE_R2 = "ABOVE_R2"
    R1_R2 = "R1_R2"
    P_R1 = "P_R1"
    S1_P = "S1_P"
    S2_S1 = "S2_S1"
    BELOW_S2 = "BELOW_S2"


class PpStSignal(StrEnum):
    """Pivots and Supertrend together."""

    NONE = "NONE"
    BREAKOUT_LONG = "BREAKOUT_LONG"
    BREAKOUT_SHORT = "BREAKOUT_SHORT"
    BOUNCE_LONG = "BOUNCE_LONG"
    BOUNCE_SHORT = "BOUNCE_SHORT"
    STRONG_LONG = "STRONG_LONG"
    STRONG_SHORT = "STRONG_SHORT"


@dataclass(frozen=True, slots=True)
class Pivots:
    """Floor pivots of the last complete UTC day, in units of price."""

    p: float
    r1: float
    r2: float
    s1: float
    s2: float


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What the passes found; prices and levels are None where there is nothing to say.

    >>> Dimensions().stoch_rsi, Dimensions().ms_bias.value
    (50.0, 'RANGING')
    """

    vwap: float | None = None
    vwap_distance_pct: float = 0.0
    vwap_filter: VwapFilter = VwapFilter.NEUTRAL
    premarket_high: float | None = None
    premarket_low: float | None = None
    opening_high: float | None = None
    opening_low: float | None = None
    premarket_signal: PremarketSignal = PremarketSignal.NONE
    vd_delta: float = 0.0
    vd_divergence: Divergence = Divergence.NONE
    vd_filter: VdFilter = VdFilter.NEUTRAL
    macd_bias: MacdBias = MacdBias.NEUTRAL
    macd_cross: MacdCross = MacdCross.NONE
    macd_divergence: Divergence = Divergence.NONE
    stoch_rsi: float = 50.0
    stoch_rsi_state: StochRsiState = StochRsiState.NEUTRAL
    squeeze: Squeeze = Squeeze.NONE
    mi_signal: MiSignal = MiSignal.NEUTRAL
    ms_sequence: MsSequence = MsSequence.NONE
    swing_high: float | None = None
    swing_low: float | None = None
    structure_break: bool = False
    ms_bias: MsBias = MsBias.RANGING
    sweep: Sweep = Sweep.NONE
    sweep_level: float | None = None
    sweep_age_bars: int | None = None
    obv_slope: float = 0.0
    obv_divergence: Divergence = Divergence.NONE
    cvd_delta: float = 0.0
    vol_confirm: VolConfirm = VolConfirm.NEUTRAL
    st_direction: int = 0
    st_flip: StFlip = StFlip.NONE
    pivots: Pivots | None = None
    pivot_zone: PivotZone = PivotZone.AT_P
    pp_st_signal: PpStSignal = PpStSignal.NONE

    @property
    def break_direction(self) -> int:
        """Where a broken structure points: against its sequence; 0 when nothing is broken.

        >>> Dimensions(ms_sequence=MsSequence.LH_LL, structure_break=True).break_direction
        1
        """
        if not self.structure_break:
            return 0
        return -1 if self.ms_sequence is MsSequence.HH_HL else 1

    @property
    def sweep_direction(self) -> int:
        """Where a sweep points: +1 after a swept low, −1 after a swept high, 0 without one.

        >>> Dimensions(sweep=Sweep.SWEEP_HIGH).sweep_direction
        -1
        """
        return {Sweep.SWEEP_LOW: 1, Sweep.SWEEP_HIGH: -1}.get(self.sweep, 0)
