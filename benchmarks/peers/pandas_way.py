"""Idiomatic pandas: a DataFrame per symbol and timeframe, indicators as columns by ewm and rolling, as freqtrade users do.

Means are seeded with the first value, as ``ewm(adjust=False)`` has it; after 300 bars nothing of that is left.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers import talib_numpy
from benchmarks.peers.days import day_bounds
from benchmarks.peers.talib_numpy import Row, zone
from core.market.candles import COLUMNS, CandleSeries


def frame(series: CandleSeries) -> pd.DataFrame:
    """OHLCV with a date."""
    columns = {name: getattr(series, name) for name in COLUMNS}
    return pd.DataFrame({"date": pd.to_datetime(series.time, unit="ms", utc=True), **columns})


def read(m15: pd.DataFrame, h1: pd.DataFrame, h4: pd.DataFrame, equity: bool, now_ms: int) -> Row:
    """All readings of one symbol, on fresh frames."""
    m15, h1, h4 = m15.copy(), h1.copy(), h4.copy()
    states = {f"state_{name}": state(df) for name, df in (("15m", m15), ("1h", h1), ("4h", h4))}
    side = int(np.sign(states["state_15m"] + states["state_1h"]))
    found: Row = {**states, "side": side}
    found |= vwap(h1, side) | premarket(m15, side, equity, now_ms) | volume_delta(h1, side) | momentum(h1, side)
    found |= structure(h4) | sweep(h1) | obv_cvd(h1) | supertrend(h1, now_ms)
    found["atr"] = atr(h1, 14).iloc[-1]
    found["range_24h"] = (h1["high"].tail(24).max() - h1["low"].tail(24).min()) / h1["close"].iloc[-1]
    return found


def ema(column: pd.Series, bars: int) -> pd.Series:
    return column.ewm(span=bars, adjust=False).mean()


def atr(df: pd.DataFrame, bars: int) -> pd.Series:
    before = df["close"].shift()
    ranges = pd.concat([df["high"] - df["low"], (df["high"] - before).abs(), (df["low"] - before).abs()], axis=1)
    return ranges.max(axis=1).ewm(alpha=1 / bars, adjust=False).mean()


def state(df: pd.DataFrame) -> int:
    df["ema20"], df["ema50"] = ema(df["close"], 20), ema(df["close"], 50)
    df["bull"] = (df["close"] > df["ema20"]) & (df["ema20"] > df["ema50"])
    df["bear"] = (df["close"] < df["ema20"]) & (df["ema20"] < df["ema50"])
    return int(df["bull"].iloc[-1]) - int(df["bear"].iloc[-1])


def vwap(df: pd.DataFrame, side: int) -> Row:
    df["typical"] = (df["high"] + df["low"] + df["close"]) / 3
    df["vwap"] = (df["typical"] * df["volume"]).rolling(24).sum() / df["volume"].rolling(24).sum()
    price, close = df["vwap"].iloc[-1], df["close"].iloc[-1]
    above = int(np.sign(close - price))
    label = "CONFLICT" if above * side < 0 else {1: "BUY_OK", -1: "SELL_OK", 0: "NEUTRAL"}[above]
    return {"vwap": price, "vwap_distance_pct": (close - price) / price * 100, "vwap_filter": label}


def premarket(df: pd.DataFrame, side: int, equity: bool, now_ms: int) -> Row:
    found: Row = dict.fromkeys(("premarket_high", "premarket_low", "opening_high", "opening_low"))
    found["premarket_signal"] = "NONE"
    if not equity:
        return found
    begins, opens, over, closes = (pd.Timestamp(ms, unit="ms", tz="UTC") for ms in day_bounds(now_ms))
    before = df[(df["date"] >= begins) & (df["date"] < opens)]
    opening = df[(df["date"] >= opens) & (df["date"] < over)]
    found["premarket_high"], found["premarket_low"] = before["high"].max(), before["low"].min()
    found["opening_high"], found["opening_low"] = opening["high"].max(), opening["low"].min()
    if opens <= df["date"].iloc[-1] < closes:
        close = df["close"].iloc[-1]
        up = close > max(found["premarket_high"], found["opening_high"])
        down = close < min(found["premarket_low"], found["opening_low"])
        found["premarket_signal"] = {1: "CONFIRMED", -1: "CON", 0: "NONE"}[(int(up) - int(down)) * side]
    return found


def divergence(df: pd.DataFrame, measure: str, bars: int, gap: int = 5) -> str:
    window = df.tail(bars)
    earlier, last = window.head(bars - gap), window.iloc[-1]
    trough, peak = earlier.loc[earlier["low"].idxmin()], earlier.loc[earlier["high"].idxmax()]
    bull = last["low"] <= window["low"].min() and last["low"] < trough["low"] and last[measure] > trough[measure]
    bear = last["high"] >= window["high"].max() and last["high"] > peak["high"] and last[measure] < peak[measure]
    return "NONE" if bull == bear else "BULL_DIV" if bull else "BEAR_DIV"


def volume_delta(df: pd.DataFrame, side: int) -> Row:
    df["signed"] = np.sign(df["close"] - df["open"]) * df["volume"]
    df["vd"] = df["signed"].rolling(20).sum() / df["volume"].rolling(20).sum()
    along = side * df["vd"].iloc[-1]
    return {
        "vd_delta": df["vd"].iloc[-1],
        "vd_divergence": divergence(df, "vd", 20),
        "vd_filter": "CONFIRMED" if along >= 0.10 else "CONFLICT" if along <= -0.10 else "NEUTRAL",
    }


def fresh_turn(direction: pd.Series, fresh: int = 2) -> int:
    held = direction.replace(0, np.nan).ffill()
    turned = (held * held.shift() < 0).tail(fresh + 1)
    return int(held[turned[turned].index[-1]]) if turned.any() else 0


def momentum(df: pd.DataFrame, side: int) -> Row:
    df["macd"] = ema(df["close"], 12) - ema(df["close"], 26)
    df["signal"] = ema(df["macd"], 9)
    above = np.sign(df["macd"] - df["signal"])
    cross = fresh_turn(above)
    diverging = divergence(df, "macd", 40)
    move = df["close"].diff()
    gain = move.clip(lower=0).ewm(alpha=1 / 14, adjust=False).mean()
    loss = (-move.clip(upper=0)).ewm(alpha=1 / 14, adjust=False).mean()
    df["rsi"] = 100 - 100 / (1 + gain / loss)
    low, high = df["rsi"].rolling(14).min(), df["rsi"].rolling(14).max()
    df["stoch"] = (100 * (df["rsi"] - low) / (high - low)).fillna(50).rolling(3).mean()
    stochastic = df["stoch"].iloc[-1]
    area = "OVERBOUGHT" if stochastic >= 80 else "OVERSOLD" if stochastic <= 20 else "NEUTRAL"
    squeeze = squeezed(df)
    bias = int(above.iloc[-1])
    m = bias + cross + {"BULL_DIV": 1, "BEAR_DIV": -1}.get(diverging, 0)
    m += {"OVERSOLD": 1, "OVERBOUGHT": -1}.get(area, 0) + {"FIRING_LONG": 2, "FIRING_SHORT": -2}.get(squeeze, 0)
    verdict = "CONFIRMED" if side * m >= 1 else "CONFLICT" if side * m <= -1 else "NEUTRAL"
    return {
        "macd_bias": {1: "BULLISH", -1: "BEARISH", 0: "NEUTRAL"}[bias],
        "macd_cross": {1: "BULL_CROSS", -1: "BEAR_CROSS", 0: "NONE"}[cross],
        "macd_divergence": diverging,
        "stoch_rsi": stochastic,
        "stoch_rsi_state": area,
        "squeeze": squeeze,
        "mi_signal": "STRONG_LONG" if m >= 3 else "STRONG_SHORT" if m <= -3 else verdict,
    }


def squeezed(df: pd.DataFrame) -> str:
    df["middle"], df["sigma"] = df["close"].rolling(20).mean(), df["close"].rolling(20).std(ddof=0)
    width = 1.5 * atr(df, 20)
    line = ema(df["close"], 20)
    df["inside"] = (df["middle"] + 2 * df["sigma"] < line + width) & (df["middle"] - 2 * df["sigma"] > line - width)
    if df["inside"].iloc[-1]:
        return "COILING"
    outside = int((~df["inside"])[::-1].cumprod().sum())
    if outside > 3:
        return "NONE"
    release = len(df) - outside
    before, after = df["inside"].iloc[release - 3 : release], df["sigma"].diff().iloc[release:]
    if not before.all() or not (after > 0).all():
        return "NONE"
    return "FIRING_LONG" if df["close"].iloc[-1] > df["middle"].iloc[-1] else "FIRING_SHORT"


def swings(column: pd.Series, wing: int = 3) -> pd.Series:
    """The prices that are strictly the highest of their neighbours."""
    strict = pd.concat([column > column.shift(k) for k in range(-wing, wing + 1) if k], axis=1).all(axis=1)
    return column[strict]


def structure(df: pd.DataFrame) -> Row:
    window, close = df.tail(60), df["close"].iloc[-1]
    tops, bottoms = swings(window["high"]), -swings(-window["low"])
    sequence, bias, broken = "NONE", "RANGING", False
    if len(tops) > 1 and len(bottoms) > 1:
        rising = tops.iloc[-1] > tops.iloc[-2] and bottoms.iloc[-1] > bottoms.iloc[-2]
        falling = tops.iloc[-1] < tops.iloc[-2] and bottoms.iloc[-1] < bottoms.iloc[-2]
        sequence = "HH_HL" if rising else "LH_LL" if falling else "MIXED"
        broken = bool((rising and close < bottoms.iloc[-1]) or (falling and close > tops.iloc[-1]))
        bias = "BROKEN" if broken else "BULLISH" if rising else "BEARISH" if falling else "RANGING"
    return {
        "ms_sequence": sequence,
        "swing_high": tops.iloc[-1] if len(tops) else None,
        "swing_low": bottoms.iloc[-1] if len(bottoms) else None,
        "structure_break": broken,
        "ms_bias": bias,
    }


def swept(df: pd.DataFrame, bar: int, way: int) -> float | None:
    edge = way * (df["low"] if way > 0 else df["high"])
    before, closes = edge.iloc[bar - 49 : bar], way * df["close"].iloc[bar - 49 : bar]
    levels = -swings(-before)
    later = closes[::-1].cummin()[::-1].shift(-1)
    standing = levels[later[levels.index] >= levels]
    candidates = [before.min(), *standing]
    body = min(way * df["open"].iloc[bar], way * df["close"].iloc[bar])
    hit = [level for level in candidates if edge.iloc[bar] < level < body]
    return way * min(hit) if hit else None


def sweep(df: pd.DataFrame) -> Row:
    for age in range(3):
        bar = len(df) - 1 - age
        low, high = swept(df, bar, +1), swept(df, bar, -1)
        later = df["close"].iloc[bar + 1 :]
        if low is not None and high is None and not (later < low).any():
            return {"sweep": "SWEEP_LOW", "sweep_level": low, "sweep_age_bars": age}
        if high is not None and low is None and not (later > high).any():
            return {"sweep": "SWEEP_HIGH", "sweep_level": high, "sweep_age_bars": age}
    return {"sweep": "NONE", "sweep_level": None, "sweep_age_bars": None}


def obv_cvd(df: pd.DataFrame) -> Row:
    df["obv"] = (np.sign(df["close"].diff()).fillna(0) * df["volume"]).cumsum()
    slope = np.polyfit(range(10), df["obv"].tail(10), 1)[0] / df["volume"].tail(10).mean()
    df["body"] = ((df["close"] - df["open"]) / (df["high"] - df["low"])).fillna(0) * df["volume"]
    delta = (df["body"].rolling(20).sum() / df["volume"].rolling(20).sum()).iloc[-1]
    flowed, moved = np.sign(df["obv"].diff(5).iloc[-1]), np.sign(df["close"].diff(5).iloc[-1])
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


def supertrend(df: pd.DataFrame, now_ms: int) -> Row:
    reach, middle = 3.0 * atr(df, 10), (df["high"] + df["low"]) / 2
    df["trend"] = ratchet((middle + reach).to_numpy(), (middle - reach).to_numpy(), df["close"].to_numpy())
    trend, flip = int(df["trend"].iloc[-1]), fresh_turn(df["trend"])
    today = pd.Timestamp(now_ms, unit="ms", tz="UTC").normalize()
    days = df.set_index("date").resample("1D").agg({"high": "max", "low": "min", "close": "last"})
    day = days[days.index < today].iloc[-1]
    p = (day["high"] + day["low"] + day["close"]) / 3
    r1, s1, width = 2 * p - day["low"], 2 * p - day["high"], day["high"] - day["low"]
    return {
        "st_direction": trend,
        "st_flip": {1: "BULL_FLIP", -1: "BEAR_FLIP", 0: "NONE"}[flip],
        "pivots": (p, r1, p + width, s1, p - width),
        "pivot_zone": zone(df["close"].iloc[-1], p, r1, p + width, s1, p - width),
        "pp_st_signal": signal(df, trend, flip, p, r1, s1),
    }


def ratchet(tops: np.ndarray, bottoms: np.ndarray, closes: np.ndarray) -> list[int]:
    """Supertrend's loop, as it is pasted from one strategy into the next."""
    upper, lower, trend = np.inf, -np.inf, 0
    found = []
    for i in range(len(closes)):
        before = closes[i - 1] if i else np.nan
        if tops[i] < upper or before > upper:
            upper = tops[i]
        if bottoms[i] > lower or before < lower:
            lower = bottoms[i]
        if trend == 0:
            trend = int(closes[i] > upper) - int(closes[i] < lower)
        elif trend > 0 and closes[i] < lower:
            trend = -1
        elif trend < 0 and closes[i] > upper:
            trend = 1
        found.append(trend)
    return found


def signal(df: pd.DataFrame, trend: int, flip: int, p: float, r1: float, s1: float) -> str:
    tail = df.tail(4)
    columns = {name: tail[name].to_numpy() for name in ("open", "high", "low", "close")}
    bars = CandleSeries("", None, None, volume=None, **columns)  # type: ignore[arg-type]
    return talib_numpy.signal(bars, trend, flip, p, r1, s1)
