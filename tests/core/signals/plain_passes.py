"""The eight passes in plain Python for one symbol: what SPEC §3 says, line by line, over :mod:`plain`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.market.candles import CandleSeries
from core.settings import Enrichment
from tests.core.signals import plain

CLOSED = {"2025-06-19", "2025-07-04", "2025-09-01", "2025-11-27", "2025-12-25"}
"""Holidays on weekdays in the second half of 2025, from the exchange's own list."""
HALF = {"2025-07-03", "2025-11-28", "2025-12-24"}


def vwap_pass(h1: CandleSeries, side: int, rules: Enrichment) -> dict[str, Any]:
    """① VWAP."""
    price, close = plain.vwap(h1, rules.vwap_bars), float(h1.close[-1])
    if price is None or close == price:
        return {"vwap": price, "vwap_distance_pct": 0.0, "vwap_filter": "NEUTRAL"}
    above = close > price
    conflict = side == (-1 if above else 1)
    return {
        "vwap": price,
        "vwap_distance_pct": (close - price) / price * 100,
        "vwap_filter": "CONFLICT" if conflict else "BUY_OK" if above else "SELL_OK",
    }


def premarket_pass(m15: CandleSeries, side: int) -> dict[str, Any]:
    """② Pre-market, for a stock whose last bar is the last one due."""
    rows = [(_new_york(int(time)), i) for i, time in enumerate(m15.time)]
    now, last = rows[-1]
    today = [(at.hour * 60 + at.minute, i) for at, i in rows if at.date() == now.date()]
    day, minute = now.date().isoformat(), today[-1][0]
    if now.weekday() >= 5 or day in CLOSED:
        today = []
    before = [i for m, i in today if 240 <= m < 570]
    opening = [i for m, i in today if 570 <= m < 600] if minute >= 585 else []
    ranges = [
        (max(float(m15.high[i]) for i in part), min(float(m15.low[i]) for i in part))
        for part in (before, opening)
        if part
    ]
    close, broken = float(m15.close[last]), 0
    if ranges and 570 <= minute < (780 if day in HALF else 960):
        broken = (close > max(high for high, _ in ranges)) - (close < min(low for _, low in ranges))
    return {
        "premarket_high": max((float(m15.high[i]) for i in before), default=None),
        "premarket_low": min((float(m15.low[i]) for i in before), default=None),
        "opening_high": max((float(m15.high[i]) for i in opening), default=None),
        "opening_low": min((float(m15.low[i]) for i in opening), default=None),
        "premarket_signal": {1: "CONFIRMED", -1: "CON", 0: "NONE"}[broken * side],
    }


def _new_york(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).astimezone(ZoneInfo("America/New_York"))


def volume_delta_pass(h1: CandleSeries, side: int, rules: Enrichment) -> dict[str, Any]:
    """③ Volume delta."""
    line = plain.volume_delta(h1, rules.delta_bars)
    now = line[-1]
    assert now is not None
    along = side * now
    return {
        "vd_delta": now,
        "vd_divergence": plain.div(h1, line, rules.delta_divergence_bars, rules.divergence_gap_bars),
        "vd_filter": "CONFIRMED"
        if along >= rules.delta_filter
        else "CONFLICT"
        if along <= -rules.delta_filter
        else "NEUTRAL",
    }


def sweep_pass(h1: CandleSeries, rules: Enrichment) -> dict[str, Any]:
    """⑥ Sweep."""
    low, high, opened, close = ([float(v) for v in column] for column in (h1.low, h1.high, h1.open, h1.close))
    t = len(h1) - 1
    for age in range(rules.fresh_bars + 1):
        end = t - age + 1
        down = plain.swept_low(low[:end], opened[:end], close[:end], rules.sweep_bars, rules.pivot_bars)
        turned = ([-v for v in column[:end]] for column in (high, opened, close))
        up = plain.swept_low(*turned, rules.sweep_bars, rules.pivot_bars)
        later = close[end:]
        if down is not None and up is None and all(value >= down for value in later):
            return {"sweep": "SWEEP_LOW", "sweep_level": down, "sweep_age_bars": age}
        if up is not None and down is None and all(value <= -up for value in later):
            return {"sweep": "SWEEP_HIGH", "sweep_level": -up, "sweep_age_bars": age}
    return {"sweep": "NONE", "sweep_level": None, "sweep_age_bars": None}


def obv_cvd_pass(h1: CandleSeries, rules: Enrichment) -> dict[str, Any]:
    """⑦ OBV and CVD."""
    running, close = plain.obv(h1), [float(value) for value in h1.close]
    volumes = [float(value) for value in h1.volume[-rules.obv_slope_bars :]]
    mean = sum(volumes) / len(volumes)
    steep = plain.slope(running[-rules.obv_slope_bars :]) / mean if mean else 0.0
    back = 1 + rules.obv_divergence_bars
    diverging = "NONE"
    if close[-1] < close[-back] and running[-1] > running[-back]:
        diverging = "BULL_DIV"
    elif close[-1] > close[-back] and running[-1] < running[-back]:
        diverging = "BEAR_DIV"
    delta = plain.cumulative_delta(h1, rules.cvd_bars)
    o = 0 if abs(steep) < rules.obv_slope_least else 1 if steep > 0 else -1
    c = 0 if abs(delta) < rules.cvd_least else 1 if delta > 0 else -1
    if o and c and o != c:
        verdict = "CONFLICT"
    else:
        verdict = {1: "BULL", -1: "BEAR", 0: "NEUTRAL"}[o or c]
        if o == c != 0 and abs(delta) >= rules.cvd_strong:
            verdict = f"STRONG_{verdict}"
    return {"obv_slope": steep, "obv_divergence": diverging, "cvd_delta": delta, "vol_confirm": verdict}


def momentum_pass(h1: CandleSeries, side: int, rules: Enrichment) -> dict[str, Any]:
    """④ Momentum."""
    close = [float(value) for value in h1.close]
    line, signal = plain.macd(close, rules.macd_fast, rules.macd_slow, rules.macd_signal)
    now, mean = line[-1], signal[-1]
    assert now is not None
    assert mean is not None
    bias = (now > mean) - (now < mean)
    crossing = plain.cross(line, signal, rules.fresh_bars)
    diverging = plain.div(h1, line, rules.macd_divergence_bars, rules.divergence_gap_bars)
    k = plain.stoch_rsi(close, rules.rsi_bars, rules.stoch_bars, rules.stoch_smooth)
    state = "OVERBOUGHT" if k >= rules.overbought else "OVERSOLD" if k <= rules.oversold else "NEUTRAL"
    squeeze = plain.squeeze(
        h1, rules.squeeze_bars, rules.bollinger_sigmas, rules.keltner_atrs, rules.fresh_bars, rules.squeeze_inside_bars
    )
    m = bias
    m += {"BULL_CROSS": 1, "BEAR_CROSS": -1}.get(crossing, 0)
    m += {"BULL_DIV": 1, "BEAR_DIV": -1}.get(diverging, 0)
    m += {"OVERSOLD": 1, "OVERBOUGHT": -1}.get(state, 0)
    m += {"FIRING_LONG": 2, "FIRING_SHORT": -2}.get(squeeze, 0)
    return {
        "macd_bias": {1: "BULLISH", -1: "BEARISH", 0: "NEUTRAL"}[bias],
        "macd_cross": crossing,
        "macd_divergence": diverging,
        "stoch_rsi": k,
        "stoch_rsi_state": state,
        "squeeze": squeeze,
        "mi_signal": _verdict(m, side, rules.strong_momentum),
    }


def _verdict(m: int, side: int, strong: int) -> str:
    if abs(m) >= strong:
        return "STRONG_LONG" if m > 0 else "STRONG_SHORT"
    return {True: "CONFIRMED", False: "CONFLICT"}[side * m > 0] if side * m else "NEUTRAL"


def structure_pass(h4: CandleSeries, rules: Enrichment) -> dict[str, Any]:
    """⑤ Structure."""
    window = h4[len(h4) - rules.structure_bars :]
    highs = plain.swings([float(value) for value in window.high], rules.pivot_bars, +1)
    lows = plain.swings([float(value) for value in window.low], rules.pivot_bars, -1)
    sequence = "NONE"
    if len(highs) >= 2 and len(lows) >= 2:
        rising = highs[-1] > highs[-2] and lows[-1] > lows[-2]
        falling = highs[-1] < highs[-2] and lows[-1] < lows[-2]
        sequence = "HH_HL" if rising else "LH_LL" if falling else "MIXED"
    close = float(h4.close[-1])
    broken = (sequence == "HH_HL" and close < lows[-1]) or (sequence == "LH_LL" and close > highs[-1])
    bias = {"HH_HL": "BULLISH", "LH_LL": "BEARISH"}.get(sequence, "RANGING")
    return {
        "ms_sequence": sequence,
        "swing_high": highs[-1] if highs else None,
        "swing_low": lows[-1] if lows else None,
        "structure_break": broken,
        "ms_bias": "BROKEN" if broken else bias,
    }


def supertrend_pass(h1: CandleSeries, now_ms: int, rules: Enrichment) -> dict[str, Any]:
    """⑧ Supertrend and pivots."""
    trend = plain.supertrend(h1, rules.supertrend_bars, rules.supertrend_atrs)
    flip = _flip(trend, rules.fresh_bars)
    found: dict[str, Any] = {"st_direction": trend[-1], "st_flip": flip, "pivots": None}
    day = plain.day_before(h1, now_ms)
    if day is None:
        return found | {"pivot_zone": "AT_P", "pp_st_signal": "NONE"}
    high, low, last = day
    p = (high + low + last) / 3
    levels = (p, 2 * p - low, p + (high - low), 2 * p - high, p - (high - low))
    found["pivots"] = levels
    found["pivot_zone"] = _zone(float(h1.close[-1]), *levels)
    found["pp_st_signal"] = _signal(h1, trend[-1], flip, levels, rules)
    return found


def _flip(trend: list[int], fresh: int) -> str:
    for age in range(fresh + 1):
        now, before = trend[-1 - age], trend[-2 - age]
        if now * before < 0:
            return "BULL_FLIP" if now > 0 else "BEAR_FLIP"
    return "NONE"


def _zone(close: float, p: float, r1: float, r2: float, s1: float, s2: float) -> str:
    if close == p:
        return "AT_P"
    if close > p:
        return "ABOVE_R2" if close > r2 else "R1_R2" if close > r1 else "P_R1"
    return "BELOW_S2" if close < s2 else "S2_S1" if close < s1 else "S1_P"


def _signal(
    h1: CandleSeries, trend: int, flip: str, levels: tuple[float, float, float, float, float], rules: Enrichment
) -> str:
    p, r1, _, s1, _ = levels
    t = len(h1) - 1
    close, opened = float(h1.close[t]), float(h1.open[t])
    prior = [float(h1.close[t - d]) for d in range(1, rules.breakout_bars + 1)]
    recent = range(t - rules.bounce_bars + 1, t + 1)
    if flip == "BULL_FLIP" and any(min(prior) <= x < close for x in (p, r1)):
        return "BREAKOUT_LONG"
    if flip == "BEAR_FLIP" and any(max(prior) >= x > close for x in (p, s1)):
        return "BREAKOUT_SHORT"
    if trend > 0 and min(float(h1.low[i]) for i in recent) <= s1 < close and close > opened:
        return "BOUNCE_LONG"
    if trend < 0 and max(float(h1.high[i]) for i in recent) >= r1 > close and close < opened:
        return "BOUNCE_SHORT"
    if trend > 0 and close > p:
        return "STRONG_LONG"
    return "STRONG_SHORT" if trend < 0 and close < p else "NONE"
