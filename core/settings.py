"""Every number of Vektor: one frozen dataclass per subject, one docstring per field.

A field carries its default, its unit and its bounds; a value outside its bounds is refused by name. An operator
overrides any of them in ``settings.toml`` of the state folder (``vektor numbers`` lists all). Marks: **[S]** comes
from the architecture source, **[X]** is a fact of the exchange, the rest were decided in the specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Self

from core.errors import BadSetting


def number(default: float, unit: str, low: float, high: float) -> Any:
    """A numeric field with its unit and inclusive bounds."""
    return field(default=default, metadata={"unit": unit, "low": low, "high": high})


class Group:
    """Base of all groups: checks bounds when built, and builds itself from a table of overrides."""

    def __post_init__(self) -> None:
        for one in fields(self):  # type: ignore[arg-type]
            check_bounds(f"{type(self).__name__}.{one.name}", getattr(self, one.name), one.metadata)

    @classmethod
    def overridden(cls, table: Mapping[str, Any], path: str = "") -> Self:
        """An instance in which the entries of ``table`` (nested like the groups) replace the defaults.

        Raises :class:`BadSetting` for an unknown name, a value of the wrong type or one outside its bounds.
        """
        known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
        values: dict[str, Any] = {}
        for name, value in table.items():
            here = f"{path}{name}"
            if name not in known:
                raise BadSetting(
                    f"setting {here!r} does not exist; {', '.join(sorted(known))} do",
                    name=here,
                    value=str(value),
                    expected="a known name",
                )
            values[name] = _coerced(here, value, getattr(cls(), name))
        return cls(**values)


def _coerced(path: str, value: Any, default: Any) -> Any:
    """``value`` as the type of ``default``; groups recurse."""
    if is_dataclass(default) and isinstance(default, Group):
        if not isinstance(value, Mapping):
            raise BadSetting(
                f"setting {path!r} is a group, not {value!r}", name=path, value=str(value), expected="a table"
            )
        return type(default).overridden(value, f"{path}.")
    if isinstance(default, bool) or isinstance(value, bool):
        if type(default) is not type(value):
            raise BadSetting(
                f"setting {path!r} cannot be {value!r}", name=path, value=str(value), expected=type(default).__name__
            )
        return value
    if isinstance(default, int) and isinstance(value, int):
        return value
    if isinstance(default, float) and isinstance(value, (int, float)):
        return float(value)
    if isinstance(default, str) and isinstance(value, str):
        return value
    expected = {int: "a whole number", float: "a number", str: "a text"}.get(type(default), type(default).__name__)
    raise BadSetting(
        f"setting {path!r} cannot be {value!r}; it is {expected}", name=path, value=str(value), expected=expected
    )


def check_bounds(name: str, value: Any, metadata: Mapping[str, Any]) -> None:
    """Raise :class:`BadSetting` when a bounded value is outside its bounds or no number at all."""
    if "low" in metadata and not metadata["low"] <= value <= metadata["high"]:
        expected = f"{metadata['low']} … {metadata['high']} {metadata['unit']}"
        raise BadSetting(
            f"{name} is {value}; it must lie in {expected}", name=name, value=str(value), expected=expected
        )


@dataclass(frozen=True, slots=True)
class Cadence(Group):
    """When things happen, in market time."""

    scan_ms: int = number(300_000, "ms", 60_000, 3_600_000)
    """Between two scans; scans are aligned to multiples of it."""
    scan_delay_ms: int = number(5_000, "ms", 0, 60_000)
    """How long after its mark a scan starts, so that the bar that just closed can be had."""
    watch_ms: int = number(5_000, "ms", 1_000, 60_000)
    """Between two looks at open positions when no stream event calls for one sooner."""
    reconcile_ms: int = number(60_000, "ms", 10_000, 600_000)
    """Between two comparisons of our book with the venue's."""
    audit_ms: int = number(86_400_000, "ms", 60_000, 604_800_000)
    """Between two self-audits, at UTC midnight by default."""
    listings_ms: int = number(300_000, "ms", 60_000, 86_400_000)
    """Between two looks at whether the venue still lists our markets."""
    status_ms: int = number(10_000, "ms", 5_000, 600_000)
    """Between two edits of the pinned status message, wall time."""
    least_wall_ms: int = number(500, "ms", 50, 10_000)
    """On a market that runs faster than the wall, no job repeats sooner than this in wall time."""
    misfire_ms: int = number(60_000, "ms", 1_000, 600_000)
    """How late a job may still start (wall time)."""


@dataclass(frozen=True, slots=True)
class CandleRules(Group):
    """Which candles are fetched, for how long they are good, and when a series is sound (SPEC C1–C5)."""

    in_flight: int = number(8, "requests", 1, 64)
    """Most requests at once [S]."""
    ttl_15m_ms: int = number(240_000, "ms", 1_000, 900_000)
    """How long a cached 15m series is fresh [S]."""
    ttl_1h_ms: int = number(840_000, "ms", 1_000, 3_600_000)
    """How long a cached 1h series is fresh [S]."""
    ttl_4h_ms: int = number(3_540_000, "ms", 1_000, 14_400_000)
    """How long a cached 4h series is fresh [S]."""
    least_15m: int = number(300, "bars", 60, 3000)
    """Closed 15m bars that a reading needs; also how far back its anchor lies at least."""
    least_1h: int = number(300, "bars", 60, 3000)
    """The same for 1h."""
    least_4h: int = number(200, "bars", 60, 3000)
    """The same for 4h."""
    short_15m: int = number(300, "bars", 60, 3000)
    """Closed 15m bars that a market with sessions needs at least."""
    short_1h: int = number(120, "bars", 60, 3000)
    """The same for 1h."""
    short_4h: int = number(60, "bars", 50, 3000)
    """The same for 4h."""
    fill_bars: int = number(3, "bars", 0, 20)
    """Longest run of missing bars that is filled flat with volume 0."""
    margin_bars: int = number(8, "bars", 4, 500)
    """Bars asked for before the anchor of a market without sessions, so that a gap at the anchor can be filled."""
    session_days_15m: int = number(35, "days", 7, 52)
    """How far back 15m bars of a market with sessions are asked for (300 own bars and the Monday before them)."""
    session_days_1h: int = number(80, "days", 14, 208)
    """The same for 1h."""
    session_days_4h: int = number(180, "days", 30, 833)
    """The same for 4h."""
    stale_ms: int = number(60_000, "ms", 1_000, 900_000)
    """How soon a series of a market that never closes is asked for again when its last due bar was not there."""
    cycle_ms: int = number(60_000, "ms", 100, 600_000)
    """Longest a cycle waits for its candles (wall time); what is not there by then is left out of it."""
    switch_after: int = number(2, "failures", 1, 100)
    """Failures in a row after which a series is taken from the next source, history and all."""
    prefer_again_ms: int = number(3_600_000, "ms", 60_000, 86_400_000)
    """How long a series stays with a source that is not its first choice."""


@dataclass(frozen=True, slots=True)
class BinanceRules(Group):
    """How Binance USD-M is asked for klines (SPEC C1). Spans are wall time."""

    weight_per_minute: int = number(2_000, "weight", 100, 2_400)
    """Most request weight spent in a minute; Binance bans who goes beyond 2,400 [X]."""
    timeout_ms: int = number(10_000, "ms", 50, 60_000)
    """Longest one request may take."""
    attempts: int = number(3, "requests", 1, 10)
    """How often a request is made that is answered by 5xx, by nothing, or by half an answer."""
    retry_ms: int = number(250, "ms", 1, 10_000)
    """Wait before the second of them; doubles."""
    quiet_after: int = number(6, "failures", 1, 1_000)
    """Failed requests in a row after which Binance is left alone for a while."""
    quiet_ms: int = number(30_000, "ms", 10, 3_600_000)
    """How long."""
    limited_ms: int = number(60_000, "ms", 10, 600_000)
    """How long after a 429 that bears no Retry-After."""
    banned_ms: int = number(120_000, "ms", 10, 3_600_000)
    """How long after a 418 that bears none; the shortest ban [X]."""
    patience_ms: int = number(5_000, "ms", 0, 60_000)
    """Longest such pause that a request waits out instead of failing."""
    listing_ms: int = number(86_400_000, "ms", 60_000, 604_800_000)
    """How long its list of symbols, and a verdict on a symbol's level, are good (market time)."""
    level_off: float = number(0.03, "share", 0.001, 1)
    """A series whose last close is further off the venue's mark is refused."""


@dataclass(frozen=True, slots=True)
class CandleStreams(Group):
    """How the streams of closed bars are listened to (wall time)."""

    retry_least_ms: int = number(500, "ms", 10, 60_000)
    """First wait before a stream that ended is begun again; doubles."""
    retry_most_ms: int = number(60_000, "ms", 100, 600_000)
    """Longest such wait."""
    turn_frames: int = number(100, "frames", 1, 10_000)
    """Frames of a burst that are read before the event loop gets its turn."""
    idle_s: float = number(90.0, "s", 0.05, 600)
    """A stream that says nothing for so long is taken for dead."""
    hyperliquid_ping_s: float = number(30.0, "s", 0.01, 59)
    """Between two pings to Hyperliquid, which drops a socket to which it sent nothing for 60 s [X]."""
    binance_life_s: float = number(82_800.0, "s", 1, 86_400)
    """A connection to Binance is begun anew after this, before Binance ends it at 24 hours [X]."""


@dataclass(frozen=True, slots=True)
class TimeframeRules(Group):
    """The 15m/1h/4h reading (SPEC M1)."""

    ema_fast: int = number(20, "bars", 2, 200)
    """Fast EMA [S]."""
    ema_slow: int = number(50, "bars", 3, 500)
    """Slow EMA [S]."""


@dataclass(frozen=True, slots=True)
class StockHours(Group):
    """The day of a stock in New York, in minutes after midnight there (SPEC §3 ②)."""

    premarket: int = number(240, "minutes", 0, 1439)
    """Pre-market begins [S]."""
    opens: int = number(570, "minutes", 0, 1439)
    """The regular session begins [S]."""
    opening_range: int = number(30, "minutes", 15, 240)
    """Length of the opening range [S]."""
    closes: int = number(960, "minutes", 0, 1439)
    """The regular session ends."""
    half_day_closes: int = number(780, "minutes", 0, 1439)
    """… on a half day."""


@dataclass(frozen=True, slots=True)
class AsianHours(Group):
    """When the shares of the Asian indices trade, in minutes after midnight there (SPEC G3) [X]."""

    tokyo_opens: int = number(540, "minutes", 0, 1439)
    """Tokyo opens,"""
    tokyo_lunch: int = number(690, "minutes", 0, 1439)
    """pauses,"""
    tokyo_lunch_over: int = number(750, "minutes", 0, 1439)
    """goes on"""
    tokyo_closes: int = number(930, "minutes", 0, 1439)
    """and closes."""
    seoul_opens: int = number(540, "minutes", 0, 1439)
    """Seoul opens"""
    seoul_closes: int = number(930, "minutes", 0, 1439)
    """and closes."""


@dataclass(frozen=True, slots=True)
class Enrichment(Group):
    """The passes' windows and limits (SPEC §3); 1h bars unless said otherwise."""

    fresh_bars: int = number(2, "bars", 0, 20)
    """An event counts as fresh when it is at most this old."""
    vwap_bars: int = number(24, "bars", 2, 500)
    """VWAP window [S]."""
    delta_bars: int = number(20, "bars", 2, 500)
    """Window of the volume delta [S]."""
    delta_divergence_bars: int = number(20, "bars", 5, 500)
    """Window of its divergence."""
    delta_filter: float = number(0.10, "of volume", 0, 1)
    """Volume delta along (against) the side at or above which vd_filter is CONFIRMED (CONFLICT)."""
    macd_fast: int = number(12, "bars", 2, 200)
    """MACD fast EMA [S]."""
    macd_slow: int = number(26, "bars", 3, 500)
    """MACD slow EMA [S]."""
    macd_signal: int = number(9, "bars", 2, 200)
    """MACD signal EMA [S]."""
    macd_divergence_bars: int = number(40, "bars", 5, 500)
    """Window of the MACD divergence."""
    divergence_gap_bars: int = number(5, "bars", 1, 100)
    """How far back the earlier extreme of a divergence lies at least."""
    rsi_bars: int = number(14, "bars", 2, 200)
    """RSI length inside the StochRSI."""
    stoch_bars: int = number(14, "bars", 2, 200)
    """Stochastic range of the RSI."""
    stoch_smooth: int = number(3, "bars", 1, 50)
    """%K smoothing."""
    overbought: float = number(80.0, "points", 50, 100)
    """StochRSI at or above is OVERBOUGHT."""
    oversold: float = number(20.0, "points", 0, 50)
    """StochRSI at or below is OVERSOLD."""
    squeeze_bars: int = number(20, "bars", 5, 200)
    """Bollinger and Keltner length [S]."""
    bollinger_sigmas: float = number(2.0, "σ", 0.5, 5)
    """Bollinger width [S]."""
    keltner_atrs: float = number(1.5, "ATR", 0.5, 5)
    """Keltner width [S]."""
    squeeze_inside_bars: int = number(3, "bars", 1, 50)
    """Bars inside that a release must follow."""
    strong_momentum: int = number(3, "points", 1, 7)
    """|m| at or above makes mi_signal STRONG."""
    structure_bars: int = number(60, "4h bars", 20, 500)
    """Structure window [S]."""
    pivot_bars: int = number(3, "bars", 1, 20)
    """Bars strictly lower (higher) each side of a pivot [S]."""
    sweep_bars: int = number(50, "bars", 10, 500)
    """Window of a sweep, its own bar included [S]."""
    obv_slope_bars: int = number(10, "bars", 2, 500)
    """Bars of the OBV slope [S]."""
    obv_slope_least: float = number(0.1, "mean volumes a bar", 0, 10)
    """OBV slope that counts in vol_confirm."""
    obv_divergence_bars: int = number(5, "bars", 1, 100)
    """How far back the OBV divergence compares [S]."""
    cvd_bars: int = number(20, "bars", 2, 500)
    """CVD window [S]."""
    cvd_least: float = number(0.05, "of volume", 0, 1)
    """CVD delta that counts in vol_confirm."""
    cvd_strong: float = number(0.15, "of volume", 0, 1)
    """CVD delta from which an agreement is STRONG."""
    supertrend_bars: int = number(10, "bars", 2, 200)
    """Supertrend ATR length [S]."""
    supertrend_atrs: float = number(3.0, "ATR", 0.5, 10)
    """Supertrend width [S]."""
    breakout_bars: int = number(3, "bars", 1, 50)
    """Bars before the breakout bar whose lowest close must lie at or under the level."""
    bounce_bars: int = number(3, "bars", 1, 50)
    """Bars in which a bounce must have touched S1 (R1)."""
    atr_bars: int = number(14, "bars", 2, 200)
    """ATR length for stops and volatility [S]."""
    range_bars: int = number(24, "bars", 2, 500)
    """Bars of the 24 h range that leverage reads."""


@dataclass(frozen=True, slots=True)
class RegimeRules(Group):
    """Six regimes from breadth and correlation (SPEC X4)."""

    correlation_bars: int = number(168, "1h bars", 24, 2000)
    """Window of the pairwise return correlations (7 days)."""
    correlation_least: int = number(60, "returns", 10, 2000)
    """Common returns a pair needs."""
    choppy_neutral: float = number(0.50, "share", 0, 1)
    """CHOPPY at or above this share of neutral assets [S]."""
    choppy_correlation: float = number(0.20, "correlation", -1, 1)
    """CHOPPY under this mean correlation [S]."""
    strong_share: float = number(0.55, "share", 0, 1)
    """STRONG_* at or above this share one way [S]."""
    strong_correlation: float = number(0.40, "correlation", -1, 1)
    """STRONG_* needs at least this correlation [S]."""
    trend_share: float = number(0.40, "share", 0, 1)
    """BULL/BEAR at or above this share [S]."""
    trend_lead: float = number(0.10, "share", 0, 1)
    """… and leading by this much."""
    size_strong: float = number(1.0, "×", 0, 1)
    """Size in STRONG_* [S]."""
    size_trend: float = number(0.9, "×", 0, 1)
    """Size in BULL/BEAR [S]."""
    size_neutral: float = number(0.7, "×", 0, 1)
    """Size in NEUTRAL [S]."""
    size_choppy: float = number(0.5, "×", 0, 1)
    """Size in CHOPPY [S]."""
    aligned: float = number(0.10, "confidence", 0, 0.5)
    """Added to crypto confidence along a STRONG regime [S]."""
    counter: float = number(0.20, "confidence", 0, 0.5)
    """Taken from crypto confidence against a STRONG regime [S]."""
    choppy_threshold: float = number(0.10, "confidence", 0, 0.5)
    """Added to the crypto threshold in CHOPPY."""


@dataclass(frozen=True, slots=True)
class CrowdingRules(Group):
    """Funding and open interest as one score of how crowded a side is (SPEC X1)."""

    poll_ms: int = number(300_000, "ms", 60_000, 3_600_000)
    """How long the contexts of the markets are good once they were asked for [S]."""
    keep_ms: int = number(90_000_000, "ms", 86_400_000, 604_800_000)
    """How long open interest is remembered (25 h)."""
    slack_ms: int = number(3_600_000, "ms", 60_000, 43_200_000)
    """How much older than 24 hours the open interest may be that the present one is compared with."""
    funding_full: float = number(0.50, "per year", 0.01, 10)
    """Annualised funding over the neutral rate that counts as wholly crowded."""
    interest_full: float = number(0.25, "share", 0.01, 10)
    """Change of open interest in 24 hours that counts as wholly crowded."""
    weight_funding: float = number(0.6, "weight", 0, 1)
    """Weight of funding."""
    weight_interest: float = number(0.4, "weight", 0, 1)
    """Weight of open interest."""
    moderate: float = number(0.5, "score", 0, 1)
    """Beyond it a side is moderately crowded."""
    extreme: float = number(0.8, "score", 0, 1)
    """Beyond it extremely."""
    moderate_penalty: float = number(0.05, "confidence", 0, 0.5)
    """Taken from the confidence of a moderately crowded side."""
    extreme_penalty: float = number(0.10, "confidence", 0, 0.5)
    """Taken from that of an extremely crowded one."""
    extreme_size: float = number(0.5, "×", 0, 1)
    """Size on an extremely crowded side [S]."""
    label_moderate: float = number(0.20, "per year", 0, 10)
    """Annualised funding beyond which it is shown as moderate [S]."""
    label_extreme: float = number(0.50, "per year", 0, 10)
    """… and as extreme [S]."""
    neutral_hourly: float = number(0.0000125, "per hour", 0, 0.001)
    """What a market pays that leans to no side, on Hyperliquid (10.95 % a year) [X]: what real rates are judged by."""


@dataclass(frozen=True, slots=True)
class CascadeRules(Group):
    """Liquidations of five minutes, their tiers and their end (SPEC X2)."""

    window_s: int = number(300, "s", 30, 3_600)
    """Length of the rolling window [S]; also how long a gap keeps everything from being called exhausted."""
    run_s: int = number(30, "s", 1, 300)
    """Length of the runs whose rate is compared."""
    least_volume: float = number(250_000_000.0, "USD", 0, 1e12)
    """A market's thresholds are shares of at least this daily volume."""
    low: float = number(0.0002, "of day volume", 0, 1)
    """LOW of a symbol."""
    medium: float = number(0.0005, "of day volume", 0, 1)
    """MEDIUM."""
    high: float = number(0.0015, "of day volume", 0, 1)
    """HIGH."""
    extreme: float = number(0.004, "of day volume", 0, 1)
    """EXTREME."""
    market_low: float = number(250_000.0, "USD", 0, 1e12)
    """LOW of the whole market."""
    market_medium: float = number(1_000_000.0, "USD", 0, 1e12)
    """MEDIUM."""
    market_high: float = number(5_000_000.0, "USD", 0, 1e12)
    """HIGH."""
    market_extreme: float = number(20_000_000.0, "USD", 0, 1e12)
    """EXTREME."""
    exhausted: float = number(0.30, "of the peak rate", 0, 1)
    """A cascade is over when its newest run is under this share of its largest."""
    one_sided: float = number(2 / 3, "share", 0.5, 1)
    """Share of one side from which an exhaustion points against it."""
    remembered: int = number(200_000, "ids", 1_000, 10_000_000)
    """Ids of events that are remembered, so that a reconnect counts none twice."""


@dataclass(frozen=True, slots=True)
class LiquidationFeeds(Group):
    """How the feeds of liquidations are listened to (wall time)."""

    retry_least_ms: int = number(500, "ms", 10, 60_000)
    """First wait before a feed that ended is begun again; doubles."""
    retry_most_ms: int = number(60_000, "ms", 100, 600_000)
    """Longest such wait."""
    turn_frames: int = number(100, "frames", 1, 10_000)
    """Frames of a burst that are read before the event loop gets its turn."""
    bybit_ping_s: float = number(20.0, "s", 0.01, 60)
    """Between two pings to Bybit [X]."""
    okx_ping_s: float = number(20.0, "s", 0.01, 29)
    """Between two pings to OKX, which ends a silent connection after 30 s [X]."""
    hyperliquid_ping_s: float = number(30.0, "s", 0.01, 59)
    """Between two pings to Hyperliquid, which drops a socket to which it sent nothing for 60 s [X]."""
    idle_s: float = number(90.0, "s", 0.05, 600)
    """A feed that answers no ping for so long is taken for dead."""
    down_ms: int = number(60_000, "ms", 0, 3_600_000)
    """A feed that has been down for so long is announced as missing (market time)."""
    ask_s: float = number(10.0, "s", 0.1, 120)
    """How long a question beside the stream may take."""
    binance_life_s: float = number(82_800.0, "s", 1, 86_400)
    """A connection to Binance is begun anew after this, before Binance ends it at 24 hours [X]."""


@dataclass(frozen=True, slots=True)
class Score(Group):
    """Points of the technical score Σ, toward the side (SPEC T1), and its divisor (SPEC A1)."""

    divisor: float = number(8.0, "points", 1, 50)
    """p = σ(Σ / divisor)."""
    state: float = number(1.0, "points", 0, 5)
    """Each timeframe's state."""
    vwap: float = number(0.5, "points", 0, 5)
    """VWAP along the side."""
    vwap_conflict: float = number(1.0, "points", 0, 5)
    """VWAP CONFLICT, taken off."""
    premarket: float = number(1.0, "points", 0, 5)
    """Pre-market break, along or against."""
    volume_delta: float = number(0.5, "points", 0, 5)
    """vd_filter CONFIRMED."""
    volume_delta_conflict: float = number(1.0, "points", 0, 5)
    """vd_filter CONFLICT, taken off."""
    divergence: float = number(0.5, "points", 0, 5)
    """Each divergence."""
    momentum_strong: float = number(1.5, "points", 0, 5)
    """mi_signal STRONG."""
    momentum: float = number(0.5, "points", 0, 5)
    """mi_signal CONFIRMED."""
    momentum_conflict: float = number(1.0, "points", 0, 5)
    """mi_signal CONFLICT, taken off."""
    structure: float = number(1.0, "points", 0, 5)
    """ms_bias along or against."""
    broken_against: float = number(1.0, "points", 0, 5)
    """BROKEN against the side, taken off."""
    broken_for: float = number(0.5, "points", 0, 5)
    """BROKEN for the side."""
    sweep: float = number(2.0, "points", 0, 5)
    """Sweep, along or against."""
    volume_strong: float = number(1.0, "points", 0, 5)
    """vol_confirm STRONG, along or against."""
    volume: float = number(0.5, "points", 0, 5)
    """vol_confirm plain, along or against."""
    volume_conflict: float = number(0.5, "points", 0, 5)
    """vol_confirm CONFLICT, taken off."""
    breakout: float = number(1.5, "points", 0, 5)
    """BREAKOUT."""
    bounce: float = number(1.0, "points", 0, 5)
    """BOUNCE."""
    pivot_strong: float = number(0.5, "points", 0, 5)
    """STRONG pivot signal."""
    firing: float = number(1.0, "points", 0, 5)
    """FIRING."""


@dataclass(frozen=True, slots=True)
class Confidence(Group):
    """Consensus and threshold (SPEC A4)."""

    weight_technical: float = number(0.35, "weight", 0, 1)
    """Prior weight of the technical agent."""
    floor: float = number(0.02, "probability", 0.0001, 0.2)
    """p and C are clipped to [floor, 1 − floor]."""
    threshold: float = number(0.65, "confidence", 0, 1)
    """Base threshold [S]."""
    threshold_most: float = number(0.95, "confidence", 0, 1)
    """The threshold never exceeds this."""
    equity: float = number(0.05, "confidence", -0.5, 0.5)
    """Added for equity and index [S]."""
    commodity: float = number(-0.05, "confidence", -0.5, 0.5)
    """Added for commodity and forex [S]."""
    borderline: float = number(0.05, "confidence", 0, 0.5)
    """Width of the borderline band under the threshold."""
    adopted: float = number(0.65, "confidence", 0, 1)
    """Confidence that an adopted position is given in comparisons (SPEC D1)."""
    step: float = number(1e-6, "confidence", 1e-9, 1e-3)
    """Confidences are compared as whole multiples of this."""


@dataclass(frozen=True, slots=True)
class Sizing(Group):
    """How much is risked (SPEC R1)."""

    kelly_trades: int = number(50, "trades", 10, 1000)
    """Most recent closed trades that Kelly reads."""
    kelly_least: int = number(20, "trades", 5, 1000)
    """Fewer, and the prior stands."""
    prior_win_rate: float = number(0.5, "share", 0, 1)
    """Win rate until there are enough trades."""
    prior_payoff: float = number(1.5, "ratio", 0.1, 10)
    """Win/loss ratio until there are enough trades."""
    payoff_least: float = number(0.5, "ratio", 0.01, 10)
    """Lower clip of the win/loss ratio."""
    payoff_most: float = number(3.0, "ratio", 0.1, 100)
    """Upper clip, and the value without a loss."""
    kelly_share: float = number(0.25, "share", 0.01, 1)
    """Share of Kelly that is used [S]."""
    risk_least: float = number(0.0025, "of equity", 0.0001, 0.05)
    """Least risk of a trade; also the probe when Kelly is not positive."""
    risk_most: float = number(0.01, "of equity", 0.0005, 0.05)
    """Most risk of a trade."""
    margin_most: float = number(0.25, "of equity", 0.01, 1)
    """Most margin of one trade [S]."""
    collateral_most: float = number(0.95, "of free collateral", 0.1, 1)
    """Most of the free collateral that one trade may take."""
    open_risk_most: float = number(0.08, "of equity", 0.005, 0.5)
    """Most open risk with the new trade."""
    gross_most: float = number(5.0, "× equity", 0.5, 50)
    """Most gross notional with the new trade."""
    daily_loss_most: float = number(0.10, "of equity", 0.005, 1)
    """Daily loss limit [S]."""


@dataclass(frozen=True, slots=True)
class Stops(Group):
    """Where a position ends (SPEC R2)."""

    stop_atrs: float = number(2.0, "ATR", 0.5, 10)
    """Initial stop and trail distance."""
    target_atrs: float = number(3.0, "ATR", 0.5, 20)
    """Take profit distance."""
    break_even_r: float = number(1.0, "R", 0.1, 10)
    """Profit at which the stop moves to the entry and starts to trail."""
    move_least_atrs: float = number(0.1, "ATR", 0.0, 5)
    """A trailing stop moves only in steps of at least this, to spare the address rate limit."""
    time_stop_ms: int = number(259_200_000, "ms", 3_600_000, 2_592_000_000)
    """A position older than this is closed (72 h)."""
    adopted_atr: float = number(0.01, "of price", 0.0005, 0.2)
    """ATR assumed for a position that was adopted, which no reading of ours preceded."""
    unprotected_ms: int = number(5_000, "ms", 1_000, 60_000)
    """Longest time a position may be without a resting stop; one of which the venue says nothing is replaced after half
    of it."""


@dataclass(frozen=True, slots=True)
class Leverage(Group):
    """Leverage by confidence, volatility and win rate (SPEC R3) [S]."""

    confidence_1: float = number(0.50, "confidence", 0, 1)
    """Under it leverage is 1."""
    confidence_2: float = number(0.65, "confidence", 0, 1)
    """End of CONSERVATIVE."""
    confidence_3: float = number(0.75, "confidence", 0, 1)
    """End of MODERATE."""
    confidence_4: float = number(0.90, "confidence", 0, 1)
    """End of AGGRESSIVE."""
    top_conservative: float = number(3.0, "×", 1, 100)
    """Leverage at the end of CONSERVATIVE."""
    top_moderate: float = number(10.0, "×", 1, 100)
    """Leverage at the end of MODERATE."""
    top_aggressive: float = number(50.0, "×", 1, 100)
    """Leverage at the end of AGGRESSIVE."""
    top_maximum: float = number(100.0, "×", 1, 100)
    """Leverage at confidence 1 in MAXIMUM; the hard cap of all."""
    maximum_market: int = number(50, "×", 1, 200)
    """MAXIMUM needs a market that allows this much."""
    market_share: float = number(0.75, "of the market's max", 0.1, 1)
    """Every tier's top is capped at this share of the market's live maximum."""
    range_low: float = number(0.05, "of price", 0, 1)
    """24 h range under this is low volatility."""
    range_high: float = number(0.10, "of price", 0, 1)
    """24 h range over this is extreme."""
    factor_medium: float = number(0.65, "×", 0.01, 1)
    """Factor between."""
    factor_extreme: float = number(0.5, "×", 0.01, 1)
    """Factor over."""
    win_rate: float = number(0.65, "share", 0, 1)
    """Under this win rate …"""
    win_factor: float = number(0.75, "×", 0.01, 1)
    """… leverage is reduced by this factor."""
    liquidation_stops: float = number(1.5, "× stop distance", 1, 10)
    """Liquidation lies at least this far."""


@dataclass(frozen=True, slots=True)
class Limits(Group):
    """Counts and cooldowns (SPEC R5)."""

    positions: int = number(8, "positions", 1, 50)
    """MAX_POSITIONS [S]."""
    same_direction: int = number(5, "positions", 1, 50)
    """MAX_SAME_DIRECTION [S]."""
    cooldown_ms: int = number(3_600_000, "ms", 0, 86_400_000)
    """No re-entry in a symbol for this long after a close."""
    correlation_most: float = number(0.85, "correlation", 0, 1)
    """No entry on the side of an open position whose hourly returns of 7 days are correlated more than this."""


@dataclass(frozen=True, slots=True)
class Governor(Group):
    """What is dared after losses (SPEC R4) [S]."""

    drawdown_1: float = number(0.05, "of the peak", 0, 1)
    """A drawdown over this is the first tier …"""
    threshold_1: float = number(0.05, "confidence", 0, 0.5)
    """… which adds to every threshold,"""
    risk_1: float = number(0.5, "×", 0.01, 1)
    """… multiplies the risk of a trade,"""
    positions_1: int = number(4, "positions", 1, 50)
    """… and allows so many positions."""
    drawdown_2: float = number(0.10, "of the peak", 0, 1)
    """A drawdown over this is the second tier."""
    threshold_2: float = number(0.10, "confidence", 0, 0.5)
    """Its threshold,"""
    risk_2: float = number(0.25, "×", 0.01, 1)
    """its risk,"""
    positions_2: int = number(3, "positions", 1, 50)
    """its positions."""
    loosen: float = number(0.02, "of the peak", 0, 0.2)
    """A tier is left this far inside of where it began."""
    day_loss_halt: float = number(0.10, "of the day's first equity", 0.005, 1)
    """A day's loss from which there are no entries until 00:00 UTC."""
    drawdown_halt: float = number(0.20, "of the peak", 0.01, 1)
    """A drawdown from which there are no entries until an operator confirms."""


@dataclass(frozen=True, slots=True)
class Protection(Group):
    """When a symbol that keeps losing is left alone (SPEC R6) [S]."""

    losses_in_row: int = number(3, "trades", 1, 50)
    """So many losses in a row block …"""
    first_days: int = number(3, "days", 1, 365)
    """… for so long."""
    rate_trades: int = number(10, "trades", 2, 200)
    """The win rate is taken over the last so many since a block;"""
    rate_least: float = number(0.30, "share", 0, 1)
    """under this it blocks …"""
    second_days: int = number(7, "days", 1, 365)
    """… for so long, as does a second block"""
    second_within_days: int = number(30, "days", 1, 365)
    """within this time."""
    third_days: int = number(30, "days", 1, 365)
    """Length of a third block"""
    third_within_days: int = number(60, "days", 1, 730)
    """within this time."""
    probation_gains: int = number(2, "trades", 1, 20)
    """Gains in a row that end probation."""
    probation_risk: float = number(0.5, "×", 0.01, 1)
    """Risk of a trade on probation,"""
    probation_threshold: float = number(0.10, "confidence", 0, 0.5)
    """and what is added to its threshold."""


@dataclass(frozen=True, slots=True)
class LiquidationGuard(Group):
    """When a position is too near to its liquidation (SPEC R7) [S]."""

    warn: float = number(0.10, "of the mark", 0, 1)
    """A distance of this warns."""
    critical: float = number(0.05, "of the mark", 0, 1)
    """A distance of this is critical."""
    goal: float = number(0.15, "of the mark", 0, 1)
    """Where an injection leads back to; a position opened nearer is measured by its own distance at entry."""
    tight_warn: float = number(0.50, "of the distance at entry", 0, 1)
    """It warns here"""
    tight_critical: float = number(0.25, "of the distance at entry", 0, 1)
    """and is critical here."""
    rearm: float = number(1.1, "× the level", 1, 3)
    """A level is told again only after the distance was so much above it."""


@dataclass(frozen=True, slots=True)
class Way:
    """What makes a position displaceable: so old, a result between two shares of its entry notional, a newcomer that is
    better by ``lead``."""

    age_ms: int
    pnl_least: float
    pnl_most: float
    lead: float


@dataclass(frozen=True, slots=True)
class Displacement(Group):
    """Who may take whose place (SPEC D1) [S]: A where there are too many positions, B where too many of one side."""

    a_age_ms: int = number(2_700_000, "ms", 0, 86_400_000)
    """A: a position must be so old (45 min),"""
    a_pnl_least: float = number(-0.015, "of entry notional", -1, 1)
    """have lost no more"""
    a_pnl_most: float = number(0.020, "of entry notional", -1, 1)
    """and gained no more than this,"""
    a_lead: float = number(0.15, "confidence", 0, 1)
    """and the newcomer be better by this."""
    b_age_ms: int = number(1_800_000, "ms", 0, 86_400_000)
    """B: a position must be so old (30 min),"""
    b_pnl_least: float = number(-0.015, "of entry notional", -1, 1)
    """have lost no more"""
    b_pnl_most: float = number(0.025, "of entry notional", -1, 1)
    """and gained no more than this,"""
    b_lead: float = number(0.18, "confidence", 0, 1)
    """and the newcomer be better by this."""

    @property
    def any_side(self) -> Way:
        """A."""
        return Way(self.a_age_ms, self.a_pnl_least, self.a_pnl_most, self.a_lead)

    @property
    def same_side(self) -> Way:
        """B."""
        return Way(self.b_age_ms, self.b_pnl_least, self.b_pnl_most, self.b_lead)


@dataclass(frozen=True, slots=True)
class EntryRules(Group):
    """What the market may cost at most, and how far it may have gone, before an order is made (SPEC G3)."""

    move_most: float = number(0.5, "ATR", 0, 10)
    """Most that the mark may have moved, either way, since the close of the decision bar."""
    spread_most: float = number(0.0015, "of the middle", 0, 0.1)
    """Widest spread between the venue's impact prices."""
    cost_most: float = number(0.15, "of 1 R", 0, 1)
    """Most that fees of the way in and out, funding and spread may come to together."""
    funding_hours: float = number(24.0, "hours", 0, 720)
    """Over how long the funding is reckoned that the side would pay; what it would receive is not credited."""
    quotes_ms: int = number(2_000, "ms", 0, 60_000)
    """Prices older than this (wall time) are asked for anew before the next candidate; the question weighs 20 per dex."""


@dataclass(frozen=True, slots=True)
class BlackoutRules(Group):
    """Events around which nothing new is entered, unless the operator says otherwise (SPEC G3)."""

    before_ms: int = number(1_800_000, "ms", 0, 604_800_000)
    """How long before an event its blackout begins (30 min),"""
    after_ms: int = number(1_800_000, "ms", 60_000, 604_800_000)
    """and how long after it ends (30 min)."""
    longest_ms: int = number(604_800_000, "ms", 60_000, 2_592_000_000)
    """The longest that an operator may give for either (7 days)."""


@dataclass(frozen=True, slots=True)
class LiveRules(Group):
    """What trading with real money asks for (SPEC V4)."""

    first_trades: int = number(20, "trades", 0, 1_000)
    """Closed live trades before an operator may confirm full size; until then entries are as small as can be."""
    size_above: float = number(0.05, "of the minimum", 0.0, 1.0)
    """How far above the venue's minimum the smallest entries lie, so that a moved price does not take them under it."""
    away_ms: int = number(43_200_000, "ms", 600_000, 2_592_000_000)
    """No operator heard of for this long (wall time): no entries on testnet and mainnet (12 hours)."""
    heard_ms: int = number(60_000, "ms", 0, 3_600_000)
    """How old what is stored of an operator's last sign of life may be."""
    vigil_ms: int = number(60_000, "ms", 1_000, 3_600_000)
    """Between two looks whether an operator is still there."""
    wallet_ms: int = number(3_600_000, "ms", 60_000, 86_400_000)
    """Between two looks at when the API wallet ends."""
    wallet_days_1: int = number(14, "days", 1, 180)
    """First warning before an API wallet ends."""
    wallet_days_2: int = number(7, "days", 1, 180)
    """Second warning."""
    wallet_days_3: int = number(1, "days", 1, 180)
    """Last warning."""
    resamples: int = number(4_000, "draws", 100, 100_000)
    """Draws of the bootstrap behind the interval of the measured edge."""
    seed: int = number(20_260_101, "seed", 0, 2_147_483_647)
    """Seed of these draws: the same trades always give the same interval."""
    coverage: float = number(0.95, "share", 0.5, 0.999)
    """How often such an interval holds the true mean."""
    days_least: int = number(5, "days", 2, 365)
    """Days with trades below which no interval is given."""


@dataclass(frozen=True, slots=True)
class Execution(Group):
    """How orders are sent (SPEC V1)."""

    slippage: float = number(0.003, "of price", 0.0001, 0.05)
    """Cap of an IOC entry or close beyond the price at which it was decided."""
    stop_slippage: float = number(0.10, "of price", 0.001, 0.5)
    """Bound of a triggered stop's market order (the exchange's own UI uses 10 %)."""
    expires_ms: int = number(15_000, "ms", 1_000, 120_000)
    """An entry is refused by the venue this long after it was made."""
    protective_expires_ms: int = number(2_500, "ms", 1_000, 120_000)
    """A stop, target or close is, so that the next one can be sent in time when no answer comes."""
    late_ms: int = number(60_000, "ms", 0, 3_600_000)
    """How much older than the newest known one a fill or funding settlement may be when the venue first shows it."""
    skew_ms: int = number(1_000, "ms", 100, 10_000)
    """Our clock is set by the venue's once it is further off than this (wall time)."""
    lookup_ms: int = number(1_000, "ms", 100, 60_000)
    """What was left open by a look (an order without an answer, a read that failed) is looked at again after this."""
    alone_ms: int = number(60_000, "ms", 1_000, 600_000)
    """How long ``vektor flatten`` and ``vektor compromised`` go on pressing where no bot runs that would (wall time)."""
    weight_per_minute: int = number(1_200, "weight", 60, 100_000)
    """What we spend of the REST budget per IP, all of it by default [X]; what the simulated venue grants is its own."""
    weight_reserve: int = number(200, "weight", 0, 1_000)
    """Part of the budget that only protective calls may use."""
    timeout_ms: int = number(10_000, "ms", 500, 60_000)
    """A request without an answer for this long has an unknown outcome (wall time)."""
    read_timeout_ms: int = number(3_000, "ms", 500, 60_000)
    """A read that tells what we hold and what protects it is given up after this long (wall time)."""
    socket_idle_ms: int = number(20_000, "ms", 1_000, 50_000)
    """Ping when the socket was silent for this long (the venue closes at 60 s)."""
    reconnect_least_ms: int = number(250, "ms", 10, 10_000)
    """First wait before a reconnect; doubles."""
    reconnect_most_ms: int = number(30_000, "ms", 1_000, 300_000)
    """Longest wait before a reconnect."""


@dataclass(frozen=True, slots=True)
class ExchangeRules(Group):
    """Terms of the exchange, after Hyperliquid's [X]: the simulated one enforces them, and on every venue fees and least
    notional are what an entry is planned with."""

    taker_fee: float = number(0.00045, "of notional", 0, 0.01)
    """Taker fee, tier 0."""
    maker_fee: float = number(0.00015, "of notional", -0.01, 0.01)
    """Maker fee, tier 0."""
    hip3_fee: float = number(2.0, "×", 1, 10)
    """Fees of HIP-3 markets are this multiple."""
    growth_fee: float = number(0.1, "×", 0, 1)
    """Fees of one in the venue's growth mode are this share of what they would be."""
    minimum_usd: float = number(10.0, "USD", 0, 1000)
    """Least notional of an order."""
    funding_cap: float = number(0.04, "per hour", 0, 1)
    """Most that one hour's funding may be."""
    oracle_band: float = number(0.95, "of price", 0.1, 1)
    """A limit price may lie at most this far from the oracle."""
    partial_liquidation_usd: float = number(100_000.0, "USD", 0, 1e9)
    """Over this position value a liquidation starts with a part."""
    partial_liquidation_share: float = number(0.20, "share", 0.01, 1)
    """That part."""
    liquidation_cooldown_ms: int = number(30_000, "ms", 0, 600_000)
    """Then full size for this long."""
    backstop_share: float = number(2 / 3, "of maintenance", 0, 1)
    """Equity under this share of maintenance goes to the backstop."""
    default_leverage: int = number(20, "×", 1, 100)
    """Leverage of a market before it was set, capped by the market's maximum."""
    book_levels: int = number(20, "levels", 1, 20)
    """Levels of the synthetic book per side."""
    level_usd: float = number(25_000.0, "USD", 100, 1e9)
    """Notional on the first level; deeper levels hold more."""
    level_growth: float = number(1.0, "of the first level", 0, 10)
    """By how much of the first level's notional each deeper level exceeds the one before."""
    impact_usd: float = number(6_000.0, "USD", 10, 1e9)
    """Notional whose average price the impact prices are (the exchange takes 20,000 for BTC and ETH) [X]."""
    open_orders: int = number(1_000, "orders", 10, 5_000)
    """Most open orders of an account."""
    transfer_share: float = number(0.10, "of notional", 0, 1)
    """Margin that stays with positions when collateral is taken out, at least."""
    schedule_volume_usd: float = number(1_000_000.0, "USD", 0, 1e12)
    """Lifetime volume before a scheduled cancel may be set."""
    schedule_ahead_ms: int = number(5_000, "ms", 0, 600_000)
    """A scheduled cancel lies at least this far ahead."""
    schedule_per_day: int = number(10, "firings", 1, 1_000)
    """Scheduled cancels that fire per UTC day."""
    prints: int = number(500, "trades", 1, 10_000)
    """Prints kept per market."""
    nonces: int = number(100, "nonces", 10, 1_000)
    """Highest nonces remembered per signer."""
    nonce_past_ms: int = number(172_800_000, "ms", 60_000, 604_800_000)
    """A nonce may lie this far in the past."""
    nonce_ahead_ms: int = number(86_400_000, "ms", 60_000, 604_800_000)
    """… and this far ahead."""
    idle_close_ms: int = number(60_000, "ms", 1_000, 600_000)
    """A socket to which nothing was sent for this long is dropped."""
    deposit_usd: float = number(10_000.0, "USD", 10, 1e9)
    """What a new account of the simulated venue is funded with."""


@dataclass(frozen=True, slots=True)
class PaperRules(Group):
    """The paper venue: how it follows the real exchange's market, and until when what it heard counts."""

    stale_ms: int = number(20_000, "ms", 1_000, 300_000)
    """Prices and books older than this are unknown: orders are refused, nothing triggers, until something is heard."""
    poll_ms: int = number(15_000, "ms", 100, 120_000)
    """Between two requests for the figures of all markets; those in the universe are streamed beside."""
    look_ms: int = number(2_000, "ms", 50, 8_000)
    """Longest wait for the newest book before an order is matched against the one that is known."""
    boot_ms: int = number(20_000, "ms", 0, 600_000)
    """How long a start waits for an exchange that does not answer."""
    boot_retry_ms: int = number(1_000, "ms", 10, 60_000)
    """Between two tries of that."""
    weight_per_minute: int = number(300, "weight", 50, 1_200)
    """Request weight for prices and books, taken off what candles may spend at the same exchange."""
    retry_least_ms: int = number(2_000, "ms", 10, 60_000)
    """First wait before the stream is begun again; doubles."""
    retry_most_ms: int = number(30_000, "ms", 100, 600_000)
    """Longest wait before that."""
    turn_frames: int = number(100, "frames", 1, 10_000)
    """Frames of a burst that are read before the event loop gets its turn."""
    idle_s: float = number(15.0, "s", 0.05, 600)
    """A stream that says nothing for so long is begun again."""
    ping_s: float = number(10.0, "s", 0.01, 59)
    """Between two pings; each is answered."""


@dataclass(frozen=True, slots=True)
class WireRules(Group):
    """Limits of the simulated exchange's requests and sockets, after Hyperliquid's [X]."""

    candles: int = number(5_000, "rows", 1, 100_000)
    """Newest candles that exist per market and interval."""
    candle_slice: int = number(500, "rows", 10, 10_000)
    """Candles of an answer that are written without letting other requests in."""
    fills: int = number(2_000, "rows", 1, 100_000)
    """Most fills and historical orders of an answer."""
    rows: int = number(500, "rows", 1, 100_000)
    """Most rows of any other answer over a range of time."""
    prints: int = number(10, "rows", 1, 1_000)
    """Trades that ``recentTrades`` and a fresh ``trades`` subscription show."""
    prints_per_move: int = number(4, "trades", 1, 16)
    """Most synthetic trades into which one move's volume is divided."""
    weight_per_minute: int = number(1_200, "weight", 1, 1_000_000)
    """Requests of one client per minute of market time, by weight: what the simulated venue grants, whatever we spend."""
    requests_free: int = number(10_000, "requests", 0, 1_000_000)
    """Actions that an address has before it traded anything."""
    agent_life_ms: int = number(7_776_000_000, "ms", 60_000, 31_536_000_000)
    """Life of an API wallet whose name says nothing (90 days)."""
    agent_life_most_ms: int = number(15_552_000_000, "ms", 60_000, 31_536_000_000)
    """Longest life that its name may give it (180 days)."""
    named_agents: int = number(3, "wallets", 0, 100)
    """Named API wallets of an account."""
    open_interest_cap_usd: float = number(1e9, "USD", 0, 1e15)
    """Cap of a HIP-3 market's open interest that is shown; it is not enforced."""
    socket_users: int = number(15, "addresses", 1, 1_000)
    """Different users that one client's sockets may follow."""
    socket_subscriptions: int = number(1_000, "subscriptions", 1, 100_000)
    """Subscriptions of a socket."""
    socket_posts: int = number(100, "requests", 1, 10_000)
    """Posts in flight on a socket."""
    push_ms: int = number(5_000, "ms", 100, 60_000)
    """Market time between two whole-state frames (mids, books, account state)."""
    context_ms: int = number(1_000, "ms", 100, 60_000)
    """Market time between two frames of a market's context."""
    push_least_ms: int = number(250, "ms", 10, 10_000)
    """No such frame is repeated sooner than this in wall time."""
    slice_ms: int = number(8, "ms", 1, 20)
    """Longest stretch of wall time for which the market moves without letting requests in."""
    beat_ms: int = number(50, "ms", 5, 1_000)
    """Wall time between two moves of the market."""
    lag_ms: int = number(1_000, "ms", 50, 60_000)
    """When the market lies this much wall time behind its clock, the clock slows down to it."""
    reserve_ms: int = number(1_000, "ms", 10, 60_000)
    """How far ahead, in wall time, the state file lets market time go."""
    checkpoint_ms: int = number(15_000, "ms", 1_000, 3_600_000)
    """Wall time between two whole savings of the venue's state."""
    tape_trades: int = number(512, "trades", 10, 100_000)
    """Newest trades of a market that are kept for sockets."""
    queue_frames: int = number(20_000, "frames", 10, 1_000_000)
    """A socket whose client lags by this many frames is dropped."""


@dataclass(frozen=True, slots=True)
class SimulatedQuotes(Group):
    """What a simulated market, recorded or synthetic, shows beside its mark."""

    half_spread_crypto: float = number(0.0001, "of price", 0, 0.01)
    """Bid and ask of crypto lie this far from the mark, then outward onto the tick grid."""
    half_spread_equity: float = number(0.0003, "of price", 0, 0.01)
    """The same for equities."""
    half_spread_commodity: float = number(0.0003, "of price", 0, 0.01)
    """The same for commodities."""
    half_spread_forex: float = number(0.0001, "of price", 0, 0.01)
    """The same for forex."""
    half_spread_index: float = number(0.0002, "of price", 0, 0.01)
    """The same for indices."""
    neutral_funding: float = number(0.0000125, "per hour", -0.01, 0.01)
    """Funding that is made up where none is recorded: the venue's interest rate [X]."""
    unlisted_leverage: int = number(10, "×", 1, 100)
    """Maximum leverage of a recorded market that the universe does not list (SPEC U1)."""
    unlisted_lot_usd: float = number(1.0, "USD", 0.0001, 1_000)
    """One lot of such a market is worth at most this at its first price."""


@dataclass(frozen=True, slots=True)
class Synthetic(Group):
    """The synthetic market of the demonstration."""

    tick_ms: int = number(3_000, "ms", 500, 60_000)
    """Between two price changes."""
    history_days: int = number(45, "days", 20, 200)
    """Warm history at the start, and how much is kept."""
    minute_hours: int = number(6, "hours", 1, 24)
    """How far back one-minute bars are answered."""
    tail: float = number(5.0, "degrees of freedom", 2.5, 100)
    """Student-t tails of the shocks; fewer are fatter."""
    shock_most: float = number(8.0, "σ", 3, 50)
    """A single shock is cut at this."""
    garch_shock: float = number(0.045, "share", 0, 0.5)
    """GARCH(1,1): how much of a squared shock the next variance takes."""
    garch_memory: float = number(0.945, "share", 0, 0.999)
    """… and how much of the last variance."""
    variance_least: float = number(0.2, "× normal", 0.01, 1)
    """Variance never falls under this."""
    variance_most: float = number(12.0, "× normal", 1, 100)
    """… nor rises over this."""
    trend_share: float = number(0.55, "share", 0, 1)
    """How many stretches of the world are trends; the rest are chops."""
    trend_days: float = number(4.5, "days", 0.5, 60)
    """Median length of a trend."""
    chop_days: float = number(3.2, "days", 0.5, 60)
    """Median length of a chop."""
    stretch_spread: float = number(0.4, "log σ", 0, 2)
    """How much the lengths differ."""
    trend_drift: float = number(0.9, "σ a day", 0, 5)
    """Median drift of a factor in a trend, in its daily standard deviations."""
    follow_share: float = number(0.8, "share", 0, 1)
    """How many factors follow the world's regime; the rest go their own way."""
    level_reach: float = number(4.0, "σ", 0.5, 50)
    """How far a factor strays until it turns back with odds of e to 1."""
    trend_factor: float = number(1.0, "×", 0, 3)
    """Strength of the factors' shocks in a trend."""
    trend_own: float = number(0.75, "×", 0, 3)
    """Strength of each market's own shocks in a trend."""
    chop_factor: float = number(0.35, "×", 0, 3)
    """Strength of the factors' shocks in a chop."""
    chop_own: float = number(1.0, "×", 0, 3)
    """Strength of each market's own shocks in a chop."""
    chop_pull_hours: float = number(10.0, "hours", 1, 500)
    """Half-life of a departure from where a chop began."""
    home_days: float = number(40.0, "days", 1, 1_000)
    """Half-life of a departure from a market's price level, outside of chops."""
    own_drift: float = number(0.2, "σ a day", 0, 3)
    """Standard deviation of each market's own drift, drawn daily."""
    weekend_gap: float = number(0.4, "σ of a day", 0, 5)
    """Jump at the open after a weekend."""
    shift_days: float = number(8.0, "days", 0.5, 100)
    """How fast the lasting part of cascades and gaps fades (e-fold)."""
    cascades_a_day: float = number(0.35, "per day", 0, 20)
    """Cascades that sweep the whole class."""
    lone_cascades_a_day: float = number(0.04, "per market and day", 0, 10)
    """Cascades of a single market."""
    cascade_size: float = number(0.65, "σ of a day", 0, 5)
    """Median fall of a cascade at its lowest."""
    cascade_heat: float = number(0.9, "× variance", 0, 20)
    """What a cascade adds to the next variance."""
    cascade_unwind: float = number(0.12, "log", 0, 1)
    """Share of open interest that a cascade of size 1 clears."""
    forced_share: float = number(0.10, "share", 0, 1)
    """How much of that is closed by force; the rest leaves by itself."""
    forced_from: float = number(2.0, "σ of a bar", 0, 10)
    """A bar whose body is larger than this closes some positions by force, cascade or not."""
    forced_rest: float = number(0.004, "of turnover", 0, 0.1)
    """… so much of the bar's turnover per σ beyond it."""
    forced_print_usd: float = number(25_000.0, "USD", 100, 10_000_000)
    """Forced closings larger than this are spread over several prints."""
    forced_prints: int = number(12, "count", 1, 100)
    """… at most so many per bar and market."""
    forced_least_usd: float = number(100.0, "USD", 0, 100_000)
    """Less than this is not told."""
    crowd_hours: float = number(30.0, "hours", 1, 500)
    """How long the crowd remembers a move."""
    premium_most: float = number(0.0016, "of price", 0, 0.02)
    """Premium of the mark over the oracle when all are on one side."""
    interest_swing: float = number(0.35, "log", 0, 2)
    """How much open interest grows when the crowd is one-sided."""


@dataclass(frozen=True, slots=True)
class Chat(Group):
    """Limits of the conversation (wall time)."""

    stale_ms: int = number(120_000, "ms", 10_000, 3_600_000)
    """A command that acts and is older than this is refused."""
    decision_ms: int = number(60_000, "ms", 10_000, 1_800_000)
    """How long a confirmation stays open."""
    claim_ms: int = number(3_600_000, "ms", 60_000, 86_400_000)
    """How long the owner's claim code is good."""
    claim_tries: int = number(5, "tries", 1, 100)
    """Wrong claim codes until claiming is locked for the run."""
    notice_ms: int = number(60_000, "ms", 1_000, 3_600_000)
    """Between two notices to the owner of what strangers did."""
    text_most: int = number(4_096, "UTF-16 units", 100, 4_096)
    """Longest message [X]."""
    caption_most: int = number(1_024, "UTF-16 units", 100, 1_024)
    """Longest caption [X]."""
    argument_most: int = number(64, "characters", 8, 1_024)
    """Longest argument of a command."""
    per_second: float = number(25.0, "messages/s", 1, 30)
    """All chats together [X]."""
    per_chat_ms: int = number(1_000, "ms", 50, 10_000)
    """Between two messages of one chat, after a burst [X]."""
    burst: int = number(3, "messages", 1, 20)
    """Messages one chat may get at once."""
    group_per_minute: int = number(18, "messages/min", 1, 20)
    """Messages per minute in a group [X]."""
    drain_ms: int = number(10_000, "ms", 1_000, 60_000)
    """How long handlers in flight may finish at the end."""
    update_memory_ms: int = number(172_800_000, "ms", 3_600_000, 604_800_000)
    """How long an update's id is remembered."""
    undo_ms: int = number(30_000, "ms", 5_000, 600_000)
    """How long the Undo button of /block and /pause works."""
    sweep_ms: int = number(1_000, "ms", 100, 60_000)
    """Between two looks for questions that have expired."""
    announce_ms: int = number(500, "ms", 50, 10_000)
    """Between two looks for events to tell and messages to send, when nothing calls for one sooner."""
    poll_s: int = number(25, "s", 0, 50)
    """How long the server may hold a request for updates [X]."""
    poll_least_ms: int = number(200, "ms", 0, 10_000)
    """Between two requests for updates to a server that does not hold them."""
    poll_batch: int = number(100, "updates", 1, 100)
    """Most updates per request [X]."""
    in_flight: int = number(32, "updates", 1, 256)
    """Updates handled at once."""
    retry_least_ms: int = number(1_000, "ms", 50, 60_000)
    """First wait before something that failed on the network is tried again; doubles."""
    retry_most_ms: int = number(30_000, "ms", 1_000, 600_000)
    """Longest such wait."""
    reply_tries: int = number(3, "tries", 1, 10)
    """How often the answer to a command is tried (alerts: without end)."""
    request_s: int = number(20, "s", 1, 120)
    """How long one request to Telegram may take."""
    flush_ms: int = number(5_000, "ms", 0, 60_000)
    """How long waiting messages may still leave at the end."""
    rows_most: int = number(12, "rows", 3, 50)
    """Longest list in a message."""
    chart_bars: int = number(120, "bars", 20, 500)
    """Candles in a picture."""


@dataclass(frozen=True, slots=True)
class Storage(Group):
    """How the database is used, and for how long it remembers what nobody asks for any more (wall time)."""

    busy_ms: int = number(10_000, "ms", 100, 120_000)
    """How long a statement waits for another process that is writing."""
    connections: int = number(4, "connections", 2, 64)
    """Most connections at once."""
    rows_at_once: int = number(200, "rows", 1, 5_000)
    """Rows that are turned into values, or written, before the event loop gets its turn."""
    scan_memory_ms: int = number(2_592_000_000, "ms", 86_400_000, 315_360_000_000)
    """How long a scan's outcomes are kept (30 days)."""
    liquidation_memory_ms: int = number(2_592_000_000, "ms", 3_600_000, 315_360_000_000)
    """How long liquidations are kept one by one (30 days)."""
    context_memory_ms: int = number(172_800_000, "ms", 90_000_000, 315_360_000_000)
    """How long funding and open interest of a market are kept (2 days)."""
    standing_memory_ms: int = number(7_776_000_000, "ms", 86_400_000, 315_360_000_000)
    """How long the equity of every quarter of an hour is kept (90 days)."""
    message_memory_ms: int = number(2_592_000_000, "ms", 86_400_000, 315_360_000_000)
    """How long a message that was sent or given up, and the event it told, are kept (30 days)."""
    decision_memory_ms: int = number(7_776_000_000, "ms", 86_400_000, 315_360_000_000)
    """How long a question that was answered is kept (90 days)."""
    stranger_lines: int = number(20, "lines", 0, 10_000)
    """Attempts of one stranger that are kept word for word, and refused attempts of one kind by one person in a day."""


@dataclass(frozen=True, slots=True)
class Settings(Group):
    """All groups."""

    cadence: Cadence = field(default_factory=Cadence)
    candles: CandleRules = field(default_factory=CandleRules)
    binance: BinanceRules = field(default_factory=BinanceRules)
    candle_streams: CandleStreams = field(default_factory=CandleStreams)
    timeframes: TimeframeRules = field(default_factory=TimeframeRules)
    enrichment: Enrichment = field(default_factory=Enrichment)
    regime: RegimeRules = field(default_factory=RegimeRules)
    crowding: CrowdingRules = field(default_factory=CrowdingRules)
    cascade: CascadeRules = field(default_factory=CascadeRules)
    liquidation_feeds: LiquidationFeeds = field(default_factory=LiquidationFeeds)
    stock_hours: StockHours = field(default_factory=StockHours)
    asian_hours: AsianHours = field(default_factory=AsianHours)
    score: Score = field(default_factory=Score)
    confidence: Confidence = field(default_factory=Confidence)
    sizing: Sizing = field(default_factory=Sizing)
    stops: Stops = field(default_factory=Stops)
    leverage: Leverage = field(default_factory=Leverage)
    limits: Limits = field(default_factory=Limits)
    governor: Governor = field(default_factory=Governor)
    protection: Protection = field(default_factory=Protection)
    liquidation: LiquidationGuard = field(default_factory=LiquidationGuard)
    displacement: Displacement = field(default_factory=Displacement)
    entry: EntryRules = field(default_factory=EntryRules)
    blackout: BlackoutRules = field(default_factory=BlackoutRules)
    live: LiveRules = field(default_factory=LiveRules)
    execution: Execution = field(default_factory=Execution)
    exchange: ExchangeRules = field(default_factory=ExchangeRules)
    wire: WireRules = field(default_factory=WireRules)
    paper: PaperRules = field(default_factory=PaperRules)
    quotes: SimulatedQuotes = field(default_factory=SimulatedQuotes)
    synthetic: Synthetic = field(default_factory=Synthetic)
    chat: Chat = field(default_factory=Chat)
    storage: Storage = field(default_factory=Storage)
