"""One moment of a recording, as ``vektor enrich`` and ``vektor scan`` look at it. Shows no bar that closes after it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.feeds.recorded import load_recording
from bot.feeds.universe import load_universe
from bot.state import parse_time, read_settings
from bot.terminal import complain
from core.errors import BadData, BadSetting
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market
from core.replay.candles import RecordedCandles
from core.replay.listing import recorded_markets
from core.replay.recording import Recording
from core.replay.window import best_sound
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Moment:
    """A recording at a time: what was known then."""

    recording: Recording
    markets: list[Market]
    candles: RecordedCandles
    settings: Settings
    at_ms: int

    @property
    def bars(self) -> Mapping[Timeframe, Mapping[str, CandleSeries]]:
        """Closed bars by timeframe and symbol; a market without any is left out."""
        return {timeframe: dict(self._series(timeframe)) for timeframe in Timeframe}

    def _series(self, timeframe: Timeframe) -> list[tuple[str, CandleSeries]]:
        found = [(m.symbol, self.candles.closed_columns(m, timeframe, self.at_ms)) for m in self.markets]
        return [(symbol, series) for symbol, series in found if series is not None and len(series)]

    @property
    def stamp(self) -> str:
        """The time in words."""
        return stamp(self.at_ms)


def read_moment(options: argparse.Namespace) -> Moment:
    """From ``--data``, ``--at`` and ``--state``; without ``--at`` where the most markets can be read, as late as possible.

    Raises :class:`BadData` for a malformed recording or one that is never sound, :class:`BadSetting` for a time that
    is none or lies outside of the recording.
    """
    settings, _ = read_settings(options.state)
    at_ms = parse_time(options.at, "--at")
    loaded = load_recording(options.data)
    for symbol, trouble in loaded.left_out.items():
        complain(f"{symbol} is left out: {trouble}")
    recording = loaded.recording
    markets = recorded_markets(recording, load_universe(options.state), settings.quotes)
    candles = RecordedCandles(recording, settings.candles)
    if at_ms is None:
        at_ms = best_sound(candles, markets, recording.start_ms, recording.end_ms, settings.candles)
    elif not recording.start_ms < at_ms < recording.end_ms + Timeframe.M15.ms:
        held = f"a time in {stamp(recording.start_ms)} … {stamp(recording.end_ms)}"
        raise BadSetting(
            f"--at {options.at!r} lies outside of the recording; {held} would be right",
            name="--at",
            value=options.at,
            expected=held,
        )
    if at_ms is None:
        raise BadData(
            "the recording is never long and whole enough to be read (SPEC C4)",
            file=str(options.data),
            line=0,
            value="",
            expected="longer series",
        )
    return Moment(recording, markets, candles, settings, at_ms)


def check_span(start_ms: int | None, end_ms: int | None, recording: Recording) -> None:
    """Raise :class:`BadSetting` for a ``--from`` and ``--to`` that leave nothing of the recording."""
    begin = recording.start_ms if start_ms is None else start_ms
    late = begin >= recording.end_ms
    if late or (end_ms is not None and end_ms <= begin):
        option, value = ("--from", begin) if late or end_ms is None else ("--to", end_ms)
        held = f"--from before --to, in {stamp(recording.start_ms)} … {stamp(recording.end_ms)},"
        raise BadSetting(
            f"{option} {stamp(value)} leaves nothing of the recording; {held} would be right",
            name=option,
            value=stamp(value),
            expected=held,
        )


def stamp(at_ms: int) -> str:
    """A time for the terminal.

    >>> stamp(1_753_469_100_000)
    '2025-07-25 18:45 UTC'
    """
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=UTC):%Y-%m-%d %H:%M UTC}"
