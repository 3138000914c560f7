"""TA-Lib's C functions on arrays, numpy for what it lacks, a list loop for Supertrend: the fast way of a careful user."""

from __future__ import annotations

from typing import Any

import numpy as np
import talib

from benchmarks.peers.days import day_bounds
from core.market.candles import CandleSeries, Floats

Row = dict[str, Any]


def read(m15: CandleSeries, h1: CandleSeries, h4: CandleSeries, equity: bool, now_ms: int) -> Row:
    """All readings of one symbol by their names."""
    states = {f"state_{s.timeframe.value}": state(s.close) for s in (m15, h1, h4)}
    side = int(np.sign(states["state_15m"] + states["state_1h"]))
    found: Row = {**states, "side": side}
    found |= vwap(h1, side) | premarket(m15, side, equity, now_ms) | volume_delta(h1, side) | momentum(h1, side)
    found |= structure(h4) | sweep(h1) | obv_cvd(h1) | supertrend(h1, now_ms)
    width = h1.high[-24:].max() - h1.low[-24:].min()
    found |= {"atr": talib.ATR(h1.high, h1.low, h1.close, 14)[-1], "range_24h": width / h1.close[-1]}
    return found


def state(close: Floats) -> int:
    fast, slow, last = talib.EMA(close, 20)[-1], talib.EMA(close, 50)[-1], close[-1]
    return int(last > fast > slow) - int(last < fast < slow)


def vwap(h1: CandleSeries, side: int) -> Row:
    volume = h1.volume[-24:]
    typical = (h1.high[-24:] + h1.low[-24:] + h1.close[-24:]) / 3
    price, close = float(typical @ volume / volume.sum()), h1.close[-1]
    above = int(np.sign(close - price))
    label = "CONFLICT" if above * side < 0 else {1: "BUY_OK", -1: "SELL_OK", 0: "NEUTRAL"}[above]
    return {"vwap": price, "vwap_distance_pct": (close - price) / price * 100, "vwap_filter": label}


def premarket(m15: CandleSeries, side: int, equity: bool, now_ms: int) -> Row:
    found: Row = dict.fromkeys(("premarket_high", "premarket_low", "opening_high", "opening_low"))
    found["premarket_signal"] = "NONE"
    if not equity:
        return found
    begins, opens, over, closes = day_bounds(now_ms)
    time = m15.time
    before, opening = (time >= begins) & (time < opens), (time >= opens) & (time < over)
    found["premarket_high"], found["premarket_low"] = m15.high[before].max(), m15.low[before].min()
    found["opening_high"], found["opening_low"] = m15.high[opening].max(), m15.low[opening].min()
    if opens <= time[-1] < closes:
        close = m15.close[-1]
        up = close > max(found["premarket_high"], found["opening_high"])
        down = close < min(found["premarket_low"], found["opening_low"])
        found["premarket_signal"] = {1: "CONFIRMED", -1: "CON", 0: "NONE"}[(int(up) - int(down)) * side]
    return found


def divergence(high: Floats, low: Floats, measure: Floats, bars: int, gap: int = 5) -> str:
    lows, highs, values = low[-bars:], high[-bars:], measure[-bars:]
    trough, peak = int(np.argmin(lows[: bars - gap])), int(np.argmax(highs[: bars - gap]))
    bull = lows[-1] <= lows.min() and lows[-1] < lows[trough] and values[-1] > values[trough]
    bear = highs[-1] >= highs.max() and highs[-1] > highs[peak] and values[-1] < values[peak]
    return "NONE" if bull == bear else "BULL_DIV" if bull else "BEAR_DIV"


def volume_delta(h1: CandleSeries, side: int) -> Row:
    part = np.sign(h1.close - h1.open)[-40:] * h1.volume[-40:]
    delta = talib.SUM(part, 20) / talib.SUM(h1.volume[-40:], 20)
    along = side * delta[-1]
    return {
        "vd_delta": delta[-1],
        "vd_divergence": divergence(h1.high, h1.low, delta, 20),
        "vd_filter": "CONFIRMED" if along >= 0.10 else "CONFLICT" if along <= -0.10 else "NEUTRAL",
    }


def fresh_turn(direction: np.ndarray, fresh: int = 2) -> int:
    signs = direction[direction != 0]
    turns = np.flatnonzero(np.diff(signs))
    if not turns.size:
        return 0
    at = np.flatnonzero(direction)[turns[-1] + 1]
    return int(direction[at]) if direction.size - 1 - at <= fresh else 0


def momentum(h1: CandleSeries, side: int) -> Row:
    close = h1.close
    line, signal, _ = talib.MACD(close, 12, 26, 9)
    above = np.sign(np.nan_to_num(line - signal)).astype(int)
    cross = fresh_turn(above)
    diverging = divergence(h1.high, h1.low, line, 40)
    index = talib.RSI(close, 14)
    low, high = talib.MIN(index, 14), talib.MAX(index, 14)
    raw = np.where(high == low, 50.0, 100 * (index - low) / np.where(high == low, 1.0, high - low))
    stochastic = raw[-3:].mean()
    zone = "OVERBOUGHT" if stochastic >= 80 else "OVERSOLD" if stochastic <= 20 else "NEUTRAL"
    squeeze = squeezed(h1)
    m = int(above[-1]) + cross + {"BULL_DIV": 1, "BEAR_DIV": -1}.get(diverging, 0)
    m += {"OVERSOLD": 1, "OVERBOUGHT": -1}.get(zone, 0) + {"FIRING_LONG": 2, "FIRING_SHORT": -2}.get(squeeze, 0)
    verdict = "CONFIRMED" if side * m >= 1 else "CONFLICT" if side * m <= -1 else "NEUTRAL"
    return {
        "macd_bias": {1: "BULLISH", -1: "BEARISH", 0: "NEUTRAL"}[int(above[-1])],
        "macd_cross": {1: "BULL_CROSS", -1: "BEAR_CROSS", 0: "NONE"}[cross],
        "macd_divergence": diverging,
        "stoch_rsi": stochastic,
        "stoch_rsi_state": zone,
        "squeeze": squeeze,
        "mi_signal": "STRONG_LONG" if m >= 3 else "STRONG_SHORT" if m <= -3 else verdict,
    }


def squeezed(h1: CandleSeries) -> str:
    upper, middle, lower = talib.BBANDS(h1.close, 20, 2, 2)
    line, width = talib.EMA(h1.close, 20), 1.5 * talib.ATR(h1.high, h1.low, h1.close, 20)
    inside = (upper < line + width) & (lower > line - width)
    if inside[-1]:
        return "COILING"
    sigma = upper - middle
    for outside in (1, 2, 3):
        release = inside.size - outside
        if not inside[release - 1]:
            continue
        rising = (np.diff(sigma[release - 1 :]) > 0).all()
        if rising and inside[release - 3 : release].all():
            return "FIRING_LONG" if h1.close[-1] > middle[-1] else "FIRING_SHORT"
        break
    return "NONE"


def swings(prices: Floats, wing: int = 3) -> np.ndarray:
    """Where a price is strictly the highest of its neighbours."""
    around = np.lib.stride_tricks.sliding_window_view(prices, 2 * wing + 1)
    middle = around[:, wing]
    others = np.delete(around, wing, axis=1)
    return np.flatnonzero(middle > others.max(axis=1)) + wing


def structure(h4: CandleSeries) -> Row:
    high, low, close = h4.high[-60:], h4.low[-60:], h4.close[-1]
    tops, bottoms = high[swings(high)], low[swings(-low)]
    sequence, bias, broken = "NONE", "RANGING", False
    if tops.size > 1 and bottoms.size > 1:
        rising = tops[-1] > tops[-2] and bottoms[-1] > bottoms[-2]
        falling = tops[-1] < tops[-2] and bottoms[-1] < bottoms[-2]
        sequence = "HH_HL" if rising else "LH_LL" if falling else "MIXED"
        broken = bool((rising and close < bottoms[-1]) or (falling and close > tops[-1]))
        bias = "BROKEN" if broken else "BULLISH" if rising else "BEARISH" if falling else "RANGING"
    return {
        "ms_sequence": sequence,
        "swing_high": tops[-1] if tops.size else None,
        "swing_low": bottoms[-1] if bottoms.size else None,
        "structure_break": broken,
        "ms_bias": bias,
    }


def swept(low: Floats, opened: Floats, close: Floats, bar: int) -> float | None:
    before, closes = low[bar - 49 : bar], close[bar - 49 : bar]
    levels = [before.min()]
    at = swings(-before)
    if at.size:
        after = np.minimum.accumulate(closes[::-1])[::-1]
        levels += before[at[after[at + 1] >= before[at]]].tolist()
    body = min(opened[bar], close[bar])
    hit = [level for level in levels if low[bar] < level < body]
    return min(hit) if hit else None


def sweep(h1: CandleSeries) -> Row:
    n = len(h1)
    for age in range(3):
        bar = n - 1 - age
        low = swept(h1.low, h1.open, h1.close, bar)
        high = swept(-h1.high, -h1.open, -h1.close, bar)
        if low is not None and high is None and not (h1.close[bar + 1 :] < low).any():
            return {"sweep": "SWEEP_LOW", "sweep_level": low, "sweep_age_bars": age}
        if high is not None and low is None and not (-h1.close[bar + 1 :] < high).any():
            return {"sweep": "SWEEP_HIGH", "sweep_level": -high, "sweep_age_bars": age}
    return {"sweep": "NONE", "sweep_level": None, "sweep_age_bars": None}


def obv_cvd(h1: CandleSeries) -> Row:
    running = talib.OBV(h1.close, h1.volume)
    x = np.arange(10) - 4.5
    slope = float(x @ running[-10:] / (x @ x) / h1.volume[-10:].mean())
    width = (h1.high - h1.low)[-20:]
    body = np.where(width > 0, (h1.close - h1.open)[-20:] / np.where(width > 0, width, 1.0), 0.0)
    delta = float(body @ h1.volume[-20:] / h1.volume[-20:].sum())
    flowed, moved = np.sign(running[-1] - running[-6]), np.sign(h1.close[-1] - h1.close[-6])
    o = 0 if abs(slope) < 0.1 else int(np.sign(slope))
    c = 0 if abs(delta) < 0.05 else int(np.sign(delta))
    strong = "STRONG_" if o == c != 0 and abs(delta) >= 0.15 else ""
    verdict = "CONFLICT" if o * c < 0 else {1: f"{strong}BULL", -1: f"{strong}BEAR", 0: "NEUTRAL"}[int(np.sign(o + c))]
    return {
        "obv_slope": slope,
        "obv_divergence": "NONE" if moved * flowed >= 0 else "BULL_DIV" if flowed > 0 else "BEAR_DIV",
        "cvd_delta": delta,
        "vol_confirm": verdict,
    }


def supertrend(h1: CandleSeries, now_ms: int) -> Row:
    trend = np.array(directions(h1))
    flip = fresh_turn(trend)
    day = h1.time // 86_400_000
    last = day == now_ms // 86_400_000 - 1
    top, bottom, close = h1.high[last].max(), h1.low[last].min(), h1.close[last][-1]
    p = (top + bottom + close) / 3
    r1, s1, r2, s2 = 2 * p - bottom, 2 * p - top, p + (top - bottom), p - (top - bottom)
    return {
        "st_direction": int(trend[-1]),
        "st_flip": {1: "BULL_FLIP", -1: "BEAR_FLIP", 0: "NONE"}[flip],
        "pivots": (p, r1, r2, s1, s2),
        "pivot_zone": zone(h1.close[-1], p, r1, r2, s1, s2),
        "pp_st_signal": signal(h1, int(trend[-1]), flip, p, r1, s1),
    }


def directions(h1: CandleSeries) -> list[int]:
    """Supertrend as everybody writes it: a loop over lists."""
    reach = (3.0 * talib.ATR(h1.high, h1.low, h1.close, 10)).tolist()
    middle, closes = ((h1.high + h1.low) / 2).tolist(), h1.close.tolist()
    upper, lower, before, trend = float("inf"), float("-inf"), float("nan"), 0
    found = []
    for mid, width, close in zip(middle, reach, closes, strict=True):
        top, bottom = mid + width, mid - width
        if top < upper or before > upper:
            upper = top
        if bottom > lower or before < lower:
            lower = bottom
        if trend == 0:
            trend = (close > upper) - (close < lower)
        elif trend > 0 and close < lower:
            trend = -1
        elif trend < 0 and close > upper:
            trend = 1
        before = close
        found.append(trend)
    return found


def zone(close: float, p: float, r1: float, r2: float, s1: float, s2: float) -> str:
    if close > r2:
        return "ABOVE_R2"
    if close > r1:
        return "R1_R2"
    if close > p:
        return "P_R1"
    if close < s2:
        return "BELOW_S2"
    if close < s1:
        return "S2_S1"
    return "S1_P" if close < p else "AT_P"


def signal(h1: CandleSeries, trend: int, flip: int, p: float, r1: float, s1: float) -> str:
    if trend == 0:
        return "NONE"
    word = "LONG" if trend > 0 else "SHORT"
    close, opened, edge = trend * h1.close, trend * h1.open, trend * (h1.low if trend > 0 else h1.high)
    resistance, support = (r1, s1) if trend > 0 else (-s1, -r1)
    last, before = close[-1], close[-4:-1].min()
    if flip and any(before <= level < last for level in (trend * p, resistance)):
        return f"BREAKOUT_{word}"
    if edge[-3:].min() <= support < last and last > opened[-1]:
        return f"BOUNCE_{word}"
    return f"STRONG_{word}" if last > trend * p else "NONE"
