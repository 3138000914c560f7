"""Σ point by point, the strategy's name, and what no score outweighs."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from core.decision.judge import judge
from core.decision.technical import points, strategy_label
from core.decision.triage import eligible
from core.market.symbols import AssetClass, Side
from core.settings import Score, Settings
from core.sifting import Refusal
from core.signals.enrichment.dimensions import (
    Dimensions,
    Divergence,
    MiSignal,
    MsBias,
    MsSequence,
    PpStSignal,
    PremarketSignal,
    Squeeze,
    Sweep,
    VdFilter,
    VolConfirm,
    VwapFilter,
)
from core.signals.regime import Regime
from core.signals.timeframes import States
from core.signals.view import MarketView

LONG, SHORT = States(1, 0, 0), States(-1, 0, 0)


def view(states: States = LONG, symbol: str = "SOL", **seen: Any) -> MarketView:
    """A view of which only states and dimensions matter."""
    return MarketView(symbol, AssetClass.CRYPTO, 0, 100.0, 1.0, 0.03, states, Dimensions(**seen))


BROKEN = {"structure_break": True, "ms_bias": MsBias.BROKEN}
SPECIFIED: list[tuple[dict[str, Any], float, float]] = [
    ({}, 0, 0),
    ({"vwap_filter": VwapFilter.BUY_OK}, 0.5, 0.5),
    ({"vwap_filter": VwapFilter.CONFLICT}, -1, -1),
    ({"premarket_signal": PremarketSignal.CONFIRMED}, 1, 1),
    ({"premarket_signal": PremarketSignal.CON}, -1, -1),
    ({"vd_filter": VdFilter.CONFIRMED}, 0.5, 0.5),
    ({"vd_filter": VdFilter.CONFLICT}, -1, -1),
    ({"vd_divergence": Divergence.BULL_DIV}, 0.5, -0.5),
    ({"macd_divergence": Divergence.BEAR_DIV}, -0.5, 0.5),
    ({"obv_divergence": Divergence.BULL_DIV}, 0.5, -0.5),
    ({"mi_signal": MiSignal.STRONG_LONG}, 1.5, -1.5),
    ({"mi_signal": MiSignal.CONFIRMED}, 0.5, 0.5),
    ({"mi_signal": MiSignal.CONFLICT}, -1, -1),
    ({"ms_bias": MsBias.BEARISH}, -1, 1),
    ({"ms_sequence": MsSequence.HH_HL, **BROKEN}, -1, 0.5),
    ({"ms_sequence": MsSequence.LH_LL, **BROKEN}, 0.5, -1),
    ({"sweep": Sweep.SWEEP_LOW}, 2, -2),
    ({"sweep": Sweep.SWEEP_HIGH}, -2, 2),
    ({"vol_confirm": VolConfirm.STRONG_BULL}, 1, -1),
    ({"vol_confirm": VolConfirm.STRONG_BEAR}, -1, 1),
    ({"vol_confirm": VolConfirm.BULL}, 0.5, -0.5),
    ({"vol_confirm": VolConfirm.BEAR}, -0.5, 0.5),
    ({"vol_confirm": VolConfirm.CONFLICT}, -0.5, -0.5),
    ({"pp_st_signal": PpStSignal.BREAKOUT_LONG}, 1.5, -1.5),
    ({"pp_st_signal": PpStSignal.BOUNCE_SHORT}, -1, 1),
    ({"pp_st_signal": PpStSignal.STRONG_LONG}, 0.5, -0.5),
    ({"squeeze": Squeeze.FIRING_SHORT}, -1, 1),
    ({"squeeze": Squeeze.COILING}, 0, 0),
]


@pytest.mark.parametrize(("seen", "for_long", "for_short"), SPECIFIED, ids=lambda one: str(one))
def test_each_dimension_adds_what_the_specification_says(
    seen: dict[str, Any], for_long: float, for_short: float
) -> None:
    flat = States(0, 0, 0)
    assert sum(p.points for p in points(view(flat, **seen), Side.LONG, Score())) == for_long
    assert sum(p.points for p in points(view(flat, **seen), Side.SHORT, Score())) == for_short


def test_the_three_timeframes_add_one_each() -> None:
    assert [str(p) for p in points(view(States(1, -1, 1)), Side.LONG, Score())] == [
        "15m trend +1",
        "1h trend -1",
        "4h trend +1",
    ]


def test_every_point_is_a_setting() -> None:
    everything = {name: value for seen, _, _ in SPECIFIED for name, value in seen.items()}
    weightless = Score(**{one.name: 0.0 for one in fields(Score) if one.name != "divisor"})
    for seen in [everything, *(seen for seen, _, _ in SPECIFIED)]:
        assert points(view(States(1, 1, 1), **seen), Side.LONG, weightless) == []


def test_the_strategy_is_the_first_name_that_holds() -> None:
    seen: dict[str, Any] = {}
    assert strategy_label(Dimensions(**seen), Side.LONG) == "trend"
    for name, value, label in (
        ("obv_divergence", Divergence.BULL_DIV, "reversal"),
        ("pp_st_signal", PpStSignal.BOUNCE_LONG, "bounce"),
        ("pp_st_signal", PpStSignal.BREAKOUT_LONG, "breakout"),
        ("squeeze", Squeeze.FIRING_LONG, "squeeze"),
        ("sweep", Sweep.SWEEP_LOW, "sweep"),
    ):
        seen[name] = value
        assert strategy_label(Dimensions(**seen), Side.LONG) == label
        assert strategy_label(Dimensions(**seen), Side.SHORT) == "trend"


@pytest.mark.parametrize("name", ["vd_divergence", "macd_divergence", "obv_divergence"])
def test_any_divergence_toward_the_side_is_a_reversal(name: str) -> None:
    assert strategy_label(Dimensions(**{name: Divergence.BEAR_DIV}), Side.SHORT) == "reversal"
    assert strategy_label(Dimensions(**{name: Divergence.BEAR_DIV}), Side.LONG) == "trend"


def test_a_fresh_sweep_against_the_side_is_refused_before_anyone_judges() -> None:
    high: dict[str, Any] = {"sweep": Sweep.SWEEP_HIGH, "sweep_level": 101.5, "sweep_age_bars": 1}
    low: dict[str, Any] = {"sweep": Sweep.SWEEP_LOW, "sweep_level": 99.0, "sweep_age_bars": 0}
    found = eligible(
        [
            view(LONG, "A", **high),
            view(LONG, "B", **low),
            view(SHORT, "C", **high),
            view(SHORT, "D", **low),
            view(LONG, "E"),
        ]
    )
    assert [one.symbol for one in found.kept] == ["B", "C", "E"]
    assert list(found.refused) == [
        Refusal("A", "triage", "opposing_sweep", -1.0, 1.0, "SWEEP_HIGH 101.5, age 1"),
        Refusal("D", "triage", "opposing_sweep", 1.0, -1.0, "SWEEP_LOW 99, age 0"),
    ]


def test_an_aligned_sweep_raises_the_confidence_and_names_the_strategy() -> None:
    plain = judge(view(), Side.LONG, Regime.NEUTRAL, Settings())
    swept = judge(view(sweep=Sweep.SWEEP_LOW), Side.LONG, Regime.NEUTRAL, Settings())
    assert swept.consensus.after > plain.consensus.after
    assert (plain.strategy, swept.strategy) == ("trend", "sweep")
    assert "sweep +2" in swept.reasons
