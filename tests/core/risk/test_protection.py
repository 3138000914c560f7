"""Symbol protection (SPEC R6): every number just inside and just outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decision.thresholds import refuse, threshold
from core.market.symbols import AssetClass
from core.risk.protection import DAY_MS, Shield, after_trade, shield_of
from core.settings import Confidence, Protection

RULES = Protection()
START = 20_000 * DAY_MS
DAYS = {"first": 3, "second": 7, "third": 30}


def played(results: str, start: int = START, every: int = 3_600_000) -> Shield:
    """The shield after wins (``+``), losses (``-``) and zeros (``0``), an hour apart."""
    pnl = {"+": 10.0, "-": -10.0, "0": 0.0}
    return shield_of([(start + i * every, pnl[one]) for i, one in enumerate(results)], RULES)


def lengths(shield: Shield) -> list[int]:
    return [length // DAY_MS for _, length in shield.blocks]


@pytest.mark.parametrize(
    ("results", "blocks"),
    [
        ("--", []),
        ("---", [3]),
        ("--+-", []),
        ("--0-", [3]),
        ("-+--", []),
        ("-+---", [3]),
    ],
)
def test_three_losses_in_a_row_block_for_3_days(results: str, blocks: list[int]) -> None:
    shield = played(results)
    assert lengths(shield) == blocks
    assert shield.probation is bool(blocks)


@pytest.mark.parametrize(
    ("results", "blocks"),
    [
        ("--+--+--0", []),
        ("--+--+--0-", [7]),
        ("+--+--+-0-", []),
        ("--+--+--+-", []),
        ("--+--+--00", []),
    ],
)
def test_a_win_rate_under_30_percent_of_10_blocks_for_7_days(results: str, blocks: list[int]) -> None:
    assert "---" not in results
    rules = Protection(losses_in_row=50)
    pnl = {"+": 1.0, "-": -1.0, "0": 0.0}
    shield = shield_of([(START + i, pnl[one]) for i, one in enumerate(results)], rules)
    assert lengths(shield) == blocks


def test_the_rate_is_of_the_last_ten_only() -> None:
    rules = Protection(losses_in_row=50)
    shield = shield_of([(START + i, 1.0) for i in range(20)] + [(START + 50 + i, -1.0) for i in range(7)], rules)
    assert lengths(shield) == []
    assert lengths(after_trade(shield, START + 99, -1.0, rules)) == [7]


def test_counters_begin_anew_after_a_block_and_probation_lasts_until_two_gains_in_a_row() -> None:
    blocked = played("---")
    assert (blocked.losses, blocked.results, blocked.probation) == (0, (), True)
    assert played("---+").probation
    assert played("---+0+").probation
    assert not played("---++").probation
    assert played("---++").results == (True, True)


@pytest.mark.parametrize(("confidence", "passes"), [(0.75, True), (0.749999, False)])
def test_on_probation_the_threshold_is_10_points_higher(confidence: float, passes: bool) -> None:
    rules = Confidence()
    limit = threshold(AssetClass.CRYPTO, 0.0, rules, [("probation", RULES.probation_threshold)])
    assert (refuse("BTC", confidence, limit, rules) is None) is passes


def test_a_block_ends_when_its_days_are_over() -> None:
    shield = played("---")
    at = START + 2 * 3_600_000
    assert shield.until_ms == at + 3 * DAY_MS
    assert shield.is_blocked(at + 3 * DAY_MS - 1)
    assert not shield.is_blocked(at + 3 * DAY_MS)
    assert not Shield().is_blocked(0)


def test_a_loss_on_probation_gives_the_next_longer_block() -> None:
    far = 70 * DAY_MS
    first = played("---")
    second = after_trade(first, START + far, -1.0, RULES)
    third = after_trade(second, START + 2 * far, -1.0, RULES)
    fourth = after_trade(third, START + 3 * far, -1.0, RULES)
    assert lengths(fourth) == [3, 7, 30, 30]
    assert fourth.why == "probation"


def free(shield: Shield, at_ms: int) -> Shield:
    """Two gains in a row end probation."""
    return after_trade(after_trade(shield, at_ms, 1.0, RULES), at_ms, 1.0, RULES)


@pytest.mark.parametrize(("later", "blocks"), [(30 * DAY_MS, [3, 7]), (30 * DAY_MS + 1, [3, 3])])
def test_a_second_block_within_30_days_is_of_7(later: int, blocks: list[int]) -> None:
    shield = free(shield_of([(START, -1.0)] * 3, RULES), START + DAY_MS)
    for _ in range(3):
        shield = after_trade(shield, START + later, -1.0, RULES)
    assert lengths(shield) == blocks


@pytest.mark.parametrize(("later", "blocks"), [(60 * DAY_MS, [3, 3, 30]), (60 * DAY_MS + 1, [3, 3, 7])])
def test_a_third_block_within_60_days_is_of_30(later: int, blocks: list[int]) -> None:
    shield = shield_of([(START, -1.0)] * 3, RULES)
    for at in (START + 31 * DAY_MS, START + later):
        shield = free(shield, at)
        for _ in range(3):
            shield = after_trade(shield, at, -1.0, RULES)
    assert lengths(shield) == blocks


def test_the_reason_names_what_happened() -> None:
    assert played("---").why == "losses"
    assert played("--+--+--0-").why == "rate"


@given(st.text("+-0", max_size=60))
def test_only_losses_block_and_never_shorter_than_three_days(results: str) -> None:
    shield = Shield()
    for i, one in enumerate(results):
        pnl = {"+": 1.0, "-": -1.0, "0": 0.0}[one]
        later = after_trade(shield, START + i * DAY_MS, pnl, RULES)
        if len(later.blocks) > len(shield.blocks):
            assert one == "-"
            assert lengths(later)[-1] in DAYS.values()
            assert later.probation
        shield = later
    assert len(shield.results) <= RULES.rate_trades
