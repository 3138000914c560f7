"""Which market the simulated venue lists: a recording, or the synthetic one of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.feeds.recorded import load_recording
from bot.feeds.universe import load_universe
from bot.moment import check_span
from bot.terminal import complain
from core.errors import BadSetting
from core.market.symbols import Market
from core.replay.candles import RecordedCandles
from core.replay.listing import recorded_markets
from core.replay.market import RecordedMarket
from core.replay.window import first_sound
from core.settings import Settings
from core.trading.exchange.ports import PriceSource

DEMO_SEED = 7
"""Seed of the demonstration; chosen so that a newcomer sees a trade early. Any other runs as well."""
DEMO_START_MS = 1_767_708_000_000
"""Where the synthetic market begins unless told otherwise: Tuesday 2026-01-06 14:00 UTC, an hour of all sessions."""


@dataclass(frozen=True, slots=True)
class SimulatedMarket:
    """A price source and the markets it lists. ``origin`` names it, so that a kept state is never put on another."""

    source: PriceSource
    markets: list[Market]
    origin: str


def open_market(
    data: Path | None, start_ms: int | None, seed: int | None, state: Path, settings: Settings
) -> SimulatedMarket:
    """Load or make the market (files and arithmetic: call it off the event loop)."""
    if data is None:
        return synthetic_market(start_ms, seed, state, settings)
    if seed is not None:
        raise BadSetting(
            "--seed is for the synthetic market; leave it out with --data",
            name="--seed",
            value=str(seed),
            expected="no --data",
        )
    return recorded_market(data, start_ms, state, settings)


def recorded_market(data: Path, start_ms: int | None, state: Path, settings: Settings) -> SimulatedMarket:
    """The recording from ``start_ms`` on, by default from where half of its markets can be read."""
    loaded = load_recording(data)
    for symbol, trouble in loaded.left_out.items():
        complain(f"{symbol} is left out: {trouble}")
    recording = loaded.recording
    check_span(start_ms, None, recording)
    markets = recorded_markets(recording, load_universe(state), settings.quotes)
    start = start_ms
    if start is None:
        candles = RecordedCandles(recording, settings.candles)
        start = first_sound(candles, markets, recording.start_ms, recording.end_ms, settings.candles)
    source = RecordedMarket(recording, markets, settings.quotes, start_ms=start)
    return SimulatedMarket(source, markets, f"recorded:{data.resolve().name}")


def synthetic_market(start_ms: int | None, seed: int | None, state: Path, settings: Settings) -> SimulatedMarket:
    """The synthetic market over the universe, with its warm history."""
    from bot.feeds.synthetic import SyntheticMarket

    markets = load_universe(state)
    chosen = DEMO_SEED if seed is None else seed
    start = DEMO_START_MS if start_ms is None else start_ms
    source = SyntheticMarket(markets, seed=chosen, start_ms=start, rules=settings.synthetic, quotes=settings.quotes)
    return SimulatedMarket(source, markets, f"synthetic:{chosen}")
