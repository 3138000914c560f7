"""The synthetic market looks like a market: tails, clusters, correlation, sleep, crowds, cascades and regimes."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

import numpy as np
import pytest

from bot.feeds.synthesis.cascades import cascades_of
from bot.feeds.synthesis.days import DAY_MS
from bot.feeds.synthesis.profiles import profiles_of
from bot.feeds.synthesis.sessions import BARS_A_DAY, awake, reopens
from bot.feeds.universe import load_universe
from core.market.candles import CandleSeries, Floats, Timeframe
from core.market.history import history_start
from core.market.symbols import AssetClass
from core.settings import Settings, Synthetic
from core.signals.regime import read_regime
from core.signals.returns import hourly_returns
from core.signals.view import view_markets
from tests.bot.feeds.worlds import MONDAY, Past, some_markets

TUESDAY_MS = (MONDAY + 1) * DAY_MS
SATURDAY_MS = (MONDAY + 5) * DAY_MS
SUNDAY_MS = SATURDAY_MS + DAY_MS


@lru_cache(maxsize=1)
def past() -> Past:
    return Past(some_markets(), seed=11, days=120)


def kurtosis(sample: Floats) -> float:
    centred = sample - sample.mean()
    return float((centred**4).mean() / (centred**2).mean() ** 2)


@pytest.mark.parametrize("symbol", ["BTC", "DOGE", "TSLA", "GOLD", "EUR", "SP500"])
def test_returns_have_fat_tails_and_volatility_clusters(symbol: str) -> None:
    returns = past().returns(symbol)
    assert 6 < kurtosis(returns) < 400
    size = np.abs(returns) - np.abs(returns).mean()
    assert float((size[12:] * size[:-12]).mean() / (size**2).mean()) > 0.03


@pytest.mark.parametrize("symbol", ["BTC", "DOGE", "TSLA", "GOLD", "EUR", "SP500"])
def test_a_days_volatility_is_the_profiles(symbol: str) -> None:
    market = next(one for one in past().markets if one.symbol == symbol)
    usual = float(profiles_of([market]).volatility[0])
    assert 0.5 * usual < past().returns(symbol, BARS_A_DAY).std() < 1.8 * usual


def correlation(one: str, other: str) -> float:
    return float(np.corrcoef(past().returns(one, 12), past().returns(other, 12))[0, 1])


def test_markets_of_a_class_move_together_more_than_those_of_two() -> None:
    crypto = [correlation(a, b) for a, b in (("BTC", "ETH"), ("ETH", "SOL"), ("BTC", "DOGE"))]
    stocks = [correlation(a, b) for a, b in (("TSLA", "NVDA"), ("NVDA", "AAPL"), ("SP500", "XYZ100"))]
    across = [correlation(a, b) for a, b in (("BTC", "GOLD"), ("ETH", "EUR"), ("AAPL", "CL"))]
    assert min(crypto) > 0.3
    assert min(stocks) > 0.2
    assert max(across) < min(*crypto, *stocks)


def test_the_yen_is_quoted_the_other_way_round() -> None:
    assert correlation("EUR", "JPY") < -0.2


@pytest.mark.parametrize("asset_class", [AssetClass.EQUITY, AssetClass.INDEX, AssetClass.COMMODITY, AssetClass.FOREX])
def test_weekends_are_quiet_for_all_but_crypto(asset_class: AssetClass) -> None:
    weekday, traded = awake(asset_class, TUESDAY_MS)
    weekend, hardly = awake(asset_class, SATURDAY_MS)
    assert weekend.max() < 0.2 * weekday.max()
    assert hardly.sum() < 0.05 * traded.sum()
    assert awake(AssetClass.CRYPTO, SATURDAY_MS)[0].mean() > 0.5 * awake(AssetClass.CRYPTO, TUESDAY_MS)[0].mean()
    assert (reopens(asset_class, SUNDAY_MS) is None) != (reopens(asset_class, SUNDAY_MS + DAY_MS) is None)
    assert reopens(asset_class, TUESDAY_MS) is None
    assert reopens(AssetClass.CRYPTO, SUNDAY_MS) is None


def test_quiet_hours_show_in_prices_and_volumes() -> None:
    world = past()
    saturday = world.start_ms + (SATURDAY_MS - world.start_ms) % (7 * DAY_MS)
    row = [one.symbol for one in world.markets].index("TSLA")
    asleep = world.memory.fine(row, saturday, saturday + DAY_MS)
    busy = world.memory.fine(row, saturday + 3 * DAY_MS, saturday + 4 * DAY_MS)
    assert np.ptp(np.log(asleep.close)) < 0.5 * np.ptp(np.log(busy.close))
    assert asleep.volume.sum() < 0.1 * busy.volume.sum()


def test_stocks_follow_new_yorks_clock_through_the_change_of_time() -> None:
    winter = int(np.argmax(awake(AssetClass.EQUITY, TUESDAY_MS)[0]))
    summer = int(np.argmax(awake(AssetClass.EQUITY, TUESDAY_MS - 140 * DAY_MS)[0]))
    assert winter * 5 == (14 * 60 + 30)
    assert summer * 5 == (13 * 60 + 30)


def test_a_weekend_ends_with_a_gap() -> None:
    world = past()
    row = [one.symbol for one in world.markets].index("TSLA")
    gapped = 0
    for day in range(world.start_ms, world.end_ms, DAY_MS):
        bars, _ = world.memory.day_of(day)
        gapped += int(bars.gapped[row].sum())
    assert gapped in (17, 18)


def test_a_cascade_falls_fast_overshoots_and_partly_returns() -> None:
    rules = Synthetic()
    volatility, exposed = np.array([0.04, 0.05, 0.02]), np.array([1.0, 1.0, 0.0])
    for day in range(40):
        swept = cascades_of(1, day, "ABC", volatility, np.ones(3), exposed, rules)
        assert not swept.returns[:, 2].any()
        if swept.returns[:, 0].any():
            path = np.cumsum(swept.returns[:, 0])
            assert np.abs(path).max() > np.abs(path[-1]) > 0


def test_cascades_mostly_strike_the_crowded_side() -> None:
    volatility, exposed, falls, rises = np.full(4, 0.04), np.ones(4), 0, 0
    for day in range(200):
        swept = cascades_of(2, day, "ABCD", volatility, np.full(4, 0.9), exposed, Synthetic())
        lowest = swept.returns.min() if swept.returns.any() else 0.0
        falls, rises = falls + int(lowest < -swept.returns.max()), rises + int(swept.returns.max() > -lowest)
    assert falls > 4 * rises


def test_funding_and_open_interest_follow_the_crowd_within_bounds() -> None:
    world = past()
    row = [one.symbol for one in world.markets].index("ETH")
    days = [world.memory.day_of(day)[0] for day in range(world.start_ms, world.end_ms, DAY_MS)]
    premium = np.concatenate([day.crowd.premium[row] for day in days])
    funding = np.concatenate([day.crowd.funding[row] for day in days])
    interest = np.concatenate([day.crowd.interest[row] for day in days])
    hourly = np.log(world.closes("ETH")[11::12])
    run_up = hourly[24:-1] - hourly[:-25]
    assert float(np.corrcoef(run_up, premium[25:])[0, 1]) > 0.6
    assert np.abs(funding).max() < 0.0005
    assert np.unique(np.round(funding, 7)).size > 20
    assert 0.2 < interest.min() < interest.max() < 3


def test_prices_stay_near_their_homes_for_ever() -> None:
    world = Past(some_markets(("BTC", "TSLA", "EUR")), seed=3, days=400, first_day=MONDAY - 900)
    for symbol, reach in (("BTC", 4.0), ("TSLA", 4.0), ("EUR", 1.5)):
        closes = world.closes(symbol)
        home = float(profiles_of(some_markets((symbol,))).price[0])
        assert home / reach < closes.min() < closes.max() < home * reach


def test_the_pipeline_finds_strong_regimes_and_chops_in_it() -> None:
    settings, markets = Settings(), load_universe()
    world = Past(markets, seed=5, days=112)
    found: Counter[str] = Counter()
    for now in range(world.start_ms + 46 * DAY_MS, world.end_ms, 3 * DAY_MS + 3_600_000):
        series = {
            timeframe: {
                market.symbol: series_of(world, row, market.symbol, timeframe, now, settings)
                for row, market in enumerate(markets)
            }
            for timeframe in Timeframe
        }
        views = view_markets(series, markets, now, settings)
        assert not views.refused
        returns = hourly_returns(series[Timeframe.H1], now, settings.regime.correlation_bars)
        found[read_regime(views.kept, returns, settings.regime).regime.name] += 1
    assert found["STRONG_BULL"] + found["STRONG_BEAR"] >= 4, found
    assert found["CHOPPY"] >= 1, found


def series_of(world: Past, row: int, symbol: str, timeframe: Timeframe, now: int, settings: Settings) -> CandleSeries:
    bars = world.memory.bars(row, timeframe.ms, history_start(timeframe, now, settings.candles), now)
    return CandleSeries(symbol, timeframe, bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)
