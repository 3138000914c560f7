"""A recording made on the spot: the synthetic market's own bars, written as a ``--data`` folder."""

from __future__ import annotations

import csv
from pathlib import Path

from bot.feeds.synthetic import SyntheticMarket
from bot.feeds.universe import load_universe
from core.settings import Settings

DAY_MS = 86_400_000
START_MS = 1_767_571_200_000 + 3 * DAY_MS
QUARTER_MS = 900_000


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
            bars = source.candles(market.coin, QUARTER_MS, 0, source.now_ms - QUARTER_MS)
            with (folder / f"{market.symbol}.csv").open("w", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(("ts_ms", "open", "high", "low", "close", "volume"))
                rows.writerows((b.time_ms, b.open, b.high, b.low, b.close, b.volume) for b in bars)
    return folder
