"""A recording made on the spot: the synthetic market's own bars, written as a ``--data`` folder."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from bot.feeds.synthetic import SyntheticMarket
from bot.feeds.universe import load_universe
from core.settings import Settings

DAY_MS = 86_400_000
START_MS = 1_767_571_200_000 + 3 * DAY_MS
QUARTER_MS, HOUR_MS = 900_000, 3_600_000


def crowd_rows(kind: str, place: int, hours: int) -> list[tuple[int, float]]:
    """Hourly funding (up to twice a year's notional, either way) or open interest that swings with it."""
    end = START_MS // HOUR_MS * HOUR_MS + 3 * DAY_MS
    rows = []
    for hour in range(hours):
        swing = math.sin(hour / 17 + place)
        value = swing * 2 / 8760 if kind == "funding" else 1000.0 * (2 + swing)
        rows.append((end - (hours - hour) * HOUR_MS, value))
    return rows


def write_recording(folder: Path, symbols: tuple[str, ...], *, seed: int = 3, days: int = 3) -> Path:
    """45 days of warm 15m bars and ``days`` more, of some default markets; the folder."""
    settings = Settings()
    markets = [m for m in load_universe() if m.symbol in symbols]
    source = SyntheticMarket(
        markets, seed=seed, start_ms=START_MS + days * DAY_MS, rules=settings.synthetic, quotes=settings.quotes
    )
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", newline="") as manifest:
        listing = csv.writer(manifest)
        listing.writerow(("symbol", "asset_class", "kind", "file"))
        for market in markets:
            listing.writerow((market.symbol, market.asset_class.value, "15m", f"{market.symbol}.csv"))
            for kind, header in (("funding", "funding_rate"), ("open_interest", "open_interest")):
                listing.writerow((market.symbol, market.asset_class.value, kind, f"{market.symbol}-{kind}.csv"))
                with (folder / f"{market.symbol}-{kind}.csv").open("w", newline="") as file:
                    rows = csv.writer(file)
                    rows.writerow(("ts_ms", header))
                    rows.writerows(crowd_rows(kind, markets.index(market), 24 * 10))
            bars = source.candles(market.coin, QUARTER_MS, 0, source.now_ms - QUARTER_MS)
            with (folder / f"{market.symbol}.csv").open("w", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(("ts_ms", "open", "high", "low", "close", "volume"))
                rows.writerows((b.time_ms, b.open, b.high, b.low, b.close, b.volume) for b in bars)
    return folder
