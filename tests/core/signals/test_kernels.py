"""Both sides of the door to the compiled passes agree: names, order and sizes."""

from __future__ import annotations

import ctypes
import re
from dataclasses import fields
from pathlib import Path

import pytest

from core.errors import StartRefused
from core.settings import Enrichment, TimeframeRules
from core.signals.enrichment.columns import FIGURES, LABELS
from core.signals.enrichment.dimensions import (
    MiSignal,
    MsBias,
    MsSequence,
    PivotZone,
    PpStSignal,
    PremarketSignal,
    Squeeze,
    StochRsiState,
    VdFilter,
    VolConfirm,
    VwapFilter,
)
from core.signals.kernels import library as door
from tests.core.signals.doors import doors

KERNELS = Path(door.__file__).parent
ENUMERATIONS = {
    "VwapFilter": VwapFilter,
    "PremarketSignal": PremarketSignal,
    "VdFilter": VdFilter,
    "StochRsiState": StochRsiState,
    "Squeeze": Squeeze,
    "MiSignal": MiSignal,
    "MsSequence": MsSequence,
    "MsBias": MsBias,
    "VolConfirm": VolConfirm,
    "PivotZone": PivotZone,
    "PpStSignal": PpStSignal,
}
"""UpDown aside, which stands for all labels of a direction."""


def enumeration(name: str) -> list[str]:
    """The members of an enumeration of labels.h."""
    found = re.search(rf"enum {name} \{{(.*?)\}};", (KERNELS / "labels.h").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None, name
    return [one.strip() for one in found[1].split(",")]


def test_the_columns_have_the_same_names_in_the_same_order() -> None:
    assert [name.lower() for name in enumeration("Figure")] == list(FIGURES)
    assert [name.lower() for name in enumeration("Label")] == list(LABELS)


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_the_labels_have_the_same_codes(name: str) -> None:
    members = enumeration(name)
    prefix = members[0].partition("_")[0]
    assert [one.removeprefix(f"{prefix}_") for one in members] == list(ENUMERATIONS[name])


def test_every_label_that_is_no_number_has_codes_that_were_compared() -> None:
    directions = {"vd_divergence", "macd_divergence", "obv_divergence", "macd_bias", "macd_cross", "sweep", "st_flip"}
    compared = set(ENUMERATIONS.values())
    assert {name for name, kind in LABELS.items() if kind is not None and kind not in compared} == directions
    assert all(len(kind) == 3 for name in directions if (kind := LABELS[name]) is not None)


def test_the_structures_have_the_same_sizes() -> None:
    sizes = [kind.itemsize for kind in door.CARRIED.values()] + [ctypes.sizeof(door.Rules), ctypes.sizeof(door.Reading)]
    assert [doors().door_size(which) for which in range(len(sizes))] == sizes


def test_the_rules_have_the_same_names_in_the_same_order() -> None:
    text = (KERNELS / "reading.h").read_text(encoding="utf-8")
    body = re.search(r"typedef struct \{([^}]*?)\} Rules;", text)
    assert body is not None
    names = re.findall(r"\w+", re.sub(r"int64_t|double", "", body[1]))
    assert names == [*door.WHOLE_RULES, *door.REAL_RULES]
    known = {one.name for group in (Enrichment, TimeframeRules) for one in fields(group)}
    assert set(names) == known


def test_without_the_compiled_passes_the_start_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(door, "__file__", str(tmp_path / "library.py"))
    with pytest.raises(StartRefused, match="make setup"):
        door.library.__wrapped__()
