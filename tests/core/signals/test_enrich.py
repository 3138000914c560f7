"""The passes together: one that fails takes neither the others nor the scan with it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from core.errors import BrokenInvariant
from core.settings import Enrichment
from core.sifting import Missed
from core.signals.enrichment.blocks import Blocks, Columns
from core.signals.enrichment.dimensions import Dimensions
from core.signals.enrichment.passes import PASSES, enrich
from tests.core.signals.walks import block, hourly_blocks, walk

RULES = Enrichment()
BLOCKS = hourly_blocks(block(walk(1, 320), walk(2, 300)), [1, -1])


def broken(blocks: Blocks, rules: Enrichment) -> Columns:
    raise ZeroDivisionError("a pass went wrong")


def test_the_passes_together_fill_every_dimension_exactly_once() -> None:
    given = [name for one in PASSES.values() for name in one(BLOCKS, RULES)]
    assert sorted(given) == sorted(one.name for one in fields(Dimensions))


@pytest.mark.parametrize("failing", PASSES)
def test_a_pass_that_fails_leaves_its_dimensions_neutral_and_the_others_as_they_are(failing: str) -> None:
    whole, _ = enrich(BLOCKS, RULES)
    found, missed = enrich(BLOCKS, RULES, {**PASSES, failing: broken})
    assert missed == [Missed("enrichment", failing, "ZeroDivisionError: a pass went wrong")]
    own = set(PASSES[failing](BLOCKS, RULES))
    for row, before in zip(found, whole, strict=True):
        for one in fields(Dimensions):
            expected = getattr(Dimensions() if one.name in own else before, one.name)
            assert getattr(row, one.name) == expected, one.name


def test_with_every_pass_failing_every_symbol_is_neutral() -> None:
    found, missed = enrich(BLOCKS, RULES, dict.fromkeys(PASSES, broken))
    assert list(found) == [Dimensions(), Dimensions()]
    assert [one.what for one in missed] == list(PASSES)


def test_a_broken_invariant_stops_the_reading() -> None:
    def breaks(blocks: Blocks, rules: Enrichment) -> Columns:
        raise BrokenInvariant("bars of two symbols were mixed up")

    with pytest.raises(BrokenInvariant):
        enrich(BLOCKS, RULES, {"vwap": breaks})
