"""The indicators and passes once more, in plain Python, one bar at a time, straight from their published definitions.

Slow on purpose and independent of the kernels they are compared with: no arrays, no windows kept up, no seeds shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from core.market.candles import CandleSeries

Line = list[float | None]


def ema(values: Sequence[float | None], bars: int) -> Line:
    """Seeded with the mean of the first ``bars`` values that exist."""
    return _smooth(values, bars, 2 / (bars + 1))


def wilder(values: Sequence[float | None], bars: int) -> Line:
    """Wilder's smoothing, seeded the same way."""
    return _smooth(values, bars, 1 / bars)


def _smooth(values: Sequence[float | None], bars: int, weight: float) -> Line:
    out: Line = []
    seen: list[float] = []
    last: float | None = None
    for value in values:
        if value is None:
            out.append(None)
            continue
        if last is not None:
            last = last * (1 - weight) + value * weight
        else:
            seen.append(value)
            if len(seen) == bars:
                last = sum(seen) / bars
        out.append(last)
    return out


def true_range(bars: CandleSeries) -> Line:
    """The greatest of high − low and both distances to the close before."""
    out: Line = [None]
    for i in range(1, len(bars)):
        high, low, before = float(bars.high[i]), float(bars.low[i]), float(bars.close[i - 1])
        out.append(max(high - low, abs(high - before), abs(low - before)))
    return out


def atr(bars: CandleSeries, length: int) -> Line:
    """Wilder's average of the true range."""
    return wilder(true_range(bars), length)


def rsi(close: Sequence[float], length: int) -> Line:
    """100 − 100 / (1 + average gain / average loss)."""
    moves = [None] + [close[i] - close[i - 1] for i in range(1, len(close))]
    gains = wilder([None if m is None else max(m, 0.0) for m in moves], length)
    losses = wilder([None if m is None else max(-m, 0.0) for m in moves], length)
    out: Line = []
    for gain, loss in zip(gains, losses, strict=True):
        if gain is None or loss is None:
            out.append(None)
        elif gain == loss == 0:
            out.append(50.0)
        else:
            out.append(100.0 if loss == 0 else 100 - 100 / (1 + gain / loss))
    return out


def stoch_rsi(close: Sequence[float], length: int, span: int, smooth: int) -> float:
    """%K at the last bar."""
    index = rsi(close, length)
    raw = []
    for end in range(len(index) - smooth, len(index)):
        window = [value for value in index[end - span + 1 : end + 1] if value is not None]
        assert len(window) == span
        low, high = min(window), max(window)
        raw.append(50.0 if high == low else 100 * (window[-1] - low) / (high - low))
    return sum(raw) / smooth


def macd(close: Sequence[float], fast: int, slow: int, signal: int) -> tuple[Line, Line]:
    """Difference of two EMAs that begin at the same bar, and its EMA."""
    head: Line = [None] * (slow - fast)
    quick = head + ema(close[slow - fast :], fast)
    line: Line = [None if a is None or b is None else a - b for a, b in zip(quick, ema(close, slow), strict=True)]
    return line, ema(line, signal)


def deviation(window: Sequence[float]) -> float:
    """Root of the mean squared distance from the mean."""
    mean = sum(window) / len(window)
    return sqrt(sum((value - mean) ** 2 for value in window) / len(window))


def vwap(bars: CandleSeries, length: int) -> float | None:
    """Σ typical · volume / Σ volume."""
    paid = traded = 0.0
    for i in range(len(bars) - length, len(bars)):
        paid += float((bars.high[i] + bars.low[i] + bars.close[i]) / 3 * bars.volume[i])
        traded += float(bars.volume[i])
    return paid / traded if traded else None


def div(bars: CandleSeries, measure: Line, length: int, gap: int) -> str:
    """div(x, n, g) of SPEC §3 at the last bar."""
    t = len(bars) - 1
    now = measure[t]
    assert now is not None
    trough = min(range(t - length + 1, t - gap + 1), key=lambda i: float(bars.low[i]))
    peak = max(range(t - length + 1, t - gap + 1), key=lambda i: float(bars.high[i]))
    window = range(t - length + 1, t + 1)
    then_low, then_high = measure[trough], measure[peak]
    assert then_low is not None
    assert then_high is not None
    bull = bars.low[t] == min(bars.low[i] for i in window) and bars.low[t] < bars.low[trough] and now > then_low
    bear = bars.high[t] == max(bars.high[i] for i in window) and bars.high[t] > bars.high[peak] and now < then_high
    return "NONE" if bull == bear else "BULL_DIV" if bull else "BEAR_DIV"


def cross(line: Line, signal: Line, fresh: int) -> str:
    """The last sign change of line − signal, if it is fresh."""
    last_sign, changed_at, changed_to = 0, -1, 0
    for i, (a, b) in enumerate(zip(line, signal, strict=True)):
        if a is None or b is None or a == b:
            continue
        sign = 1 if a > b else -1
        if last_sign and sign != last_sign:
            changed_at, changed_to = i, sign
        last_sign = sign
    if changed_at < 0 or len(line) - 1 - changed_at > fresh:
        return "NONE"
    return "BULL_CROSS" if changed_to > 0 else "BEAR_CROSS"


def squeeze(bars: CandleSeries, length: int, sigmas: float, atrs: float, fresh: int, least: int) -> str:
    """Bollinger inside Keltner, and what follows."""
    close = [float(value) for value in bars.close]
    middle, ranges = ema(close, length), atr(bars, length)
    inside: list[bool] = []
    sigma: list[float] = []
    for i in range(len(close)):
        line, width = middle[i], ranges[i]
        if i < length - 1 or line is None or width is None:
            inside.append(False)
            sigma.append(0.0)
            continue
        window = close[i - length + 1 : i + 1]
        mean, spread = sum(window) / length, deviation(window)
        sigma.append(spread)
        upper, lower = mean + sigmas * spread, mean - sigmas * spread
        inside.append(upper < line + atrs * width and lower > line - atrs * width)
    t = len(close) - 1
    if inside[t]:
        return "COILING"
    release = t
    while release > 0 and not inside[release - 1]:
        release -= 1
    if release == 0 or t - release > fresh or not all(inside[release - least : release]):
        return "NONE"
    if not all(sigma[i] > sigma[i - 1] for i in range(release, t + 1)):
        return "NONE"
    mean = sum(close[t - length + 1 :]) / length
    return "NONE" if close[t] == mean else "FIRING_LONG" if close[t] > mean else "FIRING_SHORT"


def swings(prices: Sequence[float], wing: int, better: int) -> list[float]:
    """Confirmed swing highs (``better`` = +1) or lows (−1), oldest first."""
    found = []
    for k in range(wing, len(prices) - wing):
        around = [prices[k + d] for d in range(-wing, wing + 1) if d]
        if all(better * prices[k] > better * other for other in around):
            found.append(prices[k])
    return found


def supertrend(bars: CandleSeries, length: int, atrs: float) -> list[int]:
    """Direction at every bar, 0 until the first close beyond a band."""
    ranges = atr(bars, length)
    out: list[int] = []
    upper: float | None = None
    lower: float | None = None
    trend = 0
    for i, width in enumerate(ranges):
        if width is None:
            out.append(0)
            continue
        middle, close = float(bars.high[i] + bars.low[i]) / 2, float(bars.close[i])
        top, bottom = middle + atrs * width, middle - atrs * width
        before = float(bars.close[i - 1])
        if upper is None or lower is None:
            upper, lower = top, bottom
        else:
            upper = top if top < upper or before > upper else upper
            lower = bottom if bottom > lower or before < lower else lower
        if trend == 0:
            trend = (close > upper) - (close < lower)
        elif trend > 0 and close < lower:
            trend = -1
        elif trend < 0 and close > upper:
            trend = 1
        out.append(trend)
    return out


def day_before(bars: CandleSeries, now_ms: int) -> tuple[float, float, float] | None:
    """High, low and close of the last UTC day with bars that ended by ``now_ms``."""
    today = now_ms // 86_400_000
    days = sorted({int(time) // 86_400_000 for time in bars.time if int(time) // 86_400_000 < today})
    if not days:
        return None
    of_day = [i for i in range(len(bars)) if int(bars.time[i]) // 86_400_000 == days[-1]]
    highs, lows = [float(bars.high[i]) for i in of_day], [float(bars.low[i]) for i in of_day]
    return max(highs), min(lows), float(bars.close[of_day[-1]])


def volume_delta(bars: CandleSeries, length: int) -> Line:
    """Volume of rising bars less that of falling ones, as a share of all, at every bar."""
    out: Line = []
    for t in range(len(bars)):
        if t < length - 1:
            out.append(None)
            continue
        rose = fell = traded = 0.0
        for i in range(t - length + 1, t + 1):
            volume = float(bars.volume[i])
            traded += volume
            rose += volume if bars.close[i] > bars.open[i] else 0.0
            fell += volume if bars.close[i] < bars.open[i] else 0.0
        out.append((rose - fell) / traded if traded else 0.0)
    return out


def cumulative_delta(bars: CandleSeries, length: int) -> float:
    """Volume weighted with where in its range each bar went, as a share of all, at the last bar."""
    flow = traded = 0.0
    for i in range(len(bars) - length, len(bars)):
        volume, width = float(bars.volume[i]), float(bars.high[i] - bars.low[i])
        traded += volume
        flow += volume * float(bars.close[i] - bars.open[i]) / width if width else 0.0
    return flow / traded if traded else 0.0


def obv(bars: CandleSeries) -> list[float]:
    """Volume added on a higher close and taken off on a lower one, from 0."""
    out = [0.0]
    for i in range(1, len(bars)):
        volume = float(bars.volume[i])
        if bars.close[i] > bars.close[i - 1]:
            out.append(out[-1] + volume)
        elif bars.close[i] < bars.close[i - 1]:
            out.append(out[-1] - volume)
        else:
            out.append(out[-1])
    return out


def slope(values: Sequence[float]) -> float:
    """Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²."""
    n = len(values)
    x_mean, y_mean = (n - 1) / 2, sum(values) / n
    above = sum((x - x_mean) * (y - y_mean) for x, y in enumerate(values))
    return above / sum((x - x_mean) ** 2 for x in range(n))


def swept_low(
    low: Sequence[float], opened: Sequence[float], close: Sequence[float], span: int, wing: int
) -> float | None:
    """The lowest level that the last bar swept; all lists end at that bar and hold its window."""
    k = len(low) - 1
    if k + 1 < span:
        return None
    first = k - span + 1
    levels = [min(low[first:k])]
    for i in range(first + wing, k - wing + 1):
        around = [low[i + d] for d in range(-wing, wing + 1) if d]
        if all(low[i] < other for other in around) and all(close[j] >= low[i] for j in range(i + 1, k)):
            levels.append(low[i])
    swept = [level for level in levels if low[k] < level < min(opened[k], close[k])]
    return min(swept) if swept else None
