"""The passes together: one that fails takes neither the others nor the scan with it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from core.errors import BrokenInvariant
from core.market.candles import Ints
from core.settings import Enrichment
from core.sifting import Missed
from core.signals.enrichment.carried import Carried
from core.signals.enrichment.columns import PIVOTS
from core.signals.enrichment.dimensions import Dimensions
from core.signals.enrichment.passes import PASSES
from tests.core.signals.walks import block, enrich, hourly_blocks, walk

RULES = Enrichment()
BLOCKS = hourly_blocks(block(walk(1, 320), walk(2, 300)), [1, -1])


def broken(carried: Carried, rows: Ints) -> None:
    raise ZeroDivisionError("a pass went wrong")


def filled(name: str) -> list[str]:
    """The dimensions that a pass fills: five levels are one dimension, the pivots."""
    return [*dict.fromkeys("pivots" if column in PIVOTS else column for column in PASSES[name].fills)]


def test_the_passes_together_fill_every_dimension_exactly_once() -> None:
    given = [dimension for name in PASSES for dimension in filled(name)]
    assert sorted(given) == sorted(one.name for one in fields(Dimensions))


@pytest.mark.parametrize("failing", PASSES)
def test_a_pass_that_fails_leaves_its_dimensions_neutral_and_the_others_as_they_are(failing: str) -> None:
    whole, _ = enrich(BLOCKS, RULES)
    found, missed = enrich(BLOCKS, RULES, {**PASSES, failing: replace(PASSES[failing], read=broken)})
    assert missed == [Missed("enrichment", failing, "ZeroDivisionError: a pass went wrong")]
    own = set(filled(failing))
    for row, before in zip(found, whole, strict=True):
        for one in fields(Dimensions):
            expected = getattr(Dimensions() if one.name in own else before, one.name)
            assert getattr(row, one.name) == expected, one.name


def test_with_every_pass_failing_every_symbol_is_neutral() -> None:
    found, missed = enrich(BLOCKS, RULES, {name: replace(one, read=broken) for name, one in PASSES.items()})
    assert list(found) == [Dimensions(), Dimensions()]
    assert [one.what for one in missed] == list(PASSES)


def test_a_broken_invariant_stops_the_reading() -> None:
    def breaks(carried: Carried, rows: Ints) -> None:
        raise BrokenInvariant("bars of two symbols were mixed up")

    with pytest.raises(BrokenInvariant):
        enrich(BLOCKS, RULES, {"vwap": replace(PASSES["vwap"], read=breaks)})
