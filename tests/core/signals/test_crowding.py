"""The crowd of a market: every number of SPEC X1 just inside and just outside, and what can never happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decision.consensus import agree
from core.market.snapshots import DAY_MS, HOURS_A_YEAR, Context, InterestHistory
from core.market.symbols import Side
from core.settings import Confidence, CrowdingRules
from core.signals.crowding import Crowd, CrowdingReading, degree, display_label, penalty, read_crowding, size_multiplier

RULES = CrowdingRules()
NEUTRAL = 0.1095


def context(a_year: float, interest: float | None = None, neutral: float = NEUTRAL) -> Context:
    return Context("SOL", 0, a_year / HOURS_A_YEAR, neutral / HOURS_A_YEAR, interest)


@pytest.mark.parametrize(
    ("a_year", "interest", "before", "score"),
    [
        (0.1095, None, None, 0.0),
        (0.6095, None, None, 0.6),
        (9.0, None, None, 0.6),
        (0.3595, None, None, 0.3),
        (-0.3905, None, None, -0.6),
        (0.6095, 125.0, 100.0, 1.0),
        (0.6095, 200.0, 100.0, 1.0),
        (0.6095, 112.5, 100.0, 0.8),
        (0.6095, 75.0, 100.0, 0.2),
        (-0.3905, 125.0, 100.0, -1.0),
        (-0.3905, 75.0, 100.0, -0.2),
        (0.1095, 125.0, 100.0, 0.0),  # nobody pays: open interest has no side
        (0.6095, 125.0, 0.0, 0.6),
        (0.6095, None, 100.0, 0.6),
    ],
)
def test_the_score_is_funding_over_neutral_and_who_joined(
    a_year: float, interest: float | None, before: float | None, score: float
) -> None:
    assert read_crowding(context(a_year, interest), before, RULES).score == pytest.approx(score, abs=1e-12)


def test_a_market_of_half_the_funding_is_neutral_at_half_the_rate() -> None:
    assert read_crowding(context(0.05475, neutral=NEUTRAL / 2), None, RULES).score == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("score", "kind", "taken", "size"),
    [
        (0.5, Crowd.NONE, 0.0, 1.0),
        (0.5000001, Crowd.MODERATE, 0.05, 1.0),
        (0.8, Crowd.MODERATE, 0.05, 1.0),
        (0.8000001, Crowd.EXTREME, 0.10, 0.5),
        (1.0, Crowd.EXTREME, 0.10, 0.5),
    ],
)
@pytest.mark.parametrize("side", Side)
def test_the_score_alone_acts_and_only_on_the_crowded_side(
    score: float, kind: Crowd, taken: float, size: float, side: Side
) -> None:
    reading = CrowdingReading(side.sign * score, 0.0, 0.0, None, 0.0, 0.0)
    assert degree(reading, RULES) is kind
    assert (penalty(reading, side, RULES), size_multiplier(reading, side, RULES)) == (taken, size)
    assert (penalty(reading, side.opposite, RULES), size_multiplier(reading, side.opposite, RULES)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("a_year", "label"),
    [
        (0.2, Crowd.NONE),
        (0.2001, Crowd.MODERATE),
        (-0.2001, Crowd.MODERATE),
        (0.5, Crowd.MODERATE),
        (0.5001, Crowd.EXTREME),
        (-0.5001, Crowd.EXTREME),
    ],
)
def test_the_label_is_funding_alone(a_year: float, label: Crowd) -> None:
    assert display_label(CrowdingReading(0.0, a_year, 0.0, None, 0.0, 0.0), RULES) is label


def test_without_a_reading_nothing_is_taken() -> None:
    assert (penalty(None, Side.LONG, RULES), size_multiplier(None, Side.LONG, RULES)) == (0.0, 1.0)


RATES = st.floats(-20, 20)
INTEREST = st.floats(1e-6, 1e12)


@given(RATES, INTEREST, INTEREST)
def test_the_score_is_bounded_and_turns_with_the_funding(a_year: float, interest: float, before: float) -> None:
    here = read_crowding(context(NEUTRAL + a_year, interest), before, RULES)
    there = read_crowding(context(NEUTRAL - a_year, interest), before, RULES)
    assert -1 <= here.score <= 1
    assert there.score == pytest.approx(-here.score, abs=1e-6)


@given(RATES, INTEREST, INTEREST, st.floats(0.02, 0.98), st.sampled_from([-0.2, 0.0, 0.1]), st.sampled_from(list(Side)))
def test_a_crowd_never_raises_confidence_or_size(
    a_year: float, interest: float, before: float, c0: float, shift: float, side: Side
) -> None:
    reading = read_crowding(context(a_year, interest), before, RULES)
    taken = penalty(reading, side, RULES)
    assert agree(c0, shift, taken, Confidence()).after <= agree(c0, shift, 0.0, Confidence()).after
    assert size_multiplier(reading, side, RULES) <= 1


def test_open_interest_is_remembered_for_a_day_and_compared_with_what_was_known_then() -> None:
    history = InterestHistory(keep_ms=25 * 3_600_000)
    for minute in range(0, 2 * 24 * 60, 5):
        history.note([Context("SOL", minute * 60_000, 0, 0, 1000.0 + minute)])
    last = (2 * 24 * 60 - 5) * 60_000
    assert history.a_day_before("SOL", last, 60_000) == 1000.0 + last / 60_000 - 24 * 60
    assert history.a_day_before("SOL", last + 59_000, 60_000) == 1000.0 + last / 60_000 - 24 * 60
    assert history.a_day_before("SOL", last - 2 * 3_600_000, 60_000) is None, "forgotten"
    assert history.a_day_before("ETH", last, 60_000) is None
    history.note([Context("SOL", last, 0, 0, 5.0), Context("SOL", last + 1, 0, 0, None)])
    assert history.a_day_before("SOL", last + DAY_MS, 60_000) == 1000.0 + last / 60_000, "the first word stands"
