"""What the 35 readings of 92 markets cost, beside what a user would pick instead: ``make bench-enrichment``.

One run, one process, one thread; the same bars for every contender, each in the container it likes best; CPU time,
medians over interleaved rounds. Every contender's readings are compared with ours before anything is timed. Writes
docs/evidence/enrichment.json.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks.peers import bars as market  # noqa: E402
from benchmarks.peers import cold, pandas_way, talib_numpy  # noqa: E402
from benchmarks.peers.bars import BARS, NOW_MS, Bars  # noqa: E402
from core.market.blocks import CandleBlock  # noqa: E402
from core.market.candles import COLUMNS, Timeframe  # noqa: E402
from core.market.symbols import AssetClass  # noqa: E402
from core.settings import Settings  # noqa: E402
from core.signals.enrichment.columns import DIMENSIONS  # noqa: E402
from core.signals.kernels.library import library  # noqa: E402
from core.signals.reader import Reader  # noqa: E402

SETTINGS = Settings()
SYMBOLS, MANY, SEED = 92, 2_000, 7
ROUNDS, SLOW_ROUNDS = 15, 3
STEPS = 48
EVIDENCE = ROOT / "docs" / "evidence" / "enrichment.json"
Blocks = tuple[CandleBlock, CandleBlock, CandleBlock]


def blocks_of(bars: Bars, drop: int = 0) -> Blocks:
    """The bars as blocks, the last ``drop`` of each row left out, with room for them."""
    made = []
    for t in Timeframe:
        series = bars.series[t]
        block = CandleBlock(t, len(series), len(series[0]))
        for row, one in enumerate(series):
            block.take(row, one[: len(one) - drop])
        made.append(block)
    return made[0], made[1], made[2]


def full(blocks: Blocks, bars: Bars) -> Reader:
    """Every bar read, from the first one on."""
    reader = Reader.over(*blocks, bars.markets, SETTINGS)
    everything = np.arange(len(bars.markets))
    reader.advance(everything, dict.fromkeys(Timeframe, everything), NOW_MS)
    return reader


def one_bar(bars: Bars, closing: tuple[Timeframe, ...]) -> float:
    """Median CPU ms of appending one closed bar of all markets on some timeframes and reading what depends on it."""
    blocks = blocks_of(bars, drop=STEPS)
    rows, nothing = np.arange(len(bars.markets)), np.empty(0, dtype=np.int64)
    reader = full(blocks, bars)
    spent = []
    for step in range(STEPS, 0, -1):
        new = {t: last_bars(bars, t, step) for t in closing}
        began = time.process_time()
        for block in blocks:
            if block.timeframe in new:
                block.append(rows, *new[block.timeframe])
        reader.advance(rows, {t: rows if t in new else nothing for t in Timeframe}, NOW_MS)
        spent.append(time.process_time() - began)
    return statistics.median(spent) * 1000


def last_bars(bars: Bars, timeframe: Timeframe, back: int) -> tuple[Any, Any]:
    """The bar ``back`` from the end of every market: open times, and the five columns."""
    series = bars.series[timeframe]
    columns = np.array([[getattr(one, name)[-back] for one in series] for name in COLUMNS])
    return np.array([one.time[-back] for one in series]), columns


def cpu_ms(work: Callable[[], object]) -> float:
    """CPU time of one run, ms."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def race(contenders: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Median CPU ms of each contender over its rounds, interleaved."""
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(max(rounds for _, rounds in contenders.values())):
        for name, (work, rounds) in contenders.items():
            if turn < rounds:
                spent[name].append(cpu_ms(work))
    return {name: statistics.median(times) for name, times in spent.items()}


def mismatches(bars: Bars, theirs: list[dict[str, Any]]) -> Counter[str]:
    """Readings of a peer that are not ours: other labels, numbers over 1e-6 apart."""
    reader = full(blocks_of(bars), bars)
    found: Counter[str] = Counter()
    for row, (one, ours) in enumerate(
        zip(theirs, reader.carried.columns.dimensions(np.arange(len(theirs))), strict=True)
    ):
        for name in DIMENSIONS:
            mine, other = getattr(ours, name), one[name]
            if name == "pivots":
                mine = (mine.p, mine.r1, mine.r2, mine.s1, mine.s2)
            if not same(mine, other):
                found[name] += 1
        for name in ("state_15m", "state_1h", "state_4h", "side", "atr", "range_24h"):
            found[name] += not same(reader.carried.columns[name][row], one[name])
    return +found


def same(mine: Any, other: Any) -> bool:
    """Equal labels; numbers within 1e-6."""
    if mine is None or other is None or isinstance(mine, str):
        return bool(mine is None) == bool(other is None) and (mine is None or mine == other)
    return bool(np.allclose(np.asarray(mine, float), np.asarray(other, float), rtol=1e-6, atol=1e-9))


def enrichment(figures: dict[str, Any]) -> None:
    """Full computation of every contender, and ours bar by bar."""
    bars = market.make(SYMBOLS, SEED)
    stocks = [one.asset_class is AssetClass.EQUITY for one in bars.markets]
    arrays = list(zip(*(bars.series[t] for t in Timeframe), stocks, strict=True))
    frames = [(*(pandas_way.frame(one) for one in row[:3]), row[3]) for row in arrays]
    blocks = blocks_of(bars)

    def talib() -> list[dict[str, Any]]:
        return [talib_numpy.read(*row, NOW_MS) for row in arrays]

    def pandas() -> list[dict[str, Any]]:
        return [pandas_way.read(*row, NOW_MS) for row in frames]

    for name, peer in (("TA-Lib C + numpy", talib), ("pandas", pandas)):
        figures[f"readings of {name} unlike ours"] = dict(mismatches(bars, peer()))
    every = np.arange(SYMBOLS)
    times = race(
        {
            "pandas": (pandas, SLOW_ROUNDS),
            "TA-Lib C + numpy": (talib, ROUNDS),
            "vektor": (lambda: full(blocks, bars), ROUNDS),
            "vektor, blocks made too": (lambda: full(blocks_of(bars), bars), ROUNDS),
            "vektor, one object per market too": (lambda: full(blocks, bars).carried.columns.dimensions(every), ROUNDS),
        }
    )
    figures |= {f"{name} [ms]": round(ms, 3) for name, ms in times.items()}
    ours = times["vektor"]
    figures["TA-Lib C + numpy / vektor"] = round(times["TA-Lib C + numpy"] / ours, 1)
    figures["pandas / vektor"] = round(times["pandas"] / ours)
    for name, closing in (
        ("15m", (Timeframe.M15,)),
        ("1h", (Timeframe.H1,)),
        ("15m and 1h", (Timeframe.M15, Timeframe.H1)),
    ):
        step = one_bar(market.make(SYMBOLS, SEED, spare=STEPS), closing)
        figures[f"vektor, one closed bar of {name} [ms]"] = round(step, 4)
        figures[f"vektor / vektor, one closed bar of {name}"] = round(ours / step, 1)


def scaling(figures: dict[str, Any]) -> None:
    """Time per symbol at 2,000 symbols against 92."""
    few, many = market.make(SYMBOLS, SEED), market.make(MANY, SEED)
    few_blocks, many_blocks = blocks_of(few), blocks_of(many)
    times = race({"few": (lambda: full(few_blocks, few), ROUNDS), "many": (lambda: full(many_blocks, many), ROUNDS)})
    figures["vektor, per symbol at 92 [us]"] = round(times["few"] / SYMBOLS * 1000, 2)
    figures["vektor, per symbol at 2,000 [us]"] = round(times["many"] / MANY * 1000, 2)
    figures["per symbol, 2,000 / 92"] = round(times["many"] / MANY / (times["few"] / SYMBOLS), 2)


def whole_cycle(figures: dict[str, Any]) -> None:
    """276 kline answers to 35 readings and the regime."""
    bars = market.make(SYMBOLS, SEED)
    bodies = cold.bodies_of(bars)
    figures["kline answers"] = f"{len(bodies)}, {sum(len(one[2]) for one in bodies) / 1e6:.1f} MB"
    ours, theirs = cold.vektor(bodies, bars.markets), cold.ccxt_pandas(bodies, bars.markets)
    figures["regime, ours and theirs"] = f"{ours}, {theirs}"
    times = race(
        {
            "ccxt + pandas": (lambda: cold.ccxt_pandas(bodies, bars.markets), SLOW_ROUNDS),
            "vektor": (lambda: cold.vektor(bodies, bars.markets), ROUNDS),
        }
    )
    figures["cold cycle, ccxt + pandas [ms]"] = round(times["ccxt + pandas"], 1)
    figures["cold cycle, vektor [ms]"] = round(times["vektor"], 1)
    figures["cold cycle, ccxt + pandas / vektor"] = round(times["ccxt + pandas"] / times["vektor"], 1)


def main() -> None:
    """Measure, print, write."""
    figures: dict[str, Any] = {"symbols": SYMBOLS, "bars": {t.value: count for t, count in BARS.items()}, "seed": SEED}
    figures["loading the compiled passes [ms]"] = round(cpu_ms(library), 2)
    enrichment(figures)
    scaling(figures)
    whole_cycle(figures)
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=True)
    figures["commit"] = git.stdout.strip()
    for name, value in figures.items():
        print(f"{name:48} {value}")
    EVIDENCE.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
