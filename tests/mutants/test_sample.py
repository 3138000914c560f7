"""A small sample of the mutation proof, for every run of the tests; ``make proof-mutants`` is the whole of it."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.run import Mutant, is_listed, mutant_of, tried


def test_every_mutant_of_the_moved_stop_is_noticed(tmp_path: Path) -> None:
    score = tried(tmp_path, "core.risk.stops.x_moved_stop*")
    assert score.mutants >= 30
    assert score.alive == []
    assert score.equivalent == []


def test_a_mutant_is_read_from_its_diff_and_found_in_the_list() -> None:
    diff = "# a.b.x_c__mutmut_7: survived\n--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n def c():\n-    return 1 + x\n+    return 1 - x\n"
    mutant = mutant_of("a.b.x_c__mutmut_7", diff)
    assert mutant == Mutant("a.b.x_c__mutmut_7", "return 1 + x", "return 1 - x")
    assert mutant.function == "a.b.c"
    entry = {"function": "a.b.c", "before": "return 1 + x", "after": "return 1 - x"}
    assert is_listed(mutant, entry)
    assert not is_listed(mutant, {**entry, "after": "return 1 / x"})
    assert is_listed(mutant, {**entry, "after": "*"})
    assert not is_listed(mutant, {**entry, "after": "*", "unless": ["- x"]})
