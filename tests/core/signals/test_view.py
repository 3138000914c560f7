"""Views of the markets: what is read, what is refused by name, and who has a side."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import AssetClass, Side
from core.settings import CandleRules, Enrichment, Settings, TimeframeRules
from core.sifting import Refusal
from core.signals.regime import Regime, read_regime
from core.signals.returns import hourly_returns
from core.signals.timeframes import States
from core.signals.view import MarketView, sided, view_markets
from tests.core.signals import plain
from tests.core.signals.recorded import load_set
from tests.core.signals.walks import DAY, MONDAY, crypto, equity, market_candles

SETTINGS = Settings()
HOUR = Timeframe.H1.ms
NOW = MONDAY + 3 * DAY + 7 * 3_600_000
SEEDS = {"BTC": 11, "ETH": 12, "SOL": 13}
CANDLES = market_candles(SEEDS, NOW)
MARKETS = [crypto(symbol) for symbol in SEEDS]


def plain_state(series: CandleSeries, start_ms: int) -> int:
    """close > EMA20 > EMA50, from the anchor on, in plain Python."""
    close = [float(value) for value in series.since(start_ms).close]
    fast, slow = plain.ema(close, 20)[-1], plain.ema(close, 50)[-1]
    assert fast is not None
    assert slow is not None
    return (close[-1] > fast > slow) - (close[-1] < fast < slow)


def test_a_view_holds_what_its_bars_say() -> None:
    views = view_markets(CANDLES, MARKETS, NOW, SETTINGS)
    assert [view.symbol for view in views.kept] == list(SEEDS)
    assert (list(views.refused), list(views.missed)) == ([], [])
    week = MONDAY - 14 * DAY
    starts = {Timeframe.M15: MONDAY, Timeframe.H1: week, Timeframe.H4: MONDAY - 35 * DAY}
    for view in views.kept:
        hourly = CANDLES[Timeframe.H1][view.symbol]
        assert view.close == CANDLES[Timeframe.M15][view.symbol].close[-1]
        assert view.atr == pytest.approx(plain.atr(hourly.since(week), 14)[-1], rel=1e-12)
        width = max(hourly.high[-24:]) - min(hourly.low[-24:])
        assert view.range_24h == pytest.approx(width / hourly.close[-1], rel=1e-12)
        read = [plain_state(CANDLES[t][view.symbol], start) for t, start in starts.items()]
        assert view.states == States(*read)
        assert (view.asset_class, view.now_ms, view.short_history) == (AssetClass.CRYPTO, NOW, False)


def test_unsound_markets_are_refused_by_name_and_do_not_touch_the_others() -> None:
    candles = {t: dict(held) for t, held in CANDLES.items()}
    del candles[Timeframe.H4]["BTC"]
    candles[Timeframe.H1]["ETH"] = candles[Timeframe.H1]["ETH"][:-1]
    found = view_markets(candles, [*MARKETS, crypto("DOGE")], NOW, SETTINGS)
    assert list(found.refused) == [
        Refusal("BTC", "candles", "no_candles", 0, 1, "4h"),
        Refusal("ETH", "candles", "last_bar_missing", 1, 0, "1h"),
        Refusal("DOGE", "candles", "no_candles", 0, 1, "15m"),
    ]
    assert list(found.kept) == [view_markets(CANDLES, MARKETS, NOW, SETTINGS).kept[2]]


def test_without_any_sound_market_there_are_only_refusals() -> None:
    found = view_markets({}, MARKETS, NOW, SETTINGS)
    assert list(found.kept) == []
    assert [refusal.symbol for refusal in found.refused] == list(SEEDS)
    assert list(view_markets({}, [], NOW, SETTINGS).refused) == []


def test_a_young_market_with_sessions_is_viewed_and_marked() -> None:
    candles = {
        Timeframe.M15: CANDLES[Timeframe.M15],
        Timeframe.H1: {symbol: one[-260:] for symbol, one in CANDLES[Timeframe.H1].items()},
        Timeframe.H4: CANDLES[Timeframe.H4],
    }
    found = view_markets(candles, [equity("BTC"), crypto("ETH")], NOW, SETTINGS)
    assert [(view.symbol, view.short_history) for view in found.kept] == [("BTC", True)]
    assert [refusal.rule for refusal in found.refused] == ["too_short"]


def test_a_window_longer_than_the_series_refuses_the_market_instead_of_inventing_an_atr() -> None:
    rules = Settings(candles=CandleRules(short_1h=60), enrichment=Enrichment(atr_bars=200))
    candles = {**CANDLES, Timeframe.H1: {symbol: one[-170:] for symbol, one in CANDLES[Timeframe.H1].items()}}
    found = view_markets(candles, [equity("BTC")], NOW, rules)
    assert list(found.refused) == [Refusal("BTC", "candles", "too_short", 79, 201, "1h")]


def test_the_emas_of_the_timeframes_are_settings() -> None:
    quick = Settings(timeframes=TimeframeRules(ema_fast=2, ema_slow=3))
    usual = view_markets(CANDLES, MARKETS, NOW, SETTINGS).kept
    assert [view.states for view in view_markets(CANDLES, MARKETS, NOW, quick).kept] != [view.states for view in usual]


def view(symbol: str, m15: int, h1: int, h4: int) -> MarketView:
    """A view of which only the states matter."""
    return MarketView(symbol, AssetClass.CRYPTO, NOW, 100.0, 1.0, 0.03, States(m15, h1, h4))


@pytest.mark.parametrize(
    ("states", "side", "alignment"),
    [
        ((1, 1, 1), Side.LONG, 1.0),
        ((1, 0, 0), Side.LONG, 1 / 3),
        ((0, -1, -1), Side.SHORT, 2 / 3),
        ((1, -1, 1), None, 0.0),
        ((0, 0, -1), None, 0.0),
    ],
)
def test_15m_and_1h_make_the_side(states: tuple[int, int, int], side: Side | None, alignment: float) -> None:
    one = view("SOL", *states)
    assert (one.side, one.alignment) == (side, alignment)


def test_4h_against_the_side_kills_and_neutral_does_not() -> None:
    views = [
        view("A", 1, 1, 1),
        view("B", 1, 0, 0),
        view("C", 1, 1, -1),
        view("D", -1, 0, 1),
        view("E", -1, -1, 0),
        view("F", 1, -1, 1),
    ]
    found = sided(views)
    assert [one.symbol for one in found.kept] == ["A", "B", "E"]
    assert list(found.refused) == [
        Refusal("C", "timeframes", "against_4h", -1.0, 1.0),
        Refusal("D", "timeframes", "against_4h", 1.0, -1.0),
        Refusal("F", "timeframes", "no_side", 0.0, None),
    ]


def test_the_recorded_92_markets_are_read_with_their_regime(shared_data: Path) -> None:
    recorded = load_set(shared_data / "sets" / "scan92")
    at = 1_752_609_600_000  # 2025-07-15 20:00
    started = time.process_time()
    found = view_markets(recorded.candles, recorded.markets, at, SETTINGS)
    hourly = {one.symbol: recorded.candles[Timeframe.H1][one.symbol] for one in found.kept}
    regime = read_regime(found.kept, hourly_returns(hourly, at, SETTINGS.regime.correlation_bars), SETTINGS.regime)
    assert time.process_time() - started < 1.5, "ten times the budget: something is quadratic"
    assert len(found.kept) >= 80
    assert list(found.missed) == []
    assert {one.asset_class for one in found.kept} == set(AssetClass)
    assert all(one.atr > 0 and one.range_24h > 0 for one in found.kept)
    assert regime.total == len(found.kept)
    assert regime.correlation == pytest.approx(0.627, abs=0.01)
    assert regime.regime is Regime.CHOPPY
    assert len({replace(one, symbol="") for one in found.kept}) == len(found.kept)


def test_on_recorded_candles_the_4h_gate_and_the_regimes_are_as_often_as_the_specification_says(
    shared_data: Path,
) -> None:
    recorded = load_set(shared_data / "sets" / "hyperliquid20")
    first, hours = 1_747_699_200_000, 1_584  # 2025-05-20, 66 days
    held = sided_count = killed = 0
    regimes: Counter[str] = Counter()
    for now_ms in range(first, first + hours * HOUR, 17 * HOUR):
        views = view_markets(recorded.candles, recorded.markets, now_ms, SETTINGS).kept
        hourly = {one.symbol: recorded.candles[Timeframe.H1][one.symbol] for one in views}
        returns = hourly_returns(hourly, now_ms, SETTINGS.regime.correlation_bars)
        regimes[read_regime(views, returns, SETTINGS.regime).regime] += 1
        held += len(views)
        sided_count += sum(one.side is not None for one in views)
        killed += sum(refusal.rule == "against_4h" for refusal in sided(views).refused)
    assert held == 20 * regimes.total()
    assert 0.12 < killed / sided_count < 0.21, "about one sided symbol-hour in six"
    assert 0.25 < regimes[Regime.CHOPPY] / regimes.total() < 0.45
    assert 0.45 < (regimes[Regime.STRONG_BULL] + regimes[Regime.STRONG_BEAR]) / regimes.total() < 0.65
