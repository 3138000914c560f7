"""The governor's numbers (SPEC R4), just inside and just outside, and what deposits and days do to them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decision.thresholds import refuse, threshold
from core.market.symbols import AssetClass, Side
from core.risk.governor import (
    DAY_MS,
    Allowance,
    Standing,
    allowance,
    confirmed,
    first_standing,
    govern,
    refuse_by_halt,
)
from core.risk.limits import refuse_by_count
from core.settings import Confidence, Governor, Limits

RULES = Governor()
NOON = 20_000 * DAY_MS + DAY_MS // 2
EQUITY = st.floats(1.0, 1e9)


def after(*readings: tuple[float, float, int], start: float = 10_000.0) -> Standing:
    """The standing after ``(equity, moved, ms later)``."""
    standing, now = first_standing(start, NOON), NOON
    for equity, moved, later in readings:
        now += later
        standing = govern(standing, equity, moved, now, RULES)
    return standing


@pytest.mark.parametrize(
    ("equity", "tier"), [(10_000, 0), (9_500, 0), (9_499.99, 1), (9_000, 1), (8_999.99, 2), (8_000.01, 2), (12_000, 0)]
)
def test_a_drawdown_over_5_and_over_10_percent_begins_a_tier(equity: float, tier: int) -> None:
    assert after((equity, 0, 1)).tier == tier


@pytest.mark.parametrize(
    ("low", "equity", "tier"),
    [
        (9_499.0, 9_699.99, 1),
        (9_499.0, 9_700.0, 0),
        (8_999.0, 9_199.99, 2),
        (8_999.0, 9_200.0, 1),
        (8_999.0, 9_699.99, 1),
        (8_999.0, 9_700.0, 0),
    ],
)
def test_a_tier_is_left_2_points_inside_of_where_it_began(low: float, equity: float, tier: int) -> None:
    assert after((low, 0, 1), (equity, 0, 1)).tier == tier


def test_what_each_tier_allows() -> None:
    assert [allowance(tier, 8, RULES) for tier in (0, 1, 2)] == [
        Allowance(0.0, 1.0, 8),
        Allowance(0.05, 0.5, 4),
        Allowance(0.10, 0.25, 3),
    ]
    assert [allowance(tier, 2, RULES).positions for tier in (0, 1, 2)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("tier", "held", "refused"), [(0, 7, False), (0, 8, True), (1, 3, False), (1, 4, True), (2, 2, False), (2, 3, True)]
)
def test_so_many_positions_leave_room_for_another(tier: int, held: int, refused: bool) -> None:
    limits = Limits()
    sides = [(Side.LONG, Side.SHORT)[i % 2] for i in range(held)]
    most = allowance(tier, limits.positions, RULES).positions
    assert (refuse_by_count("BTC", Side.LONG, sides, most, limits) is not None) is refused


@pytest.mark.parametrize(("tier", "least"), [(0, 0.65), (1, 0.70), (2, 0.75)])
def test_a_finalist_must_reach_so_much_more(tier: int, least: float) -> None:
    rules = Confidence()
    limit = threshold(AssetClass.CRYPTO, 0.0, rules, [("governor", allowance(tier, 8, RULES).threshold)])
    assert refuse("BTC", least, limit, rules) is None
    assert refuse("BTC", least - 1e-6, limit, rules) is not None


@pytest.mark.parametrize(("equity", "halts"), [(9_000.01, False), (9_000.0, True), (5.0, True)])
def test_a_days_loss_of_10_percent_halts_until_midnight(equity: float, halts: bool) -> None:
    assert after((equity, 0, 1)).day_halt is halts


def test_the_days_halt_lasts_although_the_loss_is_made_good_and_ends_at_midnight() -> None:
    lost = after((8_900, 0, 1), (9_900, 0, 1))
    assert lost.day_halt
    refusal = refuse_by_halt("BTC", lost, RULES)
    assert refusal is not None
    assert (refusal.rule, refusal.limit) == ("day_halt", 0.10)
    morning = govern(lost, 9_900, 0, NOON + DAY_MS // 2, RULES)
    assert not morning.day_halt
    assert morning.day_equity == 9_900
    assert refuse_by_halt("BTC", morning, RULES) is None
    assert govern(lost, 9_900, 0, NOON + DAY_MS // 2 - 1, RULES).day_halt


@pytest.mark.parametrize(("equity", "halts"), [(8_000.01, False), (8_000.0, True)])
def test_a_drawdown_of_20_percent_halts_until_it_is_confirmed(equity: float, halts: bool) -> None:
    standing = after((equity, 0, 1), (11_000, 0, 3 * DAY_MS))
    assert standing.drawdown_halt is halts
    assert (refuse_by_halt("BTC", standing, RULES) is not None) is halts


def test_a_confirmation_lets_the_drawdown_count_from_here() -> None:
    standing = confirmed(after((7_900, 0, 1)))
    assert (standing.peak, standing.tier, standing.drawdown_halt, standing.drawdown) == (7_900, 0, False, 0.0)
    assert standing.day_halt, "the day's halt is not an operator's to lift"
    assert govern(standing, 7_504, 0, NOON + DAY_MS, RULES).tier == 1


def test_losses_while_nobody_looked_over_midnight_are_no_loss_of_the_new_day() -> None:
    standing = after((8_900, 0, DAY_MS))
    assert (standing.day_loss, standing.tier) == (0.0, 2)


@pytest.mark.parametrize("moved", [5_000.0, -5_000.0, 250_000.0])
def test_a_transfer_changes_neither_drawdown_nor_the_days_share(moved: float) -> None:
    before = after((9_400, 0, 1))
    standing = govern(before, 9_400 + moved, moved, NOON + 2, RULES)
    assert standing.drawdown == pytest.approx(before.drawdown)
    assert standing.day_loss_share == pytest.approx(before.day_loss_share)
    assert standing.tier == 1


def test_a_loss_beside_a_deposit_is_a_loss() -> None:
    standing = after((10_400, 1_000, 1))
    assert standing.drawdown == pytest.approx(0.06, abs=0.005)
    assert standing.tier == 1


def test_an_account_that_was_emptied_and_filled_again_begins_anew() -> None:
    standing = after((5_000, 5_000, 1))
    assert (standing.drawdown, standing.day_loss, standing.tier) == (0.0, 0.0, 0)


def test_an_account_without_money_has_no_drawdown() -> None:
    empty = first_standing(0.0, NOON)
    assert (empty.drawdown, empty.day_loss_share) == (0.0, 0.0)
    assert govern(empty, 0.0, 0.0, NOON + 1, RULES).peak == 0.0


@given(EQUITY, EQUITY, EQUITY)
def test_a_deeper_drawdown_never_allows_more(peak: float, one: float, other: float) -> None:
    start = first_standing(peak, NOON)
    better, worse = (govern(start, e, 0, NOON + 1, RULES) for e in (max(one, other), min(one, other)))
    more, less = (allowance(s.tier, 8, RULES) for s in (better, worse))
    assert less.risk <= more.risk
    assert less.positions <= more.positions
    assert less.threshold >= more.threshold
    assert worse.day_halt >= better.day_halt
    assert worse.drawdown_halt >= better.drawdown_halt


@given(EQUITY, st.lists(EQUITY, min_size=1, max_size=20))
def test_the_peak_never_falls_by_itself_and_is_never_under_the_equity(start: float, path: list[float]) -> None:
    standing = first_standing(start, NOON)
    for equity in path:
        later = govern(standing, equity, 0, standing.at_ms + 1, RULES)
        assert later.peak >= max(standing.peak, equity)
        standing = later


def test_reading_twice_changes_nothing() -> None:
    once = after((8_950, 0, 1))
    assert govern(once, 8_950, 0, once.at_ms, RULES) == replace(once)
