"""The numbers: bounded, documented, overridable by name, and refused with a sentence that helps."""

from __future__ import annotations

import pytest

from bot.numbers import numbers
from bot.state import parse_speed, parse_time, read_settings
from core.errors import BadSetting
from core.settings import Settings

SPECIFIED = {
    "cadence.scan_ms": 300_000, "cadence.watch_ms": 5_000, "cadence.reconcile_ms": 60_000, "candles.in_flight": 8,
    "candles.ttl_15m_ms": 4 * 60_000, "candles.ttl_1h_ms": 14 * 60_000, "candles.ttl_4h_ms": 59 * 60_000,
    "candles.least_15m": 300, "candles.least_1h": 300, "candles.least_4h": 200, "candles.fill_bars": 3,
    "timeframes.ema_fast": 20, "timeframes.ema_slow": 50, "regime.choppy_neutral": 0.50,
    "regime.choppy_correlation": 0.20, "regime.strong_share": 0.55, "regime.strong_correlation": 0.40,
    "regime.trend_share": 0.40, "regime.trend_lead": 0.10, "regime.aligned": 0.10, "regime.counter": 0.20,
    "regime.choppy_threshold": 0.10, "score.divisor": 8.0, "confidence.threshold": 0.65, "confidence.equity": 0.05,
    "confidence.commodity": -0.05, "confidence.borderline": 0.05, "confidence.threshold_most": 0.95,
    "sizing.kelly_share": 0.25, "sizing.risk_least": 0.0025, "sizing.risk_most": 0.01, "sizing.margin_most": 0.25,
    "sizing.collateral_most": 0.95, "sizing.open_risk_most": 0.08, "sizing.gross_most": 5.0,
    "sizing.daily_loss_most": 0.10, "stops.stop_atrs": 2.0, "stops.target_atrs": 3.0, "stops.break_even_r": 1.0,
    "stops.time_stop_ms": 72 * 3_600_000, "limits.positions": 8, "limits.same_direction": 5,
    "limits.cooldown_ms": 60 * 60_000, "execution.slippage": 0.003, "execution.weight_per_minute": 1_200,
    "leverage.market_share": 0.75, "leverage.win_rate": 0.65, "leverage.win_factor": 0.75,
    "leverage.liquidation_stops": 1.5, "chat.stale_ms": 120_000, "stock_hours.premarket": 4 * 60,
    "stock_hours.opens": 9 * 60 + 30, "stock_hours.opening_range": 30, "stock_hours.closes": 16 * 60,
    "stock_hours.half_day_closes": 13 * 60, "enrichment.delta_bars": 20, "enrichment.delta_divergence_bars": 20,
    "enrichment.delta_filter": 0.10, "enrichment.sweep_bars": 50, "enrichment.obv_slope_bars": 10,
    "enrichment.obv_slope_least": 0.1, "enrichment.obv_divergence_bars": 5, "enrichment.cvd_bars": 20,
    "enrichment.cvd_least": 0.05, "enrichment.cvd_strong": 0.15, "score.premarket": 1.0, "score.volume_delta": 0.5,
    "score.volume_delta_conflict": 1.0, "score.sweep": 2.0, "score.volume_strong": 1.0, "score.volume": 0.5,
    "score.volume_conflict": 0.5, "entry.move_most": 0.5, "entry.spread_most": 0.0015, "entry.cost_most": 0.15,
    "entry.funding_hours": 24,
}  # fmt: skip


def test_every_number_has_a_unit_a_sentence_and_bounds_that_hold_its_default() -> None:
    found = list(numbers(Settings()))
    assert len(found) > 100
    for one in found:
        assert one.unit, one.name
        assert one.sentence, one.name
        assert one.low <= one.value <= one.high, one.name  # type: ignore[operator]


@pytest.mark.parametrize(("name", "value"), SPECIFIED.items())
def test_the_defaults_are_the_specification_s(name: str, value: float) -> None:
    group, _, field = name.partition(".")
    assert getattr(getattr(Settings(), group), field) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\npositions = 400", "Limits.positions is 400; it must lie in 1 … 50"),
        ("[limits]\npositons = 4", "limits.positons' does not exist"),
        ("[limits]\npositions = 4.5", "it is a whole number"),
        ("limits = 3", "is a group"),
        ("[limits\n", "settings.toml"),
    ],
)
def test_a_wrong_number_is_named_with_what_would_be_right(tmp_path, text: str, words: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(BadSetting, match=words.replace("[", r"\[").replace("(", r"\(")):
        read_settings(tmp_path)


def test_a_right_number_overrides_and_says_where_it_comes_from(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "settings.toml").write_text("[limits]\npositions = 4\n")
    settings, source = read_settings(tmp_path)
    assert settings.limits.positions == 4
    changed = [n for n in numbers(settings, source) if n.origin != "default"]
    assert [(n.name, n.origin) for n in changed] == [("limits.positions", str(tmp_path / "settings.toml"))]


def test_times_are_iso_or_epoch() -> None:
    assert parse_time("2025-07-14T00:00", "--from") == parse_time("1752451200000", "--from") == 1_752_451_200_000
    with pytest.raises(BadSetting, match="--from 'yesterday' is no time"):
        parse_time("yesterday", "--from")


@pytest.mark.parametrize("text", ["0", "-1", "fast", "1e9", "nan"])
def test_a_wrong_speed_is_refused(text: str) -> None:
    with pytest.raises(BadSetting, match="number over 0"):
        parse_speed(text)


def test_step_is_no_speed() -> None:
    assert parse_speed("step") is None
    assert parse_speed("60") == 60
